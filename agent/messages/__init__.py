"""Pure: the bytes of a mail turned into a `Message` that the other rooms can read.

`parse_message` is the way in; `Message` and its parts are the values that go round the house.
"""

from agent.messages.message import (
    Address,
    AuthenticationResult,
    Bounce,
    CalendarEvent,
    Message,
)
from agent.messages.parse import message_from_fields, parse_message
from agent.messages.references import parse_msg_ids
from agent.messages.subject import base_subject

__all__ = [
    "Address",
    "AuthenticationResult",
    "Bounce",
    "CalendarEvent",
    "Message",
    "base_subject",
    "message_from_fields",
    "parse_message",
    "parse_msg_ids",
]
