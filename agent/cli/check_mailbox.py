"""What `check` looks at in the mailbox, and at the server that takes the digest; nothing there is changed."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from agent.accounts.problems import SecretRefused
from agent.accounts.settings import Settings
from agent.cli.finding import Finding, broken, warned, well
from agent.cli.handing_in import smtp_secret_of
from agent.cli.opening import open_mailbox, place_of
from agent.mailbox import Cursor, FolderRole, MailboxProblem
from agent.mailbox.folders import FoundBy
from agent.mailbox.imap import ImapMailbox
from agent.mailbox.maildir import MaildirMailbox

SLOW = 10.0
"""Seconds that a login may take before it is told."""
DRIFT = timedelta(minutes=5)
"""By how much this machine's clock may differ from the mail server's."""
_HOW = {
    FoundBy.MARK: "marked by the server",
    FoundBy.CONFIGURATION: "as the configuration names it",
    FoundBy.NAME: "found by its name",
}
_AskedFor = (FolderRole.DRAFTS, FolderRole.SENT)


def mailbox(settings: Settings, moved: Mapping[str, str]) -> Iterator[Finding]:
    """Yield how the mailbox stands; `moved` says of a folder when its messages got new numbers."""
    began = time.monotonic()
    try:
        opened = open_mailbox(settings)
    except (MailboxProblem, SecretRefused) as problem:
        yield broken("login", str(problem))
        return
    seconds = time.monotonic() - began
    try:
        if seconds > SLOW:
            yield warned("login", f"{place_of(settings)}, after {seconds:.0f} seconds", "ask the provider, or check the network")
        else:
            yield well("login", f"{place_of(settings)}, in {seconds:.1f} s")
        if isinstance(opened, ImapMailbox):
            yield _server(opened, settings.daemon.poll_minutes)
        yield from _folders(settings, opened, moved)
        yield from _newest(opened)
    except MailboxProblem as problem:
        yield broken("folders", str(problem))
    finally:
        opened.close()


def _server(opened: ImapMailbox, poll_minutes: int) -> Finding:
    """Return what the server can do, of what matters here."""
    can = opened.abilities()
    told = ["tells of new mail at once (IDLE)" if "IDLE" in can else f"has no IDLE, and is asked every {poll_minutes} minutes"]
    if "UIDPLUS" not in can and "X-GM-EXT-1" not in can:
        told.append(
            "has no UIDPLUS: a draft that has become pointless is taken back only while nothing else is marked as deleted"
        )
    if "SPECIAL-USE" not in can and "XLIST" not in can:
        told.append("does not say which folder is for what")
    return well("server", "; ".join(told))


def _folders(settings: Settings, opened: ImapMailbox | MaildirMailbox, moved: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each folder with how it was found; those that must be there, and cannot be used, as problems."""
    folders, ways = opened.folders(), opened.found_by()
    for role in FolderRole:
        name = f"folder {role}"
        if role not in folders:
            if role in _AskedFor:
                mend = f"name it in the configuration: [account.folders] {role} = ..."
                yield broken(name, "there is none that the server or its name marks as such", mend)
            continue
        position = opened.position(role)
        text = folders[role] + (f", {_HOW[ways[role]]}" if role in ways else "")
        text += f", newest UID {position.last_uid}" if position.last_uid else ", empty"
        if when := moved.get(folders[role]):
            text += f"; the server gave its messages new numbers, so that it was read anew on {when}"
        placed = role is FolderRole.INBOX and settings.digest.enabled and settings.digest.by == "imap"
        if role is not FolderRole.DRAFTS and not placed:
            yield well(name, text)
        elif opened.takes(role):
            yield well(name, f"{text}, can be written to")
        else:
            what = "no draft" if role is FolderRole.DRAFTS else "no digest"
            mend = (
                "name another under [account.folders], or ask who runs the server for the right to write there"
                if role is FolderRole.DRAFTS
                else 'have the digest sent by SMTP (by = "smtp"), or ask who runs the server for the right to write there'
            )
            yield broken(name, f"{text}, is read-only for you, so that {what} can be put there", mend)


def _newest(opened: ImapMailbox | MaildirMailbox) -> Iterator[Finding]:
    """Yield that this clock is behind the server's, where the newest mail shows it: it came in at a time yet to come."""
    last = opened.position(FolderRole.INBOX)
    if not last.last_uid:
        return
    before = Cursor(uidvalidity=last.uidvalidity, last_uid=last.last_uid - 1)
    now = datetime.now(UTC)
    for heading in opened.headings(FolderRole.INBOX, before, since=now):
        ahead = heading.received_at - now
        if ahead > DRIFT:
            minutes = round(ahead / timedelta(minutes=1))
            what = f"the newest mail came in {minutes} minutes from now, by the mail server's clock"
            yield broken("clock", what, "set this machine's clock right: drafts are timed by it")


def digest(settings: Settings) -> Iterator[Finding]:
    """Yield whether the digest could be handed in; nothing is sent. Placed into the inbox, the folder tells it."""
    table = settings.digest
    if not table.enabled:
        return
    if table.by == "imap":
        yield well("digest", f"placed into the inbox, from {table.hour}:00 on")
        return
    from agent.notify.smtp import NotifyProblem, try_login

    try:
        try_login(settings, smtp_secret_of(settings))
    except NotifyProblem as problem:
        yield broken("digest", str(problem)) if problem.permanent else warned("digest", str(problem))
        return
    server = table.smtp
    where = f"{server.host}:{server.port}" if server is not None else ""
    yield well("digest", f"{where} takes it (nothing was sent), from {table.hour}:00 on")
