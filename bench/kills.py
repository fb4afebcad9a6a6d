"""Random SIGKILLs of passes over a real Dovecot: `python -m bench.kills --help`.

Each round has a mailbox of its own with the demo's mail. Passes are begun in it and killed at random moments; in every other
round the user meanwhile edits, sends and deletes drafts as mail clients do. In the end two passes run through, and the mailbox is
looked at: no occasion has two drafts, nothing that the user touched was changed or came back, and the second pass finds nothing
to do.
"""

import argparse
import email
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from agent.demo.search import demo_interviews, demo_messages
from agent.drafts.mail import DRAFT_HEADER
from agent.mailbox import FolderRole
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Home

_FOLDERS = {FolderRole.INBOX: "INBOX", FolderRole.SENT: "Sent", FolderRole.JUNK: "Junk", FolderRole.ARCHIVE: "Archive"}
_EARLIEST, _LATEST = 0.4, 6.0
"""Seconds after which a pass is killed."""
_PASSES = 14
_MARK = "The words of the user."


@dataclass(kw_only=True, slots=True)
class Round:
    """One mailbox, and what was found in it."""

    number: int
    acts: bool
    """The user edits, sends and deletes drafts meanwhile."""
    kills: int = 0
    ended: int = 0
    """Passes that came to their end before they were to be killed."""
    drafts: int = 0
    edited: set[str] = field(default_factory=set)
    """Message-IDs under which drafts lie that the user has saved anew."""
    gone: set[str] = field(default_factory=set)
    """Message-IDs of the agent that may not be in Drafts any more: the user saved them anew, sent or deleted them."""
    faults: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Kill passes until there were enough kills; print the rounds and return 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description="Random SIGKILLs of passes over a real Dovecot.")
    parser.add_argument("--kills", type=int, default=1000, help="how many at least (1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="no new round after this time (60)")
    options = parser.parse_args(argv)
    began = time.monotonic()
    rounds: list[Round] = []
    with Dovecot() as server, ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        waiting: list[Future[Round]] = []
        number = 0
        while sum(each.kills for each in rounds) < options.kills and time.monotonic() - began < options.minutes * 60:
            while len(waiting) < (os.cpu_count() or 1):
                waiting.append(workers.submit(_round, server, Round(number=number, acts=number % 2 == 1), options.seed))
                number += 1
            done = waiting.pop(0).result()
            rounds.append(done)
            print(
                f"round {done.number}: {done.kills} kills, {done.ended} passes ended, {len(done.gone)} drafts touched by the "
                f"user, {done.drafts} drafts; {'; '.join(done.faults) or 'as it should be'}",
                flush=True,
            )
        rounds += [each.result() for each in waiting]
    quiet = {each.drafts for each in rounds if not each.acts}
    if len(quiet) > 1:
        print(f"rounds without the user's hand ended with different numbers of drafts: {sorted(quiet)}")
    faults = sum(len(each.faults) for each in rounds) + (len(quiet) > 1)
    print(
        f"{len(rounds)} mailboxes, {sum(each.kills for each in rounds)} kills, {sum(each.drafts for each in rounds)} drafts, "
        f"{sum(len(each.gone) for each in rounds)} touched by the user, {faults} faults, {time.monotonic() - began:.0f} s"
    )
    return 1 if faults else 0


def _round(server: Dovecot, this: Round, seed: int) -> Round:
    chance = random.Random(f"{seed}-{this.number}")  # noqa: S311 (nothing secret)
    user = MailboxUser(name=f"kills{this.number}@mailbox.example")
    now = datetime.now(UTC)
    for mail in demo_messages(now):
        server.deliver(user, _FOLDERS[mail.folder], mail.raw, internaldate=mail.received_at)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder=Path(folder), host=server.host, port=server.port, user=user.name, ca_file=server.ca_file)
        home.password.write_text(user.password, encoding="utf-8")
        home.password.chmod(0o600)
        home.configure()
        home.track(demo_interviews(now))
        longest = _LATEST
        for _ in range(_PASSES):
            longest = _killed_pass(home, this, chance.uniform(_EARLIEST, longest)) or longest
            if this.acts and chance.random() < 0.6:
                _act(server, user, this, chance)
        first, second = home.run("once", "--json"), home.run("once", "--json")
        for ran in (first, second):
            if ran.status:
                this.faults.append(f"a pass failed: {ran.err.strip()[-200:]}")
        if second.status == 0 and second.json["queued"]:
            this.faults.append("the second of two passes still found something to do")
    _look(server, user, this)
    return this


def _killed_pass(home: Home, this: Round, after_seconds: float) -> float | None:
    """Begin a pass and kill it after that time; return how long it took, at least the earliest kill, where it ended before."""
    began = time.monotonic()
    environment = {**os.environ, "HOME": str(home.folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "agent", "once", "--config", str(home.config)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after_seconds)
        this.ended += 1
        return max(time.monotonic() - began, _EARLIEST)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        this.kills += 1
        return None


def _act(server: Dovecot, user: MailboxUser, this: Round, chance: random.Random) -> None:
    """Let the user edit, send or delete one of the agent's drafts, as a client does that makes a new Message-ID each time."""
    ours = {uid: raw for uid, raw in server.messages(user, "Drafts").items() if f"\r\n{DRAFT_HEADER}:".encode() in raw}
    if not ours:
        return
    uid = chance.choice(sorted(ours))
    draft = email.message_from_bytes(ours[uid], policy=SMTP)
    this.gone.add(str(draft["Message-ID"]))
    what = chance.choice(("edit", "send", "delete"))
    if what != "delete":
        again = EmailMessage(policy=SMTP)
        for name in ("From", "To", "Subject", "Date", "In-Reply-To", "References"):
            if draft[name]:
                again[name] = str(draft[name])
        again["Message-ID"] = f"<{this.number}-{uid}-{chance.randrange(10**9)}@client.example>"
        again.set_content(f"{draft.get_content()}\n{_MARK if what == 'edit' else ''}\n")
        flags = ["\\Draft", "\\Seen"] if what == "edit" else ["\\Seen"]
        server.deliver(user, "Drafts" if what == "edit" else "Sent", again.as_bytes(), flags=flags)
        if what == "edit":
            this.edited.add(str(again["Message-ID"]))
    server.remove(user, "Drafts", uid)


def _look(server: Dovecot, user: MailboxUser, this: Round) -> None:
    found = [email.message_from_bytes(raw, policy=SMTP) for raw in server.messages(user, "Drafts").values()]
    ids = Counter(str(message["Message-ID"]) for message in found)
    this.drafts = len(ids)
    for message_id, count in ids.items():
        if count > 1:
            this.faults.append(f"{count} drafts with the Message-ID {message_id}")
        if message_id in this.gone:
            this.faults.append(f"{message_id} came back after the user had edited, sent or deleted it")
    lost = this.edited - set(ids)
    if lost:
        this.faults.append(f"edited by the user and gone: {', '.join(sorted(lost))}")
    changed = [each for each in found if str(each["Message-ID"]) in this.edited and _MARK not in str(each.get_content())]
    if changed:
        this.faults.append(f"{len(changed)} drafts that the user edited were changed")


if __name__ == "__main__":
    sys.exit(main())
