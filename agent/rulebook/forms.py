"""The form of phrase rules and senders: which keys a file has, and what may stand under each.

Imported only for files that are to be checked: pydantic takes longer to load than the files take to read.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from agent.interviews import Status
from agent.plan.orders import Meaning
from agent.rulebook.grammar import Id, Line
from agent.signals.phrasebook import NumericDates, Reach, Role, Script, Where, Whose
from agent.signals.reading import Label
from agent.signals.senders import PlatformKind

_Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
_Lines = Annotated[list[Line], Field(min_length=1)]
_OneOrMore = Annotated[
    _Lines,
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    WithJsonSchema({"type": ["string", "array"], "minLength": 1, "minItems": 1, "items": {"type": "string", "minLength": 1}}),
]
_Holiday = Annotated[str, StringConstraints(pattern=r"^(?:[01]\d-[0-3]\d|easter(?:[+-]\d{1,2})?|thanksgiving)$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Strict):
    id: Annotated[Id, Field(description="Its name, as `why` shows it; once in a language.")]
    says: Annotated[Line, Field(description="In plain words what a text says that it finds.")]
    label: Annotated[Label | None, Field(description="What such a message is; else the label at the top of the file.")] = None
    confidence: Annotated[float, Field(gt=0, le=1, description="How sure it is; below 0.6 it is not enough alone.")]
    any: Annotated[_Lines, Field(description="RE2 patterns on one folded sentence; one that fits is enough.")]
    unless: Annotated[list[Line], Field(description="Patterns that silence it where one fits the same sentence.")] = []
    despite: Annotated[list[str], Field(description="Frames that do not silence it.")] = []
    where: Annotated[list[Where], Field(description="Which part of the mail it reads.")] = [Where.BODY, Where.SUBJECT]
    whole: Annotated[bool, Field(description="True where it says what the whole message is, whatever else stands there.")] = False
    matches: Annotated[list[Line], Field(description="Examples that it must find; `rules test` runs them.")] = []
    not_: Annotated[list[Line], Field(alias="not", description="Examples that it must leave alone.")] = []


class _Frame(_Strict):
    id: Annotated[Id, Field(description="Its name, for `despite`.")]
    says: Annotated[Line, Field(description="What such a sentence is: a condition, a quote, a description of the process.")]
    any: Annotated[_Lines, Field(description="RE2 patterns by which the sentence is known.")]
    until: Annotated[list[Line], Field(description="Patterns at which its reach ends.")] = []
    unless: Annotated[list[Line], Field(description="Patterns with which it is no frame.")] = []
    reach: Annotated[Reach, Field(description="What of the sentence it silences.")] = Reach.AFTER
    silences: Annotated[list[Label], Field(description="Labels of the rules that it silences; all where none is named.")] = []


class _Cue(_Strict):
    cue: Annotated[Role, Field(description="What its words tell about a date or a meeting.")]
    says: Line
    any: Annotated[_Lines, Field(description="RE2 patterns; one that fits is enough.")]


class _DateForm(_Strict):
    reckon: Annotated[str, Field(description="How the named groups become a day or a time; docs/rules.md lists the ways.")]
    any: Annotated[_Lines, Field(description="RE2 patterns with named groups.")]


class _Name(_Strict):
    says: Line
    where: Annotated[list[Where], Field(description="Which part of the mail it reads.")]
    any: Annotated[_Lines, Field(description="RE2 patterns with the groups `company`, `role` or `requisition`.")]


class PhraseFile(_Strict):
    """One file below `signals/<language>/`."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$"), Field(description="The two letters of the folder.")]
    label: Annotated[Label | None, Field(description="For all rules of the file that name none.")] = None
    whose: Annotated[Whose, Field(description="`own` for the user's mail, which gets the labels `sent_*`.")] = Whose.THEIRS
    words: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")], _OneOrMore],
        Field(description="Groups of words that patterns of this language use as {name}."),
    ] = {}
    rules: Annotated[list[_Rule], Field(description="What a sentence says.")] = []
    frames: Annotated[list[_Frame], Field(description="Sentences that say nothing although their words do.")] = []
    cues: Annotated[list[_Cue], Field(description="Words that tell what a date is about.")] = []
    dates: Annotated[list[_DateForm], Field(description="How days and times are written.")] = []
    names: Annotated[list[_Name], Field(description="Where employer, position and requisition stand.")] = []
    not_a_name: Annotated[list[str], Field(description="What no employer and no position is called.")] = []
    role_words: Annotated[list[str], Field(description="Words by which a position is known.")] = []
    known_by: Annotated[list[str], Field(description="Small words by which a text is known to be in this language.")] = []
    numbers: Annotated[dict[str, int], Field(description="Numbers as words.")] = {}
    weekdays: Annotated[
        dict[str, Annotated[int, Field(ge=0, le=6)]], Field(description="Names and short names; 0 is Monday.")
    ] = {}
    months: Annotated[dict[str, Annotated[int, Field(ge=1, le=12)]], Field(description="Names and short names.")] = {}
    zones: Annotated[dict[str, str], Field(description="Short names of time zones and their IANA names.")] = {}
    holidays: Annotated[
        dict[str, _Holiday], Field(description="Days that people name: 12-25, easter, easter+1, thanksgiving.")
    ] = {}
    script: Annotated[Script | None, Field(description="The writing by which the language is known.")] = None
    abbreviations: Annotated[list[str], Field(description="Words whose dot does not end a sentence.")] = []
    numeric_dates: Annotated[NumericDates | None, Field(description="Which number comes first in 3/4/2026.")] = None


class _Platform(_Strict):
    name: Annotated[Line, Field(description="How the user knows it.")]
    kind: Annotated[PlatformKind, Field(description="What it sends.")]
    domains: Annotated[list[_Domain], Field(min_length=1, description="Domains that it sends from, the sub-domains with them.")]


class SenderFile(_Strict):
    """`senders.yaml`."""

    platforms: Annotated[list[_Platform], Field(description="Who sends for many employers.")]


class _HeadingWords(_Strict):
    always: Annotated[list[Line], Field(description="Words that count whoever writes.")] = []
    often: Annotated[list[Line], Field(description="Words that count in all mail but that to many.")] = []


class HeadingsFile(_Strict):
    """`headings.yaml`."""

    languages: Annotated[dict[str, _HeadingWords], Field(description="By language (ISO 639-1): words of a candidacy.")]


class TitlesFile(_Strict):
    """`titles.yaml`."""

    fields: Annotated[dict[Line, _Lines], Field(description="What the work is about → words for it: they tell roles apart.")]
    may_be: Annotated[dict[Line, _Lines], Field(description="Field → the fields that another mail may call it by.")] = {}
    crafts: Annotated[dict[Line, _Lines], Field(description="What one is → words for it: they tell where no field is named.")]
    ranks: Annotated[_Lines, Field(description="How high one is: it makes a text a title, and tells no role from another.")]
    plain: Annotated[list[Line], Field(description="Words beside a title that tell nothing.")] = []


_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
_Spoken = dict[_Language, _Lines]


class AnswersFile(_Strict):
    """`answers.yaml`."""

    words: Annotated[dict[Meaning, _Spoken], Field(description="By meaning and language: what the user may write.")] = {}
    statuses: Annotated[dict[Status, _Spoken], Field(description="By status and language: where a candidacy stands.")] = {}
