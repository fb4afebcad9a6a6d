"""Who will lead an interview, as the calendar entry in an invitation lists it."""

from agent.interviews import ContactRole, Interview
from agent.matching.tracked import automatic, registrable
from agent.messages.message import Message

_LEADS = frozenset({ContactRole.INTERVIEWER, ContactRole.HIRING_MANAGER})


def interviewers(message: Message, interview: Interview) -> tuple[str, ...]:
    """Return the addresses of those at the employer whom the calendar entry of `message` invites, lower case.

    Only people at the organizer's or the employer's own domains count: a group appointment lists other candidates too. Recruiters
    and whoever merely sent the invitation are left out, unless nobody else is there. The user's own addresses may be among them.
    """
    if not message.calendar or message.calendar[0].method != "REQUEST":
        return ()
    event = message.calendar[0]
    roles = {contact.email.lower(): contact.role for contact in interview.contacts}
    domains = {_domain(event.organizer), *map(registrable, interview.domains), *map(_domain, roles)} - {""}
    leading = [
        each
        for each in event.attendees
        if roles.get(each) in _LEADS or (each not in roles and _domain(each) in domains and not automatic(each))
    ]
    others = [each for each in leading if each != event.organizer or roles.get(each) in _LEADS]
    return tuple(others or leading)


def _domain(email: str) -> str:
    return registrable(email.rpartition("@")[2])
