"""How long state machines run: briefly in the suite, always the same way; long and by chance with HYPOTHESIS_PROFILE=long."""

import os

from hypothesis import HealthCheck, settings

_LONGER = 40
"""How many times as many examples the long profile makes."""


def length(*, examples: int, steps: int) -> settings:
    """Return the settings of a machine that makes this many examples in the suite."""
    long = os.environ.get("HYPOTHESIS_PROFILE") == "long"
    return settings(
        max_examples=examples * (_LONGER if long else 1),
        stateful_step_count=steps,
        deadline=None,
        derandomize=not long,
        suppress_health_check=list(HealthCheck),
    )
