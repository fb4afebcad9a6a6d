"""A mailbox of 20,000 messages on a real Dovecot: what the first look, a quiet pass and a new mail cost, beside others.

Run `make bench-mailbox`, or `python -m bench.mailbox --help`. The mailbox is made anew for each run (`bench.mailbox_mail` says of
what) in a temporary folder and is removed at the end. Everybody reads it over TLS, from pages that the kernel has in memory; each
reader is a process of its own, measured from its start to its end, one at a time.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.cli.printing import print_table
from bench import mailbox_service
from bench.mailbox_mail import mailbox
from bench.mailbox_maildir import MakeUp, drafts_in, take_back_drafts, write
from bench.mailbox_measure import Cost, Relay, measured
from bench.mailbox_peers import mbsync_config
from bench.mailbox_search import tracked
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Home

USER = MailboxUser(name="robin.hale@mailbox.example")
PARTS = ("look", "quiet", "peers", "arrival", "idle")
_HOUR = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One first look back."""

    cost: Cost
    notes: dict[str, Any]
    """What `bench.mailbox_look` wrote."""
    report: dict[str, Any]
    """What `once --json` printed."""

    @property
    def without_model(self) -> float:
        """Seconds of the whole process less those in the model."""
        return float(self.cost.wall - self.notes["model"])


@dataclass(kw_only=True, slots=True)
class Results:
    """All figures of a run; what was not asked for is missing."""

    looks: list[Look] = field(default_factory=list)
    bare_looks: list[Look] = field(default_factory=list)
    """Without the model."""
    bytes_look: tuple[int, int] | None = None
    quiet: list[tuple[float, float, int]] = field(default_factory=list)
    """Wall and processor seconds, messages read."""
    peers: dict[str, list[Cost]] = field(default_factory=dict)
    bytes_mbsync: int | None = None
    delays: list[float | None] = field(default_factory=list)
    idle: mailbox_service.Idle | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Make the mailbox, measure what is asked for and print it; return 0."""
    options = _options(argv)
    # Whoever ends the run finds neither a server nor half a gigabyte of mail left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with (
        Dovecot(extra="mail_max_userip_connections = 50") as server,
        tempfile.TemporaryDirectory(prefix="bench-mailbox-") as folder,
    ):
        bench = Bench(server, Path(folder), options)
        began = time.monotonic()
        for line in bench.make().card():
            print(line)
        print(
            f"made in {time.monotonic() - began:.0f} s; seed {options.seed}; all over TLS on loopback, page cache warm\n",
            flush=True,
        )
        results = Results()
        try:
            bench.run(results)
        finally:
            _print(results, options, bench.octets)
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mailbox", description="A large mailbox on a real Dovecot.")
    parser.add_argument("--messages", type=int, default=20_000, help="how many (20000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each reader, the median counts (3)")
    parser.add_argument("--passes", type=int, default=50, help="quiet passes (50)")
    parser.add_argument("--arrivals", type=int, default=30, help="mails delivered to the running service, at most 64 (30)")
    parser.add_argument("--minutes", type=float, default=3, help="how long the service is left idle (3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas: {', '.join(PARTS)}")
    parser.add_argument("--profile", type=Path, help="a profile of one more first look, written into this file")
    options = parser.parse_args(argv)
    options.only = set(options.only.split(","))
    if unknown := options.only - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


class Bench:
    """One mailbox, and those who read it."""

    def __init__(self, server: Dovecot, folder: Path, options: argparse.Namespace) -> None:
        """Work below `folder`."""
        self._server = server
        self._folder = folder
        self._options = options
        home = Path(server.ca_file).parent
        self._maildir = home / "mail" / USER.name / "Mail"
        self._master = int((home / "run" / "master.pid").read_text(encoding="ascii"))
        self._now = datetime.now(UTC)
        self._interviews = tracked(self._now)
        self._drafts: frozenset[str] = frozenset()
        self._homes = 0
        self.octets = 0

    def make(self) -> MakeUp:
        """Write the mailbox and let the server see it once; return what it is made up of."""
        made = write(mailbox(self._options.messages, seed=self._options.seed, now=self._now), self._maildir)
        self.octets = sum(made.sizes)
        self._drafts = drafts_in(self._maildir)
        self._peer("raw")
        return made

    def run(self, results: Results) -> None:
        """Measure what is asked for, turn by turn, so that a busy minute of the machine spoils no reader alone."""
        only = self._options.only
        for number in range(self._options.rounds):
            print(f"round {number + 1}: ", end="", flush=True)
            if "look" in only:
                results.bare_looks.append(self._look(self._home(), "--no-model"))
                self._tidy()
            if only - {"peers"}:
                home = self._home()
                results.looks.append(self._look(home))
                if number == self._options.rounds - 1:
                    self._later(home, results)
                self._tidy()
            if "peers" in only:
                self._peers(results)
            print(flush=True)
        if "look" in only:
            results.bytes_look = self._bytes(lambda relay: self._look(self._home(relay), "--no-model"))
            self._tidy()
        if self._options.profile:
            self._look(self._home(), "--profile", str(self._options.profile))
        if "peers" in only and shutil.which("mbsync"):
            results.bytes_mbsync = self._bytes(lambda relay: self._mbsync(self._fresh("mbsync"), relay.port))[0]

    def _later(self, home: Home, results: Results) -> None:
        """Measure in a home whose first look is done: quiet passes, and the service."""
        if "quiet" in self._options.only:
            print("quiet passes, ", end="", flush=True)
            results.quiet = self._look(home, "--passes", str(self._options.passes)).notes["passes"]
        if self._options.only & {"arrival", "idle"}:
            self._serve(home, results)

    def _look(self, home: Home, *words: str) -> Look:
        """Let `once` look at the mailbox, with what `bench.mailbox_look` takes besides."""
        print("look, ", end="", flush=True)
        notes = home.folder / "notes.json"
        command = [sys.executable, "-m", "bench.mailbox_look", str(notes), *words, "--", "once", "--json"]
        cost = measured([*command, "--config", str(home.config)], self._master, home.folder, home=home.folder)
        return Look(cost=cost, notes=json.loads(notes.read_text(encoding="utf-8")), report=json.loads(cost.out))

    def _tidy(self) -> None:
        """Take the drafts back, so that the next first look finds the mailbox as this one did."""
        take_back_drafts(self._maildir, self._drafts)

    def _peers(self, results: Results) -> None:
        folder = self._fresh("mbsync")
        readers: dict[str, Callable[[], Cost]] = {
            "raw headers, TLS socket": lambda: self._peer("raw"),
            "IMAPClient, all, as it is": lambda: self._peer("imapclient"),
            "IMAPClient, all, debug off": lambda: self._peer("imapclient-quiet"),
        }
        if shutil.which("mbsync"):
            readers["mbsync, all"] = lambda: self._mbsync(folder, self._server.port)
            readers["mbsync, nothing new"] = lambda: self._mbsync(folder, self._server.port)
        for name, reader in readers.items():
            if name == "mbsync, nothing new":
                time.sleep(2)  # else it waits until the folders are older than a second
            print(f"{name}; ", end="", flush=True)
            results.peers.setdefault(name, []).append(reader())
        shutil.rmtree(folder)

    def _peer(self, way: str) -> Cost:
        server = self._server
        words = [way, server.host, str(server.port), server.ca_file, USER.name, USER.password]
        return measured([sys.executable, "-m", "bench.mailbox_peers", *words], self._master, self._folder, home=self._folder)

    def _mbsync(self, folder: Path, port: int) -> Cost:
        server = self._server
        file = mbsync_config(folder, host=server.host, port=port, ca_file=server.ca_file, user=USER.name, password=USER.password)
        return measured(["mbsync", "--quiet", "--config", str(file), "all"], self._master, folder, home=folder)

    def _serve(self, home: Home, results: Results) -> None:
        """Run the service in a home whose first look is done."""
        home.track(mailbox_service.interviews(self._options.arrivals))
        with mailbox_service.running(home) as service:
            service.until_idle()
            time.sleep(5)
            if "idle" in self._options.only:
                print(f"idle for {self._options.minutes:g} minutes", flush=True)
                results.idle = service.idle(self._options.minutes * 60)
            if "arrival" in self._options.only:
                print(f"{self._options.arrivals} mails arrive", flush=True)
                results.delays = mailbox_service.delays(self._maildir, service, self._options.arrivals)

    def _bytes(self, reader: Callable[[Relay], object]) -> tuple[int, int]:
        """Return the octets from the server and to it of one more run, through a relay; its times do not count."""
        with Relay(self._server.port) as relay:
            reader(relay)
            return relay.counted()

    def _home(self, relay: Relay | None = None) -> Home:
        """Return a new home with the candidacies tracked and nothing read yet."""
        folder = self._fresh("home")
        home = Home(
            folder=folder,
            host=self._server.host,
            port=relay.port if relay else self._server.port,
            user=USER.name,
            ca_file=self._server.ca_file,
        )
        home.password.write_text(USER.password, encoding="utf-8")
        home.password.chmod(0o600)
        home.configure()
        home.track(self._interviews)
        return home

    def _fresh(self, name: str) -> Path:
        self._homes += 1
        folder = self._folder / f"{name}-{self._homes}"
        folder.mkdir()
        return folder


def _print(results: Results, options: argparse.Namespace, octets: int) -> None:
    """Print the tables."""
    if results.looks:
        _print_looks(results)
    if results.peers:
        print_table(
            ("others, whole process", "wall s", "CPU s", "server CPU s", "peak MB"),
            [(name, *_medians(costs)) for name, costs in results.peers.items()],
        )
        if "mbsync, all" not in results.peers:
            print("mbsync is missing: install the Debian package isync, or run `.ci/isync`")
        print()
    rows = list(_bars(results, octets))
    if rows:
        print_table(("", "measured", "bar", "aim", "beside it, same run"), rows)
    missing = sum(each is None for each in results.delays)
    if missing:
        print(f"{missing} of {len(results.delays)} drafts did not come")
    if options.messages != 20_000:
        print(f"bars and aims are for 20,000 messages; this run had {options.messages:,}")


def _print_looks(results: Results) -> None:
    report, notes = results.looks[-1].report, results.looks[-1].notes
    print(
        f"first look: {report['read']:,} read, {report['assigned']:,} assigned, {len(report['queued'])} drafts queued, "
        f"{len(report['review'])} questions, {report['held']} held, {report['set_aside']} set aside; "
        f"the model was asked {notes['model_calls']:,} times, {notes['model_first']:.2f} s the first time"
        if notes["model_calls"]
        else f"first look: {report['read']:,} read, {report['assigned']:,} assigned"
    )
    rows = []
    for name, looks in (("with the model", results.looks), ("without", results.bare_looks)):
        if looks:
            rows.append(
                (
                    name,
                    *_medians([each.cost for each in looks]),
                    *(
                        f"{statistics.median(values):.2f}"
                        for values in (
                            [each.cost.wall - each.notes["pass"] for each in looks],
                            [each.notes["connect"] for each in looks],
                            [each.notes["pass"] - each.notes["connect"] - each.notes["model"] for each in looks],
                            [each.notes["model"] for each in looks],
                        )
                    ),
                )
            )
    print_table(
        (
            "first look, whole process",
            "wall s",
            "CPU s",
            "server CPU s",
            "peak MB",
            "start and end",
            "connect",
            "look",
            "in the model",
        ),
        rows,
    )
    print(f"each: {', '.join(f'{each.cost.wall:.2f}' for each in results.looks)} s\n")


def _bars(results: Results, octets: int) -> list[tuple[str, str, str, str, str]]:
    """Return the table of the bars: what, measured, bar, aim, what others took in the same run."""
    rows = []
    mbsync = results.peers.get("mbsync, all", [])
    quiet_mbsync = results.peers.get("mbsync, nothing new", [])
    if results.looks:
        measured_as = f"{statistics.median(each.without_model for each in results.looks):.2f} s, the model apart"
        rows.append(("first look back", measured_as, "8 s", "3 s", _beside("mbsync", mbsync)))
    if results.bytes_look:
        came, went = results.bytes_look
        pulled = f"mbsync {results.bytes_mbsync / octets:.1%}" if results.bytes_mbsync else "-"
        rows.append(
            ("bytes read of the mailbox", f"{came / octets:.2%} ({came / 1e6:.1f} MB, {went / 1e6:.1f} sent)", "4%", "2%", pulled)
        )
    if results.quiet:
        walls = sorted(wall for wall, _, _ in results.quiet)
        rows.append(
            (
                f"quiet pass, {len(walls)}",
                f"p50 {_at(walls, 0.5) * 1000:.0f} ms, p95 {_at(walls, 0.95) * 1000:.0f} ms",
                "0.10 s",
                "0.03 s",
                _beside("mbsync", quiet_mbsync),
            )
        )
    came_through = sorted(each for each in results.delays if each is not None)
    if came_through:
        rows.append(
            (
                f"delivery to draft, {len(came_through)}",
                f"p50 {_at(came_through, 0.5):.2f} s, p95 {_at(came_through, 0.95):.2f} s",
                "1.5 s",
                "0.7 s",
                "Dovecot itself waits 0.50 s",
            )
        )
    for name, looks, bar, aim in (
        ("without", results.bare_looks, "120 MB", "80 MB"),
        ("with", results.looks, "260 MB", "180 MB"),
    ):
        if looks:
            peak = max(each.cost.peak for each in looks)
            beside = f"mbsync {max(each.peak for each in mbsync):.0f} MB" if mbsync else "-"
            rows.append((f"peak memory, {name} the model", f"{peak:.0f} MB", bar, aim, beside))
    if results.idle:
        rows.append(_idle_row(results.idle, results))
    return rows


def _idle_row(idle: mailbox_service.Idle, results: Results) -> tuple[str, str, str, str, str]:
    """Return processor time of an idle hour: the window scaled, and the polls of an hour that did not fall into it."""
    hour = idle.cpu * _HOUR / idle.seconds
    text = f"{hour:.2f} s ({idle.cpu:.2f} s in {idle.seconds / 60:.1f} min, {idle.passes} passes in it, scaled)"
    if results.quiet and not idle.passes:
        hour += 6 * statistics.mean(cpu for _, cpu, _ in results.quiet)
        text = f"{hour:.2f} s ({idle.cpu:.2f} s in {idle.seconds / 60:.1f} min, scaled; and 6 quiet passes)"
    return ("processor time, idle hour", text, "3 s", "1 s", "-")


def _medians(costs: Sequence[Cost]) -> tuple[str, ...]:
    return (
        f"{statistics.median(each.wall for each in costs):.2f}",
        f"{statistics.median(each.cpu for each in costs):.2f}",
        f"{statistics.median(each.server_cpu for each in costs):.2f}",
        f"{max(each.peak for each in costs):.0f}",
    )


def _beside(name: str, costs: Sequence[Cost]) -> str:
    return f"{name} {statistics.median(each.wall for each in costs):.2f} s" if costs else "-"


def _at(values: Sequence[float], part: float) -> float:
    """Return the value below which this part of the sorted values lies (nearest rank)."""
    return values[min(len(values) - 1, max(0, round(part * len(values) + 0.5) - 1))]


if __name__ == "__main__":
    sys.exit(main())
