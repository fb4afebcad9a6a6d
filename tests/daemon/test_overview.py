"""A row of the board changes by the clock at the moment that was told for it, and not before."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.daemon.overview import next_draft, row_of, unchanged_until
from agent.daemon.row import Row
from tests.policy.jobsearch import BERLIN, Search
from tests.policy.test_any_history import quick, searches, told


def row(search: Search, now: datetime) -> Row:
    plan = search.assess(now)
    return row_of(search.candidacy(now), (), 0, next_draft(plan, set(), plan.held))


@quick
@given(searches(), st.data())
def test_no_row_changes_by_the_clock_before_its_time(search: Search, data: st.DataObject) -> None:
    for now, assessment in told(search, data):
        until = unchanged_until(search.candidacy(now), assessment, now, BERLIN)
        share = data.draw(st.floats(0, 1, exclude_max=True))
        between = min(now + (until - now) * share, until - timedelta(microseconds=1))

        assert now < until <= now + timedelta(days=1)
        assert row(search, between) == row(search, now)
