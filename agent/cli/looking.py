"""The board from the ledger, with the rules and the settings read anew."""

from datetime import datetime

from agent.accounts.settings import Settings
from agent.accounts.tokens import expiring
from agent.cli.opening import user_of
from agent.cli.rows import Board
from agent.daemon.casebook import Casebook
from agent.daemon.overview import Overview, row_of
from agent.daemon.row import Row
from agent.daemon.troubles import sign_in_ends
from agent.policy import CountryHolidays
from agent.rulebook.policies import load_policies
from agent.rulebook.problems import RulesRefused
from agent.store import Fact, Ledger


def board_of(ledger: Ledger, settings: Settings, *, now: datetime, program: str = "") -> Board:
    """Return where every interview of the ledger stands as of `now`.

    `program` is the fingerprint under which what is worked out is kept; without one nothing is.
    """
    rows, refused = _rows(ledger, settings, now, program)
    zone = settings.user.zone
    return Board(
        rows=rows,
        now=now,
        zone=zone,
        refused=refused,
        reviews=len(ledger.reviews()),
        last_pass=ledger.noted(Fact.LAST_PASS),
        problem=ledger.noted(Fact.PROBLEM) or "",
        rules_problem=ledger.noted(Fact.RULES_PROBLEM) or "",
        warning=expiring(sign_in_ends(ledger), now.astimezone(zone)),
    )


def _rows(ledger: Ledger, settings: Settings, now: datetime, program: str) -> tuple[list[Row], str]:
    """Return a row for each interview, by id; and why it is not known what is next, where the rules cannot be read."""
    moment = ledger.kept.moment()
    casebook = Casebook(ledger, now)
    try:
        policies = load_policies(settings.policy.preset, settings.rules.folder)
        user = user_of(settings)
        holidays = CountryHolidays()
        overview = Overview(ledger, casebook, user=user, policies=policies, holidays=holidays, program=program, moment=moment)
        return overview.rows(), ""
    except RulesRefused as problem:
        held = [each.interview for each in ledger.held()]
        every = [(each, each.interview.id) for each in casebook.candidacies()]
        return [row_of(each, casebook.drafts(name), held.count(name), None) for each, name in every], str(problem)
