"""The rules of reading as values: what `agent.rulebook.phrases` makes of the YAML, compiled once and used for every message."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from agent.signals.heading_words import HeadingWords
from agent.signals.patterns import Pattern, PatternSet, Unless, compile_pattern
from agent.signals.reading import Label
from agent.signals.senders import SenderBook
from agent.signals.sentences import Dots
from agent.signals.title_words import TitleWords


class Where(StrEnum):
    """Which part of a message a rule reads."""

    BODY = "body"
    """The new text."""
    SUBJECT = "subject"
    """The subject, without its `Re:`."""
    SENDER = "sender"
    """Display name and address of the sender."""


class Whose(StrEnum):
    """Whose mail a rule reads."""

    THEIRS = "theirs"
    """Received mail."""
    OWN = "own"
    """The user's own mail."""


class Reach(StrEnum):
    """Which statements a frame silences."""

    AFTER = "after"
    """Those that begin after it in the same sentence, up to a word that ends it."""
    SENTENCE = "sentence"
    """All of the sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhraseRule:
    """One way of saying one thing."""

    id: str
    label: Label
    says: str
    """What a match means, in one plain sentence."""
    confidence: float
    patterns: tuple[str, ...]
    """Regular expressions on the folded sentence; one is enough."""
    unless: tuple[str, ...] = ()
    """Regular expressions of which none may stand in the same sentence."""
    despite: frozenset[str] = frozenset()
    """Ids of frames that do not silence it."""
    where: frozenset[Where] = frozenset({Where.BODY, Where.SUBJECT})
    whose: Whose = Whose.THEIRS
    whole: bool = False
    """It says what the whole message is: what else was read in it does not count."""
    matches: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    """Examples that it must and must not match (`matches:` and `not:` in the YAML)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Words that take a statement's force: a condition, a question, a description of the process."""

    id: str
    patterns: tuple[str, ...]
    until: tuple[str, ...] = ()
    """Words that end it, for `Reach.AFTER`."""
    unless: tuple[str, ...] = ()
    reach: Reach = Reach.AFTER
    silences: frozenset[Label] = frozenset(Label)


class Script(StrEnum):
    """What a language is written in."""

    LATIN = "latin"
    """Letters; words stand apart."""
    KANA = "kana"
    """Kana, with Han between."""
    HAN = "han"
    """Han alone."""


class NumericDates(StrEnum):
    """How `3/4` is read."""

    DAY_FIRST = "day-first"
    """The 3rd of April."""
    MONTH_FIRST = "month-first"
    """March 4th."""
    BY_SENDER = "by-sender"
    """Month first where the sender's clock is one of the Americas, else day first."""


class Role(StrEnum):
    """What part a cue plays in reading a date."""

    LIMIT = "limit"
    """Words right before a date that make it a last day ('by', 'within')."""
    PROMISE = "promise"
    """Words by which the writer says that news will come."""
    TELLING = "telling"
    """Words that introduce what they tell ('just to let you know that'): what looks like a promise in them is none."""
    DEMAND = "demand"
    """Words that ask something of the reader: a date that follows is a deadline."""
    MEETING = "meeting"
    """Words that fix an interview."""
    MEETING_BEFORE = "meeting_before"
    """Words before the old time of an interview that is moved."""
    MEETING_AFTER = "meeting_after"
    """Words before its new time."""
    CHOICE = "choice"
    """Words that offer times to choose from."""
    RETURN = "return"
    """Words before the day on which an absent writer is back."""
    ABSENCE = "absence"
    """Words before the last day of an absence."""
    ABSENCE_THROUGH = "absence_through"
    """Words before the last day of an absence, which is itself a day of absence: the writer is back on the next working day."""
    NO_PROMISE = "no_promise"
    """Words that take the promise out of the sentence."""
    PAST = "past"
    """Words that put a meeting behind."""
    NOT_UNTIL = "not_until"
    """Words right before a date that make it the earliest day, or one that is behind ('after', 'since', 'last')."""
    NO_NEWS_BEFORE = "no_news_before"
    """Words right before a date up to which no news will come."""
    COUNTED_FROM = "counted_from"
    """Words right after a number of days that count them from something else than this message."""
    WRITER_LEADS = "writer_leads"
    """Words by which the writer says that the interview will be with the writer ('with me', 'I will call you')."""
    WITH = "with"
    """Words right before the names of those with whom something will be: an interview, where the sentence is about one."""
    MEETS = "meets"
    """Words right before the names of those whom the candidate will meet ('you will meet', 'the panel will be')."""
    LEADS = "leads"
    """Words right after the names of those who will lead ('will interview you', 'will join me')."""
    TAKES_TIME = "takes_time"
    """Words of the user's own that take a time that was proposed ('works for me', 'see you')."""
    NOT_THEN = "not_then"
    """Words of the user's own that do not take the time named beside them ('cannot', 'another day')."""
    ANOTHER_TALK = "another_talk"
    """Words by which a sentence is about another talk than the interview, or about none ('beforehand', 'if', 'decide')."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """Words that say what a date is about."""

    role: Role
    patterns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DateForm:
    """One way of writing a date; its named groups say what it is made of, `reckon` how to reckon it."""

    reckon: str
    """Name of a reckoning of `agent.signals.dates`."""
    patterns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NamePattern:
    """One shape in which company, role, requisition or round are named; read with capitals."""

    where: frozenset[Where]
    patterns: tuple[str, ...]
    """With the named groups `company`, `role`, `requisition`, `round` or `last_round`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """What a language says with which words: needed only for mail in it."""

    rules: tuple[PhraseRule, ...] = ()
    frames: tuple[Frame, ...] = ()
    cues: tuple[Cue, ...] = ()
    dates: tuple[DateForm, ...] = ()
    names: tuple[NamePattern, ...] = ()
    not_a_name: frozenset[str] = frozenset()
    """Words that are never a company or role on their own, in lower case."""
    role_words: frozenset[str] = frozenset()
    """Words of job titles, in lower case: what holds one is no company."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageBook:
    """All that is known of one language: its tables, and its phrases, which are fetched when they are first asked for."""

    language: str
    """ISO 639-1."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Number words, folded."""
    weekdays: dict[str, int] = field(default_factory=dict)
    """Names of weekdays, folded; 0 is Monday."""
    months: dict[str, int] = field(default_factory=dict)
    """Names of months, folded; 1 is January."""
    zones: dict[str, str] = field(default_factory=dict)
    """Names of time zones, folded → IANA name."""
    holidays: dict[str, str] = field(default_factory=dict)
    """Names of holidays, folded → `MM-DD`, `easter+N`, `easter-N` (days from Easter Sunday) or `thanksgiving`."""
    known_by: frozenset[str] = frozenset()
    """Small words, folded, by which a text of the language is known."""
    script: Script = Script.LATIN
    abbreviations: frozenset[str] = frozenset()
    """After these words, folded and without their last dot, a dot ends no sentence."""
    numeric_dates: NumericDates = NumericDates.DAY_FIRST
    source: Callable[[], Phrases] = field(default=Phrases, repr=False, compare=False)
    """Gives the phrases; it is asked once."""
    _phrases: Phrases | None = field(default=None, init=False, repr=False, compare=False)
    _index: "PhraseIndex | None" = field(default=None, init=False, repr=False, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether its phrases have been fetched."""
        return self._phrases is not None

    @property
    def phrases(self) -> Phrases:
        """The phrases of the language."""
        if self._phrases is None:
            object.__setattr__(self, "_phrases", self.source())
        return self._phrases or Phrases()

    @property
    def index(self) -> "PhraseIndex":
        """Its patterns, compiled."""
        if self._index is None:
            object.__setattr__(self, "_index", PhraseIndex(self.phrases))
        assert self._index is not None  # noqa: S101 (for the type checker: it was set right above)
        return self._index

    @property
    def rules(self) -> tuple[PhraseRule, ...]:
        """Its rules."""
        return self.phrases.rules

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Its frames."""
        return self.phrases.frames

    @property
    def not_a_name(self) -> frozenset[str]:
        """Words that are never a company or role on their own."""
        return self.phrases.not_a_name

    @property
    def role_words(self) -> frozenset[str]:
        """Words of job titles."""
        return self.phrases.role_words


class PhraseIndex:
    """The patterns of a language in one set, and what each of them belongs to.

    What silences a rule or a frame (`unless`) is not in the set: it is looked for only where that rule or frame is found.
    """

    __slots__ = (
        "date_forms",
        "frames",
        "named_in",
        "names",
        "patterns",
        "rules",
        "triggers",
        "unless_frames",
        "unless_rules",
        "untils",
    )

    def __init__(self, book: Phrases) -> None:
        """Compile the patterns of `book`."""
        texts: list[str] = []

        def place(pattern: str) -> int:
            texts.append(pattern)
            return len(texts) - 1

        self.rules: dict[int, int] = {}
        self.frames: dict[int, int] = {}
        self.triggers: dict[int, Role] = {}
        self.date_forms: dict[int, DateForm] = {}
        for number, rule in enumerate(book.rules):
            for pattern in rule.patterns:
                self.rules[place(pattern)] = number
        for number, frame in enumerate(book.frames):
            for pattern in frame.patterns:
                self.frames[place(pattern)] = number
        for cue in book.cues:
            for pattern in cue.patterns:
                self.triggers[place(pattern)] = cue.role
        for form in book.dates:
            for pattern in form.patterns:
                self.date_forms[place(pattern)] = form
        self.patterns = PatternSet(texts)
        self.unless_rules = tuple(Unless(rule.unless) for rule in book.rules)
        self.unless_frames = tuple(Unless(frame.unless) for frame in book.frames)
        self.untils: tuple[tuple[Pattern, ...], ...] = tuple(
            tuple(compile_pattern(pattern) for pattern in frame.until) for frame in book.frames
        )
        shapes = [(shape.where, pattern) for shape in book.names for pattern in shape.patterns]
        self.names = PatternSet([pattern for _, pattern in shapes])
        self.named_in: tuple[frozenset[Where], ...] = tuple(where for where, _ in shapes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrasebook:
    """Everything that reading needs beside the message."""

    languages: tuple[LanguageBook, ...] = ()
    senders: SenderBook = field(default_factory=SenderBook)
    heading_words: HeadingWords = field(default_factory=HeadingWords)
    title_words: TitleWords = field(default_factory=TitleWords)
    dots: Dots = field(init=False, repr=False, compare=False)
    known: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """Word → the languages in Latin letters that are known by it."""

    def __post_init__(self) -> None:
        abbreviations = frozenset(word for book in self.languages for word in book.abbreviations)
        months = frozenset(month for book in self.languages for month in book.months)
        object.__setattr__(self, "dots", Dots(abbreviations=abbreviations, months=months))
        known: dict[str, tuple[str, ...]] = {}
        for book in self.languages:
            if book.script is Script.LATIN:
                for word in book.known_by | book.weekdays.keys() | book.months.keys():
                    known[word] = (*known.get(word, ()), book.language)
        object.__setattr__(self, "known", known)

    def rule(self, rule_id: str) -> PhraseRule | None:
        """Return the rule of this id, which begins with its language."""
        books = (book for book in self.languages if rule_id.startswith(f"{book.language}."))
        return next((rule for book in books for rule in book.rules if rule.id == rule_id), None)
