"""A job search as a folder: `interviews.yaml`, what is tracked, and `mail.txt`, all mail with the interview that it belongs to.

`mail.txt` begins with the user (`Me`), the zone of all its times (`Zone`), when the clock stops (`As of`) and, for each
interview, the statuses that it takes in turn (`Path`), the last one being the one at the end. Each mail begins with a line
`#number date time interview`, where `-` is none, and has headers and a text. Without `From` the user wrote it, without `To` it
is for the user. Beside the headers of mail there are:

- `Re: 7` answers number 7: with its ids, its subject and its text quoted below; `Fwd: 7` hands it on.
- `Case: ...` names the difficulty.
- `Ids: dropped` leaves In-Reply-To and References out, `rewritten` gives them an id that nobody knows, `references` keeps
  References only.
- `Id: none` has no Message-ID, `same 7` has that of number 7.
- `Vouched: none` (the provider says nothing), `fail`, `forged` (it fails, and brings a header that says the contrary).
- `Calendar: REQUEST uid start minutes organizer [sequence]`; the summary is the subject. `Attendees: Ann Lee
  <ann@acme.example>, ...` are bidden to it beside the user. `List: yes` is mail to many.
- `Html: yes` is sent as HTML only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.daemon.replaying import PlayedMail
from agent.interviews import Interview
from agent.mailbox import FolderRole
from agent.messages.subject import base_subject
from agent.rulebook.tracked import read_interviews
from tests.letters import PROVIDER

FOLDER = Path(__file__).parent
_START = re.compile(r"^#(\d+) (\d{4}-\d\d-\d\d \d\d:\d\d) (\S+)\n", re.MULTILINE)
_HEADER = re.compile(r"([A-Z][A-Za-z-]*(?: of)?): (.*)")
_OURS = frozenset({"From", "To", "Subject", "Re", "Fwd", "Case", "Ids", "Id", "Vouched", "Calendar", "Attendees", "List", "Html"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One mail of a search."""

    number: int
    at: datetime
    interview: str | None
    """Where it belongs; None for noise, for mail of candidacies that are not tracked, and for forgeries."""
    own: bool
    sender: str
    to: str
    subject: str
    case: str
    """The difficulty that it stands for; empty for everyday mail."""
    body: str
    headers: dict[str, str]

    @property
    def key(self) -> tuple[datetime, str]:
        """What tells it apart within its search, even where Message-IDs do not."""
        return self.at.astimezone(UTC), parseaddr(self.sender)[1].lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One job search with all its mail, and what comes of it."""

    name: str
    me: str
    zone: ZoneInfo
    as_of: datetime
    interviews: tuple[Interview, ...]
    items: tuple[Item, ...]
    paths: dict[str, tuple[str, ...]]
    """Interview → the statuses that it takes, in turn."""

    def played(self) -> list[PlayedMail]:
        """Return the mail as it comes in."""
        return [
            PlayedMail(raw=self._raw(item), at=item.at, role=FolderRole.SENT if item.own else FolderRole.INBOX)
            for item in self.items
        ]

    def _item(self, number: str) -> Item:
        return next(item for item in self.items if item.number == int(number))

    def message_id(self, item: Item) -> str | None:
        """Return the Message-ID, None where it has none."""
        written = item.headers.get("Id", "")
        if written == "none":
            return None
        number = written.removeprefix("same ") if written.startswith("same ") else str(item.number)
        sender = self._item(number).sender
        return f"<{self.name}.{number}@{parseaddr(sender)[1].rpartition('@')[2]}>"

    def _raw(self, item: Item) -> bytes:
        mail = EmailMessage(policy=SMTP)
        headers = item.headers
        if not item.own:
            domain = parseaddr(item.sender)[1].rpartition("@")[2]
            vouched = headers.get("Vouched", "pass")
            if vouched != "none":
                result = "pass" if vouched == "pass" else "fail"
                mail["Authentication-Results"] = f"{PROVIDER}; dmarc={result} header.from={domain}"
            mail["Received"] = f"from {domain} by {PROVIDER}; {format_datetime(item.at)}"
            if vouched == "forged":
                mail["Authentication-Results"] = f"{PROVIDER}; dmarc=pass header.from={domain}"
        mail["From"], mail["To"], mail["Subject"] = item.sender, item.to, item.subject
        mail["Date"] = format_datetime(item.at)
        if own_id := self.message_id(item):
            mail["Message-ID"] = own_id
        self._answer(mail, item)
        if "List" in headers:
            mail["List-Id"] = f"<news.{parseaddr(item.sender)[1].rpartition('@')[2]}>"
            mail["List-Unsubscribe"] = f"<mailto:unsubscribe@{parseaddr(item.sender)[1].rpartition('@')[2]}>"
        for name in headers.keys() - _OURS:
            mail[name] = headers[name]
        text = item.body + self._quoted(item)
        if "Html" in headers:
            mail.set_content("<html><body>" + "".join(f"<p>{escape(each)}</p>" for each in text.split("\n\n")), subtype="html")
        else:
            mail.set_content(text)
        if "Calendar" in headers:
            method = item.headers["Calendar"].split()[0]
            part = self._calendar(item)
            mail.add_attachment(part, maintype="text", subtype="calendar", params={"method": method})
        return mail.as_bytes()

    def _answer(self, mail: EmailMessage, item: Item) -> None:
        ids = item.headers.get("Ids", "kept")
        if "Re" not in item.headers or ids == "dropped":
            return
        chain = list(self._chain(item))
        if ids == "rewritten":
            mail["In-Reply-To"] = mail["References"] = f"<{item.number}.rewritten@gateway.example>"
        elif chain:
            if ids != "references":
                mail["In-Reply-To"] = chain[-1]
            mail["References"] = " ".join(chain)

    def _chain(self, item: Item) -> Iterator[str]:
        if "Re" in item.headers:
            parent = self._item(item.headers["Re"])
            yield from self._chain(parent)
            if parent_id := self.message_id(parent):
                yield parent_id

    def _quoted(self, item: Item) -> str:
        if "Re" in item.headers:
            parent = self._item(item.headers["Re"])
            quoted = "".join(f"> {line}\n" for line in parent.body.splitlines())
            return f"\nOn {parent.at:%a, %d %b %Y at %H:%M}, {parent.sender} wrote:\n\n{quoted}"
        if "Fwd" in item.headers:
            parent = self._item(item.headers["Fwd"])
            head = f"From: {parent.sender}\nDate: {format_datetime(parent.at)}\nSubject: {parent.subject}\nTo: {parent.to}\n"
            return f"\n---------- Forwarded message ---------\n{head}\n{parent.body}"
        return ""

    def _calendar(self, item: Item) -> bytes:
        """Return the calendar part: times in UTC (RFC 5546)."""
        method, uid, start, minutes, organizer, *sequence = item.headers["Calendar"].split()
        begins = datetime.fromisoformat(start).replace(tzinfo=self.zone).astimezone(UTC)
        lines = (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//tests//EN",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence[0] if sequence else 0}",
            f"DTSTAMP:{item.at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{begins:%Y%m%dT%H%M%SZ}",
            f"DTEND:{begins + timedelta(minutes=int(minutes)):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{item.subject}",
            f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
            f"ORGANIZER:mailto:{organizer}",
            f"ATTENDEE:mailto:{parseaddr(self.me)[1]}",
            *(
                f'ATTENDEE;CN="{name}":mailto:{address}'
                for name, address in getaddresses([item.headers.get("Attendees", "")])
                if address
            ),
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
        return "\r\n".join(lines).encode()


def read_search(folder: Path) -> Search:
    """Return the search in `folder`."""
    text = (folder / "mail.txt").read_text(encoding="utf-8")
    starts = list(_START.finditer(text))
    head = [line.partition(": ") for line in text[: starts[0].start()].splitlines() if line and not line.startswith("# ")]
    facts = {name: value for name, _, value in head}
    zone = ZoneInfo(facts["Zone"])
    ends = [start.start() for start in starts[1:]] + [len(text)]
    items: list[Item] = []
    for start, end in zip(starts, ends, strict=True):
        items.append(_item(start, text[start.end() : end], facts["Me"], zone, items))
    keys = [item.key for item in items]
    if len(set(keys)) < len(keys):
        raise ValueError(f"{folder.name}: {next(key for key in keys if keys.count(key) > 1)} stands there twice")
    yaml = folder / "interviews.yaml"
    interviews = tuple(read_interviews(yaml.read_text(encoding="utf-8"), yaml.name))
    paths = {name.removeprefix("Path "): tuple(value.split()) for name, value in facts.items() if name.startswith("Path ")}
    known = {each.id for each in interviews}
    if known != paths.keys() or not {item.interview for item in items} <= known | {None}:
        raise ValueError(f"{folder.name}: interviews, paths and mail do not name the same: {known ^ paths.keys()}")
    as_of = datetime.fromisoformat(facts["As of"]).replace(tzinfo=zone)
    return Search(
        name=folder.name, me=facts["Me"], zone=zone, as_of=as_of, interviews=interviews, items=tuple(items), paths=paths
    )


def _item(start: re.Match[str], text: str, me: str, zone: ZoneInfo, before: list[Item]) -> Item:
    head, _, body = text.partition("\n\n")
    headers: dict[str, str] = {}
    for line in head.splitlines():
        found = _HEADER.fullmatch(line)
        if found is None:
            raise ValueError(f"#{start[1]}: {line!r} is no header")
        headers[found[1]] = found[2]
    kin = headers.get("Re") or headers.get("Fwd")
    parent = next(item for item in before if item.number == int(kin)) if kin else None
    prefix = "Re" if "Re" in headers else "Fwd"
    sender = headers.get("From", me)
    answered = (parent.to if parent.own else parent.sender) if parent and "Re" in headers else ""
    return Item(
        number=int(start[1]),
        at=datetime.strptime(start[2], "%Y-%m-%d %H:%M").replace(tzinfo=zone),
        interview=None if start[3] == "-" else start[3],
        own="From" not in headers,
        sender=sender,
        to=headers.get("To") or (me if "From" in headers else answered),
        subject=headers.get("Subject") or (f"{prefix}: {base_subject(parent.subject)}" if parent else ""),
        case=headers.get("Case", ""),
        body=body.strip() + "\n",
        headers=headers,
    )


def searches() -> list[Search]:
    """Return all searches by name."""
    return [read_search(folder) for folder in sorted(FOLDER.iterdir()) if (folder / "mail.txt").is_file()]
