"""All tracked interviews, indexed so that one message is matched at the same cost whether there are ten or ten thousand."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from agent.interviews.interview import ContactRole, Interview
from agent.matching.names import GENERIC, Words, company_name, role_name, words
from agent.matching.titles import Titles, titles
from agent.signals.senders import PlatformKind, SenderBook
from agent.signals.title_words import TitleWords

_AUTOMATIC = re.compile(
    r"(?:no|do-?not|donot|ne-?pas)[-._]?(?:reply|respond|repondre)|notifications?|noreply.*|notify|mailer(?:-daemon)?|bounces?.*|"
    r"alerts?|newsletter|system|automated?|postmaster|marketing|updates?|news",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[^a-z0-9]+")


@cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffix list that ships with its package: 90 ms to load, never changed afterwards, no network."""
    return PublicSuffixList()


@lru_cache(maxsize=10_000)
def registrable(domain: str) -> str:
    """Return the part of a host name that somebody registered (`acme.co.uk`), or the name itself where there is none."""
    host = domain.lower().strip(".")
    return str(_suffixes().privatesuffix(host) or host) if host else ""


def automatic(email: str) -> bool:
    """Whether the local part says that a machine writes (`no-reply`, `notifications`, `news`)."""
    return _AUTOMATIC.fullmatch(email.rpartition("@")[0].partition("+")[0]) is not None


def requisition_key(text: str) -> str:
    """Return a requisition id without case and punctuation, so that `R-1234` and `r1234` are one."""
    return _PARTED.sub("", text.lower())


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One interview as matching looks at it."""

    interview: Interview
    company: frozenset[tuple[str, ...]]
    """Name and aliases as folded words."""
    role: tuple[str, ...]
    domains: frozenset[str]
    """Registrable domains of the employer."""
    agencies: frozenset[str]
    """Registrable domains of the agency."""
    via: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Names of one or more words, found in a text at a cost that depends on the text alone."""

    owners: Mapping[tuple[str, ...], tuple[str, ...]]
    """Folded name → interview ids."""
    lengths: Mapping[str, tuple[int, ...]]
    """First word → numbers of words of the names that begin with it, longest first."""
    exact: Mapping[tuple[str, ...], frozenset[str]]
    """Name of one word → the ways in which it is written; a common word in lower case is not the company."""

    def found_in(self, text: Words) -> dict[str, str]:
        """Return interview id → the words as they stand in `text`; of overlapping names the longest counts."""
        found: dict[str, str] = {}
        folded, free = text.folded, 0
        for index in [place for place, word in enumerate(folded) if word in self.lengths]:
            if index < free:
                continue
            for length in self.lengths[folded[index]]:
                name = folded[index : index + length]
                owners = self.owners.get(name)
                if owners and (length > 1 or _is_written(text.written[index], self.exact[name])):
                    as_written = " ".join(text.written[index : index + length])
                    for owner in owners:
                        found.setdefault(owner, as_written)
                    free = index + length
                    break
        return found


def _is_written(word: str, ways: frozenset[str]) -> bool:
    return any(word == way or (len(way) > 3 and word[0].isupper() >= way[0].isupper()) for way in ways)


def _names(entries: Iterable[tuple[str, str]]) -> Names:
    """Return the index of (name as written, interview id)."""
    owners: dict[tuple[str, ...], dict[str, None]] = {}
    exact: dict[tuple[str, ...], set[str]] = {}
    for text, interview in entries:
        name = company_name(text)
        if name:
            owners.setdefault(name, {})[interview] = None
            spelled = words(text)
            exact.setdefault(name, set()).add(spelled.written[spelled.find(name)[0]])
    lengths: dict[str, set[int]] = {}
    for name in owners:
        lengths.setdefault(name[0], set()).add(len(name))
    return Names(
        owners={name: tuple(ids) for name, ids in owners.items()},
        lengths={first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        exact={name: frozenset(ways) for name, ways in exact.items()},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracked:
    """The index; built by `build_tracked`, never changed."""

    by_id: Mapping[str, Known]
    ended: frozenset[str]
    senders: SenderBook
    contacts: Mapping[str, tuple[str, ...]]
    """Address → interview ids."""
    domains: Mapping[str, tuple[str, ...]]
    """Registrable domain of an employer → interview ids."""
    agencies: Mapping[str, tuple[str, ...]]
    """Registrable domain of an agency → interview ids."""
    requisitions: Mapping[str, tuple[str, ...]]
    companies: Names
    parts: Mapping[str, tuple[str, ...]]
    """First word of a company's name of several words → interview ids."""
    joined: Mapping[str, tuple[str, ...]]
    """Company's name written as one word (`acmerobotics`) → interview ids."""
    joined_vias: Mapping[str, tuple[str, ...]]
    """Agency's name written as one word (`harborrecruiting`) → interview ids."""
    vias: Names
    expected: Mapping[datetime, tuple[str, ...]]
    """Start of a fixed interview in UTC, to the minute → interview ids."""
    titles: Titles
    """What the words of titles mean."""

    def as_of(self, *, ended: Collection[str], expected: Mapping[str, datetime] | None = None) -> "Tracked":
        """Return the same interviews with other ended ones and other fixed times, without building the index again."""
        return replace(self, ended=frozenset(ended), expected=_by_minute(expected or {}))


def build_tracked(
    interviews: Sequence[Interview],
    *,
    senders: SenderBook,
    title_words: TitleWords = TitleWords(),  # noqa: B008 (it is never changed)
    ended: Collection[str] = (),
    expected: Mapping[str, datetime] | None = None,
) -> Tracked:
    """Return the index of `interviews`.

    `ended`: ids of candidacies that are over; they attract no new mail by habit. `expected`: id → start of its next fixed
    interview.
    """
    contacts: dict[str, dict[str, None]] = {}
    domains: dict[str, dict[str, None]] = {}
    agencies: dict[str, dict[str, None]] = {}
    requisitions: dict[str, dict[str, None]] = {}
    parts: dict[str, dict[str, None]] = {}
    joined: dict[str, dict[str, None]] = {}
    joined_vias: dict[str, dict[str, None]] = {}
    by_id: dict[str, Known] = {}
    for interview in interviews:
        known = _known(interview, senders)
        by_id[interview.id] = known
        for contact in interview.contacts:
            if contact.role is not ContactRole.REFERRER and not (
                automatic(contact.email) and senders.platform(contact.email.rpartition("@")[2])
            ):
                contacts.setdefault(contact.email, {})[interview.id] = None
        for domain in known.domains:
            domains.setdefault(domain, {})[interview.id] = None
        for domain in known.agencies:
            agencies.setdefault(domain, {})[interview.id] = None
        if interview.requisition and (key := requisition_key(interview.requisition)):
            requisitions.setdefault(key, {})[interview.id] = None
        if known.via:
            joined_vias.setdefault("".join(known.via), {})[interview.id] = None
        for name in known.company | _with_and(interview):
            joined.setdefault("".join(name), {})[interview.id] = None
            if (short := _without_generic(name)) and short != name:
                joined.setdefault("".join(short), {})[interview.id] = None
            if len(name) > 1 and len(name[0]) > 3 and name[0] not in GENERIC:
                parts.setdefault(name[0], {})[interview.id] = None
    return Tracked(
        by_id=by_id,
        ended=frozenset(ended),
        senders=senders,
        contacts=_frozen(contacts),
        domains=_frozen(domains),
        agencies=_frozen(agencies),
        requisitions=_frozen(requisitions),
        companies=_names((name, each.id) for each in interviews for name in (each.company, *each.aliases)),
        parts=_frozen(parts),
        joined=_frozen(joined),
        joined_vias=_frozen(joined_vias),
        vias=_names((each.via, each.id) for each in interviews if each.via),
        expected=_by_minute(expected or {}),
        titles=titles(title_words),
    )


def _known(interview: Interview, senders: SenderBook) -> Known:
    company = frozenset(name for text in (interview.company, *interview.aliases) if (name := company_name(text)))
    domains = {registrable(domain) for domain in interview.domains if senders.platform(domain) is None}
    of_contacts = _contact_domains(interview, senders) - domains
    spelled = {"".join(name) for name in company}
    agencies = {domain for domain in of_contacts if interview.via and domain_label(domain) not in spelled}
    return Known(
        interview=interview,
        company=company,
        role=role_name(interview.role),
        domains=frozenset(domains | of_contacts - agencies),
        agencies=frozenset(agencies),
        via=company_name(interview.via or ""),
    )


def _contact_domains(interview: Interview, senders: SenderBook) -> set[str]:
    hosts = {each.email.rpartition("@")[2] for each in interview.contacts if each.role is not ContactRole.REFERRER}
    return {registrable(host) for host in hosts if host and senders.platform(host) is None}


def _with_and(interview: Interview) -> frozenset[tuple[str, ...]]:
    """Return the names with an ampersand as they are spelled in domains: `holtandsons` for 'Holt & Sons'."""
    texts = (interview.company, *interview.aliases)
    return frozenset(company_name(text.replace("&", " and ")) for text in texts if "&" in text) - {()}


def _without_generic(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return a company's name without the words at its end that many have ('Software', 'Group')."""
    while len(name) > 1 and name[-1] in GENERIC:
        name = name[:-1]
    return name if len("".join(name)) > 4 else ()


def domain_label(domain: str) -> str:
    """Return the first label of a registrable domain without hyphens: `acmerobotics` for `acme-robotics.example`."""
    return domain.partition(".")[0].replace("-", "")


def _frozen(index: Mapping[str, Mapping[str, None]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(ids) for key, ids in index.items()}


def _by_minute(expected: Mapping[str, datetime]) -> dict[datetime, tuple[str, ...]]:
    found: dict[datetime, list[str]] = {}
    for interview, at in expected.items():
        found.setdefault(minute(at), []).append(interview)
    return {at: tuple(ids) for at, ids in found.items()}


def minute(at: datetime) -> datetime:
    """Return an instant in UTC without its seconds."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


CARRIERS = frozenset(
    {PlatformKind.ATS, PlatformKind.JOB_BOARD, PlatformKind.ASSESSMENT, PlatformKind.CALENDAR, PlatformKind.SIGNING}
)
"""Platforms that bring mail of employers: behind them the company's exact name counts."""
