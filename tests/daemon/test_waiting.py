"""When the service wakes."""

from datetime import UTC, datetime, timedelta

from agent.daemon.loop import wait_after_failure, wait_until

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
