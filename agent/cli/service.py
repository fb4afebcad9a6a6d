"""`interview-agent run`: the service."""

import argparse
import signal
import threading
from datetime import datetime, timedelta
from functools import partial

from agent import __version__
from agent.accounts.locations import make_state_folder
from agent.accounts.secrets import read_secret
from agent.accounts.settings import Settings
from agent.cli.opening import account_of, open_ledger, settings_of
from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.digest import send_when_due
from agent.daemon.lock import alone
from agent.daemon.loop import serve
from agent.notify.smtp import send_digest


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: `run` has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; a configuration, rules or a secret that cannot be used end it at once with exit status 2."""
    settings = settings_of(arguments)
    journal.begin(debug=arguments.debug)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with alone(make_state_folder(settings.state.folder)), open_ledger(settings) as ledger:
        account = account_of(settings, ledger)
        read_secret(settings.account.secret)
        journal.started(version=__version__, state=str(settings.state.folder))
        serve(
            account,
            poll=timedelta(minutes=settings.daemon.poll_minutes),
            stop=stop,
            after_pass=partial(_digest, settings, account),
        )
    return 0


def _digest(settings: Settings, account: Account, now: datetime) -> None:
    digest = settings.digest
    if digest.enabled and digest.smtp:
        secret = read_secret(digest.smtp.secret)
        send = partial(send_digest, settings, secret)
        send_when_due(account, hour=digest.hour, sender=digest.sender, send=send, now=now)
