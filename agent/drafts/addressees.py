"""Whether a draft may go where it would go: looked at before a word is written."""

import re
from collections.abc import Mapping

from agent.drafts.checks import refused
from agent.drafts.draft import Refused, User
from agent.drafts.mixups import belongs_to_another
from agent.drafts.surroundings import Surroundings
from agent.drafts.templates import CheckText
from agent.interviews.candidacy import Candidacy
from agent.messages.message import Address
from agent.policy.policy import FOLLOW_UPS, TO_USER
from agent.policy.verdict import DraftKind, Due

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|not?[._-]?reply|mailer-daemon|postmaster|bounces?|notifications?)\d*(?:$|[._+-])"
)
"""Local parts that take no mail, whatever a policy allows: this is the last look before a draft is made."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z")
_LONGEST = 254
_NAMING = FOLLOW_UPS | {DraftKind.THANK_YOU, DraftKind.REFERRER_UPDATE}
"""Kinds whose occasion may name the one person that they are for."""
_NAMED = re.compile(r"(?:round-\d+|outcome-\w+):([^\s<>@]+@[^\s<>@:]+)\Z")


def refuse_recipients(
    due: Due, candidacy: Candidacy, user: User, around: Surroundings, checks: Mapping[str, CheckText]
) -> Refused | None:
    """Return why nothing may be written to the recipients, if so; looks at addresses alone."""
    if not due.to:
        return refused(checks, "no_recipient")
    for address in due.to:
        email = address.email.lower()
        check = ""
        if not _ADDRESS.match(address.email) or len(address.email) > _LONGEST:
            check = "recipient_address"
        elif due.kind in TO_USER:
            check = "" if email in user.addresses else "not_the_user"
        elif _NO_REPLY.search(email.partition("@")[0]):
            check = "no_reply"
        elif email in user.addresses:
            check = "own_address"
        elif (other := belongs_to_another(address, candidacy, around)) is not None:
            return refused(checks, "wrong_employer", found=f"{address.email} ({other.interview})")
        if check:
            return refused(checks, check, address=_shown(address))
    return None if _is_meant(due) else refused(checks, "primary_contact", address=" and ".join(map(_shown, due.to)))


def refuse_sender(user: User, sender: Address, checks: Mapping[str, CheckText]) -> Refused | None:
    """Return why the user cannot be named as the writer, if so."""
    if not sender.name:
        return refused(checks, "full_name")
    return None if _ADDRESS.match(sender.email) else refused(checks, "sender_address", address=user.address)


def _shown(address: Address) -> str:
    return address.email or "an empty address"


def _is_meant(due: Due) -> bool:
    """Whether a follow-up goes to one person, and what is for one person to that one alone (B9)."""
    named = _NAMED.search(due.occasion) if due.kind in _NAMING else None
    if due.kind in FOLLOW_UPS and len(due.to) != 1:
        return False
    return named is None or {address.email.lower() for address in due.to} == {named[1].lower()}
