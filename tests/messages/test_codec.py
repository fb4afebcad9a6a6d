import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from agent.messages import (
    Address,
    AuthenticationResult,
    Bounce,
    CalendarEvent,
    Message,
    message_from_dict,
    message_to_dict,
)
from tests.messages.building import read

WORD = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
WORDS = st.lists(WORD, max_size=3).map(tuple)
OFFSET = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
TIME = st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2090, 1, 1), timezones=OFFSET)  # noqa: DTZ001 - hypothesis adds the zone
ADDRESS = st.builds(Address, name=WORD, email=WORD)
ADDRESSES = st.lists(ADDRESS, max_size=2).map(tuple)
EVENT = st.builds(
    CalendarEvent,
    method=WORD,
    uid=WORD,
    sequence=st.integers(0, 99),
    status=WORD,
    starts_at=st.none() | TIME,
    ends_at=st.none() | TIME,
    zone_certain=st.booleans(),
    summary=WORD,
    organizer=WORD,
    attendees=WORDS,
    location=WORD,
    recurrence_id=WORD,
)
RESULT = st.builds(
    AuthenticationResult,
    authserv_id=WORD,
    methods=st.lists(st.tuples(WORD, WORD), max_size=2).map(tuple),
    domains=WORDS,
    above_received=st.booleans(),
)
MESSAGE = st.builds(
    Message,
    message_id=WORD,
    in_reply_to=WORDS,
    references=WORDS,
    date=TIME,
    received_at=TIME,
    sender=ADDRESS,
    reply_to=ADDRESSES,
    to=ADDRESSES,
    cc=ADDRESSES,
    subject=WORD,
    text=WORD,
    fresh=WORD,
    calendar=st.lists(EVENT, max_size=2).map(tuple),
    auto_submitted=st.booleans(),
    list_mail=st.booleans(),
    bounce=st.none() | st.builds(Bounce, permanent=st.booleans(), recipients=WORDS, original_message_id=WORD),
    authentication=st.lists(RESULT, max_size=2).map(tuple),
    returns_on=st.none() | st.dates(),
    defects=WORDS,
)


@given(MESSAGE)
def test_a_message_survives_json(message: Message) -> None:
    again = message_from_dict(json.loads(json.dumps(message_to_dict(message))))
    assert again == message
    assert again.date.utcoffset() == message.date.utcoffset()


def test_times_are_written_with_their_offset() -> None:
    message = read("From: a@b.example\nDate: Mon, 16 Nov 2026 10:00:00 +0100\n\nHi")
    data = message_to_dict(message)
    assert data["date"] == "2026-11-16T10:00:00+01:00"
    assert data["sender"] == {"name": "", "email": "a@b.example"}
    assert data["bounce"] is None


def test_a_key_of_a_later_version_is_left_aside() -> None:
    message = read("From: a@b.example\n\nHi")
    assert message_from_dict(message_to_dict(message) | {"mood": "good"}) == message
