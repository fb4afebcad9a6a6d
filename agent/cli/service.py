"""`interview-agent run`: the service."""

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from types import FrameType

from agent import __version__
from agent.accounts.locations import config_files, make_state_folder
from agent.accounts.settings import Settings
from agent.cli.handing_in import smtp_secret_of
from agent.cli.keeping import Keeper
from agent.cli.logins import token_store_of
from agent.cli.opening import account_of
from agent.cli.renewing import InForce, Renewing
from agent.cli.state import every_settings, open_ledger
from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.digest import send_when_due
from agent.daemon.lock import alone
from agent.daemon.loop import Work, serve
from agent.daemon.placing import place_when_due
from agent.daemon.several import serve_all
from agent.daemon.stopping import Bell, Stop
from agent.daemon.vitals import Pulse
from agent.notify.smtp import send_digest
from agent.store import Ledger


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: `run` has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Serve all accounts, or the one that is named, until SIGTERM or SIGINT; return 0. SIGHUP reads rules and configuration anew.

    A configuration or rules that cannot be used end it at once with exit status 2. Where there is one account, so do a secret, a
    login or a folder, until a pass over this mailbox has succeeded for the first time; see `serve` for how it goes on later.
    """
    every = every_settings(arguments)
    journal.begin(debug=arguments.debug)
    folder = every[0].shared_folder
    with Stop() as stop, Bell() as bell, _called_by_signals(stop, bell), alone(make_state_folder(folder)):
        renewing = Renewing(every, arguments, bell)
        journal.started(version=__version__, state=str(folder))
        services = {
            settings.name: partial(
                _serve,
                settings.name,
                renewing,
                _mended_at(settings, arguments.config),
                arguments.config,
                survives_refusal=len(every) > 1,
            )
            for settings in every
        }
        serve_all(services, stop=stop, bell=bell, look=renewing.look)
        journal.stopping(reason="asked to")
    return 0


def _serve(
    name: str, renewing: Renewing, mended_at: datetime | None, config: Path | None, pulse: Pulse, *, survives_refusal: bool
) -> None:
    """Serve one account, whose ledger is opened by the thread that uses it."""
    seen = renewing.in_force
    settings = seen.settings[name]
    with open_ledger(settings) as ledger:
        keep = partial(Keeper(ledger, name, config).keep, goes_on=partial(_goes_on, pulse))
        work = _work(seen, name, ledger, keep)

        def renew() -> Work | None:
            nonlocal seen, work
            before, seen = seen, renewing.in_force
            if seen is before:
                return None
            if seen.rules is before.rules and seen.settings[name] == before.settings[name]:
                work = replace(work, warning=seen.warning)
            else:
                work = _work(seen, name, ledger, keep)
            return work

        serve(
            work.account,
            poll=work.poll,
            stop=pulse.stop,
            after_pass=work.after_pass,
            pulse=pulse,
            survives_refusal=survives_refusal,
            mended_at=mended_at,
            mended=partial(_mended, settings),
            renew=renew,
        )


def _work(in_force: InForce, name: str, ledger: Ledger, keep: Callable[[datetime], None]) -> Work:
    """Return what an account is served with, by the settings and rules that are in force."""
    settings = in_force.settings[name]
    account = account_of(settings, ledger, rules=in_force.rules)
    return Work(
        account=account,
        poll=timedelta(minutes=settings.daemon.poll_minutes),
        after_pass=partial(_after_pass, settings, account, keep),
        warning=in_force.warning,
    )


def _mended_at(settings: Settings, config: Path | None) -> datetime | None:
    """Return when the user last changed the configuration or the file with the password, or signed in."""
    files = [config] if config else config_files()
    changed = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files if file.is_file()]
    return max([*changed, *filter(None, [_mended(settings)])], default=None)


def _mended(settings: Settings) -> datetime | None:
    """Return when the user last signed in, or changed the file with the password; both count while the service runs."""
    secret, signed_in = settings.account.secret, token_store_of(settings).changed_at()
    changed = [] if signed_in is None else [signed_in]
    for file in (secret.file, secret.beside):
        with suppress(OSError):
            changed += [] if file is None else [datetime.fromtimestamp(file.stat().st_mtime, UTC)]
    return max(changed, default=None)


@contextmanager
def _called_by_signals(stop: Stop, bell: Bell) -> Iterator[None]:
    """Set `stop` at SIGTERM or SIGINT and ring the bell at SIGHUP; leave the signals as they were in the end."""
    asked = {signal.SIGTERM: stop.set, signal.SIGINT: stop.set, signal.SIGHUP: bell.ring}

    def called(number: int, _frame: FrameType | None) -> None:
        asked[signal.Signals(number)]()

    before = {number: signal.signal(number, called) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _after_pass(settings: Settings, account: Account, keep: Callable[[datetime], None], now: datetime) -> None:
    """Send the digest where it is due, then work out what `status` and `why` will be asked for."""
    _digest(settings, account, now)
    keep(now)


def _goes_on(pulse: Pulse) -> bool:
    """Say that a step was made; return whether there is time for another one."""
    pulse.progress()
    return not pulse.stop.is_set()


def _digest(settings: Settings, account: Account, now: datetime) -> None:
    digest = settings.digest
    if digest.enabled and digest.by == "imap":
        place_when_due(account, hour=digest.hour, now=now)
    elif digest.enabled and digest.smtp:
        send_when_due(account, hour=digest.hour, sender=digest.sender, send=partial(_send, settings), now=now)


def _send(settings: Settings, message: EmailMessage) -> None:
    """Send one digest; the password is asked for only now, for its command may want the user's attention."""
    send_digest(settings, smtp_secret_of(settings), message)
