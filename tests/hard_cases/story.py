"""A small job search told in mails, played back through the whole program, and how it stood at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.daemon.account import Account
from agent.daemon.replaying import Played, PlayedMail, replay
from agent.drafts import User
from agent.interviews import Contact, ContactRole, Interview, Round
from agent.interviews.status import State
from agent.mailbox import FolderRole
from agent.policy import TO_USER, CountryHolidays, Policies
from agent.store import Ledger
from tests.daemon.scene import ME, rules
from tests.letters import PROVIDER, letter

ROBIN = f"Robin Hale <{ME}>"
DANA = "Dana Cole <dana@acme.example>"
INES = "Ines Moreau <ines@birch.example>"
PRIYA = "Priya Nair <priya@larch.example>"
TOM = "Tom Okafor <tom@harbor.example>"

LONDON = "Europe/London"


def at(moment: str) -> datetime:
    """Return a moment of 2026 in UTC: `03-10 14:00` is a Tuesday afternoon in March, when London keeps UTC."""
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=UTC)


def contact(address: str, role: ContactRole = ContactRole.RECRUITER) -> Contact:
    """Return a contact from `Name <address>`."""
    name, _, email = address.rstrip(">").partition(" <")
    return Contact(name=name, email=email, role=role)


def held(moment: str, *with_: str, minutes: int = 60) -> Round:
    """Return an interview of the user's file."""
    return Round(at=at(moment), minutes=minutes, with_=with_)


def acme(**more: Any) -> Interview:
    """Return the candidacy at Acme, whose recruiter is Dana; applied for on Monday 2 February."""
    known = {
        "id": "acme",
        "company": "Acme Robotics",
        "role": "Backend Engineer",
        "domains": ("acme.example",),
        "applied_on": at("02-02 09:00").date(),
        "timezone": LONDON,
        "contacts": (contact(DANA),),
    }
    return Interview(**{**known, **more})


def birch(**more: Any) -> Interview:
    """Return the candidacy at Birch, whose hiring manager is Ines."""
    known = {
        "id": "birch",
        "company": "Birch Analytics",
        "role": "Data Engineer",
        "domains": ("birch.example",),
        "timezone": LONDON,
        "contacts": (contact(INES, ContactRole.HIRING_MANAGER),),
    }
    return Interview(**{**known, **more})


def larch(role: str, **more: Any) -> Interview:
    """Return one of several candidacies at Larch, all with Priya; its id is made of the role."""
    known = {
        "id": role.lower().replace(" ", "-"),
        "company": "Larch Health",
        "role": role,
        "domains": ("larch.example",),
        "timezone": LONDON,
        "contacts": (contact(PRIYA),),
    }
    return Interview(**{**known, **more})


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """How everything stood when the story ended, in words."""

    played: Played

    def state(self, interview: str = "acme") -> State:
        """Return where an interview stands."""
        return next(each.state for each in self.played.candidacies if each.interview.id == interview)

    def status(self, interview: str = "acme") -> str:
        """Return the contract's word for where an interview stands."""
        return self.state(interview).status.value

    def statuses(self) -> dict[str, str]:
        """Return id → status of all interviews."""
        return {each.interview.id: each.state.status.value for each in self.played.candidacies}

    def messages(self, interview: str = "acme") -> list[str]:
        """Return the names of the messages that belong to an interview, oldest first."""
        found = next(each.letters for each in self.played.candidacies if each.interview.id == interview)
        return [_name(each.message.message_id) for each in found]

    def drafts(self, interview: str | None = None) -> list[str]:
        """Return a line for each draft to others, oldest first: `status_check to dana@acme.example, queued, answers invite`."""
        lines = []
        for draft in sorted(self.played.drafts, key=lambda each: (each.decided_at, each.to)):
            if draft.kind not in TO_USER and interview in (None, draft.interview):
                thread = f"answers {_name(draft.in_reply_to)}" if draft.in_reply_to else "new thread"
                lines.append(f"{draft.kind} to {', '.join(draft.to)}, {draft.state}, {thread}")
        return lines

    def made(self, kind: str) -> list[str]:
        """Return when the drafts of one kind were put into Drafts, in UTC: `03-17 09:00`."""
        return [f"{each.queued_at:%m-%d %H:%M}" for each in self.played.drafts if each.kind == kind and each.queued_at]

    def bodies(self, kind: str) -> list[str]:
        """Return the texts of the drafts of one kind."""
        return [each.body for each in self.played.drafts if each.kind == kind]

    def held(self) -> list[str]:
        """Return a line for each follow-up that is held back: `acme: status_check, on-hold`."""
        return sorted(f"{each.interview}: {each.kind}, {each.rule}" for each in self.played.held)

    def reasons(self) -> list[str]:
        """Return why each follow-up is held back, in the words that the user reads."""
        return [each.reason for each in self.played.held]

    def review(self) -> list[str]:
        """Return a line for each open question: `unvouched: forged (acme)`."""
        return [
            f"{each.question.kind}: {_name(each.question.message_id or '-')} ({', '.join(each.question.candidates)})"
            for each in self.played.reviews
        ]

    @property
    def quiet(self) -> bool:
        """Whether nothing was drafted, held back or asked."""
        return not (self.drafts() or self.held() or self.review())


class Story:
    """Mail told in any order; each message has a short name, which is the left part of its Message-ID."""

    def __init__(self, *interviews: Interview) -> None:
        """Begin a search for these interviews."""
        self.interviews = interviews
        self.mail: list[PlayedMail] = []
        self.senders: dict[str, str] = {}

    def theirs(
        self,
        name: str,
        moment: str,
        body: str,
        *,
        sender: str = DANA,
        subject: str = "Backend Engineer",
        answers: str | None = None,
        role: FolderRole = FolderRole.INBOX,
        **more: Any,
    ) -> None:
        """Let a mail come in; `answers` is the name of the message that it replies to."""
        self.senders[name] = sender.rpartition("@")[2].rstrip(">")
        raw = letter(
            message_id=self._id(name),
            at=at(moment),
            sender=sender,
            subject=subject,
            body=body,
            in_reply_to=self._id(answers) if answers else None,
            **more,
        )
        self.arrives(moment, raw, role=role)

    def mine(
        self,
        name: str,
        moment: str,
        body: str,
        *,
        to: str = DANA,
        subject: str = "Re: Backend Engineer",
        answers: str | None = None,
        **more: Any,
    ) -> None:
        """Let the user send a mail."""
        self.senders[name] = "mailbox.example"
        raw = letter(
            message_id=self._id(name),
            at=at(moment),
            sender=ROBIN,
            to=to,
            subject=subject,
            body=body,
            in_reply_to=self._id(answers) if answers else None,
            vouched=None,
            **more,
        )
        self.arrives(moment, raw, role=FolderRole.SENT)

    def arrives(self, moment: str, raw: bytes, *, role: FolderRole = FolderRole.INBOX) -> None:
        """Let bytes come in as they are."""
        self.mail.append(PlayedMail(raw=raw, at=at(moment), role=role))

    def told(self, until: str, *, zone: str = LONDON) -> Told:
        """Play everything back up to this moment."""
        phrasebook, policy, templates = rules()
        account = Account(
            user=User(name="Robin Hale", addresses=(ME,), timezone=ZoneInfo(zone)),
            ledger=Ledger(),
            open_mailbox=_nobody,
            phrasebook=phrasebook,
            policies=Policies(configured=policy),
            templates=templates,
            holidays=CountryHolidays(),
            authserv_id=PROVIDER,
        )
        try:
            return Told(played=replay(self.mail, self.interviews, account, as_of=at(until)))
        finally:
            account.ledger.close()

    def _id(self, name: str) -> str:
        return f"<{name}@{self.senders.get(name, 'elsewhere.example')}>"


def calendar(
    *lines: str,
    uid: str = "round-1@acme.example",
    method: str = "REQUEST",
    sequence: int = 0,
    summary: str = "Interview Robin Hale",
    organizer: str = "dana@acme.example",
    zones: Sequence[str] = (),
) -> str:
    """Return a calendar part (RFC 5545) with one event; `lines` are its DTSTART, DTEND, STATUS and what else it needs."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//tests//EN",
            f"METHOD:{method}",
            *zones,
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            "DTSTAMP:20260301T080000Z",
            *lines,
            f"SUMMARY:{summary}",
            f"ORGANIZER:mailto:{organizer}",
            f"ATTENDEE:mailto:{ME}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def _name(message_id: str | None) -> str:
    return (message_id or "").strip("<>").partition("@")[0]


def _nobody() -> Any:
    raise AssertionError("a story brings its own mailbox")
