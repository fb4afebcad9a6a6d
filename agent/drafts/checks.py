"""The last checks on a draft before it is queued, each with its name and the guide requirement behind it.

A check sees the finished text and looks for what must not be there, however it came in: from a template that a user wrote, from a
note, or from the name of an employer. What it finds is told to the user and the draft is not queued.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agent.drafts.draft import Refused, User
from agent.drafts.names import shown
from agent.drafts.sentences import word_count
from agent.drafts.templates import Language, Template
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.verdict import DraftKind, Due

_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|\[[^\]\n]*\]|<[^>\n]*>|\$\{|_{3,}"
    r"|\b(?:X{3,}|TBD|TBA|TODO|FIXME)\b|\blorem ipsum\b|\b(?:None|undefined)\b(?=[.,;!?]|$)"
)
_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|not?[._-]?reply|mailer-daemon|postmaster|bounces?|notifications?)\d*(?:$|[._+-])"
)
"""Local parts that take no mail, whatever a policy allows: this is the last look before a draft is made."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z")
_AFTER_AN_OFFER = frozenset({Status.OFFER, Status.ACCEPTED, Status.DECLINED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """A draft's text in its parts, and what the checks need to know of where it comes from."""

    kind: DraftKind
    template: Template
    language: Language
    subject: str
    """Empty where the subject is that of the thread: those are not our words."""
    greeting: str
    paragraphs: tuple[str, ...]
    facts: Mapping[str, str]
    status: Status
    recipient_names: tuple[str, ...]
    """Every name by which the recipients are known."""

    @property
    def text(self) -> str:
        """The paragraphs between greeting and closing."""
        return "\n\n".join(self.paragraphs)

    @property
    def own_words(self) -> str:
        """Subject and text in lower case without the names of employer, position and people, which may hold any word."""
        words = _plain(f"{self.subject}\n{self.text}")
        names = {
            _plain(self.facts[name]) for name in ("company", "role", "agency", "interviewer", "user_name") if name in self.facts
        }
        for name in sorted(names, key=len, reverse=True):
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", words)
        return words


def refuse_recipients(due: Due, user: User) -> Refused | None:
    """Return why nothing may be written to the recipients, if so; looks at addresses alone."""
    if not due.to:
        return Refused(
            check="no_recipient", reason="Nobody is known to write to; add a contact to the interview.", requirements=("B9",)
        )
    for address in due.to:
        if not _ADDRESS.match(address.email) or len(address.email) > 254:
            return Refused(
                check="recipient_address",
                reason=f"{shown(address)!r} is not an address that mail can be sent to; correct the contact.",
                requirements=("B9",),
            )
        if _NO_REPLY.search(address.email.lower().partition("@")[0]):
            return Refused(
                check="no_reply", reason=f"{address.email} takes no mail; add a person's address.", requirements=("B9",)
            )
        if address.email.lower() in user.addresses:
            return Refused(
                check="own_address", reason=f"{address.email} is your own address; correct the contact.", requirements=("B9",)
            )
    return None


def refuse_sender(user: User, sender: Address) -> Refused | None:
    """Return why the user cannot be named as the writer, if so."""
    if not sender.name:
        return Refused(
            check="full_name", reason="Your full name is not configured; a follow-up is signed with it.", requirements=("B6",)
        )
    if not _ADDRESS.match(sender.email):
        return Refused(
            check="sender_address", reason=f"Your own address {user.address!r} cannot stand in a mail.", requirements=("B6",)
        )
    return None


def refuse_text(composed: Composed) -> Refused | None:
    """Return the first check that the text fails, if any."""
    for check, requirements, find in _CHECKS:
        problem = find(composed)
        if problem:
            return Refused(check=check, reason=problem, requirements=requirements)
    return None


def _placeholder(composed: Composed) -> str:
    found = _PLACEHOLDER.search("\n".join((composed.subject, composed.greeting, composed.text)))
    return (
        f"The draft would hold a placeholder, {found.group()!r}; correct the interview's data or the template." if found else ""
    )


def _empty(composed: Composed) -> str:
    return "" if composed.paragraphs else "The template gives an empty text."


def _greeting(composed: Composed) -> str:
    """Return what is wrong with the name in the greeting: it must be one of the recipient's own."""
    name = composed.facts.get("greeting_name", "")
    if not name:
        return ""
    if name not in composed.greeting:
        return f"The greeting does not name {name!r}; correct it in forms.yaml."
    known = " ".join(composed.recipient_names).casefold()
    strange = [
        word for word in re.findall(r"[^\W\d_]{2,}", name.casefold()) if word not in known and word not in _titles(composed)
    ]
    return f"The greeting says {name!r}, which is not how the recipient is called." if strange else ""


def _titles(composed: Composed) -> frozenset[str]:
    names = composed.language.forms.names
    return frozenset(title.casefold().strip(".") for title in (*names.titles, *names.honorifics))


def _salary(composed: Composed) -> str:
    if composed.status in _AFTER_AN_OFFER or composed.kind.value.startswith("offer_"):
        return ""
    word = _found(composed.language.tone.salary, composed)
    return f"The draft speaks of pay or benefits ({word!r}) before there is an offer." if word else ""


def _tone(composed: Composed) -> str:
    tone = composed.language.tone
    for manner, phrases in (
        ("casual", tone.casual),
        ("demanding", tone.demanding),
        ("desperate", tone.desperate),
        ("reproachful", tone.reproachful),
    ):
        word = _found(phrases, composed)
        if word:
            return f"The draft sounds {manner}: {word!r}."
    return ""


def _attachment(composed: Composed) -> str:
    word = _found(composed.language.tone.attachment, composed)
    return f"The draft speaks of an attachment ({word!r}) and has none." if word else ""


def _thanks_only(composed: Composed) -> str:
    """Return what a thank-you asks: it asks nothing about the decision or the timeline, and nothing else either."""
    if composed.kind is not DraftKind.THANK_YOU:
        return ""
    word = _found(composed.language.tone.asking, composed)
    if word:
        return f"The thank-you asks about the decision or the timeline: {word!r}."
    return "The thank-you asks a question." if "?" in composed.own_words else ""


def _length(composed: Composed) -> str:
    words, most = word_count(composed.text), composed.template.max_words
    return f"The draft has {words} words, more than the {most} that its kind allows." if words > most else ""


_CHECKS: tuple[tuple[str, tuple[str, ...], Callable[[Composed], str]], ...] = (
    ("empty_text", ("B10",), _empty),
    ("placeholder", ("B10",), _placeholder),
    ("greeting_name", ("A8", "B2"), _greeting),
    ("salary", ("A6", "B11"), _salary),
    ("tone", ("A7", "E7"), _tone),
    ("attachment", ("D5",), _attachment),
    ("thanks_only", ("B1",), _thanks_only),
    ("length", ("A8", "B7", "C2"), _length),
)


def _found(phrases: Iterable[str], composed: Composed) -> str:
    """Return the first phrase that stands in the text as whole words."""
    words = composed.own_words
    return next((phrase for phrase in phrases if re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", words)), "")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
