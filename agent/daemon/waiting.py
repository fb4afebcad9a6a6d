"""How long the service waits: for the next pass, after a failure, and between passes that a server asks for without end."""

from datetime import datetime, timedelta

_SOON = timedelta(seconds=2)
"""Wait after a connection was cut for the first time, which is ordinary."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=30)
_AFTER_REFUSAL = timedelta(minutes=30)
"""Wait after a problem that only the user can mend: a login that is refused again and again locks accounts."""
_SHORTEST_GAP = timedelta(seconds=1)
"""Between the beginnings of two passes."""


def wait_after_failure(
    failures: int, *, refused: bool, jitter: float, cut: bool = False, retry_after: timedelta | None = None
) -> timedelta:
    """Return how long to wait after so many failures in a row; `jitter` is between 0 and 1.

    `cut` says that a server which was there broke off, `retry_after` how long the provider wants to be left in peace.
    """
    if refused:
        wait = _AFTER_REFUSAL * (1 + jitter / 10)
    elif cut and failures <= 1:
        wait = _SOON * (0.5 + jitter / 2)
    else:
        doubled: timedelta = _FIRST_WAIT * 2 ** min(max(failures - 1 - cut, 0), 10)
        wait = min(doubled, _LONGEST_WAIT) * (0.5 + jitter / 2)
    return max(wait, retry_after * (1 + jitter / 10)) if retry_after else wait


def wait_until(next_at: datetime | None, *, now: datetime, poll: timedelta) -> timedelta:
    """Return how long to wait for news: to the next poll, or less when the clock asks for something before it."""
    if next_at is None or next_at - now > poll:
        return poll
    return max(next_at - now, timedelta(seconds=1))


def gap_between_passes(restless: int, *, poll: timedelta) -> timedelta:
    """Return how long after the beginning of a pass the next may begin, when so many before it were called for in vain.

    A server that tells of news without end, or ends every connection, is looked at no more often than by polling.
    """
    doubled: timedelta = _SHORTEST_GAP * 2 ** min(restless, 20)
    return min(doubled, poll)


def wait_left(failed_at: datetime, next_try: datetime, *, now: datetime) -> timedelta:
    """Return how much of a wait is left after a restart; no more than the whole of it, whatever the clock did meanwhile."""
    return max(min(next_try - now, next_try - failed_at), timedelta(0))
