"""The form of templates: which keys the files of a language have, and what may stand under each."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agent.interviews.notes import NoteKey
from agent.rulebook.grammar import Id, Line, Requirement

_Words = Annotated[tuple[Line, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _VariantYaml(_Strict):
    id: Id
    body: Line
    needs: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    subject: Line | None = None
    before_sending: Line | None = None
    style: Id | None = None
    max_words: Annotated[int, Field(ge=10, le=400)] | None = None


class _InquiryYaml(_Strict):
    key: NoteKey
    ask: Line


class TemplateFile(_Strict):
    """One file of a kind of draft."""

    subject: Line
    max_words: Annotated[int, Field(ge=20, le=400)]
    requires: tuple[Requirement, ...] = ()
    before_sending: str = ""
    questions: tuple[_InquiryYaml, ...] = ()
    variants: Annotated[tuple[_VariantYaml, ...], Field(min_length=1)]


class _GreetingYaml(_Strict):
    person: Line
    team: Line
    nobody: Line


class _DateYaml(_Strict):
    near: Line
    far: Line
    moment: Line


class _NamesYaml(_Strict):
    titles: _Words
    honorifics: _Words
    suffixes: _Words
    joints: _Words
    not_a_person: _Words
    in_full: bool = False


class FormsFile(_Strict):
    """`forms.yaml` of a language."""

    greeting: _GreetingYaml
    closings: _Words
    date: _DateYaml
    weekdays: Annotated[tuple[Line, ...], Field(min_length=7, max_length=7)]
    months: Annotated[tuple[Line, ...], Field(min_length=12, max_length=12)]
    ordinals: _Words
    conjunction: Line
    alternative: Line
    lowered: _Words
    unknown: _Words
    topic_keys: _Words
    booking: _Words
    names: _NamesYaml


class ToneFile(_Strict):
    """`tone/<language>.yaml`."""

    casual: _Words
    demanding: _Words
    desperate: _Words
    reproachful: _Words
    salary: _Words
    attachment: _Words
    asking: _Words
