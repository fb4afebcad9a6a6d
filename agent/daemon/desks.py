"""The desk of an account: the user, the rules and an index of what is tracked, laid for a pass; and who vouches for senders."""

from datetime import datetime, timedelta
from itertools import islice

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.mailbox import FolderRole, Mailbox
from agent.matching.trust import usual_authserv_id
from agent.messages import parse_message
from agent.plan.desk import Desk
from agent.store import Fact, Ledger

_NOBODY = "-"
"""Its value where enough mail was seen and nobody vouches for it: it is not looked at again."""
_SAMPLE = 40
"""Messages of the inbox from which the provider's name is learned."""


def desk_of(account: Account, casebook: Casebook) -> Desk:
    """Return the desk of an account, with an index of what is tracked and not ended as of now."""
    return Desk(
        user=account.user,
        authserv_id=account.authserv_id or learned_provider(account.ledger),
        phrasebook=account.phrasebook,
        policies=account.policies,
        templates=account.templates,
        holidays=account.holidays,
        tracked=casebook.tracked(account.phrasebook.senders, account.phrasebook.title_words),
        discovery=account.discovery,
        model=account.model,
    )


def learned_provider(ledger: Ledger) -> str | None:
    """Return the name under which the user's provider was seen to vouch for senders; None while nobody is known to."""
    learned = ledger.noted(Fact.PROVIDER)
    return None if learned in (None, _NOBODY) else learned


def learn_provider(account: Account, mailbox: Mailbox, now: datetime) -> bool:
    """Note under which name the provider vouches for senders, from the oldest mail of the look back (RFC 8601).

    Returns whether anything was learned.
    """
    ledger = account.ledger
    if account.authserv_id or ledger.noted(Fact.PROVIDER):
        return False
    since = now - timedelta(days=account.look_back_days)
    headings = list(islice(mailbox.headings(FolderRole.INBOX, None, since=since), _SAMPLE))
    sample = [parse_message(each.raw, received_at=each.received_at) for each in mailbox.read(headings)]
    usual = usual_authserv_id(sample)
    if not usual and len(sample) < _SAMPLE:
        return False
    with ledger.transaction():
        ledger.note(Fact.PROVIDER, usual or _NOBODY)
    return True
