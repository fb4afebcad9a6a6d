"""Who will lead an interview, as the calendar entry in an invitation lists it or as the text that fixes its time says it."""

from agent.interviews import ContactRole, Interview
from agent.interviews.candidacy import Candidacy
from agent.matching.tracked import automatic, registrable
from agent.messages.message import CalendarEvent, Message
from agent.plan.named import Named, people_at_the_end, people_at_the_start
from agent.signals import Reading

_LEADS = frozenset({ContactRole.INTERVIEWER, ContactRole.HIRING_MANAGER})


def interviewers(message: Message, reading: Reading, candidacy: Candidacy) -> tuple[str, ...]:
    """Return the addresses, lower case, of those who will lead the interview that `message` fixes; empty where it does not say.

    A calendar entry that invites people of the employer's goes before the text. `candidacy` stands as it did before the message.
    """
    if message.calendar:
        event = message.calendar[0]
        invited = _invited(event, candidacy.interview) if event.method == "REQUEST" else ()
        if invited or event.method != "REQUEST":
            return invited
    return _told(message, reading, candidacy) if reading.interview_at is not None else ()


def _invited(event: CalendarEvent, interview: Interview) -> tuple[str, ...]:
    """Return whom a calendar entry invites on the other side.

    Only people at the organizer's or the employer's own domains count: a group appointment lists other candidates too. Recruiters
    and whoever merely sent the invitation are left out, unless nobody else is there. The user's own addresses may be among them.
    """
    roles = {contact.email.lower(): contact.role for contact in interview.contacts}
    domains = {_domain(event.organizer), *map(registrable, interview.domains), *map(_domain, roles)} - {""}
    leading = [
        each
        for each in event.attendees
        if roles.get(each) in _LEADS or (each not in roles and _domain(each) in domains and not automatic(each))
    ]
    others = [each for each in leading if each != event.organizer or roles.get(each) in _LEADS]
    return tuple(others or leading)


def _told(message: Message, reading: Reading, candidacy: Candidacy) -> tuple[str, ...]:
    """Return whom the text names: contacts by their names, and the writer who says so.

    An interviewer or hiring manager who fixes a time and names nobody will lead it, unless it is known who leads what lies ahead.
    Whoever is no contact has no address and counts for nothing.
    """
    interview = candidacy.interview
    names = Named(interview)
    found = [people_at_the_start(text, names) for text in reading.meets]
    found += [people_at_the_end(text, names) for text in reading.leads]
    people = [email for each in found for email in each.emails]
    writer = message.sender.email
    role = next((contact.role for contact in interview.contacts if contact.email.lower() == writer), None)
    if reading.with_writer and writer and role is not ContactRole.REFERRER and (role or not automatic(writer)):
        people.append(writer)
    if not people and role in _LEADS and not any(each.strangers for each in found):
        known = any(held.with_ for held in candidacy.state.rounds if held.ends_at > message.date)
        return () if known else (writer,)
    return tuple(dict.fromkeys(people))


def _domain(email: str) -> str:
    return registrable(email.rpartition("@")[2])
