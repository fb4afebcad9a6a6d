"""What a linguist or a career coach wrote down, as values: the texts, the forms of a language, the words to keep out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.policy.verdict import DraftKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One wording of one kind of draft."""

    id: str
    """Names it in `Draft.template`, as `en/thank_you/<id>`."""
    needs: tuple[str, ...]
    """Fields without which it cannot be used (`agent.drafts.facts.FIELDS`)."""
    requires: tuple[str, ...]
    """Ids of the guide requirements that this wording carries out, beside those of its template."""
    body: str
    """Markup (`agent.drafts.markup`) of the paragraphs between greeting and closing, one blank line between two of them."""
    subject: str | None = None
    """Markup of its own subject for a mail that begins a thread; None for that of the template."""
    before_sending: str | None = None
    """Markup of what the user should add or look at first, for the draft's reason; None for that of the template."""
    style: str = ""
    """The manner of wording that it is for, such as `brief`; empty for the usual one."""
    max_words: int | None = None
    """The most words of this wording; None for the number of the template."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """One question of a debrief, which the user answers in the draft."""

    key: str
    """What the answer is kept as (`agent.interviews.notes`)."""
    ask: str
    """The question, as it stands in the draft and as it is found again there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """All wordings of one kind of draft in one language."""

    kind: DraftKind
    subject: str
    """Markup of the subject for a mail that begins a thread."""
    max_words: int
    """The most words between greeting and closing."""
    requires: tuple[str, ...]
    variants: tuple[Variant, ...]
    before_sending: str = ""
    inquiries: tuple[Inquiry, ...] = ()
    """The questions behind the text, for a debrief; each is followed by room for the answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameForms:
    """What is part of a display name without being part of a name. All in lower case but `titles`."""

    titles: tuple[str, ...]
    """Titles that go before the last name and say nothing of gender, as they are written (`Dr.`)."""
    honorifics: tuple[str, ...]
    """Forms such as Mr and Ms: kept only where nothing but the last name stands beside them."""
    suffixes: tuple[str, ...]
    """Degrees and the like after a name."""
    joints: tuple[str, ...]
    """Words between a person and an employer or a platform: `from`, `via`."""
    not_a_person: tuple[str, ...]
    """Words that no person is called by: `team`, `recruiting`, names of platforms."""
    in_full: bool = False
    """Whether a greeting takes first and last name, because the first name alone would be too familiar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forms:
    """How a language greets, closes, and writes a date."""

    greet_person: str
    greet_team: str
    greet_nobody: str
    """Markup of the greeting with a name, with the employer only, and with neither."""
    closings: tuple[str, ...]
    weekdays: tuple[str, ...]
    """Monday first."""
    months: tuple[str, ...]
    date: str
    """Markup of a date, from `weekday`, `day`, `month`."""
    date_with_year: str
    """The same for a day far from now, with `year`."""
    moment: str
    """Markup of a day with a time of day, from `date` and `clock`."""
    ordinals: tuple[str, ...]
    """First, second, third, ... interview."""
    conjunction: str
    """Between the last two names of a list."""
    alternative: str
    """Between the last two times to choose from."""
    lowered: tuple[str, ...]
    """Words, in lower case, that lose their capital where a note of the user goes on inside a sentence."""
    unknown: tuple[str, ...]
    """What people write, in lower case, where they know nothing: `tbd`, `n/a`."""
    topic_keys: tuple[str, ...]
    """What begins a line of the notes that holds a point of the conversation, in lower case: `topic`, `point`."""
    booking: tuple[str, ...]
    """Phrases, in lower case, by which an invitation offers a link to choose a time with."""
    names: NameForms


@dataclass(frozen=True, kw_only=True, slots=True)
class Tone:
    """Words and phrases of one language, in lower case, that a draft must not hold."""

    casual: tuple[str, ...]
    demanding: tuple[str, ...]
    desperate: tuple[str, ...]
    reproachful: tuple[str, ...]
    salary: tuple[str, ...]
    """Pay and benefits: not before an offer."""
    attachment: tuple[str, ...]
    """Promises of something enclosed."""
    asking: tuple[str, ...]
    """Asks for the decision or the timeline: not in a thank-you."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """All that is known of one language."""

    code: str
    """Two letters, such as `en`."""
    forms: Forms
    tone: Tone
    templates: Mapping[DraftKind, Template]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckText:
    """What is told of one check on a finished draft; what it finds is code (`agent.drafts.checks`)."""

    id: str
    requires: tuple[str, ...]
    """Ids of the guide requirements behind it."""
    about: str
    """What it keeps out, in one line."""
    reason: str
    """What the user is told when it stops a draft: one sentence with the fields of the check in braces."""
    told: str = ""
    """What the user is told where the draft is made all the same."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Phrases that it looks for, lower case, by language; empty for a check that looks for none of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Templates:
    """The templates in force, by language, and what is told of the checks on the texts that they give."""

    languages: Mapping[str, Language]
    checks: Mapping[str, CheckText]
    """By id; all of `agent.drafts.checks.CHECKS`."""
