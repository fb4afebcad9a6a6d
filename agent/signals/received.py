"""What one received message says."""

import datetime as dt
import re
from dataclasses import dataclass

from agent.messages.message import CalendarEvent, Message
from agent.messages.subject import without_prefixes
from agent.signals.appointments import Appointment, announced, fixed_in, only, proposed
from agent.signals.dates import Times, times
from agent.signals.folding import fold
from agent.signals.language import Spoken, spoken
from agent.signals.leading import Leading, leading
from agent.signals.names import names
from agent.signals.opinion import SentenceModel, asked_of
from agent.signals.phrasebook import LanguageBook, Phrasebook, Role, Where
from agent.signals.primary import STRONG, decide, distinct, in_order, weights
from agent.signals.promises import earliest, promise
from agent.signals.reading import Label, Reading, Signal
from agent.signals.reckoning import business_days_after
from agent.signals.senders import PlatformKind
from agent.signals.sentences import Sentence, sentences
from agent.signals.statements import SentenceReading, read_sentence
from agent.signals.telephone import direct_number
from agent.signals.weighing import Verdict, settled, weigh

_SUBJECT_WEIGHT = 0.85
_MACHINES = frozenset({PlatformKind.ATS, PlatformKind.JOB_BOARD, PlatformKind.ASSESSMENT})
_TO_MANY = frozenset({PlatformKind.JOB_BOARD, PlatformKind.MAILING})
_WORDS = re.compile(r"[^\W\d_]{2,}")
_IN_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_FEWEST_WORDS = 3
_BACK = frozenset({Role.RETURN})
_ABSENT = frozenset({Role.ABSENCE, Role.ABSENCE_THROUGH})
_APPOINTMENTS = (Label.RESCHEDULED, Label.SCHEDULED)
_CHOOSES = frozenset({Label.INVITATION, Label.RESCHEDULED, Label.CANCELLED})
_NOBODY_CALLS = frozenset({Label.AUTO_REPLY, Label.ALERT, Label.OUTREACH})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    """One language's reading of the new text."""

    book: LanguageBook
    pieces: list[Sentence]
    reads: list[SentenceReading]
    times: list[Times]


def read_message(message: Message, phrasebook: Phrasebook, model: SentenceModel | None = None) -> Reading:
    """Return what a received message says: every statement with its words, and the primary one.

    It abstains where statements contradict each other, where the evidence is weak, and where there are no rules for the language.
    Linear in the length of the message, of which the first `sentences.READ_AT_MOST` characters are read. `model` is asked only
    where the rules leave something open.
    """
    if message.bounce is not None:
        return _whole(Label.BOUNCE, "dsn", message.subject)
    signals: list[Signal] = _of_calendar(message)
    whole: set[Label] = set()
    promised: dt.date | None = None
    not_before: dt.date | None = None
    back: dt.date | None = message.returns_on
    appointments: list[tuple[float, Appointment]] = []
    texts: list[_Text] = []
    pieces = sentences(message.fresh, phrasebook.dots)
    tongue = language_of(message, phrasebook)
    books = subject_books(message, tongue, phrasebook)
    for book in books:
        _of_line(without_prefixes(message.subject), Where.SUBJECT, book, signals, whole)
        _of_line(f"{message.sender.name} <{message.sender.email}>", Where.SENDER, book, signals, whole)
        for summary in {event.summary for event in message.calendar}:
            _of_line(summary, Where.SUBJECT, book, signals, whole)
    for book in tongue.books:
        reads = [read_sentence(piece.folded, book) for piece in pieces]
        text = _Text(
            book=book, pieces=pieces, reads=reads, times=[times(read.folded, read.hits, book, message.date) for read in reads]
        )
        texts.append(text)
        _of_text(text, message, signals, whole)
        appointments.extend(_appointments(text, message, signals))
        by, words = _promised(text, message)
        signals.extend(words)
        if by and (promised is None or by > promised):
            promised = by
        days = [earliest(read, found, message.date) for read, found in zip(text.reads, text.times, strict=True)]
        not_before = max([not_before, *days], key=lambda day: day or dt.date.min)
        back = back or _returns(text, message)
    signals = distinct(signals)
    if whole:
        signals = [signal for signal in signals if signal.label in whole]
    label, abstained = decide(signals)
    if _is_auto_reply(message, label, signals, phrasebook):
        label, abstained = Label.AUTO_REPLY, False
        signals = [signal for signal in signals if signal.label is Label.AUTO_REPLY] or [
            Signal(label=label, confidence=0.9, rule="header.auto-submitted", quote=message.subject, start=0, end=0)
        ]
    foreign = False
    verdict = Verdict(label=label, abstained=abstained, signals=tuple(signals))
    if model is not None and not tongue.foreign and not settled(verdict, len(pieces)) and _has_words(message):
        written = tuple(message.fresh[piece.start : piece.end] for piece in pieces)
        asked = asked_of(message, written, phrasebook.senders, tongue.books[0].language if tongue.sure else None)
        verdict = weigh(
            verdict,
            model.opinion(asked),
            text=message.fresh,
            subject=message.subject,
            sentences=pieces,
            to_many=_to_many(message, phrasebook),
        )
        label, abstained, signals = verdict.label, verdict.abstained, list(verdict.signals)
    if label is None:
        label = Label.ALERT if _to_many(message, phrasebook) else Label.OTHER
        foreign = abstained = label is Label.OTHER and tongue.foreign
    if label is Label.SCHEDULED and not abstained and not appointments:
        alone = (only(text.reads, text.times, message.date) for text in texts)
        appointments = [(0.5, found) for found in alone if found]
    named = names(message, pieces, books, phrasebook.senders)
    fixed = _best(message, appointments) if label in _APPOINTMENTS or weights(signals).get(Label.SCHEDULED, 0) >= STRONG else None
    led = _led(texts, message, fixed)
    return Reading(
        label=label,
        abstained=abstained,
        foreign=foreign,
        language=tongue.books[0].language if tongue.sure else None,
        signals=in_order(signals, label),
        company=named.company,
        role=named.role,
        requisition=named.requisition,
        round=named.round,
        interview_at=fixed.at if fixed else None,
        interview_minutes=fixed.minutes if fixed else None,
        promised_by=promised if any(signal.label is Label.TIMELINE for signal in signals) else None,
        not_before=not_before if label is not Label.AUTO_REPLY else None,
        proposed=_proposed(texts, message) if label in _CHOOSES and fixed is None else (),
        phone=direct_number(message) if label not in _NOBODY_CALLS else "",
        with_writer=led.writer,
        meets=led.meets,
        leads=led.leads,
        returns_on=back if label is Label.AUTO_REPLY else None,
    )


def language_of(message: Message, phrasebook: Phrasebook) -> Spoken:
    """Return the languages of the new text; those of the subject with it where the text is too short to show any."""
    tongue = spoken(message.fresh, phrasebook)
    if tongue.sure or tongue.foreign:
        return tongue
    both = spoken(f"{without_prefixes(message.subject)}\n{message.fresh}", phrasebook)
    return both if both.sure else tongue


def subject_books(message: Message, tongue: Spoken, phrasebook: Phrasebook) -> tuple[LanguageBook, ...]:
    """Return the languages to read the subject with: those of the text, and its own where it shows one."""
    own = spoken(without_prefixes(message.subject), phrasebook)
    if tongue.sure and not own.sure:
        return tongue.books
    return tuple({book.language: book for book in (*tongue.books, *own.books)}.values())


def _whole(label: Label, rule: str, quote: str) -> Reading:
    return Reading(
        label=label, abstained=False, signals=(Signal(label=label, confidence=0.99, rule=rule, quote=quote, start=0, end=0),)
    )


def _of_calendar(message: Message) -> list[Signal]:
    return [
        Signal(label=label, confidence=confidence, rule=rule, quote=event.summary, start=0, end=0)
        for event in message.calendar
        for label, confidence, rule in _calendar_says(event)
    ]


def _calendar_says(event: CalendarEvent) -> list[tuple[Label, float, str]]:
    """Return what one event of a calendar part says (RFC 5546); a REPLY says nothing about the candidacy.

    The sequence number grows when the time changes (RFC 5546 section 2.1.4): a request with one is a move.
    """
    if event.method in ("REPLY", "REFRESH", "ADD", "DECLINECOUNTER"):
        return []
    if event.cancels:
        return [(Label.CANCELLED, 0.95, "calendar.cancel")]
    if event.method == "COUNTER":
        return [(Label.RESCHEDULED, 0.8, "calendar.counter")]
    if event.sequence > 0:
        return [(Label.RESCHEDULED, 0.8, "calendar.update")]
    return [(Label.SCHEDULED, 0.9 if event.zone_certain else 0.75, "calendar.request")]


def _of_line(line: str, where: Where, book: LanguageBook, signals: list[Signal], whole: set[Label]) -> None:
    for statement in read_sentence(fold(line), book, where=where).statements:
        rule = statement.rule
        confidence = round(rule.confidence * _SUBJECT_WEIGHT, 3)
        signals.append(Signal(label=rule.label, confidence=confidence, rule=rule.id, quote=line, start=0, end=0))
        if rule.whole:
            whole.add(rule.label)


def _of_text(text: _Text, message: Message, signals: list[Signal], whole: set[Label]) -> None:
    for piece, read in zip(text.pieces, text.reads, strict=True):
        for statement in read.statements:
            rule = statement.rule
            signals.append(_quoting(message, piece, rule.label, rule.confidence, rule.id))
            if rule.whole:
                whole.add(rule.label)


def _quoting(message: Message, piece: Sentence, label: Label, confidence: float, rule: str) -> Signal:
    quote = message.fresh[piece.start : piece.end]
    return Signal(label=label, confidence=confidence, rule=rule, quote=quote, start=piece.start, end=piece.end)


def _appointments(text: _Text, message: Message, signals: list[Signal]) -> list[tuple[float, Appointment]]:
    """Return the fixed times of the text with their weight, and note the sentences that fix one by themselves."""
    found: list[tuple[float, Appointment]] = []
    for number, (piece, read) in enumerate(zip(text.pieces, text.reads, strict=True)):
        moves = [statement.rule.label for statement in read.statements if statement.rule.label in _APPOINTMENTS]
        alone = fixed_in(read, text.times[number], message.date)
        if alone and not moves and not _asks(read):
            start = text.times[number].clocks[0].start
            if not read.silenced(Label.SCHEDULED, start):
                signals.append(_quoting(message, piece, Label.SCHEDULED, 0.88, f"{text.book.language}.scheduled.fixed-time"))
                found.append((0.88, alone))
        for label in moves:
            appointment = announced(text.reads, text.times, number, message.date)
            if appointment:
                found.append((1.0 if label is Label.RESCHEDULED else 0.9, appointment))
    return found


def _asks(read: SentenceReading) -> bool:
    return any(statement.rule.label is Label.INVITATION for statement in read.statements)


def _promised(text: _Text, message: Message) -> tuple[dt.date | None, list[Signal]]:
    latest: dt.date | None = None
    words = []
    for piece, read, found in zip(text.pieces, text.reads, text.times, strict=True):
        kept = promise(read, found, message.date)
        if kept:
            latest = max(latest, kept.by) if latest else kept.by
            words.append(_quoting(message, piece, Label.TIMELINE, 0.85, f"{text.book.language}.timeline.promise"))
    return latest, words


def _returns(text: _Text, message: Message) -> dt.date | None:
    """Return the day on which an absent writer is back: the day named, or the one after the last day of absence."""
    for roles in (_BACK, _ABSENT):
        for read, found in zip(text.reads, text.times, strict=True):
            for day in found.days:
                before = [cue.role for cue in read.cues if cue.role in roles and cue.end <= day.start + 1]
                if before and day.on >= message.date.date():
                    return business_days_after(day.on, 1) if before[-1] is Role.ABSENCE_THROUGH else day.on
    return None


def _proposed(texts: list[_Text], message: Message) -> tuple[dt.datetime, ...]:
    """Return the times to choose from as the language that finds most of them reads them."""
    return max((proposed(text.reads, text.times, message.date) for text in texts), key=len, default=())


def _led(texts: list[_Text], message: Message, fixed: Appointment | None) -> Leading:
    """Return who will lead the interview at the time that is fixed, as the first language that says anything of it has it."""
    if fixed is None:
        return Leading()
    told = (leading(message.fresh, text.pieces, text.reads, text.times, fixed.at) for text in texts)
    return next((each for each in told if each != Leading()), Leading())


def _best(message: Message, appointments: list[tuple[float, Appointment]]) -> Appointment | None:
    for event in message.calendar:
        if event.starts_at and not event.cancels and event.method != "REPLY":
            minutes = int((event.ends_at - event.starts_at).total_seconds() // 60) if event.ends_at else None
            return Appointment(at=event.starts_at, minutes=minutes if minutes and minutes > 0 else None)
    return max(appointments, key=lambda pair: pair[0])[1] if appointments else None


def _is_auto_reply(message: Message, label: Label | None, signals: list[Signal], phrasebook: Phrasebook) -> bool:
    """Whether an absent person's machine answers; a tracking system's receipt or decision is no such answer."""
    if not message.auto_submitted or message.calendar:
        return False
    if any(signal.label is Label.AUTO_REPLY and signal.confidence >= STRONG for signal in signals):
        return True
    platform = phrasebook.senders.platform(message.sender.domain)
    if platform is not None and platform.kind in _MACHINES:
        return False
    return label in (None, Label.TIMELINE, Label.ALERT, Label.OTHER, Label.AUTO_REPLY)


def _has_words(message: Message) -> bool:
    """Whether there is enough written for a model to have an opinion: a few words, or as much in another script."""
    text = f"{message.subject} {message.fresh[:500]}"
    return len(_WORDS.findall(text)) >= _FEWEST_WORDS or len(_IN_HAN_OR_KANA.findall(text)) > _FEWEST_WORDS


def _to_many(message: Message, phrasebook: Phrasebook) -> bool:
    platform = phrasebook.senders.platform(message.sender.domain)
    return message.list_mail or (platform is not None and platform.kind in _TO_MANY)
