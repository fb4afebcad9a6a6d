"""The board and the explanations worked out, by the settings and rules as they stand on disk, and kept for the next look."""

from datetime import datetime
from pathlib import Path

from agent.accounts.settings import Settings
from agent.accounts.tokens import expiring
from agent.cli.endings import UsageProblem
from agent.cli.explaining import Explained, OpenQuestion
from agent.cli.fingerprint import places, program_of
from agent.cli.opening import account_of, user_of
from agent.cli.rows import Board
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.explanation import Explanations
from agent.daemon.overview import Overview, row_of
from agent.daemon.row import Row, appointments_of
from agent.daemon.troubles import sign_in_ends
from agent.policy import CountryHolidays
from agent.rulebook.policies import load_policies
from agent.rulebook.problems import RulesRefused
from agent.store import Fact, Ledger


class Programs:
    """The fingerprints under which answers are kept: taken before anything is read, and true only if they are the same after."""

    def __init__(self, config: Path | None) -> None:
        self._config = config
        self._before = {place.name: place.program for place in places(config) or ()}

    def of(self, name: str) -> str:
        """Return the fingerprint of an account whose settings and rules were read; empty where anything changed meanwhile."""
        before = self._before.get(name, "")
        return before if before and program_of(self._config, name) == before else ""


def board_of(ledger: Ledger, settings: Settings, *, now: datetime, programs: Programs | None = None) -> Board:
    """Return where every interview of the ledger stands as of `now`; what is worked out is kept if there are `programs`."""
    rows, refused = _rows(ledger, settings, now, programs)
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


def why_of(ledger: Ledger, settings: Settings, interview: str, *, now: datetime, program: Programs) -> Explained:
    """Return why one interview stands where it stands as of `now`, worked out anew and kept."""
    moment = ledger.kept.moment()
    account = account_of(settings, ledger)
    casebook = Casebook(ledger, now)
    known = [each.id for each in casebook.interviews()]
    if interview not in known:
        raise UsageProblem(f"no interview {interview!r} is tracked; tracked are: {', '.join(known) or 'none'}")
    explanations = explanations_of(account, casebook, program.of(settings.name), moment)
    asked = [each for each in ledger.reviews() if interview in each.question.candidates]
    return Explained(
        why=explanations.of(interview),
        reviews=[OpenQuestion(number=each.number, reason=each.question.reason) for each in asked],
        now=now,
        zone=settings.user.zone,
    )


def explanations_of(account: Account, casebook: Casebook, program: str, moment: tuple[int, int]) -> Explanations:
    """Return what explains the candidacies of an account; the rows that this rests on are worked out and kept as well."""
    overview = Overview(
        account.ledger,
        casebook,
        user=account.user,
        policies=account.policies,
        holidays=account.holidays,
        program=program,
        moment=moment,
    )
    beside = appointments_of(overview.rows()) if program else ""
    return Explanations(account, casebook, program=program, beside=beside, moment=overview.moment)


def _rows(ledger: Ledger, settings: Settings, now: datetime, programs: Programs | None) -> tuple[list[Row], str]:
    """Return a row for each interview, by id; and why it is not known what is next, where the rules cannot be read."""
    moment = ledger.kept.moment()
    casebook = Casebook(ledger, now)
    try:
        policies = load_policies(settings.policy.preset, settings.rules.folder)
        user, holidays = user_of(settings), CountryHolidays()
        program = programs.of(settings.name) if programs else ""
        overview = Overview(ledger, casebook, user=user, policies=policies, holidays=holidays, program=program, moment=moment)
        return overview.rows(), ""
    except RulesRefused as problem:
        held = [each.interview for each in ledger.held()]
        every = [(each, each.interview.id) for each in casebook.candidacies()]
        return [row_of(each, casebook.drafts(name), held.count(name), None) for each, name in every], str(problem)
