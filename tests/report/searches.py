"""Job searches for the report: histories made of real events, letters and drafts, by hand or drawn from a seed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from agent.interviews import Event, EventKind, Interview, Letter, Status, candidacy_of
from agent.messages.message import Address, Message
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import DraftKind, Due
from agent.report import Followed, JobSearch
from agent.signals import Label, Reading
from agent.signals.reading import OWN_LABELS
from agent.store import Ledger
from agent.store.records import MessageRecord

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday morning."""
ZONE = ZoneInfo("Europe/London")
ME = "robin.hale@mailbox.example"
DAY = timedelta(days=1)


def mail(interview: str, at: datetime, label: Label, **more: object) -> Event:
    """Return one mail of theirs, or with a `sent_*` label of the user's, as the history has it."""
    kind = EventKind.SENT if label in OWN_LABELS else EventKind.RECEIVED
    number = f"<{interview}.{at:%Y%m%d%H%M}.{label}@mail.example>"
    return replace(Event(interview=interview, at=at, kind=kind, label=label, labels=(label,), message_id=number), **more)  # type: ignore[arg-type]


def letter_of(event: Event) -> Letter:
    """Return the letter behind an event."""
    own = event.kind is EventKind.SENT
    me, them = Address(name="Robin Hale", email=ME), Address(name="Dana Cole", email=f"dana@{event.interview}.example")
    message = Message(
        message_id=event.message_id or "",
        in_reply_to=(),
        references=(),
        date=event.at,
        received_at=event.at,
        sender=me if own else them,
        reply_to=(),
        to=(them if own else me,),
        cc=(),
        subject="Your application",
        text="",
        fresh=event.quote,
        calendar=(),
        auto_submitted=False,
        list_mail=False,
        bounce=None,
        authentication=(),
    )
    return Letter(own=own, message=message, reading=Reading(label=event.label or Label.OTHER, abstained=False))


def draft(
    interview: str, kind: DraftKind, at: datetime, state: DraftState = DraftState.QUEUED, *, until: datetime | None = None
) -> tuple[DraftRecord, tuple[Event, ...]]:
    """Return a draft of the agent and the events of its life; `until` is when it was sent, deleted or withdrawn."""
    occasion = f"occasion-{at:%Y%m%d%H%M}"
    record = DraftRecord(
        interview=interview,
        kind=kind,
        occasion=occasion,
        message_id=f"<{interview}.{kind}.{at:%Y%m%d%H%M}@interview-agent.example>",
        state=state,
        decided_at=at,
        queued_at=at,
        rule="status-check",
        requirements=("B6",),
        reason="They have been silent.",
        to=(f"dana@{interview}.example",),
        subject="Re: Your application",
        body="",
        in_reply_to=None,
        references=(),
        raw=b"",
    )
    made = Event(interview=interview, at=at, kind=EventKind.DRAFTED, draft_kind=kind, occasion=occasion)
    kinds = {
        DraftState.SENT: EventKind.DRAFT_SENT,
        DraftState.DELETED: EventKind.DRAFT_DELETED,
        DraftState.WITHDRAWN: EventKind.DRAFT_WITHDRAWN,
    }
    if state not in kinds or until is None:
        return record, (made,)
    events = [made, replace(made, at=until, kind=kinds[state])]
    if state is DraftState.SENT:
        thanks = kind is DraftKind.THANK_YOU
        sent = mail(interview, until, Label.SENT_THANK_YOU if thanks else Label.SENT_FOLLOW_UP)
        events = [made, sent, replace(made, at=until, kind=EventKind.DRAFT_SENT, message_id=sent.message_id)]
    return record, tuple(events)


def followed(
    interview: Interview,
    events: Sequence[Event] = (),
    drafts: Sequence[DraftRecord] = (),
    *,
    now: datetime = NOW,
    planned: Sequence[Due] = (),
    account: str = "",
) -> Followed:
    """Return a candidacy of these events, each numbered as the store would."""
    kept = [replace(event, id=number) for number, event in enumerate(events, start=1)]
    letters = [letter_of(event) for event in kept if event.kind in (EventKind.RECEIVED, EventKind.SENT)]
    return Followed(
        candidacy=candidacy_of(interview, kept, letters, now),
        drafts=tuple(drafts),
        planned=tuple(planned),
        account=account,
        no_answer=frozenset({Label.AUTO_REPLY, Label.BOUNCE, Label.ALERT}),
    )


def planned(interview: str, kind: DraftKind, at: datetime) -> Due:
    """Return a follow-up that is planned for then."""
    return Due(
        interview=interview,
        kind=kind,
        occasion=f"planned-{at:%Y%m%d}",
        due_at=at,
        until=None,
        to=(),
        parent=None,
        rule="status-check",
        requirements=("B6",),
        reason="They have been silent.",
    )


def search(*found: Followed, now: datetime = NOW) -> JobSearch:
    """Return a job search of these candidacies."""
    return JobSearch(followed=found, now=now, zone=ZONE, last_pass=now - timedelta(minutes=5))


_COMPANIES = (
    "Acme Robotics", "Birch Analytics", "Cobalt Health", "Dune Labs", "Ember Software", "Fjord Systems", "Gale Energy",
    "Harbor Freight Data", "Iris Optics", "Juniper Works", "Kestrel Air", "Lumen Grid", "Maple Bank", "Northwind Traders",
    "Orchard Foods", "Pine Robotics", "Quarry Maps", "Rowan Legal", "Slate Security", "Tidal Media", "Umber Design",
    "Vega Rail", "Willow Care", "Xenon Imaging", "Yarrow Pharma", "Zephyr Wind",
)  # fmt: skip
_PARTS = ("", " Group", " Europe", " Studios")
_ROLES = ("Backend Engineer", "Data Engineer", "Platform Engineer", "Site Reliability Engineer", "Staff Engineer, Payments")
_LONG = "The Royal and Ancient Worshipful Company of Distributed Ledger Auditors and Interplanetary Freight Forwarders of Europe"
_QUOTES = {
    Label.ACKNOWLEDGED: "Thank you for your application, which has reached us safely",
    Label.INVITATION: "We would like to invite you to a conversation with the team and ask for times that suit you",
    Label.SCHEDULED: "Your interview is confirmed",
    Label.ASSESSMENT: "we would ask you to complete a short exercise at home",
    Label.TIMELINE: "you will hear from us by the end of next week",
    Label.HOLD: "the decision takes longer than we had planned",
    Label.REJECTION: "we have decided not to move forward with your application",
    Label.ROLE_CLOSED: "the position has been closed",
    Label.OFFER: "we are delighted to offer you the position",
}


class _Life:
    """One candidacy while it is being drawn."""

    def __init__(self, number: int, chance: Random, now: datetime) -> None:
        company = f"{_COMPANIES[number % len(_COMPANIES)]}{_PARTS[number // len(_COMPANIES) % len(_PARTS)]}"
        self.company = _LONG if number == 41 else company
        self.id = f"interview-{number:03}"
        self.chance, self.now = chance, now
        self.at = now - chance.uniform(2, 150) * DAY
        self.applied = self.at
        self.events: list[Event] = []
        self.drafts: list[DraftRecord] = []
        self.plans: list[Due] = []

    def wait(self, low: float, high: float) -> bool:
        """Let days pass; False once they reach beyond now."""
        self.at += self.chance.uniform(low, high) * DAY
        return self.at < self.now

    def mail(self, label: Label, **more: object) -> None:
        self.events.append(mail(self.id, self.at, label, quote=_QUOTES.get(label, ""), rule=f"en.{label}", **more))

    def draft(self, kind: DraftKind, state: DraftState, until: datetime | None = None) -> None:
        record, events = draft(self.id, kind, self.at, state, until=until)
        self.drafts.append(record)
        self.events += events

    def live(self) -> Followed:
        found = self.chance.random() < 0.08
        self._course(found=found)
        interview = Interview(
            id=self.id,
            company=self.company,
            role=self.chance.choice(_ROLES),
            applied_on=None if found else self.applied.date(),
            timezone="Europe/London",
        )
        return followed(interview, sorted(self.events, key=lambda event: event.at), self.drafts, planned=self.plans, now=self.now)

    def _course(self, *, found: bool) -> None:
        chance = self.chance
        if not found and chance.random() < 0.7 and self.wait(0, 0.5):
            self.mail(Label.ACKNOWLEDGED)
        fate = chance.random()
        if not self.wait(2, 30):
            return None
        if fate < 0.34:
            return self.mail(Label.REJECTION if fate < 0.28 else Label.ROLE_CLOSED)
        if fate < 0.52:
            return self._silence()
        if fate < 0.6:
            self.mail(Label.ASSESSMENT)
            if not self.wait(1, 5):
                return None
            self.mail(Label.SENT_OTHER)
            if not self.wait(3, 12):
                return None
        self.mail(Label.INVITATION)
        for number in range(1, 5):
            if not self._round(number):
                return None
        return self._offer()

    def _silence(self) -> None:
        self.draft(DraftKind.STATUS_CHECK, DraftState.SENT, min(self.at + 0.3 * DAY, self.now))
        if self.wait(8, 12):
            self.draft(DraftKind.FINAL_NOTE, DraftState.SENT, min(self.at + DAY, self.now))
        if self.wait(12, 30) and self.chance.random() < 0.6:
            self.events.append(Event(interview=self.id, at=self.at, kind=EventKind.SET, status=Status.MOVED_ON, rule="you"))

    def _round(self, number: int) -> bool:
        """Carry out one round; False where the way ends with it, or now is reached."""
        chance = self.chance
        if not self.wait(0.1, 2):
            return False
        self.mail(Label.SENT_OTHER)
        if not self.wait(0.2, 3):
            return False
        day = (self.at + chance.uniform(2, 9) * DAY).replace(minute=0, second=0, microsecond=0)
        self.mail(Label.SCHEDULED, interview_at=day, interview_minutes=60)
        self.at = day + timedelta(hours=3)
        if self.at > self.now:
            return False
        self.draft(DraftKind.THANK_YOU, DraftState.SENT if chance.random() < 0.8 else DraftState.DELETED, self.at + 0.1 * DAY)
        fate = chance.random()
        if not self.wait(2, 14):
            self.plans.append(planned(self.id, DraftKind.STATUS_CHECK, self.now + chance.uniform(1, 9) * DAY))
            return False
        if fate < 0.32:
            self.mail(Label.REJECTION)
            return False
        if fate < 0.42:
            self.mail(Label.HOLD, promised_by=(self.at + 20 * DAY).date())
            return False
        if fate < 0.5:
            self.draft(DraftKind.STATUS_CHECK, DraftState.EDITED if chance.random() < 0.4 else DraftState.QUEUED)
            return False
        if fate < 0.62 or number == 4:
            self.mail(Label.OFFER)
            self._offer()
            return False
        self.mail(Label.INVITATION, round=number + 1)
        return True

    def _offer(self) -> None:
        if not self.wait(1, 6):
            return
        fate = self.chance.random()
        if fate < 0.7:
            self.mail(Label.SENT_ACCEPTANCE if fate < 0.4 else Label.SENT_DECLINE)


def drawn(count: int, seed: int = 7, *, now: datetime = NOW) -> JobSearch:
    """Return a job search of `count` candidacies; the same seed gives the same."""
    chance = Random(seed)
    return search(*(_Life(number, chance, now).live() for number in range(count)), now=now)


def kept_in(ledger: Ledger, found: JobSearch) -> None:
    """Put a job search into a ledger, as passes would have left it."""
    with ledger.transaction():
        for one in found.followed:
            candidacy = one.candidacy
            ledger.put_interview(candidacy.interview)
            for event in candidacy.events:
                ledger.add_event(replace(event, id=None))
            for number, each in enumerate(candidacy.letters):
                ledger.add_message(
                    MessageRecord(
                        message=each.message,
                        digest=each.message.message_id,
                        reading=each.reading,
                        own=each.own,
                        role="sent" if each.own else "inbox",
                        uidvalidity=1,
                        uid=number + 1,
                        interview=candidacy.interview.id,
                    )
                )
            for record in one.drafts:
                ledger.intend(record)
