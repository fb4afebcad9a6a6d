"""Candidacies that nobody tracks yet: an invitation or a receipt for another role, proposed with what it says of itself."""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from agent.interviews import Contact, Interview, Round
from agent.matching.names import company_name, fold, role_at, role_name, role_words, words
from agent.matching.tracked import automatic, registrable, requisition_key
from agent.messages.message import Message
from agent.signals.reading import Label, Reading
from agent.signals.senders import SenderBook


class Discovery(StrEnum):
    """What is done about a candidacy that nobody tracks."""

    ASK = "ask"
    """It is proposed in review."""
    TRACK = "track"
    """It is tracked at once where company and role are known, else proposed."""
    OFF = "off"
    """Nothing."""


OPENINGS = frozenset({Label.ACKNOWLEDGED, Label.INVITATION, Label.SCHEDULED, Label.ASSESSMENT, Label.INFO_REQUEST, Label.OFFER})
"""What a message of a candidacy says that is worth tracking; a rejection of one that nobody tracks is over."""
UNKNOWN = "?"
"""Stands for a company or role that the message does not name; the user fills it in when accepting."""
_LONGEST_ID = 48
_NO_TITLE = re.compile(r"(?:(?:the|this|that|your|our|another) )|.*\b(?:19|20)\d\d\b", re.IGNORECASE)
"""What was read as a role and is none: a date, a number of the vacancy, words that point at one named elsewhere."""


def proposal(
    message: Message, reading: Reading, *, tracked: Iterable[str], senders: SenderBook, of: Collection[Label] = OPENINGS
) -> Interview | None:
    """Return the interview that `message` seems to be about, to be proposed, or None.

    Company, role, requisition, contact and dates are what the message names; what it does not name is `UNKNOWN`. Mail
    to many, mail that is not read with certainty, and mail that names neither company nor role proposes nothing. `tracked` are
    the ids in use.
    """
    if reading.abstained or reading.label not in of or message.list_mail or message.auto_submitted:
        return None
    platform = senders.platform(message.sender.domain)
    company = reading.company if company_name(reading.company or "") and not _is_invited(message, reading.company or "") else None
    role = reading.role if reading.role and not _NO_TITLE.match(reading.role) else None
    if company is None and (role is None or not message.sender.email):
        return None
    person = not automatic(message.sender.email) and platform is None
    minutes = reading.interview_minutes or 60
    received = reading.label is Label.ACKNOWLEDGED
    return Interview(
        id=named_id(company or message.sender.domain.partition(".")[0], role or "", set(tracked)),
        company=company or UNKNOWN,
        role=role or UNKNOWN,
        requisition=reading.requisition,
        domains=(registrable(message.sender.domain),) if person and company and _of(message.sender.domain, company) else (),
        applied_on=message.date.date() if received else None,
        contacts=(Contact(name=message.sender.name, email=message.sender.email),) if person else (),
        rounds=(Round(at=reading.interview_at, minutes=minutes),) if reading.interview_at else (),
    )


def _is_invited(message: Message, name: str) -> bool:
    """Whether a name is that of a person in the calendar part: 'your interview with Beatrix Owusu' names no employer."""
    people = {fold(person.name) for event in message.calendar for person in event.named}
    return fold(name) in people


def complete(interview: Interview) -> bool:
    """Whether a proposal names company and role."""
    return UNKNOWN not in (interview.company, interview.role)


def same_proposal(interview: Interview) -> str:
    """Return what makes two proposals one: a dismissed one never returns under another message."""
    role = role_name(interview.role)
    return f"{' '.join(company_name(interview.company) or (interview.company,))}|{' '.join(role)}|{interview.requisition or ''}"


def one_employer(one: Interview, other: Interview) -> bool:
    """Whether two candidacies are at one employer: one name is the other, or its beginning ('Kestrel', 'Kestrel Analytics')."""
    names = sorted((company_name(one.company), company_name(other.company)), key=len)
    return bool(names[0]) and names[1][: len(names[0])] == names[0]


def one_role(one: Interview, other: Interview) -> bool:
    """Whether two candidacies at one employer are for one role: the one title stands whole in the other.

    Two requisitions are two roles; a role that is not known is the same as none.
    """
    numbers = {requisition_key(each.requisition) for each in (one, other) if each.requisition}
    if len(numbers) > 1 or UNKNOWN in (one.role, other.role):
        return False
    first, second = role_words(one.role), role_words(other.role)
    return role_at(first, second.folded) is not None or role_at(second, first.folded) is not None


def named_id(company: str, role: str, used: Collection[str]) -> str:
    """Return the id of a candidacy, made of company and role: `acme-robotics-backend-engineer`, numbered where it is used."""
    written = (*words(company).written, *role_words(role).written)
    plain = "-".join(re.findall(r"[a-z0-9]+", " ".join(fold(word) for word in written)))[:_LONGEST_ID].strip("-")
    return free_id(plain or "candidacy", used)


def free_id(wanted: str, used: Collection[str]) -> str:
    """Return an id, with a number behind it where it is used already."""
    number, free = 2, wanted
    while free in used:
        free, number = f"{wanted}-{number}", number + 1
    return free


def _of(domain: str, company: str) -> bool:
    """Whether a domain is spelled as the company is."""
    return registrable(domain).partition(".")[0].replace("-", "") == "".join(company_name(company))
