"""What the service does beside its passes: it keeps worked out what `status` and `why` will be asked for."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from agent.accounts.settings import load_accounts
from agent.cli.fingerprint import program_of
from agent.cli.looking import Programs, explanations_of
from agent.cli.opening import account_of
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.row import ROW, WHY
from agent.store import Ledger
from agent.store.kept import answers

log = logging.getLogger(__name__)


class Keeper:
    """Keeps the answers of one account current, by the settings and rules on disk: those that the commands would read."""

    def __init__(self, ledger: Ledger, name: str, config: Path | None) -> None:
        """`name` is the account's, `config` the file that is named on the command line."""
        self._ledger = ledger
        self._name = name
        self._config = config
        self._known: tuple[object, ...] = ()
        """What the answers rested on when they were worked out last."""
        self._until: datetime | None = None
        """When the first of them changes by the clock."""
        self._loaded: tuple[Account, str] | None = None
        """The account by what stood on disk, and the fingerprint of that."""

    def keep(self, now: datetime, *, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Work out what is not kept, or holds no more, as of `now`; does nothing where nothing has changed.

        `goes_on` is asked before each answer. Nothing is raised: what cannot be worked out in advance is worked out when somebody
        asks, and a mistake in the rules is told there.
        """
        try:
            if (program_of(self._config, self._name), self._ledger.version()) != self._known or self._is_late(now):
                self._work_out(now, goes_on)
        except Exception as problem:  # noqa: BLE001 (a convenience, after the pass: it must not end the service)
            log.debug("nothing is kept worked out: %s", problem)

    def _account(self) -> tuple[Account | None, str]:
        """Return the account by what stands on disk, and its fingerprint; no account where that changes at this moment."""
        programs = Programs(self._config)
        if self._loaded is None or not self._loaded[1] or programs.of(self._name) != self._loaded[1]:
            settings = next(each for each in load_accounts(self._config) if each.name == self._name)
            account = account_of(settings, self._ledger)
            self._loaded = account, programs.of(self._name)
        account, program = self._loaded
        return (account if program else None), program

    def _is_late(self, now: datetime) -> bool:
        return self._until is not None and now >= self._until

    def _work_out(self, now: datetime, goes_on: Callable[[], bool]) -> None:
        account, program = self._account()
        if account is not None:
            moment = self._ledger.kept.moment()
            explanations = explanations_of(account, Casebook(self._ledger, now), program, moment)
            for interview in explanations.stale():
                if not goes_on():
                    return
                explanations.of(interview)
        read = self._ledger.kept.read
        # What was kept just now changed the ledger, and nothing that the answers rest on.
        ends = [answer.until for what in (ROW, WHY) for answer in answers(read, what).values()]
        self._known = (program, self._ledger.version())
        self._until = min((end for end in ends if end > now), default=None)
