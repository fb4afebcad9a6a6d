"""A pass over a line that breaks at every octet, on real servers: `python -m bench.cuts --help`.

The pass reads mail, writes a draft, writes one anew and withdraws one (`tests/journeys/cut_scene.py`). At each position in what
client and server say, over a copy of the mailbox, the connection ends in one of three ways; at some positions it goes silent, or
the server says what nobody asked for. Then passes over a sound line follow. In the end mailbox and ledger must be exactly as
after a pass that nothing disturbed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cyrus import Cyrus
from tests.dovecot import WITHOUT_UIDPLUS, Dovecot
from tests.journeys.cut_scene import POOR_NAMES, USUAL_NAMES, Outcome, Story, differences
from tests.tls_proxy import End, Fault, TlsProxy, Toward

SERVERS = ("dovecot", "poor", "cyrus")
"""Dovecot; Dovecot without UIDPLUS and SPECIAL-USE; Cyrus."""
UNASKED = {
    "alert": b"* OK [ALERT] Maintenance tonight\r\n",
    "flags": b"* 1 FETCH (FLAGS (\\Seen))\r\n",
    "exists": b"* 7 EXISTS\r\n",
    "bye": b"* BYE Server shutting down\r\n",
}
"""What a server may say at any time; after the last one it ends the connection."""
_ENDS = tuple(End)
_PATIENCE = 0.5
"""Seconds after which the client gives a silent line up."""
_AT_ONCE = 150
"""Positions that one process tries before it makes a new server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """One fault: where, and what happens."""

    toward: Toward
    at: int
    kind: str
    """An `End`, `stall`, or a name in `UNASKED`."""

    def __str__(self) -> str:
        return f"{self.toward}:{self.at}:{self.kind}"

    @property
    def fault(self) -> Fault:
        """The fault for the proxy."""
        if self.kind in _ENDS:
            return Fault(toward=self.toward, at=self.at, end=End(self.kind))
        if self.kind == "stall":
            return Fault(toward=self.toward, at=self.at, stall=True)
        return Fault(toward=self.toward, at=self.at, inject=UNASKED[self.kind], end=End.CLEAN if self.kind == "bye" else None)


@dataclass(kw_only=True, slots=True)
class Tally:
    """What was found so far."""

    tried: Counter[str] = field(default_factory=Counter)
    """Faults by direction and kind; those that came about in the pass."""
    missed: int = 0
    """Faults whose position the pass did not come to: what is said differs by some octets from run to run."""
    broke_off: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """One line each, with what `--repeat` needs."""

    def add(self, more: "Tally") -> None:
        """Put another tally to this one."""
        for name in ("tried", "broke_off", "lost", "doubled", "other"):
            getattr(self, name).update(getattr(more, name))
        self.missed += more.missed
        self.faults += more.faults


@dataclass(kw_only=True, slots=True)
class Rig:
    """One server, one line to it, and how it goes when nothing breaks."""

    story: Story
    proxy: TlsProxy
    expected: Outcome
    to_server: int
    to_client: int

    def at(self, spot: Spot, tally: Tally) -> None:
        """Make the pass with this fault, and put what comes of it to the tally."""
        row = f"{spot.toward} {spot.kind}"
        try:
            tried = self.story.tried(spot.fault, self.proxy, patience=_PATIENCE if spot.kind == "stall" else None)
        except RuntimeError as error:
            tally.tried[row] += 1
            tally.other[row] += 1
            tally.faults.append(f"{spot} {error}")
            return
        if not tried.reached:
            tally.missed += 1
            return
        tally.tried[row] += 1
        tally.broke_off[row] += bool(tried.problem)
        told = differences(tried.outcome, self.expected)
        alarm = tried.alarm or ("more passes than one were needed after it" if tried.passes > _SOUND_PASSES else "")
        lost, doubled = (any(line.startswith(word) for line in told) for word in ("lost", "too much"))
        tally.lost[row] += lost
        tally.doubled[row] += doubled
        tally.other[row] += bool(alarm or told) and not (lost or doubled)
        if alarm or told:
            tally.faults.append(f"{spot} {' | '.join([alarm, *told] if alarm else told)}")


_SOUND_PASSES = 2


@contextmanager
def rig(server: str) -> Iterator[Rig]:
    """Give a server of this name with the story prepared on it, and the pass made once undisturbed."""
    if Path("/dev/shm").is_dir():  # noqa: S108 (its own folders are made there by mkdtemp)
        tempfile.tempdir = "/dev/shm"  # noqa: S108
    names = POOR_NAMES if server == "poor" else USUAL_NAMES
    made: Dovecot | Cyrus
    if server == "cyrus":
        made = Cyrus()
    elif server == "poor":
        made = Dovecot(mailboxes={}, prefix="INBOX.", separator=".", capability=WITHOUT_UIDPLUS)
    else:
        made = Dovecot()
    with made, tempfile.TemporaryDirectory() as folder:
        plain = made.starttls_port if isinstance(made, Dovecot) else 0
        with TlsProxy(plain or made.port, ca_file="" if plain else made.ca_file) as proxy:
            story = Story(server=made, names=names, folder=Path(folder), reach=proxy.server)
            story.prepare()
            sound = story.tried(None, proxy)
            if sound.problem:
                raise RuntimeError(f"the pass fails by itself: {sound.problem}")
            yield Rig(
                story=story,
                proxy=proxy,
                expected=sound.outcome,
                to_server=sound.to_server,
                to_client=sound.to_client,
            )


def spots(rig: Rig, options: argparse.Namespace) -> list[Spot]:
    """Return what is to be tried: each position once, with an end by turns; silence and unasked responses at some of them."""
    out: list[Spot] = []
    for toward in (Toward.SERVER, Toward.CLIENT):
        if options.toward not in {"both", toward}:
            continue
        last = min(rig.to_server if toward is Toward.SERVER else rig.to_client, options.to or sys.maxsize)
        positions = range(options.begin, last + 1, options.every)
        out += [Spot(toward=toward, at=at, kind=_ENDS[(at // options.every + options.seed) % 3]) for at in positions]
        stalls = positions[:: max(1, len(positions) // options.stalls)] if options.stalls else ()
        out += [Spot(toward=toward, at=at, kind="stall") for at in stalls]
        if toward is Toward.CLIENT and options.unasked:
            some = positions[:: max(1, len(positions) // options.unasked)]
            kinds = list(UNASKED)
            out += [Spot(toward=toward, at=at, kind=kinds[(each + options.seed) % 4]) for each, at in enumerate(some)]
    return out


def work(server: str, some: Sequence[Spot]) -> Tally:
    """Try these, on a server of their own; return what was found."""
    tally = Tally()
    with rig(server) as made:
        for spot in some:
            made.at(spot, tally)
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    """Try every position; print what was found, and return 1 when that was anything."""
    parser = argparse.ArgumentParser(prog="python -m bench.cuts", description="A pass over a line that breaks at every octet.")
    parser.add_argument("--server", choices=SERVERS, default="dovecot", help="poor: Dovecot without UIDPLUS and SPECIAL-USE")
    parser.add_argument("--toward", choices=["both", *Toward], default="both", help="in what the client says, or the server")
    parser.add_argument("--from", dest="begin", type=int, default=0, help="the first position (0)")
    parser.add_argument("--to", type=int, default=0, help="the last one (the end of the pass)")
    parser.add_argument("--every", type=int, default=3, help="each of so many positions (3)")
    parser.add_argument("--stalls", type=int, default=60, help="at how many positions a direction the line goes silent (60)")
    parser.add_argument("--unasked", type=int, default=120, help="at how many the server says what nobody asked for (120)")
    parser.add_argument("--seed", type=int, default=0, help="which kind of fault comes first (0)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", nargs="+", metavar="DIRECTION:POSITION:KIND", help="only these, as a run printed them")
    options = parser.parse_args(argv)
    began = time.monotonic()
    if options.repeat:
        parts = [each.split(":") for each in options.repeat]
        wanted = [Spot(toward=Toward(toward), at=int(at), kind=kind) for toward, at, kind in parts]
    else:
        with rig(options.server) as made:
            wanted = spots(made, options)
            print(f"{options.server}: the pass says {made.to_server} octets and hears {made.to_client}; {len(wanted)} faults")
    tally = Tally()
    count = max(min(options.workers, len(wanted)), -(-len(wanted) // _AT_ONCE))
    pieces = [wanted[start::count] for start in range(count)]
    with ProcessPoolExecutor(options.workers) as workers:
        for number, done in enumerate(as_completed(workers.submit(work, options.server, piece) for piece in pieces), start=1):
            tally.add(done.result())
            for line in done.result().faults:
                print(line)
            print(f"{number} of {len(pieces)} parts, {tally.tried.total()} faults, {time.monotonic() - began:.0f} s", flush=True)
    _show(tally, options.server, time.monotonic() - began)
    return 1 if tally.faults else 0


def _show(tally: Tally, server: str, seconds: float) -> None:
    print(f"\n| {server}: toward, kind | positions | passes broken off | lost | doubled | other |")
    print("|---|---|---|---|---|---|")
    for row in sorted(tally.tried):
        found = (tally.broke_off[row], tally.lost[row], tally.doubled[row], tally.other[row])
        print(f"| {row} | {tally.tried[row]} | {' | '.join(map(str, found))} |")
    sums = (tally.tried, tally.broke_off, tally.lost, tally.doubled, tally.other)
    print(f"| all | {' | '.join(str(each.total()) for each in sums)} |")
    print(f"{tally.missed} positions were not come to; {len(tally.faults)} faults found; {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
