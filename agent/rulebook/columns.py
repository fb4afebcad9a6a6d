"""`columns.yaml`: what the columns of a spreadsheet mean, and the words in it for where a candidacy stands."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from agent.interviews.status import Status
from agent.matching.names import words
from agent.rulebook.grammar import Line
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused

FILE = "columns.yaml"


class Column(StrEnum):
    """What a column says of a candidacy."""

    ID = "id"
    """The id under which it is tracked."""
    COMPANY = "company"
    """The employer."""
    ROLE = "role"
    """The job."""
    APPLIED_ON = "applied_on"
    """The day of the application."""
    STATUS = "status"
    """Where it stands."""
    STATUS_ON = "status_on"
    """Since when it stands there."""
    SAVED_ON = "saved_on"
    """When the row was made; the day of the application where the row says no other and stands at that."""
    ARCHIVED = "archived"
    """Whether it was put away."""
    ARCHIVED_ON = "archived_on"
    """When it was put away."""
    REQUISITION = "requisition"
    """The employer's number of the job."""
    VIA = "via"
    """The agency."""
    CONTACT_NAME = "contact_name"
    """Who the contact is."""
    CONTACT_EMAIL = "contact_email"
    """The contact's address."""
    CONTACT_PHONE = "contact_phone"
    """The contact's number."""
    CONTACT_ROLE = "contact_role"
    """What the contact is to the candidacy."""
    INTERVIEW_AT = "interview_at"
    """When an interview is; a day alone becomes a note."""
    WEBSITE = "website"
    """Of the employer: its domain."""
    COUNTRY = "country"
    """Two letters."""
    LANGUAGE = "language"
    """Of the drafts."""
    TIMEZONE = "timezone"
    """Of the employer."""
    REGION = "region"
    """Part of the country with holidays of its own."""
    POLICY = "policy"
    """For this candidacy alone."""
    ALIASES = "aliases"
    """Brands and former names, with semicolons between them."""
    DOMAINS = "domains"
    """Mail domains, with semicolons between them."""
    CONTACTS = "contacts"
    """`Name <address> role phone`, with semicolons between them."""
    ROUNDS = "rounds"
    """`TIME MINUTES ADDRESS...`, with semicolons between them."""
    CLOSED = "closed"
    """Days off of the employer, with semicolons between them."""
    NOTES = "notes"
    """Free text."""


_Name = TypeVar("_Name", bound=str)
Words = list[list[Line] | Line]


class ColumnsFile(BaseModel):
    """The form of `columns.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Annotated[dict[Column, Words], Field(description="What a column says → its headers, the surest first.")]
    noted: Annotated[
        dict[Line, Words], Field(description="Name of a line in the notes → the headers that it is taken from.")
    ] = {}
    empty: Annotated[list[Line], Field(description="Cells that say nothing.")] = []
    yes: Annotated[list[Line], Field(description="Cells that say yes.")] = []
    statuses: Annotated[dict[Status, Words], Field(description="Status → the words of trackers for it.")]
    not_applied: Annotated[Words, Field(description="Words for what was not applied to yet: such rows are left out.")] = []
    months: Annotated[dict[Annotated[str, Field(pattern="^([1-9]|1[0-2])$")], Words], Field(description="Month → its names.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """What is known of columns and words, by `plain` words."""

    headers: Mapping[str, tuple[Column, int]]
    """Header → what the column says, and its rank among the headers that say the same; a low one goes before."""
    noted: Mapping[str, str]
    """Header → name of the line of the notes."""
    empty: frozenset[str]
    """As written, in lower case."""
    yes: frozenset[str]
    statuses: Mapping[str, Status]
    not_applied: frozenset[str]
    months: Mapping[str, int]


def plain(text: str) -> str:
    """Return a header or a status word without case, accents, blanks, punctuation, signs and emoji; `companyName` is one."""
    return "".join(words(text).folded)


def status_key(text: str) -> str:
    """Return the words of a status without the numbers around them: `2. Interview`, `Interview #3`."""
    return plain(re.sub(r"(?<![^\W_])\d+(?:st|nd|rd|th)?(?![^\W_])", " ", text))


def load_columns(user_folder: Path | None) -> Columns:
    """Return what is known of columns; raise `RulesRefused` for what cannot be read, and for a word that means two things."""
    (file,) = rule_files(FILE, user_folder)
    document = read_yaml(file.path, file.shown)
    form = validated(document, ColumnsFile)
    said = _Said(document)
    headers = {key: (name, rank) for key, (name, rank) in said.by_word("columns", form.columns, plain).items()}
    noted = {key: name for key, (name, _) in said.by_word("noted", form.noted, plain, headers).items()}
    statuses = {key: name for key, (name, _) in said.by_word("statuses", form.statuses, status_key).items()}
    waiting = said.by_word("not_applied", {"not_applied": form.not_applied}, status_key, statuses)
    months = {key: int(name) for key, (name, _) in said.by_word("months", form.months, plain).items()}
    if said.problems:
        raise RulesRefused(said.problems)
    return Columns(
        headers=headers,
        noted=noted,
        empty=frozenset(word.casefold() for word in form.empty),
        yes=frozenset(plain(word) for word in form.yes),
        statuses=statuses,
        not_applied=frozenset(waiting),
        months=months,
    )


class _Said:
    """Turns lists of words around, and notes those that would mean two things."""

    def __init__(self, document: MarkedYaml) -> None:
        self._document = document
        self.problems: list[RuleProblem] = []

    def by_word(
        self, section: str, lists: Mapping[_Name, Words], key_of: Callable[[str], str], others: Collection[str] = ()
    ) -> dict[str, tuple[_Name, int]]:
        """Return word as `key_of` it → (what it means, its rank in the list); `others` are words that mean something else."""
        found: dict[str, tuple[_Name, int]] = {}
        for name, entries in lists.items():
            for rank, word in enumerate(_flat(entries)):
                key = key_of(word)
                if not key or key in others or found.get(key, (name,))[0] != name:
                    what = f"`{word}` means something else already" if key else f"`{word}` has neither letter nor digit"
                    self.problems.append(self._document.problem((section, name), what, "take it out in one of the two places"))
                else:
                    found.setdefault(key, (name, rank))
        return found


def _flat(entries: Iterable[list[str] | str]) -> Iterator[str]:
    for entry in entries:
        yield from [entry] if isinstance(entry, str) else entry
