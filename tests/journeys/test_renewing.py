"""Rules that are edited while the service runs, over a real Dovecot: what they change, and that a broken one changes nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_service import Service
from tests.letters import letter

# As `interview-agent run`, but it looks at the rules folder ten times a second: nobody is to wait for twenty.
QUICK = """
import sys
from agent.cli import renewing
from agent.cli.main import main
from agent.daemon import watching
renewing._PIECE = 0.1
renewing.STILL = watching.STILL = 0.3
sys.exit(main(sys.argv[1:]))
"""

SIDEWAYS = """
language: en
label: rejection
rules:
  - id: sideways
    says: they say no in a casual word
    confidence: 0.9
    any: ['\\bzibble the flomp\\b']
    matches: [We must zibble the flomp here.]
    not: [If we zibble the flomp, you will hear by Friday.]
"""
"""Words that the shipped rules do not know, and the learned reader takes for no rejection."""


@contextmanager
def running(home: Home) -> Iterator[Service]:
    path = home.folder / "notify"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_"))}
    environment |= {"HOME": str(home.folder), "NOTIFY_SOCKET": str(path)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(60)
        words = [sys.executable, "-c", QUICK, "run", "--config", str(home.config)]
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            yield Service(process=process, manager=manager)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=10)


def write_rule(home: Home, text: str) -> Path:
    path = home.folder / ".config/interview-agent/rules/signals/en/mine.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_counts_from_the_next_mail_on_a_broken_one_changes_nothing_and_both_are_told(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    home.track(search.INTERVIEWS)

    def comes(name: str) -> None:
        raw = letter(
            sender="Dana Cole <dana@acme.example>",
            subject="Backend Engineer at Acme Robotics",
            at=datetime.now(UTC),
            body="Hello Robin,\n\nWe must zibble the flomp here.\n\nDana",
            message_id=f"<{name}@acme.example>",
        )
        dovecot.deliver(mailbox_user, "INBOX", raw, internaldate=datetime.now(UTC))

    with running(home) as service:

        def hears_all(*parts: str) -> str:
            word = ""
            while not all(part in word for part in parts):
                word = service.hears("STATUS=")[-1]
            return word

        hears_all("STATUS=idle")
        write_rule(home, SIDEWAYS.replace("confidence", "confidance"))
        warned = hears_all("idle", "the rules from before are in force")
        board, check = home.run("status", "--json").json, home.run("check", "--json").json
        comes("before")
        hears_all("idle", "the rules from before are in force")

        write_rule(home, SIDEWAYS)
        hears_all("reading the mailbox")
        mended = hears_all("idle")
        comes("after")
        hears_all("idle")
        after = home.run("status", "--json").json

        service.process.send_signal(signal.SIGHUP)
        reload = [service.hears("RELOADING=1")[-1], service.hears("READY=1")[-1]]
        service.process.terminate()
        status, said = service.ended()

    place = str(home.folder / ".config/interview-agent/rules/signals/en/mine.yaml")
    assert f"{place}:4:5: `rules.0.confidence` is missing; add it" not in mended
    assert f"cannot be used: {place}:5:5: `rules.0.confidence` is missing; add it (and 1 more)" in warned
    assert place in board["problem"]
    assert any(each["name"] == "passes" and place in each["text"] for each in check)
    assert after["problem"] in (None, "")
    lines = said.splitlines()
    read = [line for line in lines if line.startswith("message_read")]
    assert [line.endswith(" label=rejection") for line in read] == [False, True], read
    (taken,) = [line for line in lines if line.startswith("rules_taken_up")]
    assert taken == 'rules_taken_up what="new signals/en/mine.yaml"'
    refusals = [line for line in lines if line.startswith("rules_not_taken_up")]
    assert len(refusals) == 2
    assert "mine.yaml:7:5: `rules.0.confidance` is not a known key" in refusals[1]
    assert reload[0].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert int(reload[0].rpartition("=")[2]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert status == 0
    assert "Traceback" not in said
