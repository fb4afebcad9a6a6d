"""When the service wakes."""

from datetime import UTC, datetime, timedelta

from agent.daemon.waiting import gap_between_passes, wait_after_failure, wait_left, wait_until

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
POLL = timedelta(minutes=10)


def test_it_sleeps_until_the_next_poll_when_the_clock_asks_for_nothing_sooner() -> None:
    assert wait_until(None, now=NOW, poll=POLL) == timedelta(minutes=10)
    assert wait_until(NOW + timedelta(days=3), now=NOW, poll=POLL) == timedelta(minutes=10)


def test_it_wakes_early_for_what_becomes_due_before_the_next_poll() -> None:
    assert wait_until(NOW + timedelta(minutes=4), now=NOW, poll=POLL) == timedelta(minutes=4)


def test_it_never_spins_when_the_moment_has_passed_while_it_worked() -> None:
    assert wait_until(NOW - timedelta(minutes=1), now=NOW, poll=POLL) == timedelta(seconds=1)


def test_waits_after_failures_double_up_to_half_an_hour() -> None:
    waits = [wait_after_failure(count, refused=False, jitter=1.0) for count in (1, 2, 3, 6, 7, 8, 50)]

    assert waits == [timedelta(seconds=each) for each in (30, 60, 120, 960, 1800, 1800, 1800)]


def test_jitter_takes_off_up_to_half_so_that_many_agents_do_not_come_back_at_once() -> None:
    assert wait_after_failure(1, refused=False, jitter=0.0) == timedelta(seconds=15)


def test_a_refused_login_is_not_tried_again_for_half_an_hour_even_the_first_time() -> None:
    assert wait_after_failure(1, refused=True, jitter=0.0) == timedelta(minutes=30)
    assert wait_after_failure(9, refused=True, jitter=1.0) == timedelta(minutes=33)


def test_a_connection_that_was_cut_is_ordinary_the_first_time() -> None:
    assert wait_after_failure(1, refused=False, cut=True, jitter=1.0) == timedelta(seconds=2)
    assert [wait_after_failure(count, refused=False, cut=True, jitter=1.0).total_seconds() for count in (2, 3)] == [30, 60]


def test_a_provider_that_asks_for_more_peace_gets_it() -> None:
    hour = timedelta(hours=1)

    assert wait_after_failure(1, refused=False, cut=False, retry_after=hour, jitter=0.0) == hour
    assert wait_after_failure(1, refused=True, retry_after=timedelta(minutes=1), jitter=0.0) == timedelta(minutes=30)


def test_passes_that_were_called_for_in_vain_come_less_and_less_often_down_to_the_poll() -> None:
    gaps = [gap_between_passes(count, poll=POLL).total_seconds() for count in (0, 1, 2, 9, 10, 5000)]

    assert gaps == [1, 2, 4, 512, 600, 600]


def test_what_is_left_of_a_wait_follows_the_clock_and_never_exceeds_the_whole() -> None:
    until, year = NOW + timedelta(minutes=30), timedelta(days=365)

    left = [wait_left(NOW, until, now=NOW + passed) for passed in (timedelta(minutes=10), year, -year)]

    assert left == [timedelta(minutes=20), timedelta(0), timedelta(minutes=30)]
