"""How the people of one candidacy are called, as far as it is known."""

from agent.drafts.lines import joined, one_line
from agent.drafts.names import greeting_name, names_a_person
from agent.drafts.templates import Forms
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import Interview
from agent.interviews.status import HeldRound
from agent.policy.verdict import Due


def organisations(interview: Interview) -> tuple[str, ...]:
    """Return all names of the employer and the agency: none of them is a person's."""
    return tuple(name for name in (interview.company, *interview.aliases, interview.via) if name)


def display_names(email: str, due: Due, candidacy: Candidacy) -> tuple[str, ...]:
    """Return the names that an address is known by: the user's own word first, then the mail to be sent, then their mail."""
    contacts = [contact.name for contact in candidacy.interview.contacts if contact.email.lower() == email.lower()]
    addressed = [address.name for address in (*due.to, *([due.person] if due.person else [])) if address.email == email]
    wrote = [letter.message.sender.name for letter in reversed(candidacy.letters) if letter.message.sender.email == email]
    return tuple(dict.fromkeys(name for name in map(one_line, (*contacts, *addressed, *wrote)) if name))


def recipient_name(due: Due, candidacy: Candidacy, forms: Forms) -> str | None:
    """Return the name for the greeting; None for several recipients and for one who is not known by a person's name."""
    if len(due.to) != 1:
        return None
    names = (
        greeting_name(name, forms.names, organisations(candidacy.interview))
        for name in display_names(due.to[0].email, due, candidacy)
    )
    return next((name for name in names if name), None)


def full_name(email: str, due: Due, candidacy: Candidacy, forms: Forms) -> str:
    """Return the full name of a person as it is written in running text; empty where no name of a person is known."""
    names = (
        names_a_person(name, forms.names, organisations(candidacy.interview)) for name in display_names(email, due, candidacy)
    )
    return next((name for name in names if name), "")


def interviewers(held: HeldRound | None, due: Due, candidacy: Candidacy, forms: Forms) -> str:
    """Return the names of those who asked, when none of them is written to and all are known."""
    if held is None or not held.with_ or {address.email.lower() for address in due.to} & {email.lower() for email in held.with_}:
        return ""
    names = [full_name(email, due, candidacy, forms) for email in held.with_]
    return joined(names, forms.conjunction) if all(names) and len(names) <= 3 else ""
