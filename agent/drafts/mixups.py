"""Whether a draft to one employer names another one that the user tracks: the mistake that hurts most."""

import re
from collections.abc import Iterator, Mapping

from agent.drafts.lines import without
from agent.drafts.surroundings import Neighbour, Surroundings
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import Interview
from agent.messages.message import Address

_SHORTEST = 2
_DATES = (
    "agreed_date",
    "answer_by",
    "free_times",
    "interview_date",
    "last_written",
    "next_date",
    "overdue_date",
    "promised_date",
)
_THEIR_OWN = (
    "company",
    "role",
    "agency",
    "interviewer",
    "contact_name",
    "greeting_name",
    "user_name",
    "user_address",
    "strengths",
)
"""Facts that may hold the name of another employer: what the user brings is told to all, a position may be called after one."""
_BEGINS = re.compile(r"(?:^|[.!?:\n]|[“\"„«])\s*\Z")


def other_employer(
    text: str,
    facts: Mapping[str, str],
    *,
    interview: Interview,
    recipient_names: tuple[str, ...],
    around: Surroundings,
    language: str,
) -> str:
    """Return the name of another tracked employer, or of one of its contacts, that stands in `text`; empty where none does.

    Names are compared as they are written. A small word of the language that begins a sentence is no name.
    """
    if not around.neighbours:
        return ""
    own = {facts[name] for name in (*_THEIR_OWN, *_DATES) if name in facts}
    own |= {name for name in (interview.company, interview.role, *interview.aliases, interview.via, *recipient_names) if name}
    own |= {contact.name for contact in interview.contacts if contact.name}
    text = without(own, text)
    small = _small_words(around, language)
    for neighbour in around.neighbours:
        for name in (*neighbour.employers, *neighbour.people):
            if len(name) < _SHORTEST or name in own:
                continue
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                if name.casefold() not in small or not _BEGINS.search(text[: found.start()]):
                    return name
    return ""


def belongs_to_another(address: Address, candidacy: Candidacy, around: Surroundings) -> Neighbour | None:
    """Return the other candidacy whose contact an address is, where this one has nothing to do with it."""
    if any(contact.email.lower() == address.email for contact in candidacy.interview.contacts):
        return None
    if address.email in {email for held in candidacy.state.rounds for email in held.with_}:
        return None
    if any(address.email in _people(candidacy, number) for number in range(len(candidacy.letters))):
        return None
    return next((each for each in around.neighbours if address.email in each.addresses), None)


def _people(candidacy: Candidacy, number: int) -> Iterator[str]:
    message = candidacy.letters[number].message
    for address in (message.sender, *message.reply_to, *message.recipients):
        yield address.email
    for event in message.calendar:
        yield event.organizer
        yield from event.attendees


def _small_words(around: Surroundings, language: str) -> frozenset[str]:
    books = around.phrasebook.languages if around.phrasebook else ()
    return next((book.known_by for book in books if book.language == language), frozenset())
