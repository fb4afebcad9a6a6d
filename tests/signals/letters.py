"""Messages as their senders would write them, with all that a test does not care about filled in."""

import datetime as dt
from functools import lru_cache

from agent.messages.message import Address, Bounce, CalendarEvent, Message
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Phrasebook, Reading, read_message, read_own_message

WEDNESDAY = dt.datetime(2027, 3, 10, 10, 0, tzinfo=dt.UTC)


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    return load_phrasebook(None)


def letter(
    text: str,
    *,
    subject: str = "",
    name: str = "Dana Cole",
    email: str = "dana@acme.example",
    date: dt.datetime = WEDNESDAY,
    calendar: tuple[CalendarEvent, ...] = (),
    auto_submitted: bool = False,
    list_mail: bool = False,
    bounce: Bounce | None = None,
) -> Message:
    return Message(
        message_id="<1@acme.example>",
        in_reply_to=(),
        references=(),
        date=date,
        received_at=date,
        sender=Address(name=name, email=email),
        reply_to=(),
        to=(Address(name="Alex Sample", email="alex@home.example"),),
        cc=(),
        subject=subject,
        text=text,
        fresh=text,
        calendar=calendar,
        auto_submitted=auto_submitted,
        list_mail=list_mail,
        bounce=bounce,
        authentication=(),
    )


def event(
    *,
    method: str = "REQUEST",
    status: str = "",
    summary: str = "Interview with Acme",
    zone_certain: bool = True,
    sequence: int = 0,
) -> CalendarEvent:
    return CalendarEvent(
        method=method,
        uid="1@acme.example",
        sequence=sequence,
        status=status,
        starts_at=dt.datetime(2027, 3, 16, 14, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 3, 16, 14, 45, tzinfo=dt.UTC),
        zone_certain=zone_certain,
        summary=summary,
        organizer="dana@acme.example",
        attendees=(),
        location="",
        recurrence_id="",
    )


def read(message: Message) -> Reading:
    return read_message(message, phrasebook())


def says(text: str) -> str:
    """Return the primary label of a received text, or `unsure`."""
    reading = read(letter(text))
    return "unsure" if reading.abstained else reading.label.value


def own(text: str, subject: str = "") -> str:
    return read_own_message(letter(text, subject=subject), phrasebook()).label.value
