"""What does not work, told in whole sentences: for `check` and the digest (design, promise 9)."""

from datetime import datetime, timedelta

from agent.accounts.tokens import Ending, expiring
from agent.store import Fact, Ledger

SILENT_AFTER = timedelta(days=7)
"""A mailbox that brought nothing for so long, while candidacies are open, is news by itself (design, promise 9)."""
_GONE_FOR = timedelta(days=30)
"""For how long a folder that is gone is told of: then the user knows, or wanted it so."""
_SOON = timedelta(minutes=2)


def troubles(ledger: Ledger, *, open_candidacies: bool, now: datetime) -> list[str]:
    """Return what does not work, a line each: passes that fail, mail kept aside, a mailbox fallen silent, an unsent digest.

    Moments are shown in the zone of `now`.
    """
    found = troubles_of_passes(ledger, open_candidacies=open_candidacies, now=now, since=None)
    if problem := ledger.noted(Fact.DIGEST_PROBLEM):
        again = ledger.noted(Fact.DIGEST_AGAIN)
        when = f" It is tried again after {shown_moment(datetime.fromisoformat(again), now)}." if again else ""
        found.append(f"The last digest could not be sent: {problem.rstrip('.')}.{when}")
    return found


def troubles_of_passes(ledger: Ledger, *, open_candidacies: bool, now: datetime, since: datetime | None) -> list[str]:
    """Return what a digest tells of them: of what was kept aside only what was so after `since`.

    Not that a digest could not be sent: the one that tells it is the proof that it is over.
    """
    found = []
    problem, last_pass, last_read = ledger.noted(Fact.PROBLEM), ledger.noted(Fact.LAST_PASS), ledger.noted(Fact.LAST_READ)
    if problem:
        failures = int(ledger.noted(Fact.FAILURES) or 1)
        passes = "The last pass over your mailbox" if failures == 1 else f"The last {failures} passes over your mailbox"
        good = (
            f"The last good one was at {shown_moment(datetime.fromisoformat(last_pass), now)}."
            if last_pass
            else "None has succeeded yet."
        )
        found.append(f"{passes} failed: {problem.rstrip('.')}. {good}{_next_try(ledger, now)}")
    elif open_candidacies and last_read and now - datetime.fromisoformat(last_read) > SILENT_AFTER:
        days = (now - datetime.fromisoformat(last_read)).days
        found.append(
            f"No new mail has come for {days} days, although candidacies are open: does your mail still arrive there, and are "
            "the right folders read? `interview-agent check` shows them."
        )
    if not problem and (warning := expiring(sign_in_ends(ledger), now)):
        found.append(warning)
    if warning := ledger.noted(Fact.RULES_PROBLEM):
        found.append(
            f"Your edited rules cannot be used, and the service goes on with those from before: {warning.rstrip('.')}. "
            "`interview-agent rules check` shows all that is wrong with them."
        )
    found += _folders(ledger, now=now, since=since)
    aside = [each for each in ledger.aside() if since is None or each.at > since]
    if aside:
        last = aside[-1]
        place = f"UID {last.uid} in {last.folder}: {last.problem}"
        if len(aside) == 1:
            found.append(f"One message could not be read and was kept aside, {place}")
        else:
            found.append(f"{len(aside)} messages could not be read and were kept aside, the last of them {place}")
    return found


def sign_in_ends(ledger: Ledger) -> Ending | None:
    """Return when the sign-in ends unless the user does something, as far as is known."""
    noted = ledger.noted(Fact.SIGN_IN_ENDS)
    return Ending.of_noted(noted) if noted else None


def _next_try(ledger: Ledger, now: datetime) -> str:
    """Return when it is tried again, where that is worth waiting for."""
    moments = (ledger.noted(Fact.NEXT_TRY) or "").split()
    next_try = datetime.fromisoformat(moments[1]) if moments else now
    return f" The next is made after {shown_moment(next_try, now)}." if next_try - now > _SOON else ""


def _folders(ledger: Ledger, *, now: datetime, since: datetime | None) -> list[str]:
    """Return what is strange about the folders: a mailbox that is empty all at once, and folders that are gone."""
    found = []
    if emptied := ledger.noted(Fact.EMPTIED):
        since_when = shown_moment(datetime.fromisoformat(emptied), now)
        found.append(
            f"Your mailbox, which held mail before, has been empty since {since_when}: until it holds mail again nothing is "
            "concluded from it and nothing is drafted. Is it the right account, and is it whole?"
        )
    for line in (ledger.noted(Fact.GONE) or "").splitlines():
        role, name, noted = line.split("|")[0], "|".join(line.split("|")[1:-1]), line.rpartition("|")[2]
        at = datetime.fromisoformat(noted)
        if now - at < _GONE_FOR and (since is None or at > since):
            found.append(
                f"The folder “{name}” ({role}) is gone since {shown_moment(at, now)}. If it has another name now, name it in the "
                f"configuration: {role} = ... in the table `folders` of the account."
            )
    return found


def renumbered(ledger: Ledger, now: datetime) -> dict[str, str]:
    """Return folder → when the server gave its messages new numbers, so that it was read anew; of the last one only."""
    _, _, rest = (ledger.noted(Fact.RENUMBERED) or "").partition("|")
    name, _, at = rest.rpartition("|")
    return {name: shown_moment(datetime.fromisoformat(at), now)} if name else {}


def shown_moment(moment: datetime, now: datetime) -> str:
    """Return a moment as text, in the zone of `now`."""
    return f"{moment.astimezone(now.tzinfo):%Y-%m-%d %H:%M %Z}"
