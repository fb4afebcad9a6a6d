"""Random SIGKILLs of passes, or of the service, over a real mail server: `python -m bench.kills --help`.

Each round has a mailbox of its own with the demo's mail. Passes are begun in it and killed at random moments; with `--service`
it is the service that is begun, which waits for mail with IDLE, and most of the mail comes in while it runs. In every other round
the user meanwhile edits, sends and deletes drafts as mail clients do. In the end two passes run through, and the mailbox is
looked at: no occasion has two drafts, nothing that the user touched was changed or came back, no mail was changed, and the second
pass finds nothing to do.
"""

import argparse
import contextlib
import email
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from agent.demo.search import DemoMessage, demo_interviews, demo_messages
from agent.drafts.mail import DRAFT_HEADER
from agent.mailbox import FolderRole
from tests.cyrus import Cyrus
from tests.dovecot import Dovecot
from tests.journeys.home import Home
from tests.mail_clients import message_id_of
from tests.mail_server import MailboxUser, MailServer

_FOLDERS = {FolderRole.INBOX: "INBOX", FolderRole.SENT: "Sent", FolderRole.JUNK: "Junk", FolderRole.ARCHIVE: "Archive"}
_EARLIEST, _LATEST = 0.7, 12.0
"""After how long a pass is killed, in times what a command takes that does next to nothing."""
_PASSES = 14
_MARK = "The words of the user."


@dataclass(kw_only=True, slots=True)
class Round:
    """One mailbox, and what was found in it."""

    number: int
    acts: bool
    """The user edits, sends and deletes drafts meanwhile."""
    service: bool
    """The service is killed, not single passes; mail comes in while it runs."""
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
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description="Random SIGKILLs over a real mail server.")
    parser.add_argument("--kills", type=int, default=1000, help="how many at least (1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", choices=["dovecot", "cyrus"], default="dovecot")
    parser.add_argument("--service", action="store_true", help="kill `interview-agent run`, not `once`")
    parser.add_argument("--minutes", type=float, default=60, help="no new round after this time (60)")
    options = parser.parse_args(argv)
    began = time.monotonic()
    rounds: list[Round] = []
    with Cyrus() if options.server == "cyrus" else Dovecot() as server, ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        waiting: list[Future[Round]] = []
        number = 0
        while sum(each.kills for each in rounds) < options.kills and time.monotonic() - began < options.minutes * 60:
            while len(waiting) < (os.cpu_count() or 1):
                this = Round(number=number, acts=number % 2 == 1, service=options.service)
                waiting.append(workers.submit(_round, server, this, options.seed))
                number += 1
            done = waiting.pop(0).result()
            rounds.append(done)
            _tell(done)
        for each in waiting:
            rounds.append(each.result())
            _tell(rounds[-1])
    quiet = {each.drafts for each in rounds if not each.acts}
    if len(quiet) > 1:
        print(f"rounds without the user's hand ended with different numbers of drafts: {sorted(quiet)}")
    faults = sum(len(each.faults) for each in rounds) + (len(quiet) > 1)
    print(
        f"{len(rounds)} mailboxes, {sum(each.kills for each in rounds)} kills, {sum(each.drafts for each in rounds)} drafts, "
        f"{sum(len(each.gone) for each in rounds)} touched by the user, {faults} faults, {time.monotonic() - began:.0f} s"
    )
    return 1 if faults else 0


def _tell(done: Round) -> None:
    print(
        f"round {done.number}: {done.kills} kills, {done.ended} passes ended, {len(done.gone)} drafts touched by the "
        f"user, {done.drafts} drafts; {'; '.join(done.faults) or 'as it should be'}",
        flush=True,
    )


def _round(server: MailServer, this: Round, seed: int) -> Round:
    chance = random.Random(f"{seed}-{this.number}")  # noqa: S311 (nothing secret)
    user = MailboxUser(name=f"kills{this.number}@mailbox.example")
    now = datetime.now(UTC)
    mails = list(demo_messages(now))
    later = mails[len(mails) // 3 :] if this.service else []
    for mail in mails[: len(mails) - len(later)]:
        server.deliver(user, _FOLDERS[mail.folder], mail.raw, internaldate=mail.received_at)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder=Path(folder), host=server.host, port=server.port, user=user.name, ca_file=server.ca_file)
        home.password.write_text(user.password, encoding="utf-8")
        home.password.chmod(0o600)
        home.configure()
        home.track(demo_interviews(now))
        began = time.monotonic()
        home.run("interviews", "list")
        command = time.monotonic() - began
        earliest, longest = _EARLIEST * command, _LATEST * command
        for left in range(_PASSES, 0, -1):
            coming, later = later[: -(-len(later) // left)], later[-(-len(later) // left) :]

            def deliver(some: Sequence[DemoMessage] = coming) -> None:
                for mail in some:
                    server.deliver(user, _FOLDERS[mail.folder], mail.raw, internaldate=mail.received_at)

            longest = _killed_pass(home, this, chance.uniform(earliest, longest), deliver) or longest
            longest = max(earliest, longest)
            if this.acts and chance.random() < 0.6:
                _act(server, user, this, chance)
        first, second = home.run("once", "--json"), home.run("once", "--json")
        for ran in (first, second):
            if ran.status:
                this.faults.append(f"a pass failed: {ran.err.strip()[-200:]}")
        if second.status == 0 and second.json["queued"]:
            this.faults.append("the second of two passes still found something to do")
    _look(server, user, this)
    expected = Counter((_FOLDERS[mail.folder], mail.raw) for mail in mails)
    folders = {_FOLDERS[mail.folder] for mail in mails} - {"Sent"}
    there = Counter((folder, raw) for folder in folders for raw in server.messages(user, folder).values())
    expected = Counter({key: count for key, count in expected.items() if key[0] in folders})
    this.faults += [f"gone from {folder}: {message_id_of(raw)}" for folder, raw in (expected - there).elements()]
    this.faults += [f"not delivered, and in {folder}: {message_id_of(raw)}" for folder, raw in (there - expected).elements()]
    return this


def _killed_pass(home: Home, this: Round, after_seconds: float, deliver: Callable[[], None]) -> float | None:
    """Begin a pass, or the service, and kill it after that time, and let mail come in after half of it.

    Return how long it took, where it ended before.
    """
    began = time.monotonic()
    environment = {**os.environ, "HOME": str(home.folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "agent", "run" if this.service else "once", "--config", str(home.config)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after_seconds / 2)
        deliver()
        process.wait(max(0.0, after_seconds - (time.monotonic() - began)))
        this.ended += 1
        if this.service:
            this.faults.append(f"the service ended by itself with status {process.returncode}")
        return time.monotonic() - began
    except subprocess.TimeoutExpired:
        this.kills += 1
        return None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _act(server: MailServer, user: MailboxUser, this: Round, chance: random.Random) -> None:
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


def _look(server: MailServer, user: MailboxUser, this: Round) -> None:
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
