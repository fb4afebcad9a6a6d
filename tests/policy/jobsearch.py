"""Candidacies for the tests of this room: mail and events put together the way a pass leaves them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.event import Event, EventKind
from agent.interviews.fold import fold
from agent.interviews.interview import Contact, ContactRole, Interview
from agent.interviews.status import Status
from agent.messages.message import Address, Message
from agent.policy import TO_USER, Assessment, Contacted, CountryHolidays, DraftKind, Due, Policy, assess
from agent.policy.policy import ANSWERS
from agent.rulebook.policies import load_policies
from agent.signals.reading import OWN_LABELS, Label, Reading

ME = "robin@mail.example"
DANA = "dana@acme.example"
IVO = "ivo@acme.example"
KIM = "kim@acme.example"
BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAYS = CountryHolidays()
PRESETS = load_policies("default", None).named
DEFAULT = PRESETS["default"]


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return the moment `2026-03-02 14:00` of `zone`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def interview(**fields: object) -> Interview:
    """Return a candidacy at Acme in Berlin, without a country, with Dana as recruiter."""
    acme = Interview(
        id="acme",
        company="Acme",
        role="Engineer",
        timezone="Europe/Berlin",
        contacts=(Contact(name="Dana Cole", email=DANA, role=ContactRole.RECRUITER),),
    )
    return replace(acme, **fields)  # type: ignore[arg-type]


class Search:
    """One candidacy, told message by message."""

    def __init__(self, tracked: Interview | None = None, policy: Policy = DEFAULT) -> None:
        self.interview = tracked or interview()
        self.policy = policy
        self.letters: list[Letter] = []
        self.events: list[Event] = []
        self.drafts: list[Due] = []
        self.drafts_at: dict[tuple[DraftKind, str], datetime] = {}

    def __repr__(self) -> str:
        return f"Search({self.interview!r})"

    def theirs(
        self,
        when: datetime,
        label: Label,
        *,
        sender: str = DANA,
        to: Iterable[str] = (ME,),
        answers: str | None = None,
        reply_to: str | None = None,
        interview_at: datetime | None = None,
        promised_by: date | None = None,
        returns_on: date | None = None,
        also: tuple[Label, ...] = (),
        abstained: bool = False,
        phone: str = "",
    ) -> str:
        """Receive a message; return its id."""
        message = self._message(when, sender, to, answers, reply_to)
        reading = Reading(label=label, abstained=abstained, interview_at=interview_at, promised_by=promised_by, phone=phone)
        self.letters.append(Letter(own=False, message=message, reading=reading))
        if not abstained:
            self.events.append(
                Event(
                    interview=self.interview.id,
                    at=when,
                    kind=EventKind.RECEIVED,
                    message_id=message.message_id,
                    label=label,
                    labels=(label, *also),
                    interview_at=interview_at,
                    promised_by=promised_by,
                    returns_on=returns_on,
                    correspondent=sender,
                )
            )
        return message.message_id

    def mine(self, when: datetime, label: Label, *, to: Iterable[str] = (DANA,), answers: str | None = None) -> str:
        """Send a message without the agent; return its id."""
        assert label in OWN_LABELS
        people = tuple(to)
        message = self._message(when, ME, people, answers, None)
        self.letters.append(Letter(own=True, message=message, reading=Reading(label=label, abstained=False)))
        self.events.append(
            Event(
                interview=self.interview.id,
                at=when,
                kind=EventKind.SENT,
                message_id=message.message_id,
                label=label,
                correspondent=people[0],
            )
        )
        return message.message_id

    def set_by_hand(self, when: datetime, status: Status) -> None:
        """Have the user set the status."""
        self.events.append(Event(interview=self.interview.id, at=when, kind=EventKind.SET, status=status))

    def drafted(self, when: datetime, due: Due) -> None:
        """Put what is due into Drafts."""
        self._draft_event(when, EventKind.DRAFTED, due.kind, due.occasion, due.to[0].email)

    def sent(self, when: datetime, due: Due) -> None:
        """Send what was drafted."""
        self._draft_event(when, EventKind.DRAFT_SENT, due.kind, due.occasion, due.to[0].email)

    def withdrawn(self, when: datetime, due: Due) -> None:
        """Take back what was drafted."""
        self._draft_event(when, EventKind.DRAFT_WITHDRAWN, due.kind, due.occasion, due.to[0].email)

    def held_interview(self, starts: datetime, *, fixed: datetime | None = None, attending: Iterable[str] = ()) -> str:
        """Have an interview of an hour fixed, two days before it or at `fixed`; return the id of the message that fixed it."""
        return self.theirs(fixed or starts - timedelta(days=2), Label.SCHEDULED, interview_at=starts, to=(ME, *attending))

    def carry_out(self, when: datetime, assessment: Assessment) -> None:
        """Put all that is due into Drafts."""
        for due in assessment.due:
            self.drafted(when, due)
            self.drafts.append(due)
            self.drafts_at[(due.kind, due.occasion)] = when

    def note(self, when: datetime, text: str) -> None:
        """Have the user write something down."""
        self.events.append(Event(interview=self.interview.id, at=when, kind=EventKind.NOTE, note=text))

    def lived(self, start: datetime, until: datetime, *, sends: bool = True) -> list[str]:
        """Let the clock run, with a user who sends each draft to others an hour after it was made; return what came of it.

        A line for each draft (`2026-05-12 17:00 thank_you ivo`, in Berlin) and for each suggestion (`... ? moved_on`).
        """
        told: list[str] = []
        now: datetime | None = start
        while now is not None and now <= until:
            assessment = self.assess(now)
            clock = f"{now.astimezone(BERLIN):%Y-%m-%d %H:%M}"
            told += [f"{clock} {due.kind} {due.to[0].email.partition('@')[0]}" for due in assessment.due]
            told += [f"{clock} ? {each.status}" for each in assessment.suggestions if each.due_at == now]
            self.carry_out(now, assessment)
            waiting = [each for each in self.waiting() if sends and each.kind not in TO_USER]
            for due in waiting:
                now = self.drafts_at[(due.kind, due.occasion)] + timedelta(hours=1)
                self.sent(now, due)
            if not waiting:
                ahead = [self.assess(now).next_at, *(each.message.date for each in self.letters)]
                now = min((each for each in ahead if each is not None and each > now), default=None)
        return told

    def waiting(self) -> list[Due]:
        """Return what was carried out and neither sent nor withdrawn."""
        over = (EventKind.DRAFT_SENT, EventKind.DRAFT_WITHDRAWN)
        gone = {(each.draft_kind, each.occasion) for each in self.events if each.kind in over}
        return [due for due in self.drafts if (due.kind, due.occasion) not in gone]

    def candidacy(self, now: datetime) -> Candidacy:
        """Return it as of `now`."""
        letters = sorted((each for each in self.letters if each.message.date <= now), key=lambda each: each.message.date)
        events = sorted((each for each in self.events if each.at <= now), key=lambda each: each.at)
        return Candidacy(
            interview=self.interview, events=tuple(events), letters=tuple(letters), state=fold(self.interview, events, now)
        )

    def contacted(self, now: datetime) -> list[Contacted]:
        """Return what the limits count: the user's mails and the drafts that wait."""
        found = [
            Contacted(
                at=letter.message.date,
                interview=self.interview.id,
                kind=DraftKind.THANK_YOU if letter.reading.label is Label.SENT_THANK_YOU else None,
                answer=letter.reading.label is Label.SENT_OTHER,
            )
            for letter in self.letters
            if letter.own and letter.message.date <= now
        ]
        gone = {
            (each.draft_kind, each.occasion) for each in self.events if each.kind is EventKind.DRAFT_WITHDRAWN and each.at <= now
        }
        for event in self.events:
            made = event.kind in (EventKind.DRAFTED, EventKind.DRAFT_SENT) and event.at <= now
            if made and (event.draft_kind, event.occasion) not in gone:
                kind = DraftKind(event.draft_kind)
                found.append(Contacted(at=event.at, interview=self.interview.id, kind=kind, answer=kind in ANSWERS))
        return found

    def assess(
        self,
        now: datetime,
        *,
        blocked: Collection[str] = (),
        contacted: Iterable[Contacted] = (),
        senders_zone: ZoneInfo = BERLIN,
    ) -> Assessment:
        """Return what the policy says at `now`; `contacted` are messages to the employer about other roles."""
        return assess(
            self.candidacy(now),
            self.policy,
            contacted=[*self.contacted(now), *contacted],
            blocked=blocked,
            own_addresses=(ME,),
            senders_zone=senders_zone,
            holidays=HOLIDAYS,
            now=now,
        )

    def due(self, now: datetime, kind: DraftKind) -> list[Due]:
        """Return what is due of one kind."""
        return [each for each in self.assess(now).due if each.kind is kind]

    def _message(self, when: datetime, sender: str, to: Iterable[str], answers: str | None, reply_to: str | None) -> Message:
        return Message(
            message_id=f"<{len(self.letters) + 1}@mail.example>",
            in_reply_to=(answers,) if answers else (),
            references=(answers,) if answers else (),
            date=when,
            received_at=when.astimezone(UTC),
            sender=Address(name="", email=sender),
            reply_to=(Address(name="", email=reply_to),) if reply_to else (),
            to=tuple(Address(name="", email=each) for each in to),
            cc=(),
            subject="About your application",
            text="",
            fresh="",
            calendar=(),
            auto_submitted=False,
            list_mail=False,
            bounce=None,
            authentication=(),
        )

    def _draft_event(self, when: datetime, kind: EventKind, draft_kind: DraftKind, occasion: str, to: str) -> None:
        self.events.append(
            Event(
                interview=self.interview.id,
                at=when,
                kind=kind,
                message_id=f"<{draft_kind}.{len(self.events)}@draft.example>",
                correspondent=to,
                draft_kind=draft_kind,
                occasion=occasion,
            )
        )
