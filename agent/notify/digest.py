"""The digest: from what is new to the text of one mail a day, and whether it is time for it. Pure: the clock is an argument."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

QUOTE_LENGTH = 300
"""Characters of a quote that are shown; more is no quote but a mail."""

_CLOSING = """\
What led to it, word for word and rule by rule: interview-agent why, with the name in brackets.

Interview Agent on your own machine wrote this, to you alone. Nothing else is ever sent: drafts go out only when
you send them. To end these digests, set enabled = false in the table [digest] of its configuration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One interview whose status changed."""

    interview: str
    company: str
    role: str
    before: str
    after: str
    """Status before and after; equal when only the history grew."""
    quote: str
    """The words that led to it; empty when the user set it by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """One follow-up that lies in the Drafts folder since the last digest."""

    interview: str
    company: str
    role: str
    kind: str
    reason: str
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One open question of the review."""

    number: int
    reason: str
    candidates: tuple[str, ...] = ()
    """Interview ids, the likeliest first."""
    mail: str = ""
    """When the mail in question came, from whom, and its subject, on one line; empty when it is about none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """One follow-up that is due and that a rule forbids."""

    interview: str
    company: str
    role: str
    kind: str
    reason: str
    until: date | None = None
    rule: str = ""
    """Id of the policy rule, or `check` and the id of the check that stopped the text."""
    requirements: tuple[str, ...] = ()
    stopped: bool = False
    """A check stopped it since the last digest: that is news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestNews:
    """All that one digest tells; the lists in the order in which they are shown."""

    day: date
    """The user's day."""
    changed: tuple[Changed, ...] = ()
    drafted: tuple[Drafted, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    held: tuple[HeldBack, ...] = ()
    problems: tuple[str, ...] = ()
    """What does not work, one line each (promise 9)."""


def is_time(last_day: date | None, now_local: datetime, hour: int) -> bool:
    """Return whether a digest may go out now: at most one a day, not before the hour.

    `last_day` is the user's day of the last digest, `now_local` the time in the user's zone.
    """
    return now_local.hour >= hour and (last_day is None or now_local.date() > last_day)


def due(last_day: date | None, now_local: datetime, hour: int, news: DigestNews) -> bool:
    """Return whether a digest is to be sent now: when it is time for one, and not without news.

    What is held is told beside other news, and is none by itself, for it would come every day; what a check stopped is news once.
    """
    stopped = any(item.stopped for item in news.held)
    return is_time(last_day, now_local, hour) and bool(news.changed or news.drafted or news.waiting or news.problems or stopped)


def digest_text(news: DigestNews) -> tuple[str, str]:
    """Return subject and body of the digest; plain text, lines ended by LF. Nothing of a stranger's stands in the subject."""
    counts = (
        (len(news.problems), "problem", "problems"),
        (len(news.waiting), "question for you", "questions for you"),
        (len(news.changed), "change", "changes"),
        (len(news.drafted), "draft", "drafts"),
        (sum(item.stopped for item in news.held), "draft stopped by a check", "drafts stopped by a check"),
    )
    told = ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)
    subject = f"Interview Agent, {news.day.isoformat()}: {told or 'no news'}"
    sections = (
        ("What does not work", [f"- {_line(problem)}" for problem in news.problems]),
        ("What waits for your answer", [_waiting(item) for item in news.waiting]),
        ("What changed", [_changed(item) for item in news.changed]),
        ("What is new in your Drafts folder, for you to read and send", [_drafted(item) for item in news.drafted]),
        ("What is due and held back by a rule", [_held(item) for item in news.held]),
    )
    blocks = [f"{title}\n\n" + "\n".join(lines) for title, lines in sections if lines]
    return subject, "\n\n\n".join([*blocks, _CLOSING]) + "\n"


def digest_id(address: str, day: date, account: str = "") -> str:
    """Return the Message-ID of the digest of one day: always the same, so that one sent twice is the same mail.

    Several accounts of one address have a digest each: their name stands in it.
    """
    name = sha256(f"{address}\n{day.isoformat()}".encode()).hexdigest()[:16]
    return f"<digest.{day:%Y%m%d}.{name}{'.' if account else ''}{account}@{address.rpartition('@')[2]}>"


def is_digest_id(message_id: str, address: str, *, account: str | None = None) -> bool:
    """Return whether a Message-ID is that of a digest to `address`: the agent must not read its own digest as news.

    With `account`, of the account of that name, which is empty where there is one alone.
    """
    found = re.fullmatch(r"<digest\.(\d{4})(\d\d)(\d\d)\.[0-9a-f]{16}(?:\.([a-z0-9-]+))?@[^<>@\s]+>", message_id)
    if found is None:
        return False
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return account in (None, found[4] or "") and message_id == digest_id(address, day, found[4] or "")


def digest_message(
    *, address: str, sender: str | None, subject: str, body: str, now_local: datetime, account: str = ""
) -> EmailMessage:
    """Return the digest as a mail to the user's main `address`, marked as written by a program (RFC 3834 section 5).

    `now_local` is aware, in the user's zone; its day makes the Message-ID. `account` is the name of one of several.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name="Interview Agent", addr_spec=sender or address)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = f"{subject} ({account})" if account else subject
    message["Date"] = format_datetime(now_local)
    message["Message-ID"] = digest_id(address, now_local.date(), account)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="quoted-printable")
    return message


def _changed(item: Changed) -> str:
    step = f"{item.before} -> {item.after}" if item.before != item.after else f"still {item.after}"
    quote = _line(item.quote)
    shown = quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1].rstrip() + "…"
    return f"- {_title(item)}: {_spoken(step)}" + (f"\n  The words that say so: “{shown}”" if shown else "")


def _drafted(item: Drafted) -> str:
    cited = f" (guides: {', '.join(item.requirements)})" if item.requirements else ""
    return f"- {_title(item)}: {_spoken(item.kind)}\n  Why: {_line(item.reason)}{cited}"


def _waiting(item: Waiting) -> str:
    lines = [f"- Question {item.number}: {_line(item.reason)}"]
    if item.mail:
        lines.append(f"  The mail: {_line(item.mail)}")
    names = [_line(name) for name in item.candidates]
    accept = f"interview-agent review accept {item.number}"
    if len(names) == 1:
        lines += [f"  It is about: {names[0]}", f"  Yes: {accept}"]
    elif names:
        lines += [f"  Yes, and it is about {name}: {accept} --interview {name}" for name in names]
    else:
        lines += [f"  Yes: {accept} --interview, with the name of the interview that it is about"]
    return "\n".join([*lines, f"  No: interview-agent review dismiss {item.number}"])


def _held(item: HeldBack) -> str:
    until = f", until {item.until.isoformat()}" if item.until is not None else ""
    rule = f"rule {item.rule}" if not item.rule.startswith("check ") else item.rule
    cited = f" ({rule}; guides: {', '.join(item.requirements)})" if item.requirements else ""
    return f"- {_title(item)}: {_spoken(item.kind)}{until}\n  Why not: {_line(item.reason)}{cited}"


def _title(item: Changed | Drafted | HeldBack) -> str:
    return f"{_line(item.company)}, {_line(item.role)} ({_line(item.interview)})"


def _spoken(name: str) -> str:
    """Return a status or kind as words."""
    return name.replace("reply_", "reply to ").replace("_", " ")


def _line(text: str) -> str:
    """Return text on one line, without control and direction characters: a quote must not dress up as a part of the digest."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
