"""Which language a draft is to be in: the user's word, else that of the conversation, else the user's own language."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from agent.drafts.draft import User
from agent.interviews.candidacy import Candidacy
from agent.policy.verdict import Due
from agent.signals.reading import Label

NOT_OF_PEOPLE = frozenset({Label.AUTO_REPLY, Label.BOUNCE, Label.ALERT, Label.OUTREACH})
"""What machines write, in answer to nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """The language of a draft."""

    code: str
    """ISO 639-1, lower case."""
    named: bool
    """The user named it for this interview."""
    expected: str
    """That of the conversation where it is another one, which nobody there has written in; empty elsewhere."""


def tongue(due: Due, candidacy: Candidacy, user: User, known: Collection[str]) -> Tongue:
    """Return the language for a draft, of those `known` where the user named none.

    The message that is answered goes first, then the latest mail of the recipient, then the latest mail of theirs.
    """
    named = _code(candidacy.interview.language)
    spoken = [code for code in map(_code, _spoken(due, candidacy)) if code]
    if named:
        return Tongue(code=named, named=True, expected="")
    code = next((code for code in spoken if code in known), _code(user.language))
    return Tongue(code=code, named=False, expected=spoken[0] if spoken and code not in spoken else "")


def _spoken(due: Due, candidacy: Candidacy) -> Iterator[str]:
    """Yield the languages of the conversation, what counts most first."""
    if due.parent is not None and not due.parent.own:
        yield due.parent.reading.language or ""
    recipients = {address.email for address in due.to}
    for letter in reversed(candidacy.letters):
        if not letter.own and letter.message.sender.email in recipients:
            yield letter.reading.language or ""
    for letter in reversed(candidacy.letters):
        if not letter.own and not letter.message.auto_submitted and letter.reading.label not in NOT_OF_PEOPLE:
            yield letter.reading.language or ""


def _code(language: str) -> str:
    return language.casefold().partition("-")[0].strip()
