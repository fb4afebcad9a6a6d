"""The plan for one message: which interview it belongs to, what it says, and what follows from that."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from agent.interviews import Event, EventKind, Interview, Refusal, step
from agent.interviews.candidacy import Candidacy
from agent.interviews.fold import fold
from agent.matching import Candidate, Certainty, Doubt, Evidence, Match, Unvouched, Vouched, vouch
from agent.matching.assignment import match
from agent.matching.evidence import Kind, candidate, piece
from agent.matching.match import Member
from agent.matching.tracked import domain_label, registrable
from agent.messages.message import Message
from agent.plan.agreed import agreed
from agent.plan.desk import Desk, Known
from agent.plan.discovery import UNKNOWN, Discovery, complete, proposal, same_proposal
from agent.plan.intention import DraftRecord
from agent.plan.interviewers import interviewers
from agent.plan.review import Question, ReviewKind
from agent.plan.sent import answered_drafts
from agent.signals import ENDINGS, Label, Reading, read_message, read_own_message

_SAYS_NOTHING_OF_A_CANDIDACY = frozenset({Label.ALERT, Label.OUTREACH, Label.OTHER, Label.AUTO_REPLY})
"""Labels that are no reason to ask the user anything."""

_MUST_BE_VOUCHED_FOR = ENDINGS | {Label.OFFER}
"""Labels that end a candidacy or say that there is an offer (design, promise 7)."""

_BY_MORE_THAN_NAMES = frozenset({Kind.THREAD, Kind.CALENDAR_UID, Kind.CONTACT, Kind.DOMAIN, Kind.AGENCY, Kind.CORRESPONDENT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """What is to be done about one message; carried out in one transaction."""

    reading: Reading
    match: Match
    interview: str | None
    """The interview that it is assigned to: only on a certain match."""
    events: tuple[Event, ...] = ()
    questions: tuple[Question, ...] = ()
    sent_drafts: tuple[DraftRecord, ...] = ()
    """Drafts of the agent that this mail of the user's turns out to be, or makes needless."""

    @property
    def likely(self) -> str | None:
        """The interview that is asked about, where one is ahead of all others."""
        return self.match.interview if self.questions and not self.interview else None

    @property
    def evidence(self) -> tuple[str, ...]:
        """The evidence for the interview, a line each, for `why`."""
        best = self.match.candidates[:1] if self.interview else ()
        return tuple(f"{found.kind}: {found.detail}" for each in best for found in each.evidence)


def take_in(message: Message, *, own: bool, desk: Desk, known: Known, now: datetime, answered_by: Member | None = None) -> Intake:
    """Return what is to be done about `message`.

    `own` is true for what lies in the Sent folder: only there is it the user's hand (design, promise 8). `answered_by` is an
    assigned message that answers this one, where the answer came to be assigned first.
    """
    reading = read_own_message(message, desk.phrasebook) if own else read_message(message, desk.phrasebook, desk.model)
    ties = known.ties(message)
    found = match(
        message,
        reading,
        desk.tracked,
        ties=ties,
        own=own,
        now=now,
    )
    if found.certainty is not Certainty.CERTAIN and answered_by is not None and answered_by.interview:
        found = _by_answer(answered_by, answered_by.interview)
    if found.certainty is Certainty.CERTAIN and found.interview:
        candidacy = known.candidacy(found.interview)
        if own:
            takes = agreed(message, reading, candidacy.letters, desk.phrasebook)
            return _own_mail(message, reading, found, candidacy, known.waiting(found.interview), takes)
        own_thread = any(member.own for member in ties.members.values())
        return their_mail(message, reading, found, candidacy, desk=desk, own_thread=own_thread, now=now)
    if found.certainty is Certainty.LIKELY and not own and reading.label not in _SAYS_NOTHING_OF_A_CANDIDACY:
        question = _question(ReviewKind.MATCH, message, reading, found, now, why=_why_not_certain(message, reading, found, desk))
        return Intake(reading=reading, match=found, interview=None, questions=(question,))
    proposed = None
    if found.certainty is Certainty.NONE and not own and desk.discovery is not Discovery.OFF:
        proposed = proposal(message, reading, tracked=desk.tracked.by_id, senders=desk.phrasebook.senders)
    questions = (_discovered(message, reading, found, proposed, now),) if proposed else ()
    return Intake(reading=reading, match=found, interview=None, questions=questions)


def beside_the_point(message: Message, *, own: bool) -> Intake:
    """Return that there is nothing to be done about a message that certainly has nothing to do with a candidacy."""
    label = Label.SENT_OTHER if own else Label.ALERT if message.list_mail else Label.OTHER
    return Intake(
        reading=Reading(label=label, abstained=False),
        match=Match(certainty=Certainty.NONE, interview=None, candidates=()),
        interview=None,
    )


def accepted(message: Message, reading: Reading, candidacy: Candidacy, *, now: datetime) -> tuple[Event, ...]:
    """Return the events for a message that the user gave to an interview in review; it may leave an ended state."""
    event = replace(
        event_of(EventKind.CONFIRMED, message, reading, candidacy.interview.id), with_=interviewers(message, reading, candidacy)
    )
    entry = _refused_because(event, candidacy, now)
    if entry == "":
        return (event,)
    # What is older than the end of the candidacy is history; the user's word about it is news of today.
    return (replace(event, at=now),)


def _by_answer(answer: Member, interview: str) -> Match:
    evidence = piece(Kind.THREAD, f"{answer.message_id} answers it")
    return Match(certainty=Certainty.CERTAIN, interview=interview, candidates=(candidate(interview, [evidence]),))


def _own_mail(
    message: Message,
    reading: Reading,
    found: Match,
    candidacy: Candidacy,
    waiting: Collection[DraftRecord],
    takes: datetime | None,
) -> Intake:
    sent = answered_drafts(message, reading, waiting)
    events = [replace(event_of(EventKind.SENT, message, reading, candidacy.interview.id), interview_at=takes)]
    events += [
        Event(
            interview=candidacy.interview.id,
            at=message.date,
            kind=EventKind.DRAFT_SENT,
            message_id=message.message_id,
            draft_kind=draft.kind,
            occasion=draft.occasion,
        )
        for draft in sent
    ]
    return Intake(reading=reading, match=found, interview=candidacy.interview.id, events=tuple(events), sent_drafts=sent)


def their_mail(
    message: Message, reading: Reading, found: Match, candidacy: Candidacy, *, desk: Desk, own_thread: bool, now: datetime
) -> Intake:
    """Return what follows from a received message that belongs to `candidacy`, as this stood before it.

    `own_thread`: the user wrote in its thread.
    """
    interview = candidacy.interview
    by_thread = any(each.kind in (Kind.THREAD, Kind.CALENDAR_UID) for each in _evidence(found))
    if reading.label in (Label.ALERT, Label.OUTREACH) and not by_thread:
        return Intake(reading=reading, match=found, interview=None)
    verdict = _vouched(message, found, candidacy, desk=desk, own_thread=own_thread)
    if isinstance(verdict, Unvouched) and (
        reading.says(*_MUST_BE_VOUCHED_FOR)
        or (verdict.doubt is Doubt.FAILED and reading.label not in _SAYS_NOTHING_OF_A_CANDIDACY and _by_names(found))
    ):
        question = _question(ReviewKind.UNVOUCHED, message, reading, found, now, why=verdict.reason)
        return Intake(reading=reading, match=found, interview=None, questions=(question,))
    if reading.abstained:
        question = _question(ReviewKind.UNCLEAR, message, reading, found, now, why=_why_not_clear(reading))
        return Intake(reading=reading, match=found, interview=interview.id, questions=(question,))
    event = replace(event_of(EventKind.RECEIVED, message, reading, interview.id), with_=interviewers(message, reading, candidacy))
    refused = _refused_because(event, candidacy, now)
    questions: tuple[Question, ...] = ()
    if message.bounce is not None and message.bounce.permanent:
        questions = (_bounced(message, interview.id, now),)
    elif refused and _is_news_after_the_end(reading, candidacy):
        questions = (_question(ReviewKind.REFUSED, message, reading, found, now, why=refused),)
    return Intake(reading=reading, match=found, interview=interview.id, events=(event,), questions=questions)


def _vouched(message: Message, found: Match, candidacy: Candidacy, *, desk: Desk, own_thread: bool) -> Vouched | Unvouched:
    """Return who vouches for the sender; whom the user has written to in this candidacy is known, with the domain."""
    interview = candidacy.interview
    tracked = desk.tracked.by_id[interview.id]
    written_to = {address.email for letter in candidacy.letters if letter.own for address in letter.message.recipients}
    domains = tracked.domains | tracked.agencies | {each.rpartition("@")[2] for each in written_to}
    spelled = domain_label(registrable(message.sender.domain)) == "".join(tracked.via)
    if message.authentication and (spelled or any(each.kind == Kind.DOMAIN_NAME for each in _evidence(found))):
        # A domain spelled as the employer or the agency is as good as a listed one, where the provider confirms it.
        domains |= {message.sender.domain}
    return vouch(
        message,
        authserv_id=desk.authserv_id,
        in_own_thread=own_thread,
        contacts=frozenset(contact.email for contact in interview.contacts) | written_to,
        domains=domains,
        senders=desk.phrasebook.senders,
    )


def _by_names(found: Match) -> bool:
    """Whether nothing but names and the look of a domain tie a message to its interview."""
    return not any(each.kind in _BY_MORE_THAN_NAMES for each in _evidence(found))


def _is_news_after_the_end(reading: Reading, candidacy: Candidacy) -> bool:
    refusal = step(candidacy.state.status, reading.label, has_time=reading.interview_at is not None)
    return isinstance(refusal, Refusal) and refusal.ask


def _refused_because(event: Event, candidacy: Candidacy, now: datetime) -> str:
    """Return why the table of transitions refuses `event`, or the empty string."""
    state = fold(candidacy.interview, (*candidacy.events, event), now)
    return next((entry.refused for entry in state.history if entry.message_id == event.message_id), "")


def event_of(kind: EventKind, message: Message, reading: Reading, interview: str) -> Event:
    """Return the entry of the history for a message that was read so."""
    calendar = message.calendar[0] if message.calendar else None
    primary = reading.primary
    other_side = message.to[0] if kind is EventKind.SENT and message.to else message.sender
    bounced = message.bounce.recipients[0] if message.bounce and message.bounce.recipients else ""
    return Event(
        interview=interview,
        at=message.date,
        kind=kind,
        message_id=message.message_id,
        label=reading.label,
        labels=tuple(dict.fromkeys((reading.label, *(signal.label for signal in reading.signals)))),
        rule=primary.rule if primary else "",
        quote=primary.quote if primary else "",
        round=reading.round,
        interview_at=reading.interview_at,
        interview_minutes=reading.interview_minutes,
        calendar_uid=calendar.uid if calendar else "",
        calendar_sequence=calendar.sequence if calendar else 0,
        promised_by=reading.promised_by,
        returns_on=reading.returns_on,
        correspondent=bounced or other_side.email,
    )


def _question(kind: ReviewKind, message: Message, reading: Reading, found: Match, now: datetime, *, why: str) -> Question:
    primary = reading.primary
    said = f" (“{primary.quote}”)" if primary and primary.quote else ""
    reads = "" if reading.foreign else f"It reads as {reading.label}{said}. "
    return Question(
        kind=kind,
        asked_at=now,
        message_id=message.message_id,
        occasion="",
        reason=f"{reads}{why}",
        candidates=tuple(each.interview for each in found.candidates[:5]),
    )


def _discovered(message: Message, reading: Reading, found: Match, proposed: Interview, now: datetime) -> Question:
    what = "a role it does not name" if proposed.role == UNKNOWN else proposed.role
    where = "an employer it does not name" if proposed.company == UNKNOWN else proposed.company
    asked = _question(
        ReviewKind.DISCOVERED, message, reading, found, now, why=f"Track this? It seems to be about {what} at {where}."
    )
    return replace(asked, occasion=same_proposal(proposed), proposed=proposed)


def _bounced(message: Message, interview: str, now: datetime) -> Question:
    addresses = message.bounce.recipients if message.bounce else ()
    whom = " and ".join(addresses) or "somebody"
    return Question(
        kind=ReviewKind.BOUNCED,
        asked_at=now,
        message_id=message.message_id,
        occasion="",
        reason=f"Your mail to {whom} came back and will not arrive. Write to somebody else there, and name the new contact: "
        f"interview-agent interviews edit {interview} --contact 'NAME <ADDRESS> ROLE'.",
        candidates=(interview,),
    )


def _why_not_certain(message: Message, reading: Reading, found: Match, desk: Desk) -> str:
    names = [f"{each.interview} ({_pieces(each)})" for each in found.candidates[:3]]
    if found.names:
        return _another_named(message, reading, found, desk)
    if len(names) == 1:
        return f"It may belong to {names[0]}, which is not enough to be sure."
    return f"It may belong to {', or to '.join(names)}."


def _another_named(message: Message, reading: Reading, found: Match, desk: Desk) -> str:
    """Return what another role or requisition the message names, and how it is tracked where it begins a candidacy."""
    known = [desk.tracked.by_id[each.interview].interview for each in found.candidates[:3]]
    number = found.names == reading.requisition
    what = "requisition" if number else "role"
    tracked = [f"“{(each.requisition or 'none') if number else each.role}” ({each.id})" for each in known]
    proposed = proposal(message, reading, tracked=desk.tracked.by_id, senders=desk.phrasebook.senders)
    new = ""
    if proposed is not None and complete(proposed) and desk.discovery is not Discovery.OFF:
        new = f" To track it as a new one, accept it with `--new {proposed.id}`."
    return f"It names the {what} “{found.names}”; tracked is {' and '.join(tracked)}.{new}"


def _why_not_clear(reading: Reading) -> str:
    if reading.foreign:
        return "It seems to be in a language that is not read yet; please look at it yourself."
    return "What it says is not clear enough to act on."


def _pieces(possible: Candidate) -> str:
    return "; ".join(f"{each.kind} {each.detail}" for each in possible.evidence)


def _evidence(found: Match) -> tuple[Evidence, ...]:
    return found.candidates[0].evidence if found.candidates else ()
