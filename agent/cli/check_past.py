"""What `check` reads in what the agent remembers: the ledger itself, the sign-in, past passes, and whether a service runs."""

import ctypes
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from agent.accounts.problems import SecretRefused
from agent.accounts.settings import Settings
from agent.accounts.tokens import expiring
from agent.cli.finding import Finding, broken, warned, well
from agent.cli.logins import access_of
from agent.cli.printing import counted, shown_time
from agent.daemon.casebook import Casebook
from agent.daemon.desks import learned_provider
from agent.daemon.lock import holder
from agent.daemon.troubles import sign_in_ends, troubles
from agent.interviews import ENDED
from agent.store import Fact, Ledger
from agent.store.soundness import unsound

_LATE = timedelta(minutes=15)
"""So much later than the next look at the mailbox a pass may end: a first one over years of mail takes minutes."""
_UNSYNCHRONISED = 5
"""TIME_ERROR of adjtimex(2): nothing keeps the clock right."""


def state(settings: Settings) -> Finding:
    """Return whether the state folder is the user's alone, and the ledger whole."""
    folder = settings.state.folder
    file = folder / "ledger.sqlite3"
    if damage := unsound(file):
        return broken("state", f"{file} is damaged ({damage})", "put a backup in its place (`interview-agent restore`)")
    modes = [(path, stat.S_IMODE(path.stat().st_mode)) for path in (folder, file) if path.exists()]
    for path, mode in modes:
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            return warned("state", f"{path} can be opened by others (mode {mode:o})", f"run: chmod go-rwx {path}")
    return well("state", f"{folder}, yours alone, and whole")


def sign_in(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield until when the sign-in with tokens is good; nothing where there is a password."""
    access = access_of(settings)
    if access is None:
        return
    try:
        ends = access.ends()
    except SecretRefused as refused:
        yield broken("sign-in", str(refused))
        return
    if ends is None:
        yield well("sign-in", "with tokens that are renewed by themselves; no end of it is known")
    elif told := expiring(ends, now):
        yield broken("sign-in", told.rstrip(".")) if now >= ends.at else warned("sign-in", told.rstrip("."))
    else:
        yield well("sign-in", f"with tokens, good until {ends.at.astimezone(now.tzinfo):%Y-%m-%d} as far as is known")


def clock(ledger: Ledger, now: datetime) -> Finding:
    """Return whether the clock went back behind the last pass, and whether anything keeps it right."""
    last = ledger.noted(Fact.LAST_PASS)
    if last and datetime.fromisoformat(last) > now + timedelta(minutes=5):
        return broken("clock", f"it is {now:%Y-%m-%d %H:%M %Z}, and the last pass was later", "set the clock right")
    kept = _kept_right()
    how = {True: ", kept right by a time service", False: ", kept right by nothing that the system knows", None: ""}[kept]
    return well("clock", f"{now:%Y-%m-%d %H:%M %Z}{how}")


def _kept_right() -> bool | None:
    """Return whether the kernel knows the clock to be synchronised (adjtimex(2)); None where it cannot be asked."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(1024))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != _UNSYNCHRONISED


def senders(settings: Settings, ledger: Ledger) -> Finding:
    """Return who vouches for senders."""
    named, learned = settings.account.authserv_id, learned_provider(ledger)
    if named:
        return well("senders", f"vouched for by {named}")
    if learned:
        return well("senders", f"vouched for by {learned}, as your mail shows")
    text = "nobody is known to vouch for them, so what ends a candidacy waits in review unless it comes in your own thread"
    return well("senders", text)


def passes(settings: Settings, ledger: Ledger, now: datetime) -> Iterator[Finding]:
    """Yield what failed last and how often, else when the last pass was, and whether a service makes the next."""
    candidacies = Casebook(ledger, now).candidacies()
    is_open = any(each.state.status not in ENDED for each in candidacies)
    ending = expiring(sign_in_ends(ledger), now)
    found = [each for each in troubles(ledger, open_candidacies=is_open, now=now) if each != ending]
    for problem in found:
        yield broken("passes", problem)
    noted = ledger.noted(Fact.LAST_PASS)
    last = datetime.fromisoformat(noted) if noted else None
    if not found:
        yield well("passes", _last(last, now, settings.user.zone))
    yield _service(settings, last, now, failing=bool(ledger.noted(Fact.PROBLEM)))
    tracked = f"{counted(len(candidacies), 'interview')}, {counted(len(ledger.reviews()), 'question')} in review"
    yield well("tracked", tracked)


def _last(last: datetime | None, now: datetime, zone: tzinfo) -> str:
    if last is None:
        return "none was made yet"
    return f"the last one was on {shown_time(last, zone)}, {_ago(now - last)}"


def _service(settings: Settings, last: datetime | None, now: datetime, *, failing: bool) -> Finding:
    """Return whether an agent is at work on this state, and keeps up."""
    process = holder(settings.shared_folder)
    due = timedelta(minutes=settings.daemon.poll_minutes) + _LATE
    if process is None:
        if last is not None and now - last < due:
            return well("service", "no agent is at work now, and the last pass is recent")
        return warned("service", "no agent is at work", "start it: systemctl --user enable --now interview-agent")
    if last is not None and not failing and now - last > due:
        what = f"process {process} is at work, and its last pass was {_ago(now - last)}"
        return broken("service", what, "restart it: systemctl --user restart interview-agent")
    return well("service", f"process {process} is at work")


def _ago(since: timedelta) -> str:
    minutes = max(int(since / timedelta(minutes=1)), 0)
    if not minutes:
        return "just now"
    if minutes < 120:
        return f"{counted(minutes, 'minute')} ago"
    return f"{minutes // 60} hours ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
