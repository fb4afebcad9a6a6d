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

__all__ = [
    "Address",
    "AuthenticationResult",
    "Bounce",
    "CalendarEvent",
    "Message",
]
