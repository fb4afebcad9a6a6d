"""`interview-agent run`: the service."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from types import FrameType

from agent import __version__
from agent.accounts.locations import make_state_folder
from agent.accounts.problems import SecretRefused
from agent.accounts.secrets import SecretSource, read_secret
from agent.accounts.settings import Settings
from agent.cli.opening import account_of
from agent.cli.state import open_ledger, settings_of
from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.digest import send_when_due
from agent.daemon.lock import alone
from agent.daemon.loop import Stop, Stopped, serve
from agent.notify.smtp import NotifyProblem, send_digest

_PATIENCE = 1.0
"""Seconds after which what goes on is broken off, once the service was asked to end."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: `run` has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; return 0.

    A configuration or rules that cannot be used end it at once with exit status 2. So do a secret, a login or a folder, until a
    pass over this mailbox has succeeded for the first time; see `serve` for how it goes on later.
    """
    settings = settings_of(arguments)
    journal.begin(debug=arguments.debug)
    stop = Stop()
    with _ended_by_signals(stop), alone(make_state_folder(settings.state.folder)), open_ledger(settings) as ledger:
        account = account_of(settings, ledger, check_all=True)
        journal.started(version=__version__, state=str(settings.state.folder))
        serve(
            account,
            poll=timedelta(minutes=settings.daemon.poll_minutes),
            stop=stop,
            after_pass=partial(_digest, settings, account),
        )
        journal.stopping(reason="asked to")
    return 0


@contextmanager
def _ended_by_signals(stop: Stop) -> Iterator[None]:
    """Set `stop` at SIGTERM or SIGINT; what then waits on (for a server that does not answer) is broken off by `Stopped`.

    That is as safe as a crash, after which the next pass goes on, and gentler: connections and the ledger are closed.
    """

    def ask(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _PATIENCE)
        stop.set()

    def break_off(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGALRM, break_off)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    try:
        yield
    except Stopped:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _digest(settings: Settings, account: Account, now: datetime) -> None:
    digest = settings.digest
    if digest.enabled and digest.smtp:
        send = partial(_send, settings, digest.smtp.secret)
        send_when_due(account, hour=digest.hour, sender=digest.sender, send=send, now=now)


def _send(settings: Settings, source: SecretSource, message: EmailMessage) -> None:
    """Send one digest; the password is asked for only now, for its command may want the user's attention."""
    try:
        secret = read_secret(source)
    except SecretRefused as refused:
        raise NotifyProblem(str(refused), permanent=True) from None
    send_digest(settings, secret, message)
