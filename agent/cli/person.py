"""Whose mailbox it is, for `init`: guessed from the mailbox and the machine, shown in one table, and changed where wrong."""

import contextlib
import os
import pwd
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import available_timezones

from agent.accounts.places import countries, country_of_domain, country_of_zone, zone_of_system
from agent.cli import asking
from agent.cli.answers import Answers, Configuration
from agent.cli.endings import UsageProblem
from agent.mailbox import FolderRole, Mailbox, MailboxProblem
from agent.messages.glance import read_glance
from agent.rulebook.layers import rule_files

_SAMPLE = 60
"""Messages in Sent that are looked at for the user's name; their headings only."""
_LANGUAGES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "sv": "Swedish", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What is known of the user."""

    name: str
    addresses: tuple[str, ...]
    zone: str
    country: str
    """Two letters; empty for none."""
    language: str


def provisional(configuration: Configuration, address: str) -> None:
    """Set what a configuration cannot be without, so that the mailbox can be opened before the user was asked."""
    for name, value in (("name", "?"), ("timezone", "UTC"), ("addresses", [address])):
        if configuration.present("user", name) is None:
            configuration.put(("user", name), value)


def introduce(answers: Answers, configuration: Configuration, mailbox: Mailbox, address: str) -> None:
    """Ask about the user: what stands in the configuration, else what can be guessed, is shown and can be changed."""
    guessed, sources = _guessed(configuration, mailbox, address)
    rows = _rows()
    person = guessed
    for row in rows:
        given = answers.given(row.option)
        if given is not None:
            try:
                person = row.taken(person, str(given))
            except UsageProblem as problem:
                raise UsageProblem(f"--{row.option} {given!r}: {problem}") from None
            sources.pop(row.option, None)
    complete = all(answers.given(row.option) is not None for row in rows)
    if not answers.yes and not complete:
        person = _corrected(person, sources, rows)
    _put(configuration, person)


def _corrected(person: Person, sources: dict[str, str], rows: list["_Row"]) -> Person:
    """Show what is known until the user has nothing to change."""
    print("\nThis is what can be seen of you:")
    while True:
        shown = [row.shown(person) for row in rows]
        widest = max(len(text) for text in shown)
        for number, row in enumerate(rows, start=1):
            source = sources.get(row.option, "")
            print(f"  {number}  {row.label.ljust(20)}  {shown[number - 1].ljust(widest)}  {source}".rstrip())
        wrong = asking.ask(
            "Enter if it is right, or the number of what to change",
            option="--name, --addresses, --zone, --country and --language, or take what is proposed with --yes",
            check=lambda text: _number(text, len(rows)),
            may_be_empty=True,
        )
        if not wrong:
            return person
        row = rows[int(wrong) - 1]
        current = person

        def check(text: str, row: "_Row" = row, current: Person = current) -> str:
            row.taken(current, text)
            return text

        said = asking.ask(row.question, default=row.current(person) or None, check=check, may_be_empty=row.may_be_empty)
        person = row.taken(person, said)
        sources.pop(row.option, None)
        if row.option == "zone" and "country" in sources:  # it was a guess by the zone
            person = replace(person, country=country_of_zone(person.zone) or person.country)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One line of the table."""

    option: str
    label: str
    question: str
    current: Callable[[Person], str]
    shown: Callable[[Person], str]
    taken: Callable[[Person, str], Person]
    """Returns the person with this value; `UsageProblem` says what is wrong with it."""
    may_be_empty: bool = False


def _rows() -> list[_Row]:
    return [
        _Row(
            option="name", label="name", question="Full name, as it stands under a letter",
            current=lambda person: person.name, shown=lambda person: person.name,
            taken=lambda person, text: replace(person, name=_line(text)),
        ),
        _Row(
            option="addresses", label="your addresses", question="All your own addresses, the main one first",
            current=lambda person: ", ".join(person.addresses), shown=lambda person: ", ".join(person.addresses),
            taken=lambda person, text: replace(person, addresses=_addresses(text)),
        ),
        _Row(
            option="zone", label="time zone", question="Time zone, such as Europe/Berlin",
            current=lambda person: person.zone, shown=lambda person: person.zone,
            taken=lambda person, text: replace(person, zone=_zone(text)),
        ),
        _Row(
            option="country", label="country", question="Country (two letters), or none", may_be_empty=True,
            current=lambda person: person.country,
            shown=lambda person: f"{person.country}, {countries()[person.country]}" if person.country else "none",
            taken=lambda person, text: replace(person, country=_country(text)),
        ),
        _Row(
            option="language", label="language of drafts", question=f"Language of drafts ({', '.join(_offered())})",
            current=lambda person: person.language,
            shown=lambda person: f"{person.language}, {_LANGUAGES.get(person.language, person.language)}",
            taken=lambda person, text: replace(person, language=_language(text)),
        ),
    ]  # fmt: skip


def _guessed(configuration: Configuration, mailbox: Mailbox, address: str) -> tuple[Person, dict[str, str]]:
    """Return what is known already or can be guessed, and from what."""
    name, others = _of_sent_mail(mailbox, address)
    known = {key: configuration.present("user", key) for key in ("name", "timezone", "country", "language")}
    new = known["name"] in (None, "?")
    zone = zone_of_system()
    country = (country_of_zone(zone) if zone else None) or country_of_domain(address.rpartition("@")[2])
    language = os.environ.get("LC_MESSAGES") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    local = language[:2].lower()
    present = [each.lower() for each in _own_addresses(configuration)]
    addresses = tuple(dict.fromkeys([*([] if address in present else [address]), *present, *others]))
    sources = {}
    if new:
        sources = {
            "name": "as in the mail that you sent" if name else "from your address; please look",
            "addresses": "as in the mail that you sent" if others else "",
            "zone": "of this machine" if zone else "not known; please look",
            "country": "its holidays count where an employer's are not known",
            "language": "where the mail shows no other",
        }
    person = Person(
        name=(name or _name_of_account(address)) if new else known["name"],
        addresses=addresses,
        zone=(zone or "UTC") if new else known["timezone"],
        country=(country or "") if new else (known["country"] or ""),
        language=(local if local in _offered() else "en") if new else (known["language"] or "en"),
    )
    return person, sources


def _of_sent_mail(mailbox: Mailbox, address: str) -> tuple[str, list[str]]:
    """Return the name under which the user writes, and the other addresses; empty where Sent tells none."""
    names: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    with contextlib.suppress(MailboxProblem):
        since = datetime.now(UTC) - timedelta(days=180)
        for heading in islice(mailbox.headings(FolderRole.SENT, None, since=since), _SAMPLE):
            seen = read_glance(heading.header)
            if seen.name:
                names[" ".join(seen.name.split())] += 1
            addresses.update(seen.senders[:1])
    others = [each for each, count in addresses.most_common(5) if each != address and count > 1]
    name = names.most_common(1)[0][0] if names else ""
    return ("" if "@" in name else name), others


def _name_of_account(address: str) -> str:
    """Return the name of the account on this machine, else what the address sounds like."""
    with contextlib.suppress(KeyError):
        name = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
        if " " in name:
            return name
    return " ".join(word.capitalize() for word in re.split(r"[._-]+", address.partition("@")[0]) if word) or address


def _put(configuration: Configuration, person: Person) -> None:
    configuration.put(("user", "name"), person.name)
    configuration.put(("user", "timezone"), person.zone)
    configuration.put_default(("user", "language"), person.language, "en")
    configuration.put(("user", "country"), person.country or None)
    main = configuration.stands("user", "addresses")
    if configuration.account and main is not None:
        configuration.put(("user", "addresses"), main)
        configuration.put(configuration.key("addresses"), None if person.addresses == tuple(main) else list(person.addresses))
    else:
        configuration.put(("user", "addresses"), list(person.addresses))


def _own_addresses(configuration: Configuration) -> list[str]:
    """Return the addresses that stand in the configuration for this account."""
    main = configuration.stands("user", "addresses") or []
    if not configuration.account:
        return list(main)
    own = configuration.stands(*configuration.key("addresses"))
    return list(own or (main if configuration.stands(*configuration.key()) else []))


def _offered() -> tuple[str, ...]:
    """Return the languages in which drafts can be written."""
    return tuple(sorted({file.name.split("/")[1] for file in rule_files("templates", None) if file.name.count("/") > 1}))


def _number(text: str, most: int) -> str:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise UsageProblem(f"answer with a number from 1 to {most}, or Enter")
    return text


def _line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise UsageProblem("write it on one line")
    return " ".join(text.split())


def _addresses(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(checked_address(each) for each in re.split(r"[,;\s]+", text.strip()) if each))
    if not found:
        raise UsageProblem("at least one is needed")
    return found


def checked_address(text: str) -> str:
    """Return a mail address in lower case; raises `UsageProblem` for anything else."""
    if re.fullmatch(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+\.[^\s@<>()\[\]\\,;:\".]+", text.strip()) is None:
        raise UsageProblem("that is no mail address; write it bare, such as alex@mail.example")
    return text.strip().lower()


def _zone(text: str) -> str:
    wanted = text.strip().replace(" ", "_").casefold()
    every = {zone.casefold(): zone for zone in available_timezones()}
    if wanted in every:
        return every[wanted]
    known = [zone for name, zone in every.items() if name.endswith(f"/{wanted}")]
    if len(known) != 1:
        which = f"; did you mean {' or '.join(sorted(known))}?" if known else "; write it like Europe/Berlin"
        raise UsageProblem(f"that is no time zone{which}")
    return known[0]


def _country(text: str) -> str:
    code = text.strip().upper()
    if code in ("", "NONE", "-"):
        return ""
    if code == "UK":
        return "GB"
    by_name = {name.casefold(): each for each, name in countries().items()}
    if code not in countries() and text.strip().casefold() not in by_name:
        raise UsageProblem("that is no country; write its two letters, such as DE or GB, or none")
    return code if code in countries() else by_name[text.strip().casefold()]


def _language(text: str) -> str:
    by_name = {name.casefold(): code for code, name in _LANGUAGES.items()}
    code = by_name.get(text.strip().casefold(), text.strip().lower())
    if code not in _offered():
        raise UsageProblem(f"drafts are written in {', '.join(_offered())}")
    return code
