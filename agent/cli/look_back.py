"""`interview-agent look-back`: candidacies in the mail that is there already, to be tracked."""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.asking import ask, choose_some
from agent.cli.endings import UsageProblem
from agent.cli.opening import account_of, rules_of
from agent.cli.printing import counted, print_json, print_paragraph
from agent.cli.progress import shown
from agent.cli.state import open_ledger, settings_of
from agent.daemon.account import Account
from agent.daemon.found import decline
from agent.daemon.look_back import Found, LookedBack, look_back, siblings, track
from agent.mailbox import Mailbox
from agent.mailbox.files import FilesMailbox
from agent.mailbox.maildir import MaildirMailbox
from agent.plan.discovery import UNKNOWN
from agent.rulebook.tracked import entry_of

_DAYS_OF_FILES = 365
"""How far a look into files goes back."""
_LONGEST = 3650


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `look-back`."""
    parser.description = (
        "Looks through the mailbox, or through files of mail, for candidacies that are not tracked yet, and asks which of them "
        "to track. Their mail counts at once; nothing in the mailbox is touched."
    )
    parser.add_argument(
        "source",
        nargs="*",
        metavar="SOURCE",
        help="a Takeout or other mbox, an .eml file, a folder of them, or a Maildir; the mailbox itself without one",
    )
    parser.add_argument("--days", type=int, metavar="N", help="how far back; as the configuration says, or a year for files")
    parser.add_argument(
        "--track",
        metavar="all|none|IDS",
        help="track all that go on, none, or those named (ids with commas between them), without asking",
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON; asks nothing")


def run(arguments: argparse.Namespace) -> int:
    """Look back, show what was found, and track what is chosen."""
    if arguments.days is not None and not 1 <= arguments.days <= _LONGEST:
        raise UsageProblem(f"--days {arguments.days} is no number of days to look back; write one from 1 to {_LONGEST}")
    settings = settings_of(arguments)
    days = arguments.days or (_DAYS_OF_FILES if arguments.source else settings.account.look_back_days)
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        account = account_of(settings, ledger, rules=rules_of(settings))
        with _mailboxes(settings, account, arguments.source) as (first, *more), shown("Looking back") as progress:
            back = look_back(account, first, now, days=days, progress=progress, more=more)
        if arguments.json:
            chosen = _named(back, arguments.track) if arguments.track else []
            along = siblings(chosen, back)
            print_json(_as_json(back, track(account, [*chosen, *along, *back.known], now) if chosen else []))
            return 0
        _show(back, days, settings.user.zone)
        chosen = _named(back, arguments.track) if arguments.track else _asked(back)
        _track(account, back, chosen, now, given=arguments.track)
    return 0


# Where the mail lies


@contextmanager
def _mailboxes(settings: Settings, account: Account, sources: Sequence[str]) -> Iterator[list[Mailbox]]:
    """Open the mailbox, or what is named instead, for as long as the block lasts."""
    opened: list[Mailbox] = []
    with tempfile.TemporaryDirectory(prefix="interview-agent-") as scratch:
        try:
            opened = [_of_files(Path(source), settings, Path(scratch)) for source in sources] or [account.open_mailbox()]
            yield opened
        finally:
            for mailbox in opened:
                mailbox.close()


def _of_files(path: Path, settings: Settings, scratch: Path) -> Mailbox:
    limit = settings.account.size_limit_mb * 1_000_000
    if not path.exists():
        raise UsageProblem(f"{path}: there is no such file or folder; check the path")
    if path.is_dir() and any(each.is_dir() for each in (path / "cur", *path.glob("*/cur"))):
        return MaildirMailbox(path, state=scratch, folders={}, size_limit=limit)
    return FilesMailbox(path, own_addresses=settings.user.addresses, size_limit=limit)


# What was found


def _show(back: LookedBack, days: int, zone: tzinfo) -> None:
    print(f"Looked at {counted(back.read, 'message')} of the last {counted(days, 'day')}.")
    if not back.found and not back.ended:
        print("No candidacy was found that is not tracked already.")
    for heading, entries, first in (("", back.found, 1), ("These are over:", back.ended, len(back.found) + 1)):
        if entries:
            print(f"\n{heading}" if heading else "")
        for number, each in enumerate(entries, start=first):
            _show_one(number, each, zone)
    if back.known:
        names = ", ".join(f"{each.interview.id} ({each.messages})" for each in back.known)
        print()
        print_paragraph(f"There is also mail of what is tracked already: {names}.")


def _show_one(number: int, found: Found, zone: tzinfo) -> None:
    interview = found.interview
    company = "an employer it does not name" if interview.company == UNKNOWN else interview.company
    role = "a role it does not name" if interview.role == UNKNOWN else interview.role
    days = dict.fromkeys(at.astimezone(zone).strftime("%d %b %Y") for at in (found.first, found.last))
    print(f"{number:>3}  {company}, {role}: {found.status}")
    quote = f": “{found.words}”" if found.words else ""
    print_paragraph(f"{counted(found.messages, 'message')}, {' to '.join(days)}{quote}", indent=5, hanging=0)


def _as_json(back: LookedBack, tracked: list[str]) -> dict[str, object]:
    """Return what was found, for `--json`."""
    return {
        "read": back.read,
        "found": [_found_as_json(each) for each in back.found],
        "ended": [_found_as_json(each) for each in back.ended],
        "known": [_found_as_json(each) for each in back.known],
        "tracked": tracked,
    }


def _found_as_json(found: Found) -> dict[str, object]:
    return {
        "id": found.interview.id,
        "company": None if found.interview.company == UNKNOWN else found.interview.company,
        "role": None if found.interview.role == UNKNOWN else found.interview.role,
        "status": found.status,
        "messages": found.messages,
        "first": found.first,
        "last": found.last,
        "quote": found.words,
        "interview": entry_of(found.interview),
    }


# What is chosen


def _named(back: LookedBack, wanted: str) -> list[Found]:
    """Return what `--track` names; what lacks company or role is left out of `all`, and refused when it is named."""
    if wanted == "none":
        return []
    if wanted == "all":
        return [each for each in back.found if each.complete]
    by_id = {each.interview.id: each for each in (*back.found, *back.ended)}
    ids = [name for name in re.split(r"[,\s]+", wanted) if name]
    if unknown := [name for name in ids if name not in by_id]:
        raise UsageProblem(f"--track {', '.join(unknown)}: was not found; found were: {', '.join(by_id) or 'none'}")
    if unnamed := [name for name in ids if not by_id[name].complete]:
        raise UsageProblem(
            f"--track {', '.join(unnamed)}: its mail does not name company and role; look back without --track to be asked"
        )
    return [by_id[name] for name in ids]


def _asked(back: LookedBack) -> list[Found]:
    """Ask which ones to track, and for what their mail does not name."""
    every = (*back.found, *back.ended)
    if not every:
        return []
    print()
    going = f"1-{len(back.found)}" if back.found and back.ended else "all" if back.found else "none"
    numbers = choose_some("Which of them shall be tracked (all, none, or numbers)", len(every), default=going, option="--track")
    chosen = []
    for number in numbers:
        each = every[number]
        about = f"{number + 1} ({each.interview.role if each.interview.company == UNKNOWN else each.interview.company})"
        company = _told(f"Who is the employer of {about}") if each.interview.company == UNKNOWN else None
        role = _told(f"Which role is it in {about}") if each.interview.role == UNKNOWN and company != "" else None
        if "" in (company, role):
            print_paragraph(f"{number + 1} is left out. `interview-agent look-back` finds it again.", indent=2)
        else:
            chosen.append(each.named(company=company, role=role))
    return chosen


def _told(question: str) -> str:
    """Return what the mail does not name, as the user says it; empty where the user does not know it either."""
    return ask(f"{question} (Enter leaves it out)", may_be_empty=True)


def _track(account: Account, back: LookedBack, chosen: Sequence[Found], now: datetime, *, given: str | None) -> None:
    """Track what was chosen, and say so; `given` is what `--track` says."""
    along = siblings(chosen, back)
    taken = [*chosen, *along]
    done = track(account, [*taken, *([] if given == "none" else back.known)], now)
    if given in (None, "all"):
        decline(account, [each for each in (*back.found, *back.ended) if each not in taken and _alone(each, chosen)], now)
    if along:
        names = ", ".join(each.interview.id for each in along)
        print_paragraph(f"Along with them, so that mail of one employer is not taken for that of another role there: {names}.")
    if done:
        print_paragraph(
            f"Tracked: {', '.join(done)}. The next pass goes on from there; `interview-agent status` shows the board."
        )
    elif back.found or back.ended:
        print("Nothing is tracked anew.")
    unnamed = sum(not each.complete for each in back.found)
    if unnamed and given == "all":
        what = "1 candidacy lacks" if unnamed == 1 else f"{unnamed} candidacies lack"
        print_paragraph(f"{what} company or role; look back without --track to be asked for it.")


def _alone(found: Found, chosen: Sequence[Found]) -> bool:
    """Whether it is none of the chosen ones, which may have been named since."""
    return not any(found.records == each.records for each in chosen)
