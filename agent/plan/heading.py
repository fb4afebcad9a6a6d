"""What is settled from a heading: mail that certainly has nothing to do with a candidacy is laid aside, its text unread.

Certain is mail to many, and the user's own to other people, which nothing ties to what is tracked and which says no word of a
candidacy; and mail of those whose mail never did. All other mail is read: a candidacy that is missed costs more than a text.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from agent.matching.names import words
from agent.matching.tracked import automatic, domain_label, registrable, requisition_key
from agent.messages.glance import Glance
from agent.messages.message import Message
from agent.plan.desk import Desk
from agent.signals import Phrasebook
from agent.signals.senders import PlatformKind

_SAYS_NOTHING = frozenset({PlatformKind.MAIL_PROVIDER, PlatformKind.MAILING})
"""Platforms whose domain says nothing of what their mail is about."""
_ORDINARY = 6
"""Messages of one address after which it is known to write about other things."""
_SHORTEST_KEY = 4
"""Characters that a requisition id has at least, to be looked for inside of a subject."""
_UNKNOWN = re.compile(
    "[^\\W\\d_\x00-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u9fff\uf900-\ufaff\ufe00-\uffff\U0001f000-\U0001ffff]"
)
"""A letter of a language that no words of candidacies are known of."""


class Settled(StrEnum):
    """Why the text of a message is not needed; the values are what the user is told."""

    BULK = "it was written to many, and nothing in its heading speaks of a candidacy"
    """List-ID, List-Unsubscribe, Precedence: bulk."""
    NOTICE = "a machine wrote it, and nothing in its heading speaks of a candidacy"
    """Auto-Submitted: auto-generated."""
    OWN = "you wrote it to somebody who is part of no candidacy"
    """From Sent."""
    NOT_THEIRS = "it says that you wrote it, and does not lie in Sent"
    """A copy, or a draft in a folder of all mail."""
    USUAL = "its sender has written to you before, always about other things"
    """Private correspondence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingTies:
    """What is known of the mail and the people that a heading names, looked up by key."""

    kin: bool = False
    """A message that it answers, or one of its provider's thread, may belong to a candidacy."""
    correspondents: bool = False
    """One of the addresses, or a domain of theirs, has written or was written to in a candidacy."""
    subject: bool = False
    """A message of a candidacy has the same base subject."""
    ordinary: int = 0
    """How many messages of its sender were read, all of them about other things."""


@dataclass(slots=True)
class Sieve:
    """Judges headings by what is tracked at the moment; laid anew when that changes."""

    desk: Desk
    _hosts: dict[str, bool] = field(default_factory=dict)
    """Host name → whether mail from there or to there may be about a candidacy."""
    _single: frozenset[str] = field(init=False)
    """Words that alone may stand for an employer or an agency."""
    _roles: tuple[str, ...] = field(init=False)
    _numbers: tuple[str, ...] = field(init=False)
    _own: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        tracked = self.desk.tracked
        self._single = frozenset((*tracked.joined, *tracked.joined_vias))
        self._roles = tuple({f" {' '.join(known.role)} " for known in tracked.by_id.values() if known.role})
        self._numbers = tuple(key for key in tracked.requisitions if len(key) >= _SHORTEST_KEY)
        self._own = frozenset(self.desk.user.addresses)

    def settled(self, glance: Glance, ties: HeadingTies, *, own: bool) -> Settled | None:
        """Return why the message is certainly about no candidacy, or None: its text is needed.

        `own`: it lies in Sent.
        """
        if not self.desk.phrasebook.heading_words.languages_known or not glance.senders or not glance.subject:
            return None
        if not own and glance.senders[0] in self._own:
            return Settled.NOT_THEIRS
        why = self._kind(glance, ties, own=own)
        if why is None or self._is_tied(glance, ties, own=own) or self._speaks(glance, why):
            return None
        return why

    def says_nothing(self, message: Message, ties: HeadingTies, *, own: bool) -> bool:
        """Whether a message, now that its text is there, certainly has nothing to do with a candidacy.

        Nothing ties it to what is tracked, and neither its heading nor its new text has a word that speaks of one. `own`: it lies
        in Sent.
        """
        glance = glance_of(message)
        if not self.desk.phrasebook.heading_words.languages_known or glance.special or message.auto_submitted:
            return False
        text = f"{glance.name} {glance.subject} {message.fresh}"
        return not (self._is_tied(glance, ties, own=own) or self._says(text, glance, bulk=False, whole=False))

    def _kind(self, glance: Glance, ties: HeadingTies, *, own: bool) -> Settled | None:
        """Return the kind of mail that it is, where mail of that kind may be settled at all."""
        if glance.special:
            return None
        if own:
            to_others = glance.recipients and self._own.isdisjoint(glance.recipients)
            return Settled.OWN if to_others else None
        if glance.bulk:
            return Settled.BULK
        if ties.ordinary >= _ORDINARY:
            return Settled.USUAL
        return Settled.NOTICE if glance.notice and automatic(glance.senders[0]) else None

    def _is_tied(self, glance: Glance, ties: HeadingTies, *, own: bool) -> bool:
        """Whether its thread or its people have to do with a candidacy, as far as is known."""
        if ties.kin or ties.correspondents or ties.subject:
            return True
        contacts = self.desk.tracked.contacts
        theirs = glance.recipients if own else glance.senders
        if any(email in contacts for email in (*glance.senders, *glance.recipients)):
            return True
        return any(self._host(email.rpartition("@")[2]) for email in theirs) or (not own and self._tenant(glance.senders))

    def _host(self, host: str) -> bool:
        """Whether a host belongs to an employer or an agency that is tracked, is called like one, or serves for many."""
        found = self._hosts.get(host)
        if found is None:
            found = self._hosts[host] = self._matters(host)
        return found

    def _matters(self, host: str) -> bool:
        tracked = self.desk.tracked
        platform = tracked.senders.platform(host)
        if platform is not None:
            return platform.kind not in _SAYS_NOTHING
        domain = registrable(host)
        if domain in tracked.domains or domain in tracked.agencies:
            return True
        labels = (domain_label(domain), *(label.replace("-", "") for label in host.split(".")))
        return any(label in index for label in labels for index in (tracked.joined, tracked.joined_vias, tracked.parts))

    def _tenant(self, senders: Iterable[str]) -> bool:
        """Whether an employer's name stands in the address before the @: `acme@recruiting.example`."""
        for email in senders:
            local = email.partition("@")[0]
            for part in local.replace("+", ".").replace("_", ".").split("."):
                plain = part.replace("-", "")
                if len(plain) > 3 and (plain in self.desk.tracked.joined or plain in self.desk.tracked.joined_vias):
                    return True
        return False

    def _speaks(self, glance: Glance, why: Settled) -> bool:
        """Whether subject or sender's name hold a word of a candidacy, what is tracked, or letters that no word is known in."""
        text = f"{glance.name} {glance.subject} {_local(glance)}" if why is not Settled.OWN else glance.subject
        return self._says(text, glance, bulk=why is Settled.BULK, whole=why is Settled.BULK)

    def _says(self, text: str, glance: Glance, *, bulk: bool, whole: bool) -> bool:
        """Whether a text holds a word of a candidacy, what is tracked, or letters that no word is known in.

        With `bulk` only words that count in mail to many, with `whole` only whole names of employers.
        """
        if not text.isascii() and _UNKNOWN.search(text):
            return True
        found = words(text).folded
        if self._names(found, whole=whole):
            return True
        spaced = f" {' '.join(found)} "
        if any(role in spaced for role in self._roles):
            return True
        if self._numbers:
            plain = requisition_key(glance.subject)
            if any(number in plain for number in self._numbers):
                return True
        return bool(self.desk.phrasebook.heading_words.found_in(found, bulk=bulk))

    def _names(self, found: tuple[str, ...], *, whole: bool) -> bool:
        """Whether an employer or an agency is named, in whatever case; unless `whole`, by the first word of its name alone."""
        if not self._single.isdisjoint(found) or not (whole or self.desk.tracked.parts.keys().isdisjoint(found)):
            return True
        for names in (self.desk.tracked.companies, self.desk.tracked.vias):
            for index, word in enumerate(found):
                if any(found[index : index + length] in names.owners for length in names.lengths.get(word, ())):
                    return True
        return False


def glance_of(message: Message) -> Glance:
    """Return the heading of a message that was read."""
    return Glance(
        message_id=message.message_id,
        parent_ids=message.parent_ids,
        senders=tuple(address.email for address in (message.sender, *message.reply_to) if address.email),
        name=message.sender.name,
        recipients=tuple(address.email for address in message.recipients),
        subject=message.subject,
        bulk=message.list_mail,
        notice=False,
        special=bool(message.calendar) or message.bounce is not None,
    )


def fingerprint(phrasebook: Phrasebook) -> str:
    """Return what changes with the words and the platforms by which headings are judged."""
    words = phrasebook.heading_words
    platforms = sorted(f"{platform.domain} {platform.kind}" for platform in phrasebook.senders.platforms)
    said = "\n".join((*sorted(words.always), "", *sorted(words.often), "", *platforms))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _local(glance: Glance) -> str:
    """Return the part of the first sender's address before the @, in words: `jobs`, `talent acquisition`."""
    return glance.senders[0].partition("@")[0] if glance.senders else ""
