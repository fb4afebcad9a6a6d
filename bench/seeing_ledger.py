"""A ledger after a long job search: many interviews, each with a long history of letters, notes and drafts, seeded."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.interviews import Contact, ContactRole, Event, EventKind, Interview
from agent.learned import LearnedModel
from agent.messages import parse_message
from agent.messages.message import Address, Message
from agent.plan.review import Question, ReviewKind
from agent.plan.take_in import event_of
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Reading, read_message, read_own_message
from agent.store import Fact, Ledger, MessageRecord
from tests.letters import letter

ME = "robin.hale@mailbox.example"
_ROLES = ("Backend Engineer", "Data Engineer", "Platform Engineer", "Product Designer", "Site Reliability Engineer", "Analyst")
_FIRST = ("Acme", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper", "Kestrel", "Linden", "Maple")
_LAST = (
    "Robotics",
    "Analytics",
    "Systems",
    "Health",
    "Logistics",
    "Energy",
    "Bank",
    "Studios",
    "Foods",
    "Mobility",
    "Learning",
    "Media",
)
_PEOPLE = ("Dana Cole", "Tom Okafor", "Ines Moreau", "Ola Berg", "Pia Lang", "Una Walsh", "Vera Novak", "Noor Haddad")
_CLOSING = (
    "\n\nPlease let us know if anything is unclear; we are glad to help at any time.\n\nKind regards,\nThe recruiting team\n"
)
_THEIRS = {
    "receipt": ("Your application", "Hi Robin,\n\nThank you for your application. We have received it and will review it soon."),
    "invitation": (
        "Interview",
        "Hi Robin,\n\nWe would like to invite you to an interview. Could you let me know your availability?",
    ),
    "fixed": ("Interview confirmed", "Hi Robin,\n\nYour interview is confirmed for {day:%A, %-d %B %Y} at 14:00 GMT."),
    "promise": ("Next steps", "Dear Robin,\n\nThank you for your time. You will hear from us by {day:%-d %B %Y}."),
    "rejection": ("Your application", "Dear Robin,\n\nUnfortunately, we have decided not to move forward with your application."),
    "chat": (
        "Re: Your application",
        "Hi Robin,\n\nThanks for the link, I have passed it on to the team. The office is on the river.",
    ),
}
"""Kind of letter → subject and text; the last one says nothing, as most of a long correspondence does."""
_MINE = ("Re: Your application", "Hello,\n\nHere is the link to the project that we spoke about. It is on my page as well.")
_COURSES = (
    ("receipt",),
    ("receipt", "invitation"),
    ("receipt", "invitation", "fixed"),
    ("receipt", "invitation", "fixed", "promise"),
    ("receipt", "rejection"),
    ("receipt", "invitation", "fixed", "promise", "rejection"),
)
"""How far a candidacy has come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A letter as the agent reads it, to be addressed and dated for each interview."""

    message: Message
    reading: Reading


class Builder:
    """Writes one job search into a ledger; the same seed and `now` give the same one."""

    def __init__(self, now: datetime, *, seed: int) -> None:
        self._now = now
        self._chance = random.Random(f"seeing-{seed}")  # noqa: S311 (nothing secret)
        self._phrasebook = load_phrasebook(None)
        self._model = LearnedModel()
        self._read: dict[tuple[str, datetime], _Read] = {}

    def fill(self, ledger: Ledger, *, interviews: int, events: int) -> None:
        """Track so many interviews with so many events in all."""
        each = events // interviews
        with ledger.transaction():
            for number in range(interviews):
                interview = self._interview(number)
                ledger.put_interview(interview)
                self._history(ledger, interview, number, each)
            for number in range(0, interviews, interviews // 5 or 1):
                ledger.ask(self._question(number))
            ledger.note(Fact.LAST_PASS, self._now.isoformat())
            ledger.note(Fact.LAST_READ, self._now.isoformat())

    def _interview(self, number: int) -> Interview:
        firm = number % 150
        company = f"{_FIRST[firm % len(_FIRST)]} {_LAST[firm // len(_FIRST)]}"
        domain = f"{company.replace(' ', '-').lower()}.example"
        role = _ROLES[number % len(_ROLES)]
        name = _PEOPLE[firm % len(_PEOPLE)]
        return Interview(
            id=f"{company} {role} {number}".replace(" ", "-").lower(),
            company=company,
            role=role,
            domains=(domain,),
            applied_on=self._began(number).date(),
            timezone=("Europe/London", "Europe/Berlin", "America/New_York")[firm % 3],
            country=("GB", "DE", "US")[firm % 3],
            contacts=(Contact(name=name, email=f"{name.split()[0].lower()}@{domain}", role=ContactRole.RECRUITER),),
        )

    def _began(self, number: int) -> datetime:
        return self._now.replace(minute=0, second=0, microsecond=0) - timedelta(days=20 + (number * 7) % 150)

    def _history(self, ledger: Ledger, interview: Interview, number: int, events: int) -> None:
        """Write the letters that make a course, talk between them, and notes, up to so many events."""
        course = [*_COURSES[number % len(_COURSES)]]
        began, known = self._began(number), ""
        step = (self._now - timedelta(days=1 + number % 9) - began) / events
        news = {round(place * (events - 1) / len(course)): kind for place, kind in enumerate(course)}
        for place in range(events):
            at = began + step * place
            if place not in news and self._chance.random() < 0.15:
                note = self._chance.choice(("They asked about testing.", "Salary: ask again.", "Liked the team."))
                ledger.add_event(Event(interview=interview.id, at=at, kind=EventKind.NOTE, note=note))
                continue
            own = place not in news and self._chance.random() < 0.4
            known = self._letter(ledger, interview, f"{number}.{place}", at, "mine" if own else news.get(place, "chat"), known)

    def _letter(self, ledger: Ledger, interview: Interview, key: str, at: datetime, kind: str, before: str) -> str:
        """Write one letter with its event; return its Message-ID."""
        own = kind == "mine"
        read = self._of(kind, at)
        contact = interview.contacts[0]
        them, me = Address(name=contact.name, email=contact.email), Address(name="Robin Hale", email=ME)
        message = replace(
            read.message,
            message_id=f"<{key}@{'mailbox.example' if own else interview.domains[0]}>",
            date=at,
            received_at=at,
            sender=me if own else them,
            to=(them if own else me,),
            subject=f"{read.message.subject}: {interview.role}",
            in_reply_to=(before,) if before else (),
            references=(before,) if before else (),
            text="",
        )
        role = "sent" if own else "inbox"
        evidence = () if own else (f"contact: {contact.email}", f"domain: {interview.domains[0]}")
        ledger.add_message(
            MessageRecord(
                message=message,
                digest=key,
                reading=read.reading,
                own=own,
                role=role,
                uidvalidity=1,
                uid=int(key.replace(".", "")),
                interview=interview.id,
                evidence=evidence,
            )
        )
        ledger.add_event(event_of(EventKind.SENT if own else EventKind.RECEIVED, message, read.reading, interview.id))
        return message.message_id

    def _of(self, kind: str, at: datetime) -> _Read:
        """Return a letter of this kind as it reads in the week of `at`."""
        week = at.replace(hour=9, minute=0, second=0) - timedelta(days=at.weekday())
        if (kind, week) not in self._read:
            subject, text = _MINE if kind == "mine" else _THEIRS[kind]
            raw = letter(
                message_id="<one@letter.example>",
                at=week,
                sender=f"Robin Hale <{ME}>" if kind == "mine" else "Dana Cole <dana@letter.example>",
                subject=subject,
                body=text.format(day=week + timedelta(days=11)) + _CLOSING,
            )
            message = parse_message(raw, received_at=week)
            own = kind == "mine"
            reading = read_own_message(message, self._phrasebook) if own else read_message(message, self._phrasebook, self._model)
            self._read[kind, week] = _Read(message=message, reading=reading)
        return self._read[kind, week]

    def _question(self, number: int) -> Question:
        interview = self._interview(number)
        return Question(
            kind=ReviewKind.UNCLEAR,
            asked_at=self._now - timedelta(days=1),
            message_id=f"<{number}.0@{interview.domains[0]}>",
            occasion="",
            reason="It reads as timeline (“we will be in touch soon”), and that is not certain.",
            candidates=(interview.id,),
        )
