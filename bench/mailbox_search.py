"""The 5% of the mailbox that are about candidacies: the searches of the tests and the demo, with more mail between.

The mails of `tests/searches` and of the demo stand as they are, moved by whole weeks; between them lie texts of `tests/corpus`
that end nothing, with company and role of the tracked candidacy in the place of their own.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import parseaddr
from html import escape

from agent.demo.search import CANDIDATE, demo_interviews, demo_messages
from agent.interviews import Interview
from agent.mailbox import FolderRole
from agent.messages.subject import base_subject
from agent.rulebook.tracked import write_interviews
from agent.signals import Label
from bench.records import corpus
from tests.letters import letter
from tests.searches.search import Item, Search, searches

_HARMLESS = frozenset(
    {Label.ACKNOWLEDGED, Label.TIMELINE, Label.HOLD, Label.OTHER, Label.INFO_REQUEST, Label.INVITATION, Label.SCHEDULED}
)
_LANGUAGES = {"nurse": "de", "mixed": "de", "paris": "fr"}
_ME = f"{CANDIDATE.name} <{CANDIDATE.email}>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail about a candidacy, before it is given the headers of a long way."""

    at: datetime
    own: bool
    raw: bytes


def tracked(now: datetime) -> str:
    """Return all candidacies of the mailbox as an interviews file."""
    interviews = [_dated(each, _moved(search, now)) for search in searches() for each in search.interviews]
    return demo_interviews(now) + write_interviews(interviews)


def letters(now: datetime, many: int, chance: random.Random) -> list[Letter]:
    """Return so many mails about candidacies, all of the last 85 days and oldest first."""
    made = [*_of_demo(now), *(each for search in searches() for each in _of_search(search, now))]
    made = [each for each in made if each.at < now]
    if many < len(made):
        return sorted(chance.sample(made, many), key=lambda each: each.at)
    between = _between(now, chance)
    while len(made) < many:
        made.append(next(between))
    return sorted(made, key=lambda each: each.at)


def dressed(raw: bytes, chance: random.Random) -> bytes:
    """Return the mail as today's clients write it: half of it with an HTML part, a tenth with an attachment."""
    mail = BytesParser(EmailMessage, policy=SMTP).parsebytes(raw)
    if mail.get_content_type() == "text/plain":
        if chance.random() < 0.5:
            rows = "".join(
                f'<p class="MsoNormal" style="margin:0cm;">{escape(each)}</p>\n' for each in mail.get_content().split("\n\n")
            )
            style = "".join(
                f'p.style{number} {{margin:0cm;font-size:11.0pt;font-family:"Calibri",sans-serif;mso-style-priority:{number};}}\n'
                for number in range(chance.randint(8, 80))
            )
            mail.add_alternative(f"<html><head><style>{style}</style></head><body>{rows}</body></html>", subtype="html")
        if chance.random() < 0.1:
            mail.add_attachment(
                chance.randbytes(chance.randint(20_000, 160_000)), maintype="application", subtype="pdf", filename="details.pdf"
            )
    for part in mail.walk():
        if part.is_multipart():
            part.set_boundary(f"=_{chance.getrandbits(96):024x}")
    return re.sub(rb"\r?\n", b"\r\n", mail.as_bytes())


def _of_demo(now: datetime) -> Iterator[Letter]:
    for mail in demo_messages(now):
        if mail.folder is not FolderRole.DRAFTS:
            yield Letter(at=mail.received_at, own=mail.folder is FolderRole.SENT, raw=mail.raw)


def _of_search(search: Search, now: datetime) -> Iterator[Letter]:
    by = _moved(search, now)
    moved = replace(search, me=_ME, items=tuple(_told(each, search.me, by) for each in search.items))
    for item, mail in zip(moved.items, moved.played(), strict=True):
        yield Letter(at=item.at, own=item.own, raw=mail.raw)


def _moved(search: Search, now: datetime) -> timedelta:
    """Return by how many whole weeks a search moves so that its clock stops just before now."""
    return timedelta(weeks=(now - search.as_of) // timedelta(weeks=1))


def _dated(interview: Interview, by: timedelta) -> Interview:
    return replace(interview, applied_on=interview.applied_on + by) if interview.applied_on else interview


def _told(item: Item, me: str, by: timedelta) -> Item:
    """Return a mail of a search as one of the candidate of this mailbox, moved in time."""
    name, address = parseaddr(me)
    pairs = ((address, CANDIDATE.email), (name, CANDIDATE.name), (name.split()[0], CANDIDATE.name.split()[0]))

    def told(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    headers = {key: told(value) for key, value in item.headers.items()}
    if "Calendar" in headers:
        method, uid, start, *rest = headers["Calendar"].split()
        headers["Calendar"] = " ".join([method, uid, (datetime.fromisoformat(start) + by).isoformat(timespec="minutes"), *rest])
    return replace(
        item,
        at=item.at + by,
        sender=told(item.sender),
        to=told(item.to),
        subject=told(item.subject),
        body=told(item.body),
        headers=headers,
    )


def _between(now: datetime, chance: random.Random) -> Iterator[Letter]:
    """Yield answers in the threads of the searches, without end."""
    found = searches()
    texts = {language: list(_texts(language)) for language in ("en", "de", "fr")}
    number = 0
    while True:
        search = chance.choice(found)
        by = _moved(search, now)
        item = chance.choice([each for each in search.items if each.interview and not each.case])
        interview = next(each for each in search.interviews if each.id == item.interview)
        names, body = chance.choice(texts[_LANGUAGES.get(search.name, "en")])
        at = item.at + by + timedelta(minutes=chance.randint(30, 60 * 24 * 12))
        if at > now:
            continue
        for key, value in (("company", interview.company), ("role", interview.role)):
            if key in names:
                body = body.replace(names[key], value)
        number += 1
        there = item.to if item.own else item.sender
        sender, to = (there, _ME) if chance.random() < 0.75 else (_ME, there)
        domain = parseaddr(sender)[1].rpartition("@")[2]
        yield Letter(
            at=at,
            own=sender is _ME,
            raw=letter(
                message_id=f"<between.{number}.{search.name}@{domain}>",
                at=at,
                sender=sender,
                to=to,
                subject=f"Re: {base_subject(item.subject)}",
                body=body,
                in_reply_to=search.message_id(item),
                vouched=None if sender is _ME else "pass",
            ),
        )


def _texts(language: str) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the texts of the corpus that end nothing, with the names in them."""
    for record in corpus("open", language):
        fields = record.source.fields
        if record.label in _HARMLESS and record.names and not record.own and fields and "body" in fields:
            yield record.names, str(fields["body"])
