"""Who vouches for the sender of a message: `vouch`.

Only the user's own provider is believed, by the Authentication-Results header (RFC 8601) that it wrote; whatever stands below
that may have been written by the sender.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from agent.matching.tracked import registrable
from agent.messages.message import AuthenticationResult, Message
from agent.signals.senders import PlatformKind, SenderBook

_VOUCHED_PLATFORMS = frozenset({PlatformKind.ATS, PlatformKind.JOB_BOARD})
"""Platforms that speak for employers; anybody can have a letter sent by a signing service or a calendar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """Somebody vouches for the sender."""

    reason: str
    """One sentence for the user."""
    weak: bool = False
    """Only the address is known; nobody checked that it is genuine."""


class Doubt(StrEnum):
    """Why nobody vouches for a sender."""

    FAILED = "failed"
    """The user's provider says that the message is not from where it says."""
    SILENT = "silent"
    """The address would fit, and the provider does not say whether it is genuine."""
    STRANGER = "stranger"
    """The address has nothing to do with the candidacy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unvouched:
    """Nobody vouches for the sender: what the message says may be asked about, never acted on where it ends something."""

    reason: str
    """One sentence for the user."""
    doubt: Doubt


def vouch(
    message: Message,
    *,
    authserv_id: str | None,
    in_own_thread: bool,
    contacts: Collection[str],
    domains: Collection[str],
    senders: SenderBook,
) -> Vouched | Unvouched:
    """Return who vouches for the sender of `message`, or why nobody does.

    `authserv_id`: the name under which the user's provider writes its results; None takes the topmost header, if it stands above
    every Received header, where only the provider can have put it. `in_own_thread`: it answers a mail of the user's, whose
    Message-ID no stranger knows. `contacts`: known addresses of the interview, lower case. `domains`: the employer's and the
    agency's domains.
    """
    results = own_results(message, authserv_id)
    sender, domain = message.sender.email, message.sender.domain
    dmarc = _result(results, "dmarc")
    passed = _passed(results, domain)
    shown = domain or "nobody"
    if dmarc == "fail" or (dmarc != "pass" and not passed and not in_own_thread and _any_fails(results)):
        return Unvouched(reason=f"Your mail provider says that this does not come from {shown}.", doubt=Doubt.FAILED)
    if in_own_thread:
        return Vouched(reason="It answers a mail that you wrote.")
    known = sender in contacts
    platform = senders.platform(domain)
    employer = domain != "" and platform is None and registrable(domain) in {registrable(each) for each in domains}
    carrier = platform is not None and platform.kind in _VOUCHED_PLATFORMS
    if not (known or employer or carrier):
        return Unvouched(
            reason=f"{sender or 'An empty sender'} has nothing known to do with this candidacy.", doubt=Doubt.STRANGER
        )
    if passed:
        whose = f"your contact {sender}" if known else f"{platform.name} ({domain})" if carrier and platform else domain
        return Vouched(reason=f"Your mail provider confirms that it comes from {whose}.")
    if (known or employer) and not message.authentication and authserv_id is None:
        whose = "a known contact" if known else f"an address of {domain}, which you named"
        return Vouched(reason=f"{sender} is {whose}; your provider does not say who sent it.", weak=True)
    return Unvouched(reason=f"Your mail provider does not confirm that it comes from {shown}.", doubt=Doubt.SILENT)


def own_results(message: Message, authserv_id: str | None) -> tuple[AuthenticationResult, ...]:
    """Return the Authentication-Results that the user's own provider wrote, topmost first.

    Gmail and others write theirs below their own Received headers. There the topmost one under the provider's name is believed
    and nothing else: a server adds on top, and takes away what comes in under its own name (RFC 8601 section 5).
    """
    above = tuple(each for each in message.authentication if each.above_received)
    if authserv_id is None:
        return above[:1]
    named = tuple(each for each in message.authentication if each.authserv_id == authserv_id.lower())
    return tuple(each for each in named if each.above_received) or named[:1]


def usual_authserv_id(received: Iterable[Message]) -> str | None:
    """Return the name under which the user's provider seems to write its results, from a sample of received mail.

    It is the one that stands topmost on at least four fifths of them, and on at least three; None where none does. A forger can
    put any name into his own mail, and not into most of a mailbox.
    """
    tops = [message.authentication[0].authserv_id if message.authentication else None for message in received]
    usual, times = max(Counter(tops).items(), key=lambda item: item[1], default=(None, 0))
    return usual if times >= 3 and times * 5 >= len(tops) * 4 else None


def _result(results: Collection[AuthenticationResult], method: str) -> str:
    """Return the result of `method`; of several a pass, as one passing signature is enough, else the first."""
    found = [result for each in results for name, result in each.methods if name == method]
    return "pass" if "pass" in found else found[0] if found else ""


def _passed(results: Collection[AuthenticationResult], domain: str) -> bool:
    """Whether DMARC passed, or a passing DKIM or SPF speaks for the From's own domain."""
    if _result(results, "dmarc") == "pass":
        return True
    if "pass" not in (_result(results, "dkim"), _result(results, "spf")):
        return False
    return domain != "" and any(registrable(each) == registrable(domain) for result in results for each in result.domains)


def _any_fails(results: Collection[AuthenticationResult]) -> bool:
    return any(_result(results, method) in ("fail", "softfail", "hardfail") for method in ("dkim", "spf"))
