"""The form of phrase rules and senders: which keys a file has, and what may stand under each.

Imported only for files that are to be checked: pydantic takes longer to load than the files take to read.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from agent.rulebook.grammar import Id, Line
from agent.signals.phrasebook import NumericDates, Reach, Role, Script, Where, Whose
from agent.signals.reading import Label
from agent.signals.senders import PlatformKind

_Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
_Lines = Annotated[list[Line], Field(min_length=1)]
_OneOrMore = Annotated[_Lines, BeforeValidator(lambda value: value if isinstance(value, list) else [value])]
_Holiday = Annotated[str, StringConstraints(pattern=r"^(?:[01]\d-[0-3]\d|easter(?:[+-]\d{1,2})?|thanksgiving)$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Strict):
    id: Id
    says: Line
    label: Label | None = None
    confidence: Annotated[float, Field(gt=0, le=1)]
    any: _Lines
    unless: list[Line] = []
    despite: list[str] = []
    where: list[Where] = [Where.BODY, Where.SUBJECT]
    whole: bool = False
    matches: list[Line] = []
    not_: list[Line] = Field(default=[], alias="not")


class _Frame(_Strict):
    id: Id
    says: Line
    any: _Lines
    until: list[Line] = []
    unless: list[Line] = []
    reach: Reach = Reach.AFTER
    silences: list[Label] = []


class _Cue(_Strict):
    cue: Role
    says: Line
    any: _Lines


class _DateForm(_Strict):
    reckon: str
    any: _Lines


class _Name(_Strict):
    says: Line
    where: list[Where]
    any: _Lines


class PhraseFile(_Strict):
    """One file below `signals/<language>/`."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    label: Label | None = None
    whose: Whose = Whose.THEIRS
    words: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")], _OneOrMore] = {}
    rules: list[_Rule] = []
    frames: list[_Frame] = []
    cues: list[_Cue] = []
    dates: list[_DateForm] = []
    names: list[_Name] = []
    not_a_name: list[str] = []
    role_words: list[str] = []
    known_by: list[str] = []
    numbers: dict[str, int] = {}
    weekdays: dict[str, Annotated[int, Field(ge=0, le=6)]] = {}
    months: dict[str, Annotated[int, Field(ge=1, le=12)]] = {}
    zones: dict[str, str] = {}
    holidays: dict[str, _Holiday] = {}
    script: Script | None = None
    abbreviations: list[str] = []
    numeric_dates: NumericDates | None = None


class _Platform(_Strict):
    name: Line
    kind: PlatformKind
    domains: Annotated[list[_Domain], Field(min_length=1)]


class SenderFile(_Strict):
    """`senders.yaml`."""

    platforms: list[_Platform]
