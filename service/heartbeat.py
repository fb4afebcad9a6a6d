#!/usr/bin/env python3
"""Whether the service lives, by what `interview-agent status --json` says on standard input: exit status 0, or 1 with the reason.

Its argument is how many hours may pass without a pass over the mailbox that succeeded. What the user must mend (a rule, a
password) is told by the log, the board and the digest: beginning anew would not help there.
"""

import json
import sys
from datetime import UTC, datetime, timedelta


def silent(board: dict[str, str | None], now: datetime, longest: timedelta) -> str:
    """Return for how long nothing was heard of one account; empty where that is not too long."""
    last = board.get("last_pass")
    if not last:
        return "no pass over the mailbox has succeeded yet"
    return f"the last pass that succeeded was at {last}" if now - datetime.fromisoformat(last) > longest else ""


if __name__ == "__main__":
    told, hours = json.load(sys.stdin), timedelta(hours=float(sys.argv[1]))
    found = [text for board in (told if isinstance(told, list) else [told]) if (text := silent(board, datetime.now(UTC), hours))]
    print("; ".join(found) or "alive")
    sys.exit(1 if found else 0)
