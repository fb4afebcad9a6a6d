"""A week in fast motion on a real Dovecot, once with faults and once without: `python -m bench.soak_week --help`.

The same mail comes in, the same user edits, sends and deletes the same drafts; passes are made every so many simulated minutes.
In one of the two runs connections are cut, go silent and lie, and the process is killed and begun anew. In the end what
lies in the mailbox, in the ledger and in Drafts is compared.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.cli.printing import print_table
from agent.daemon.casebook import Casebook
from agent.store import Ledger
from bench.soak_mail import BEGINS, READ, Act, Delivery, act, by_message_id, sessions, week
from tests.dovecot import Dovecot, MailboxUser
from tests.tls_proxy import End, Fault, TlsProxy, Toward

_UNASKED = b"* OK [ALERT] still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* FLAGS (\\Seen $Junk)\r\n"
_KINDS = {
    "cut, FIN": lambda at: Fault(toward=Toward.CLIENT, at=at, end=End.CLEAN),
    "cut, RST": lambda at: Fault(toward=Toward.CLIENT, at=at, end=End.RESET),
    "cut, TLS truncated": lambda at: Fault(toward=Toward.CLIENT, at=at, end=End.TRUNCATED),
    "cut before the answer": lambda at: Fault(toward=Toward.SERVER, at=at, end=End.CLEAN),
    "silence": lambda at: Fault(toward=Toward.CLIENT, at=at, stall=True),
    "silence before the answer": lambda at: Fault(toward=Toward.SERVER, at=at, stall=True),
    "BYE": lambda at: Fault(toward=Toward.CLIENT, at=at, inject=b"* BYE going down\r\n", end=End.CLEAN),
    "garbage": lambda at: Fault(toward=Toward.CLIENT, at=at, inject=b"\x00\xff* !garbage{9\r\n"),
    "unasked responses": lambda at: Fault(toward=Toward.CLIENT, at=at, inject=_UNASKED),
}
_KILL, _RESTART = "killed", "begun anew"
_MOST_TRIES = 5
"""Passes without a fault of which one must succeed."""
_GROWTH = 1.15
"""How much more memory than after the first day the process may hold at the end."""


@dataclass(kw_only=True)
class Life:
    """One run of the week."""

    user: MailboxUser
    ledger: Path
    passes: int = 0
    failed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    done: dict[str, Act] = field(default_factory=dict)
    """What the user did with each draft, by its Message-ID."""
    memory: list[float] = field(default_factory=list)
    """MB after each pass."""
    problems: list[str] = field(default_factory=list)


class Passes:
    """The process that makes the passes."""

    def __init__(self, life: Life, candidacies: int) -> None:
        self._command = [
            *(sys.executable, "-m", "bench.soak_passes"),
            *(str(life.ledger), life.user.name, life.user.password, str(candidacies)),
        ]
        self._life = life
        self._process: subprocess.Popen[str] | None = None

    def make(self, now: datetime, *, port: int, ca_file: str, kill_after: float | None = None) -> dict[str, Any] | None:
        """Make one pass; return what it said, or None when it was killed after that many seconds."""
        process = self._process = self._process or subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None  # noqa: S101 (it was opened as a pipe)
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(json.dumps({"now": now.isoformat(), "port": port, "ca_file": ca_file}) + "\n")
        process.stdin.flush()
        self._life.passes += 1
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
            self.end()
            return None
        line = process.stdout.readline()
        if not line:
            self.end()
            self._life.problems.append(f"the process ended by itself in the pass of {now:%a %H:%M}")
            return None
        told: dict[str, Any] = json.loads(line)
        self._life.failed += bool(told["problem"])
        self._life.memory.append(told["memory"])
        return told

    def end(self) -> None:
        """End the process; the next pass begins another."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._process.wait()
            self._process = None


def main(argv: Sequence[str] | None = None) -> int:
    """Live the week twice; print what was injected, lost and doubled, and the memory; return 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_week", description="A week in fast motion on a real Dovecot.")
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--per-day", type=int, default=400, help="messages a day that are about other things (400)")
    parser.add_argument("--candidacies", type=int, default=30, help="tracked from the beginning (30)")
    parser.add_argument("--every", type=int, default=30, help="simulated minutes between passes (30)")
    parser.add_argument("--faults", type=float, default=0.6, help="share of the passes in which something goes wrong (0.6)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    began = time.monotonic()
    mail = week(options.days, per_day=options.per_day, candidacies=options.candidacies, seed=options.seed)
    with Dovecot() as server, tempfile.TemporaryDirectory() as folder, TlsProxy(server.starttls_port) as proxy:
        plain, broken = (
            Life(user=MailboxUser(name=f"{name}@mailbox.example"), ledger=Path(folder) / f"{name}.sqlite")
            for name in ("plain", "broken")
        )
        _live(plain, server, None, mail, options)
        print(f"without faults: {plain.passes} passes, {len(plain.done)} drafts, {time.monotonic() - began:.0f} s", flush=True)
        _live(broken, server, proxy, mail, options)
        found = [*plain.problems, *broken.problems, *_compared(plain, broken, server, mail), *_grown(plain, options)]
    print(f"with faults: {broken.passes} passes, {broken.failed} failed, {len(broken.done)} drafts")
    print_table(("fault", "injected"), [(kind, str(count)) for kind, count in sorted(broken.faults.items())])
    print(f"user: {', '.join(f'{count} {what}' for what, count in sorted(Counter(broken.done.values()).items()))}")
    _print_memory(plain)
    for each in found:
        print(f"FOUND {each}")
    print(
        f"{len(mail)} messages, {options.days:g} days, {sum(broken.faults.values())} faults, {len(found)} findings, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if found else 0


def _live(life: Life, server: Dovecot, proxy: TlsProxy | None, mail: Sequence[Delivery], options: argparse.Namespace) -> None:
    """Let the week pass; faults come about where a proxy is given."""
    chance = random.Random(f"faults-{options.seed}")  # noqa: S311 (nothing secret)
    passes = Passes(life, options.candidacies)
    now, ends = BEGINS, BEGINS + timedelta(days=options.days)
    coming, step = list(reversed(mail)), timedelta(minutes=options.every)
    usual = (8000, 2000, 0.3)
    while now < ends:
        before, now = now, now + step
        while coming and coming[-1].at <= now:
            each = coming.pop()
            server.deliver(life.user, each.folder, each.raw, internaldate=each.at, flags=each.flags)
        if sessions(now, before) or proxy is None:
            _clean(life, passes, server, now)
            if sessions(now, before):
                act(server, life.user, life.done, now=now, seed=options.seed)
        else:
            usual = _broken(life, passes, proxy, now, chance, usual, share=options.faults)
    for after in (timedelta(hours=1), timedelta(hours=2), timedelta(days=2)):
        _clean(life, passes, server, ends + after)
        _clean(life, passes, server, ends + after)
    passes.end()


def _clean(life: Life, passes: Passes, server: Dovecot, now: datetime) -> None:
    """Make passes until one succeeds that nothing disturbs."""
    for _ in range(_MOST_TRIES):
        told = passes.make(now, port=server.port, ca_file=server.ca_file)
        if told is not None and not told["problem"]:
            return
    life.problems.append(f"no pass of {now:%a %H:%M} succeeds: {told and told['problem']}")


def _broken(
    life: Life,
    passes: Passes,
    proxy: TlsProxy,
    now: datetime,
    chance: random.Random,
    usual: tuple[int, int, float],
    *,
    share: float,
) -> tuple[int, int, float]:
    """Make a pass in which something may go wrong; return what a pass says, hears (octets) and takes (seconds) of late."""
    to_client, to_server, seconds = usual
    kind = chance.choice([*_KINDS, _KILL, _KILL, _RESTART]) if chance.random() < share else ""
    fault = None
    if kind in _KINDS:
        fault = _KINDS[kind](0)
        reach = to_client if fault.toward is Toward.CLIENT else to_server
        fault = _KINDS[kind](chance.randrange(1, int(reach * 1.5)))
    proxy.begin(fault)
    if kind == _RESTART:
        passes.end()
    began = time.monotonic()
    told = passes.make(
        now, port=proxy.port, ca_file=proxy.ca_file, kill_after=chance.uniform(0, 1.5 * seconds) if kind == _KILL else None
    )
    if kind in (_KILL, _RESTART) or proxy.fault_done:
        life.faults[kind] += 1
    elif told is not None and told["problem"]:
        life.problems.append(f"a pass failed without a fault: {told['problem']}")
    if fault is None and kind == "" and told is not None:
        return max(1000, proxy.to_client), max(500, proxy.to_server), time.monotonic() - began
    return usual


def _compared(plain: Life, broken: Life, server: Dovecot, mail: Sequence[Delivery]) -> list[str]:
    """Return in what the two runs differ, and what in the mailbox is not as it was delivered."""
    found = []
    for name, life in (("without faults", plain), ("with faults", broken)):
        for folder in READ:
            there = server.messages(life.user, folder)
            flags = server.flags(life.user, folder)
            came = Counter((each.raw, frozenset(each.flags)) for each in mail if each.folder == folder)
            lying = Counter((raw, flags[uid]) for uid, raw in there.items() if b"<sent-" not in raw)
            if came != lying:
                found.append(f"{name}: {folder} is not as it was delivered")
        twice = [key for key, raws in by_message_id(list(server.messages(life.user, "Drafts").values())).items() if len(raws) > 1]
        found += [f"{name}: doubled in Drafts: {message_id}" for message_id in twice]
    one, other = (sorted(by_message_id(list(server.messages(life.user, "Drafts").values()))) for life in (plain, broken))
    if one != other:
        found.append(f"Drafts differ: {sorted(set(one) ^ set(other))}")
    if plain.done != broken.done:
        found.append(f"the user met other drafts: {sorted(plain.done.items() ^ broken.done.items())}")
    told, again = (_told(Ledger(life.ledger)) for life in (plain, broken))
    for what, values in told.items():
        differing = sorted(key for key in values.keys() | again[what].keys() if values.get(key) != again[what].get(key))
        found += [f"{what} {key}: {values.get(key)} without faults, {again[what].get(key)} with" for key in differing]
    return found


def _told(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Return what a ledger says, without when and where it was read."""
    casebook = Casebook(ledger, BEGINS + timedelta(days=30))
    read = [(letter, each.interview.id) for each in casebook.candidacies() for letter in each.letters]
    told = {
        "message": {letter.message.message_id: f"{where} {letter.reading.label}" for letter, where in read},
        "status": {each.interview.id: str(each.state.status) for each in casebook.candidacies()},
        "draft": {" ".join(draft.key): str(draft.state) for draft in ledger.drafts()},
        "question": {review.question.identity: str(review.resolution) for review in ledger.reviews(resolved=True)},
        "aside": {f"{each.folder} {each.uid}": each.problem for each in ledger.aside()},
    }
    ledger.close()
    return told


def _grown(life: Life, options: argparse.Namespace) -> list[str]:
    """Return how the process that lived all the week has grown after its first day."""
    a_day = max(1, min(len(life.memory) // 2, 24 * 60 // options.every))
    early, late = max(life.memory[:a_day]), max(life.memory[-a_day:])
    return [f"memory grows: {early:.0f} MB on the first day, {late:.0f} MB on the last"] if late > early * _GROWTH else []


def _print_memory(life: Life) -> None:
    """Print the memory of the process that lived all the week, in tenths of it."""
    last = len(life.memory) - 1
    curve = ", ".join(f"{life.memory[last * tenth // 10]:.1f}" for tenth in range(11))
    print(f"memory after each tenth of {last + 1} passes in one process (MB): {curve}")


if __name__ == "__main__":
    sys.exit(main())
