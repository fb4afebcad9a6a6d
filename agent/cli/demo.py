"""`interview-agent demo`: a job search in progress, read by the real agent from an embedded mail server."""

import argparse
import os
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.accounts.mistakes import ENV_PREFIX
from agent.accounts.settings import Settings, load_settings
from agent.cli.board import show_board
from agent.cli.endings import WorkFailed
from agent.cli.opening import account_of
from agent.cli.passes import report_lines
from agent.cli.printing import shown_time
from agent.cli.state import open_ledger
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import planned_for, run_pass
from agent.plan.intention import DraftState
from agent.rulebook.tracked import read_interviews
from agent.store import Ledger

if TYPE_CHECKING:
    from agent.demo.letter import OwnAddress

_PASSWORD_VARIABLE = "INTERVIEW_AGENT_DEMO_PASSWORD"  # noqa: S105 (a name)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `demo`."""
    parser.add_argument(
        "--keep", action="store_true", help="keep the mail server running until Ctrl-C, to look on with a mail client"
    )
    parser.add_argument("--bodies", action="store_true", help="print the whole text of every draft")


def run(arguments: argparse.Namespace) -> int:
    """Serve the demo's mail, make one pass over it and show what came of it."""
    try:
        from agent.demo.moments import office_moment
        from agent.demo.search import CANDIDATE, demo_interviews, demo_messages
        from agent.demo.server import DemoServer
    except ModuleNotFoundError as error:
        raise WorkFailed(f"the demo needs {error.name}; install it with: pip install 'interview-agent[demo]'") from error
    now = office_moment(datetime.now(UTC))
    mail = demo_messages(now)
    _progress(f"Starting a mail server on this machine with {len(mail)} messages ...")
    with tempfile.TemporaryDirectory(prefix="interview-agent-demo-") as folder, DemoServer(mail) as server:
        _forget_the_users_settings()
        os.environ[_PASSWORD_VARIABLE] = server.password
        settings = load_settings(
            _configuration(
                Path(folder), host=server.host, port=server.port, user=server.user, ca_file=server.ca_file, candidate=CANDIDATE
            )
        )
        with open_ledger(settings) as ledger:
            interviews = read_interviews(demo_interviews(now), "the demo's interviews")
            with ledger.transaction():
                for interview in interviews:
                    ledger.put_interview(interview)
            _progress(f"Reading it with the real agent; {len(interviews)} interviews are tracked ...")
            account = account_of(settings, ledger)
            report = run_pass(account, now, alive=_Dots())
            _progress("")
            _show(account, ledger, settings, report, now, bodies=arguments.bodies)
            _how_to_look_on(server.host, server.port, server.user, server.password, str(server.ca_file), keep=arguments.keep)
        if arguments.keep:
            _wait()
    return 0


def _forget_the_users_settings() -> None:
    """Take the variables that configure the real mailbox out of this process: the demo must meet neither it nor its state."""
    for name in [name for name in os.environ if name.upper().startswith(ENV_PREFIX)]:
        del os.environ[name]


def _configuration(folder: Path, *, host: str, port: int, user: str, ca_file: Path, candidate: "OwnAddress") -> Path:
    """Write a configuration like the one that a user writes, and return where it lies."""
    file = folder / "config.toml"
    file.write_text(
        f"""
[user]
name = "{candidate.name}"
addresses = ["{candidate.email}"]
phone = "{candidate.phone}"
timezone = "Europe/London"

[account]
host = "{host}"
port = {port}
user = "{user}"
password_env = "{_PASSWORD_VARIABLE}"
ca_file = "{ca_file}"
authserv_id = "{candidate.provider}"

[state]
folder = "{folder / "state"}"

[rules]
folder = "{folder}"
""",
        encoding="utf-8",
    )
    return file


def _show(account: Account, ledger: Ledger, settings: Settings, report: PassReport, now: datetime, *, bodies: bool) -> None:
    zone = settings.user.zone
    print(f"It is {shown_time(now, zone)} in the demo: drafts that ask for news are written in office hours only.\n")
    for line in report_lines(report):
        print(line)
    print("\nTHE BOARD\n")
    show_board(ledger, settings, now=now)
    print("\nDRAFTS, for the user to read and send\n")
    for draft in ledger.drafts(DraftState.QUEUED):
        print(f"  {draft.interview}: {draft.kind} to {', '.join(draft.to)}")
        print(f"    Subject: {draft.subject}")
        print(f"    Why: {draft.reason} Rule {draft.rule}; guides: {', '.join(draft.requirements)}.")
        if bodies:
            print("".join(f"    | {line}\n" for line in draft.body.splitlines()))
    print("\nHELD AND PLANNED\n")
    for held in ledger.held():
        until = f" Until {shown_time(held.until, zone)}." if held.until else ""
        print(f"  {held.interview}: {held.kind} is held. {held.reason}{until}")
    casebook = Casebook(ledger, now)
    for candidacy in casebook.candidacies():
        for due in planned_for(account, casebook, candidacy, now).assessment.planned:
            print(f"  {due.interview}: {due.kind} is planned for {shown_time(due.due_at, zone)}. {due.reason}")
    print("\nIN REVIEW: what the agent would not decide alone\n")
    for review in ledger.reviews():
        print(f"  {review.number}: {', '.join(review.question.candidates)}: {review.question.reason}")


def _how_to_look_on(host: str, port: int, user: str, password: str, ca_file: str, *, keep: bool) -> None:
    if not keep:
        print("\nTO LOOK AT THE DRAFTS FOLDER with a mail client: make demo KEEP=1   (interview-agent demo --keep)")
        print("  The mail server then stays until Ctrl-C; an account in any IMAP client with these settings shows the mailbox:")
        print(
            f"  server {host}, SSL/TLS, user {user}, password {password}, and the port and the certificate that are shown then."
        )
        return
    print("\nTHE MAILBOX is open for a mail client until Ctrl-C")
    print(f"  IMAP server {host}, port {port}, SSL/TLS, user {user}, password {password}")
    print(f"  Its certificate is signed by {ca_file}: trust it in the client, or accept the certificate once.")
    print(f"  For example: curl --cacert {ca_file} -u {user}:{password} 'imaps://{host}:{port}/Drafts;MAILINDEX=1'")


def _wait() -> None:
    forever = threading.Event()
    try:
        forever.wait()
    except KeyboardInterrupt:
        _progress("The demo's mail server has ended.")


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class _Dots:
    """A dot for every ten steps of the pass, so that one sees it move."""

    def __init__(self) -> None:
        self._steps = 0

    def __call__(self) -> None:
        self._steps += 1
        if self._steps % 10 == 0:
            print(".", end="", file=sys.stderr, flush=True)
