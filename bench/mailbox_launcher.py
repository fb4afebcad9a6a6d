"""Starts one command and writes what it cost: run as `python -I -S mailbox_launcher.py FILE COMMAND...`.

A process of its own with next to nothing loaded: the kernel counts the memory of whoever starts a program into that
program's peak.
"""

import json
import os
import sys
import time


def main(words: list[str]) -> int:
    """Run the command to its end, write wall, user and system seconds, peak memory and exit status; return that status."""
    file, command = words[0], words[1:]
    began = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    with open(file, "w", encoding="utf-8") as out:  # noqa: PTH123 (pathlib would double the memory of this process)
        json.dump({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss_kb": usage.ru_maxrss, "status": code}, out)
    return code if code >= 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
