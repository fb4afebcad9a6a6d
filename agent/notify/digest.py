"""The digest: from what is new to the text of one mail a day, and whether it is time for it. Pure: the clock is an argument."""

import re
from collections import Counter
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from agent.notify.news import Answered, Changed, Coming, DigestNews, Drafted, HeldBack, Waiting
from agent.plan.answers import HEADINGS
from agent.policy import TO_USER, DraftKind
from agent.policy.titles import TITLES

QUOTE_LENGTH = 300
"""Characters of a quote that are shown; more is no quote but a mail."""

_HOW_TO_ANSWER = f"""\
{HEADINGS[-1]}

Reply to this mail, with one line for each answer, above the old text or right below what it is about.
Besides the answers named above: NAME: moved on, NAME: rejected, NAME: on hold and the like; NAME: note and what to remember.
NAME is what stands in brackets. The next digest tells what was done."""
_SIGNATURE = """\
What led to it, word for word, with the rules and the guides behind them: interview-agent why NAME
Interview Agent on your own machine wrote this, to you alone. Nothing else is ever sent: drafts go out only when you send them.
To end these digests, set enabled = false in the table [digest] of its configuration."""
"""What a mail client leaves out of an answer, as it does with signatures (RFC 3676 section 4.3)."""

_NEWS = {
    "offer": ("offer", "offers"),
    "invited": ("invitation", "invitations"),
    "scheduled": ("interview fixed", "interviews fixed"),
    "assessment": ("task", "tasks"),
    "rejected": ("rejection", "rejections"),
    "closed": ("role closed", "roles closed"),
}
"""Statuses that the subject names, the most important first; what else changed is counted as a change."""


def is_time(last_day: date | None, now_local: datetime, hour: int) -> bool:
    """Return whether a digest may go out now: at most one a day, not before the hour.

    `last_day` is the user's day of the last digest, `now_local` the time in the user's zone.
    """
    return now_local.hour >= hour and (last_day is None or now_local.date() > last_day)


def due(last_day: date | None, now_local: datetime, hour: int, news: DigestNews) -> bool:
    """Return whether a digest is to be sent now: when it is time for one, and not without news.

    What is held, and what is coming, is told beside other news, and is none by itself, for it would come every day; what a check
    stopped is news once. So is what came of the user's answers.
    """
    stopped = any(item.stopped for item in news.held)
    told = news.changed or news.drafted or news.waiting or news.answered or news.problems
    return is_time(last_day, now_local, hour) and bool(told or stopped)


def digest_text(news: DigestNews) -> tuple[str, str]:
    """Return subject and body of the digest; plain text, lines ended by LF. Nothing of a stranger's stands in the subject.

    What an answer may be about bears its mark (`agent.plan.answers.MARK`), headings are in capitals, and no line is an answer by
    itself: a mail client that quotes without a mark must not give orders.
    """
    done = [item for item in news.answered if item.done]
    unclear = [item for item in news.answered if not item.done]
    changed = sorted(news.changed, key=lambda item: [*_NEWS, item.after].index(item.after))
    sections = (
        ([f"- {_line(problem)}" for problem in news.problems], "\n"),
        ([_changed(item) for item in changed], "\n\n"),
        ([_waiting(item) for item in news.waiting], "\n\n"),
        ([_answered(item) for item in unclear], "\n"),
        ([_answered(item) for item in done], "\n"),
        ([_drafted(item) for item in news.drafted], "\n\n"),
        ([_coming(item) for item in sorted(news.coming, key=_when)], "\n"),
        (list(dict.fromkeys(_held(item) for item in news.held)), "\n\n"),
    )
    blocks = [f"{title}\n\n" + between.join(items) for title, (items, between) in zip(HEADINGS, sections, strict=False) if items]
    return _subject(news), "\n\n\n".join([*blocks, _HOW_TO_ANSWER]) + f"\n\n-- \n{_SIGNATURE}\n"


def _subject(news: DigestNews) -> str:
    statuses = Counter(item.after for item in news.changed)
    others = sum(count for status, count in statuses.items() if status not in _NEWS)
    unclear = sum(not item.done for item in news.answered)
    counts = (
        (len(news.problems), "problem", "problems"),
        *((statuses[status], *words) for status, words in _NEWS.items()),
        (len(news.waiting), "question", "questions"),
        (others, "change", "changes"),
        (unclear, "answer not understood", "answers not understood"),
        (len(news.drafted), "draft", "drafts"),
        (sum(item.stopped for item in news.held), "draft stopped by a check", "drafts stopped by a check"),
    )
    done = len(news.answered) - unclear
    told = ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)
    told = told or (f"{done} {'answer' if done == 1 else 'answers'} carried out" if done else "no news")
    return f"{told} – {_day(news.day)}"


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
    if sender not in (None, address):
        # What the user answers must come from the user to the user.
        message["Reply-To"] = Address(addr_spec=address)
    message["Subject"] = f"{subject} ({account})" if account else subject
    message["Date"] = format_datetime(now_local)
    message["Message-ID"] = digest_id(address, now_local.date(), account)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="quoted-printable")
    return message


def _changed(item: Changed) -> str:
    quote = _line(item.quote)
    shown = quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1].rstrip() + "…"
    lines = [_title(item), f"{_spoken(item.after).capitalize()} (was: {_spoken(item.before)})"]
    lines += [f"“{shown}”"] if shown else []
    if item.by:
        lines.append(f"Written by {_line(item.by)}, {_moment(item.at)}" if item.at else _line(item.by))
    if item.event is not None:
        lines.append(f"If that is wrong, answer: undo {item.event}")
    return "\n".join(lines)


def _drafted(item: Drafted) -> str:
    to = f" to {_line(', '.join(item.to))}" if item.to and item.kind not in TO_USER else ""
    return f"{_title(item)}\n{_kind(item.kind)}{to}\nWhy: {_line(item.reason)}"


def _waiting(item: Waiting) -> str:
    lines = [f"[{item.number}] {_line(item.reason)}"]
    if item.mail:
        lines.append(f"The mail: {_line(item.mail)}")
    return "\n".join([*lines, *(f"Answer {_line(each.answer)}: {_line(each.means)}." for each in item.choices)])


def _answered(item: Answered) -> str:
    return f"“{_line(item.words)}”: {_line(item.told)}" if item.words else _line(item.told)


def _coming(item: Coming) -> str:
    name = f"{_line(item.company)}, {_line(item.role)}"
    if item.at is None:
        return f"By {_day(item.on)}: their answer, as they promised. {name}"
    round_ = f" (round {item.round})" if item.round else ""
    return f"{_moment(item.at)}: interview{round_}. {name}"


def _when(item: Coming) -> tuple[date, bool, str]:
    return item.on, item.at is None, item.at.isoformat() if item.at else item.interview


def _held(item: HeldBack) -> str:
    until = f", until {_day(item.until)}" if item.until is not None else ""
    rule = f" ({item.rule if item.rule.startswith('check ') else f'rule {item.rule}'})" if item.rule else ""
    return f"{_title(item)}\n{_kind(item.kind)}{until}\nWhy not: {_line(item.reason)}{rule}"


def _title(item: Changed | Drafted | HeldBack) -> str:
    return f"[{_line(item.interview)}] {_line(item.company)}, {_line(item.role)}"


def _kind(name: str) -> str:
    return TITLES[DraftKind(name)]


def _spoken(status: str) -> str:
    return status.replace("_", " ")


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B}"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M}"


def _line(text: str) -> str:
    """Return text on one line, without control and direction characters: a quote must not dress up as a part of the digest."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
