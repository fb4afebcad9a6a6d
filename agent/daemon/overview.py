"""Where every interview of a ledger stands: worked out where it has to be, taken from what is kept where that holds."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from agent.daemon.casebook import Casebook
from agent.daemon.row import ROW, NextDraft, Row
from agent.drafts import User
from agent.interviews import Interview
from agent.interviews.candidacy import Candidacy
from agent.plan.contacted import contacted, employer_key
from agent.plan.follow_up import bounced_addresses
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import Assessment, DraftKind, Held, HolidayCalendar, Policies, assess
from agent.store import Ledger
from agent.store.kept import ALL, Answer, Basis, answers, counts

_LYING = (DraftState.QUEUED, DraftState.EDITED)
_DAY = timedelta(days=1)


class Employers:
    """Which interviews are at one employer: what the user wrote in one counts for the limits of all."""

    def __init__(self, interviews: Iterable[Interview]) -> None:
        self._key: dict[str, tuple[str, ...]] = {}
        self._ids: dict[tuple[str, ...], list[str]] = {}
        for interview in interviews:
            key = self._key[interview.id] = employer_key(interview)
            self._ids.setdefault(key, []).append(interview.id)

    def beside(self, interview: str) -> Sequence[str]:
        """Return the ids of all interviews at the employer of this one, itself among them."""
        return self._ids[self._key[interview]]


class Overview:
    """Looks up or works out the rows of a board as of the casebook's moment."""

    def __init__(
        self,
        ledger: Ledger,
        casebook: Casebook,
        *,
        user: User,
        policies: Policies,
        holidays: HolidayCalendar,
        program: str,
        moment: tuple[int, int],
    ) -> None:
        """Look at the ledger as it stood at `moment`, which is older than the casebook.

        `program` is the fingerprint of what the answers rest on besides the ledger; without one nothing is kept or looked up.
        """
        self._ledger = ledger
        self.moment = moment
        """Of the ledger; moves on as answers are kept."""
        self._casebook = casebook
        self._user = user
        self._policies = policies
        self._holidays = holidays
        self._program = program
        self._employers = Employers(casebook.interviews())

    def rows(self) -> list[Row]:
        """Return a row for each interview, by id; raises `RulesRefused` where a policy cannot be read."""
        now = self._casebook.now
        read = self._ledger.kept.read
        counted = counts(read)
        kept = answers(read, ROW) if self._program else {}
        held: dict[str, list[Held]] = {}
        for each in self._ledger.held():
            held.setdefault(each.interview, []).append(each)
        found: dict[str, Row] = {}
        fresh = []
        for interview in self._casebook.interviews():
            answer = kept.get(interview.id)
            if answer is not None and answer.holds(now, self._program, counted):
                found[interview.id] = json.loads(answer.data)
                continue
            row, until = self._row(self._casebook.candidacy(interview.id), held.get(interview.id, []))
            found[interview.id] = row
            beside = self._employers.beside(interview.id)
            basis = Basis(program=self._program, counts={name: counted.get(name, 0) for name in (ALL, *beside)})
            fresh.append(Answer(interview=interview.id, basis=basis, since=now, until=until, data=json.dumps(row)))
        if fresh and self._program:
            self.moment = self._ledger.kept.keep(ROW, fresh, moment=self.moment)
        return list(found.values())

    def _row(self, candidacy: Candidacy, held: Sequence[Held]) -> tuple[Row, datetime]:
        """Return the row of one interview, and until when the clock leaves it as it is."""
        now = self._casebook.now
        interview = candidacy.interview.id
        plan = assessed(
            candidacy,
            self._casebook,
            user=self._user,
            policies=self._policies,
            holidays=self._holidays,
            now=now,
            employers=self._employers,
        )
        drafts = self._casebook.drafts(interview)
        stopped = [each for each in held if each.rule.startswith("check ")]
        settled = {(draft.kind, draft.occasion) for draft in drafts} | {(each.kind, each.occasion) for each in stopped}
        following = next_draft(plan, settled, [*plan.held, *stopped])
        return row_of(candidacy, drafts, len(held), following), unchanged_until(candidacy, plan, now, self._user.timezone)


def assessed(
    candidacy: Candidacy,
    casebook: Casebook,
    *,
    user: User,
    policies: Policies,
    holidays: HolidayCalendar,
    now: datetime,
    employers: Employers | None = None,
) -> Assessment:
    """Return what the policy says of one candidacy at `now`, without the texts: for a board of many.

    Who asks about many gives `employers`.
    """
    ids = (employers or Employers(casebook.interviews())).beside(candidacy.interview.id)
    employer = [casebook.candidacy(each) for each in ids]
    return assess(
        candidacy,
        policies.of(candidacy.interview),
        contacted=contacted(employer, [draft for each in ids for draft in casebook.drafts(each)]),
        blocked=bounced_addresses(candidacy),
        own_addresses=user.addresses,
        senders_zone=user.timezone,
        senders_country=user.country,
        holidays=holidays,
        now=now,
    )


def unchanged_until(candidacy: Candidacy, plan: Assessment, now: datetime, zone: ZoneInfo) -> datetime:
    """Return until when neither the state of a candidacy nor what the policy says of it changes by the clock alone.

    The policy tells its own next moment (`Assessment.next_at`). The state changes where an interview begins or ends and where an
    entry of the history is dated ahead. At the latest it is the end of the day, the user's or the employer's.
    """
    moments = [_midnight(now, zone), _midnight(now, candidacy.interview.zone(zone))]
    moments += [plan.next_at] if plan.next_at else []
    moments += [moment for held in candidacy.state.rounds for moment in (held.starts_at, held.ends_at)]
    moments += [event.at for event in candidacy.events]
    moments += [letter.message.date for letter in candidacy.letters]
    return min(moment for moment in moments if moment > now)


def row_of(candidacy: Candidacy, drafts: Sequence[DraftRecord], held: int, following: NextDraft | None) -> Row:
    """Return the row of one interview: its state, what lies in Drafts, how many are held, what follows."""
    interview, state = candidacy.interview, candidacy.state
    lying = [draft.kind.value for draft in drafts if draft.state in _LYING]
    return Row(
        id=interview.id,
        company=interview.company,
        role=interview.role,
        status=state.status.value,
        since=state.since.isoformat() if state.since else None,
        round=state.round,
        next_at=state.next_at.isoformat() if state.next_at else None,
        promised_by=state.promised_by.isoformat() if state.promised_by else None,
        turn=state.turn.value,
        drafts=len(lying),
        held=held,
        next_draft=following,
        lying=lying,
        rounds=[[each.starts_at.isoformat(), each.ends_at.isoformat()] for each in state.rounds],
    )


def next_draft(plan: Assessment, settled: Collection[tuple[DraftKind, str]], held: Iterable[Held]) -> NextDraft | None:
    """Return what is due now, else what comes first, planned or held until then; else what is held for good."""
    due = next((each for each in plan.due if (each.kind, each.occasion) not in settled), None)
    if due is not None:
        return _next(due.kind, due.due_at, "due")
    for_good = sorted((each for each in held if not each.until), key=lambda each: each.due_at)
    later = [(each.due_at, _next(each.kind, each.due_at, "planned")) for each in plan.planned]
    later += [(each.until, _next(each.kind, each.due_at, "held")) for each in held if each.until]
    if later:
        return min(later, key=lambda pair: pair[0])[1]
    return _next(for_good[0].kind, for_good[0].due_at, "held") if for_good else None


def _next(kind: DraftKind, due_at: datetime, state: str) -> NextDraft:
    return NextDraft(kind=kind.value, due_at=due_at.isoformat(), state=state)


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    """Return when the next day begins there."""
    tomorrow = now.astimezone(zone).date() + _DAY
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)
