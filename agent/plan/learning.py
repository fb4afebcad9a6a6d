"""What the user's answer teaches, in the open: a contact or an alias, so that the next message of the kind is certain."""

from collections.abc import Iterable
from dataclasses import replace

from agent.interviews import Contact, Interview
from agent.matching.names import company_name, display_names
from agent.matching.tracked import automatic
from agent.messages.message import Message
from agent.signals.reading import Reading
from agent.signals.senders import PlatformKind, SenderBook

_SHARED = frozenset({PlatformKind.JOB_BOARD, PlatformKind.MAILING, PlatformKind.CALENDAR, PlatformKind.SIGNING})
"""Platforms whose addresses write for everybody: such an address tells nobody apart."""


def lessons(
    message: Message, reading: Reading, interview: Interview, *, others: Iterable[Interview], senders: SenderBook
) -> tuple[Interview, tuple[str, ...]]:
    """Return `interview` with what its confirmed `message` teaches, and what that is, a phrase each.

    A person's address becomes a contact. What a machine signs with, or names as the company, becomes an alias, and its address a
    contact where it is no platform's; neither, where another tracked interview has it already. What would tie strangers' mail
    to the interview is not learned.
    """
    learned = interview
    told: list[str] = []
    rest = tuple(other for other in others if other.id != interview.id)
    alias = _alias(message, reading, interview, rest, senders)
    if alias:
        learned = replace(learned, aliases=(*learned.aliases, alias))
        told.append(f"the alias {alias}")
    contact = _contact(message, learned, rest, senders)
    if contact:
        learned = replace(learned, contacts=(*learned.contacts, contact))
        told.append(f"the contact {contact.name} <{contact.email}>" if contact.name else f"the contact {contact.email}")
    return learned, tuple(told)


def _contact(message: Message, interview: Interview, others: tuple[Interview, ...], senders: SenderBook) -> Contact | None:
    email, name = message.sender.email, message.sender.name
    platform = senders.platform(message.sender.domain)
    machine = automatic(email)
    if not email or any(known.email == email for known in interview.contacts):
        return None
    if platform is not None and (machine or platform.kind in _SHARED):
        return None
    if machine and any(known.email == email for other in others for known in other.contacts):
        return None
    return Contact(name="" if machine else name, email=email)


def _alias(
    message: Message, reading: Reading, interview: Interview, others: tuple[Interview, ...], senders: SenderBook
) -> str | None:
    """Return the name under which the employer writes by a machine, where it is not among its names yet."""
    platform = senders.platform(message.sender.domain)
    if not automatic(message.sender.email) and (platform is None or platform.kind is PlatformKind.MAIL_PROVIDER):
        return None
    own = _names(interview) | {company_name(interview.via or "")}
    taken = {name for other in others for name in _names(other)} - own
    shown = [" ".join(name).title() for name in display_names(message.sender.name)]
    for text in (reading.company or "", *shown):
        name = company_name(text)
        if name in own:
            return None
        if name and name not in taken and " ".join(name) not in senders.names:
            return text
    return None


def _names(interview: Interview) -> set[tuple[str, ...]]:
    return {company_name(text) for text in (interview.company, *interview.aliases)} - {()}
