"""The interviews file of the contract: YAML, or the same as JSON, to `Interview` values and back."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timezone
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from agent.interviews.interview import Contact, ContactRole, Interview, Round
from agent.rulebook.marked_yaml import MarkedYaml, parse_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused

_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\".]+(?:\.[^@\s<>,;:\".]+)+\Z")
_DOMAIN = re.compile(r"[^@\s/:.]+(?:\.[^@\s/:.]+)+\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?\Z")
_UNUSUAL_BREAK = re.compile("[\r\x85\u2028\u2029\ufeff]")
_ID = re.compile(r"[a-z0-9-]+\Z")
_REGION = re.compile(r"[A-Za-z0-9]{1,3}\Z")
_POLICY = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{3,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?\Z")


def read_interviews(text: str, file: str) -> list[Interview]:
    """Return the interviews in `text`; `file` is the name that problems show.

    Raises `RulesRefused` with all problems at once, each with line and column. A time without an offset is in the interview's
    `timezone`; without one it is refused.
    """
    document = parse_yaml(text, file)
    return [] if document.data is None else _interviews(document)


def read_interviews_json(text: str, file: str) -> list[Interview]:
    """Return the interviews in `text`: the contract's file as JSON, or an object a line (JSON Lines); see `read_interviews`."""
    places: dict[tuple[str | int, ...], tuple[int, int]] = {}
    try:
        data = json.loads(text)
        with suppress(RulesRefused):
            places = parse_yaml(text, file).places  # JSON is YAML, but for odd spellings
    except json.JSONDecodeError as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        places = {(index,): (number, 1) for index, (number, _) in enumerate(lines)}
        data = [_json_line(line, number, file, whole) for number, line in lines]
    except RecursionError:
        raise _no_json(file, 1, 1, "it is nested beyond all measure") from None
    return _interviews(MarkedYaml(file=file, data=[data] if isinstance(data, dict) else data, places=places))


def _json_line(line: str, number: int, file: str, whole: json.JSONDecodeError) -> Any:
    """Return the object in one line; the mistake of a file that has no line of JSON is that of the `whole`."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        single = number == 1 or whole.lineno != 1
        raise (
            _no_json(file, whole.lineno, whole.colno, whole.msg) if single else _no_json(file, number, error.colno, error.msg)
        ) from None
    except RecursionError:
        raise _no_json(file, number, 1, "it is nested beyond all measure") from None


def _no_json(file: str, line: int, column: int, why: str) -> RulesRefused:
    mend = "write a list of interviews, or one object a line"
    return RulesRefused([RuleProblem(file=file, line=line, column=column, what=f"this is not JSON: {why}", mend=mend)])


def interview_of(entry: dict[str, Any], *, where: str) -> Interview:
    """Return the interview that one entry of the file would be; `where` is the name that problems show."""
    (interview,) = _interviews(MarkedYaml(file=where, data=[entry], places={}))
    return interview


def _interviews(document: MarkedYaml) -> list[Interview]:
    if not isinstance(document.data, list):
        raise RulesRefused(
            [document.problem((), "the file is no list of interviews", "begin each interview with `- id: some-name`")]
        )
    entries = validated(document, InterviewsFile).root
    problems: list[RuleProblem] = []
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            problems.append(document.problem((index, "id"), f"`{entry.id}` is the id of two interviews", "give each its own"))
        seen.add(entry.id)
        if entry.timezone is None:
            problems.extend(
                document.problem(
                    (index, "rounds", number, "at"),
                    f"{each.at.isoformat(timespec='minutes')} does not say in which zone",
                    "add the offset, as in 2026-09-10T14:00+02:00, or give the interview a `timezone`",
                )
                for number, each in enumerate(entry.rounds)
                if each.at.tzinfo is None
            )
    if problems:
        raise RulesRefused(problems)
    return [entry.interview() for entry in entries]


def write_interviews(interviews: Sequence[Interview]) -> str:
    """Return the interviews as YAML, in their order and with only what is set; `read_interviews` gives the same values back."""
    entries = [entry_of(interview) for interview in interviews]
    return yaml.dump(entries, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110) if entries else ""


class _Dumper(yaml.SafeDumper):
    """Writes each value out; the reader follows no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML gives the signature)
        return True


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Write a text of several lines as lines, and one with an unusual line break with escapes: YAML would fold it away."""
    style = '"' if _UNUSUAL_BREAK.search(text) else "|" if "\n" in text.strip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _lines)


def entry_of(interview: Interview) -> dict[str, Any]:
    """Return an interview as one entry of the file, with only what is set; `interview_of` gives the same value back."""
    entry: dict[str, Any] = {
        "id": interview.id,
        "company": interview.company,
        "aliases": list(interview.aliases),
        "domains": list(interview.domains),
        "role": interview.role,
        "requisition": interview.requisition,
        "via": interview.via,
        "applied_on": interview.applied_on,
        "country": interview.country,
        "region": interview.region,
        "closed": list(interview.closed),
        "timezone": interview.timezone,
        "language": interview.language,
        "policy": interview.policy,
        "contacts": [_contact(contact) for contact in interview.contacts],
        "rounds": [_round(each) for each in interview.rounds],
        "notes": interview.notes,
    }
    return {key: value for key, value in entry.items() if value not in (None, [], "")}


def table_of(interviews: Sequence[tuple[Interview, str]]) -> list[list[str]]:
    """Return interviews, each with its status, as a table with headers that the import knows; semicolons stand between parts."""
    head = ["interview id", "company", "role", "status", "applied on", "requisition", "via", "aliases", "domains", "country"]
    head += ["holiday region", "timezone", "language", "policy", "contacts", "rounds", "closed", "notes"]
    return [head, *(_table_row(interview, status) for interview, status in interviews)]


def _table_row(interview: Interview, status: str) -> list[str]:
    contacts = (f"{each.name} <{each.email}> {each.role.value} {each.phone}".strip() for each in interview.contacts)
    rounds = (" ".join((each.at.isoformat(), str(each.minutes), *each.with_)) for each in interview.rounds)
    applied = interview.applied_on.isoformat() if interview.applied_on else ""
    facts = [interview.id, interview.company, interview.role, status, applied, interview.requisition, interview.via]
    lists = ["; ".join(interview.aliases), "; ".join(interview.domains)]
    places = [interview.country, interview.region, interview.timezone, interview.language, interview.policy]
    more = ["; ".join(contacts), "; ".join(rounds), "; ".join(day.isoformat() for day in interview.closed), interview.notes]
    return [each or "" for each in (*facts, *lists, *places, *more)]


def _contact(contact: Contact) -> dict[str, Any]:
    named = {"name": contact.name} if contact.name else {}
    phone = {"phone": contact.phone} if contact.phone else {}
    return {**named, "email": contact.email, "role": contact.role.value, **phone}


def _round(each: Round) -> dict[str, Any]:
    whole = each.at.second == each.at.microsecond == 0
    written: dict[str, Any] = {"at": each.at.isoformat(timespec="minutes" if whole else "auto"), "minutes": each.minutes}
    return {**written, "with": list(each.with_)} if each.with_ else written


@cache
def _countries() -> frozenset[str]:
    """Return the ISO 3166 codes, from the table that the time zone data brings along."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if not line.startswith("#"))


def _as_text(value: Any) -> Any:
    """Take a number for text where text is wanted (`requisition: 4711`)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value.strip()


def _written_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a date is written as 2026-09-01")
    return date.fromisoformat(value)


def _written_time(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a time is written as 2026-09-10T14:00+02:00") from None


def _email(value: str) -> str:
    value = value.strip().lower()
    if not _EMAIL.match(value):
        raise ValueError("this is no mail address")
    return value


def _domain(value: str) -> str:
    value = value.strip().lower().removeprefix("@").rstrip(".")
    if not _DOMAIN.match(value):
        raise ValueError("this is no domain; it is written as acme.example, without https:// and @")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("this is no time zone; it is written as Europe/Berlin") from None
    return value


def _country(value: str) -> str:
    if value.upper() not in _countries():
        hint = "; the United Kingdom is GB" if value.upper() == "UK" else ""
        raise ValueError(f"this is no country; it is written with two letters, as DE{hint}")
    return value.upper()


def _language(value: str) -> str:
    if not _LANGUAGE.match(value):
        raise ValueError("this is no language; it is written as en or de")
    return value


def _region(value: str) -> str:
    if not _REGION.match(value):
        raise ValueError("this is no part of a country; it is written as BY or CA")
    return value.upper()


def _policy(value: str) -> str:
    if not _POLICY.match(value):
        raise ValueError("this is no name of a policy; it is written as two-touch")
    return value


def _phone(value: str) -> str:
    if value and not _PHONE.match(value):
        raise ValueError("this is no telephone number; it is written as +49 30 1234567")
    return value


def _id(value: str) -> str:
    if not _ID.match(value):
        raise ValueError("an id has only the characters a-z, 0-9 and -")
    return value


_Text = Annotated[str, BeforeValidator(_as_text), AfterValidator(_filled)]
_Email = Annotated[str, AfterValidator(_email)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=False)


class _Contact(_Strict):
    name: str = ""
    email: _Email
    role: ContactRole = ContactRole.RECRUITER
    phone: Annotated[str, BeforeValidator(_as_text), AfterValidator(_phone)] = ""


class _Round(_Strict):
    at: Annotated[datetime, BeforeValidator(_written_time)]
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60
    with_: Annotated[list[_Email], Field(alias="with")] = []


class _Interview(_Strict):
    id: Annotated[str, BeforeValidator(_as_text), AfterValidator(_id)]
    company: _Text
    role: _Text
    aliases: list[_Text] = []
    domains: list[Annotated[str, AfterValidator(_domain)]] = []
    requisition: _Text | None = None
    via: _Text | None = None
    applied_on: Annotated[date | None, BeforeValidator(_written_date)] = None
    country: Annotated[str, AfterValidator(_country)] | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    region: Annotated[str, AfterValidator(_region)] | None = None
    closed: list[Annotated[date, BeforeValidator(_written_date)]] = []
    language: Annotated[str, AfterValidator(_language)] | None = None
    policy: Annotated[str, AfterValidator(_policy)] | None = None
    contacts: list[_Contact] = []
    rounds: list[_Round] = []
    notes: str = ""

    @model_validator(mode="after")
    def _contacts_once(self) -> Self:
        emails = [contact.email for contact in self.contacts]
        twice = next((email for email in emails if emails.count(email) > 1), None)
        if twice is not None:
            raise ValueError(f"the contact {twice} stands here twice")
        return self

    def interview(self) -> Interview:
        """Return it as a value."""
        return Interview(
            id=self.id,
            company=self.company,
            role=self.role,
            aliases=tuple(self.aliases),
            domains=tuple(self.domains),
            requisition=self.requisition,
            via=self.via,
            applied_on=self.applied_on,
            country=self.country,
            timezone=self.timezone,
            region=self.region,
            closed=tuple(self.closed),
            language=self.language or "",
            policy=self.policy or "",
            contacts=tuple(
                Contact(name=each.name.strip(), email=each.email, role=each.role, phone=each.phone) for each in self.contacts
            ),
            rounds=tuple(
                Round(at=_with_offset(each.at, self.timezone), minutes=each.minutes, with_=tuple(each.with_))
                for each in self.rounds
            ),
            notes=self.notes,
        )


class InterviewsFile(RootModel[list[_Interview]]):
    """The interviews file."""


def _with_offset(at: datetime, zone: str | None) -> datetime:
    """Return a time with its offset: its own, or that of `zone` on that day."""
    if at.tzinfo is None and zone is not None:
        at = at.replace(tzinfo=ZoneInfo(zone))
    offset = at.utcoffset()
    return at if offset is None else at.replace(tzinfo=timezone(offset))
