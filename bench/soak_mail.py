"""The mail of one simulated week, and what its reader does with the drafts that the agent puts there."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from agent.drafts.mail import DRAFT_HEADER
from agent.interviews import Contact, ContactRole, Interview
from tests.daemon.scene import INVITES, ME, PROMISES, REJECTS
from tests.dovecot import Dovecot, MailboxUser
from tests.letters import letter
from tests.mail_clients import message_id_of, text_of, thunderbird

BEGINS = datetime(2026, 3, 9, tzinfo=UTC)
"""A Monday."""
READ = ("INBOX", "Sent", "Junk", "Archive")
_SESSIONS = (time(8, 30), time(12, 30), time(18, 30))
"""When the user sits down to the mail, in UTC."""
_FIXES = "Hi Robin,\n\nYour interview is confirmed for {:%A, %-d %B %Y} at 14:00 GMT.\n\n{}\n"
_WORDS = (
    *("garden", "chair", "market", "weather", "train", "recipe", "photograph", "concert", "library", "harbour", "kettle"),
    *("museum", "invoice", "parcel", "holiday", "window", "bridge", "ticket", "lantern", "orchard", "meadow", "printer"),
    *("bicycle", "blanket", "harvest", "village", "castle", "ribbon", "pocket", "saddle"),
)
_PEOPLE = ("Noor Haddad", "Ola Berg", "Pia Lang", "Tomas Reyes", "Una Walsh", "Vera Novak")


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message on its way into a folder."""

    at: datetime
    folder: str
    raw: bytes
    flags: tuple[str, ...] = ()


class Act(StrEnum):
    """What the user does with a draft."""

    LEAVE = "left"
    """Nothing."""
    EDIT = "edited"
    """Saves it with other words."""
    SEND = "sent"
    """Sends it."""
    DELETE = "deleted"
    """Deletes it."""


def tracked(candidacies: int) -> list[Interview]:
    """Return the interviews that are tracked from the beginning."""
    return [
        Interview(
            id=f"firm{number}-engineer",
            company=f"Firm{number} Works",
            role="Backend Engineer",
            domains=(f"firm{number}.example",),
            timezone="Europe/London",
            contacts=(Contact(name=_person(number), email=f"hiring@firm{number}.example", role=ContactRole.RECRUITER),),
        )
        for number in range(candidacies)
    ]


def week(days: float, *, per_day: int, candidacies: int, seed: int) -> list[Delivery]:
    """Return all mail of that time, oldest first: some about candidacies, `per_day` about other things."""
    chance = random.Random(f"mail-{seed}")  # noqa: S311 (nothing secret)
    ends = BEGINS + timedelta(days=days)
    found = [mail for number in range(candidacies) for mail in _candidacy(number, days, chance)]
    found += [_noise(number, days, chance) for number in range(int(per_day * days))]
    return sorted((mail for mail in found if mail.at < ends), key=lambda mail: mail.at)


def sessions(now: datetime, before: datetime) -> bool:
    """Tell whether the user sits down to the mail after `before` and not after `now`."""
    moments = (datetime.combine(day, each, UTC) for day in (before.date(), now.date()) for each in _SESSIONS)
    return any(before < moment <= now for moment in moments)


def act(server: Dovecot, user: MailboxUser, done: dict[str, Act], *, now: datetime, seed: int) -> None:
    """Let the user deal with each draft that was not dealt with; what is done follows from the draft's Message-ID alone."""
    for uid, raw in server.messages(user, "Drafts").items():
        message_id = message_id_of(raw)
        if message_id in done or f"\r\n{DRAFT_HEADER}:".encode() not in raw:
            continue
        number = int(hashlib.sha256(f"{seed} {message_id}".encode()).hexdigest(), 16)
        what = done[message_id] = (Act.LEAVE, Act.LEAVE, Act.EDIT, Act.SEND, Act.DELETE)[number % 5]
        if what is Act.LEAVE:
            continue
        if what is Act.EDIT:
            edited = thunderbird(raw, f"{text_of(raw)}\nSome words of my own, {number % 1000}.\n")
            server.deliver(user, "Drafts", edited, internaldate=now, flags=["\\Draft", "\\Seen"])
        if what is Act.SEND:
            sent = raw.replace(message_id.encode(), f"<sent-{number % 10**12}@mailbox.example>".encode())
            server.deliver(user, "Sent", sent, internaldate=now, flags=["\\Seen"])
        server.remove(user, "Drafts", uid)


def _person(number: int) -> str:
    return _PEOPLE[number % len(_PEOPLE)]


def _candidacy(number: int, days: float, chance: random.Random) -> list[Delivery]:
    """Return what is written in one candidacy: invited, answered by most, fixed, held, and told or not."""
    sender = f"{_person(number)} <hiring@firm{number}.example>"
    at = BEGINS + timedelta(days=chance.uniform(0, max(0.5, days - 3)))
    at = at.replace(hour=chance.randrange(8, 17), minute=chance.randrange(60), second=0, microsecond=0)
    meeting = at + timedelta(days=chance.choice((1, 2)))
    texts: list[tuple[timedelta, str, bool]] = [(timedelta(0), INVITES, False)]
    if chance.random() < 0.6:
        texts.append((timedelta(hours=3), "Thank you, that would suit me.\n", True))
    texts.append((timedelta(hours=6), _FIXES.format(meeting, _person(number)), False))
    if chance.random() < 0.7:
        texts.append((meeting - at + timedelta(hours=20), chance.choice((PROMISES, REJECTS)), False))
    found, parent = [], ""
    for count, (after, text, own) in enumerate(texts):
        message_id = f"<c{number}.{count}@{'mailbox' if own else f'firm{number}'}.example>"
        raw = letter(
            message_id=message_id,
            at=at + after,
            sender=f"Robin Hale <{ME}>" if own else sender,
            to=sender if own else f"Robin Hale <{ME}>",
            subject=f"{'Re: ' if parent else ''}Backend Engineer",
            body=text,
            in_reply_to=parent or None,
            vouched=None if own else "pass",
        )
        found.append(Delivery(at=at + after, folder="Sent" if own else "INBOX", raw=raw, flags=("\\Seen",) if own else ()))
        parent = message_id
    return found


def _noise(number: int, days: float, chance: random.Random) -> Delivery:
    """Return a message about nothing that matters here: to many, or from a friend."""
    at = BEGINS + timedelta(seconds=int(chance.uniform(0, days * 86_400)))
    to_many = chance.random() < 0.7
    text = "\n".join(" ".join(chance.choices(_WORDS, k=12)) for _ in range(chance.choice((5, 20, 120))))
    host = f"shop{number % 40}.example" if to_many else "friends.example"
    raw = letter(
        message_id=f"<n{number}@{host}>",
        at=at,
        sender=f"Weekly Letter <news@{host}>" if to_many else f"{_person(number)} <{_person(number).split()[0].lower()}@{host}>",
        subject=" ".join(chance.choices(_WORDS, k=4)).capitalize(),
        body=text + "\n",
        html=f"<p>{text}</p>" if to_many else None,
        headers=(("List-Unsubscribe", f"<https://{host}/out>"),) if to_many else (),
    )
    folder = chance.choices(("INBOX", "Junk", "Archive"), (85, 10, 5))[0]
    return Delivery(at=at, folder=folder, raw=raw, flags=("\\Seen",) if chance.random() < 0.5 else ())


def by_message_id(raws: Sequence[bytes]) -> dict[str, list[bytes]]:
    """Return the messages under each Message-ID."""
    found: dict[str, list[bytes]] = {}
    for raw in raws:
        found.setdefault(message_id_of(raw), []).append(raw)
    return found
