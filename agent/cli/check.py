"""`interview-agent check`: one line a finding, each with its remedy."""

import argparse
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from agent.accounts.problems import ConfigurationRefused, SecretRefused
from agent.accounts.secrets import SecretSource, read_secret
from agent.accounts.settings import Settings
from agent.cli.opening import account_of, open_mailbox, place_of
from agent.cli.printing import counted, print_json, print_paragraph, shown_time
from agent.cli.state import every_settings, open_ledger
from agent.daemon.casebook import Casebook
from agent.daemon.desks import learned_provider
from agent.daemon.troubles import renumbered, troubles
from agent.interviews import ENDED
from agent.learned import missing
from agent.mailbox import FolderRole, MailboxProblem
from agent.rulebook.problems import RulesRefused
from agent.store import Fact, Ledger, StoreProblem

_LEAST_FREE = 100_000_000
"""Octets that the disk of the state folder should have left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    text: str
    """What was found, and how to mend it when it is not well."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print all findings; return 1 when something is not well. A configuration that cannot be read ends it with 2."""
    every = every_settings(arguments)
    findings = [("", each) for each in (Finding(name="configuration", ok=True, text="read"), _disk(every[0]), _model(missing()))]
    findings += [(settings.name, each) for settings in every for each in _findings(settings)]
    several = len(every) > 1
    if arguments.json:
        entries = [(account, {"name": each.name, "ok": each.ok, "text": each.text}) for account, each in findings]
        print_json([({"account": account} if several else {}) | entry for account, entry in entries])
    else:
        for account, each in findings:
            name = f"{account}, {each.name}" if several and account else each.name
            print_paragraph(f"{name}: {each.text}", hanging=5, lead="ok   " if each.ok else "NOT  ")
    return 0 if all(each.ok for _, each in findings) else 1


def _findings(settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of one account."""
    now = datetime.now(UTC)
    moved: dict[str, str] = {}
    try:
        with open_ledger(settings) as ledger:
            yield Finding(name="state", ok=True, text=f"{settings.state.folder}")
            yield from _rules(settings, ledger)
            yield _clock(ledger, now)
            yield _provider(settings, ledger)
            yield from _past_passes(ledger, settings.user.zone, now)
            moved = renumbered(ledger, now.astimezone(settings.user.zone))
    except (StoreProblem, ConfigurationRefused) as problem:
        yield Finding(name="state", ok=False, text=str(problem))
    yield from _login_and_folders(settings, moved)
    if settings.digest.enabled and settings.digest.by == "smtp" and settings.digest.smtp and not settings.sends_by_token:
        yield _secret("digest", settings.digest.smtp.secret)


def _disk(settings: Settings) -> Finding:
    folder = settings.shared_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return Finding(name="disk", ok=False, text=f"{folder} cannot be written; name another [state] folder")
    mend = "" if free >= _LEAST_FREE else "; free some space, or nothing can be remembered"
    return Finding(name="disk", ok=free >= _LEAST_FREE, text=f"{free // 1_000_000} MB free at {folder}{mend}")


def _model(lacking: tuple[str, ...]) -> Finding:
    if lacking:
        mend = f"run `python -m pip install {' '.join(lacking)}` beside interview-agent; until then mail is read by rules alone"
        return Finding(name="learned reader", ok=False, text=f"not installed: {', '.join(lacking)}; {mend}")
    return Finding(name="learned reader", ok=True, text="asked where the rules are not certain")


def _rules(settings: Settings, ledger: Ledger) -> Iterator[Finding]:
    try:
        account = account_of(settings, ledger, check_all=True)
    except RulesRefused as refused:
        yield Finding(name="rules and templates", ok=False, text=str(refused))
        return
    own = f", with your own in {settings.rules.folder}" if settings.rules.folder else ""
    yield Finding(name="rules and templates", ok=True, text=f"preset {settings.policy.preset}{own}")
    for interview in ledger.interviews():
        if told := account.policies.lacking(interview):
            until = f"until then it follows `{settings.policy.preset}`"
            yield Finding(name="policies", ok=False, text=f"{told}; {until}")


def _clock(ledger: Ledger, now: datetime) -> Finding:
    last = ledger.noted(Fact.LAST_PASS)
    if last and datetime.fromisoformat(last) > now + timedelta(minutes=5):
        return Finding(
            name="clock", ok=False, text=f"it is {now:%Y-%m-%d %H:%M} UTC, and the last pass was later; set the clock right"
        )
    return Finding(name="clock", ok=True, text=f"{now:%Y-%m-%d %H:%M} UTC")


def _provider(settings: Settings, ledger: Ledger) -> Finding:
    named, learned = settings.account.authserv_id, learned_provider(ledger)
    if named:
        return Finding(name="senders", ok=True, text=f"vouched for by {named}")
    if learned:
        return Finding(name="senders", ok=True, text=f"vouched for by {learned}, as your mail shows")
    text = "nobody is known to vouch for them, so what ends a candidacy waits in review unless it comes in your own thread"
    return Finding(name="senders", ok=True, text=text)


def _past_passes(ledger: Ledger, zone: tzinfo, now: datetime) -> Iterator[Finding]:
    candidacies = Casebook(ledger, now).candidacies()
    is_open = any(each.state.status not in ENDED for each in candidacies)
    found = troubles(ledger, open_candidacies=is_open, now=now.astimezone(zone))
    for problem in found:
        yield Finding(name="passes", ok=False, text=problem)
    if not found:
        last = ledger.noted(Fact.LAST_PASS)
        when = f"the last one was on {shown_time(datetime.fromisoformat(last), zone)}" if last else "none was made yet"
        yield Finding(name="passes", ok=True, text=when)
    tracked = f"{counted(len(candidacies), 'interview')}, {counted(len(ledger.reviews()), 'question')} in review"
    yield Finding(name="tracked", ok=True, text=tracked)


def _login_and_folders(settings: Settings, moved: Mapping[str, str]) -> Iterator[Finding]:
    """Yield how the mailbox stands; `moved` says of a folder when its messages got new numbers."""
    try:
        mailbox = open_mailbox(settings)
    except (MailboxProblem, SecretRefused) as problem:
        yield Finding(name="login", ok=False, text=str(problem))
        return
    try:
        yield Finding(name="login", ok=True, text=place_of(settings))
        folders = mailbox.folders()
        for role in FolderRole:
            if role in folders:
                position = mailbox.position(role)
                text = folders[role] + (f", newest UID {position.last_uid}" if position.last_uid else ", empty")
                if getattr(settings.account.folders, role, None) == folders[role]:
                    text += ", as the configuration names it"
                if when := moved.get(folders[role]):
                    text += f"; the server gave its messages new numbers, so that it was read anew on {when}"
                yield Finding(name=f"folder {role}", ok=True, text=text)
            elif role in (FolderRole.DRAFTS, FolderRole.SENT):
                mend = f"name it in the configuration: [account.folders] {role} = ..."
                yield Finding(
                    name=f"folder {role}", ok=False, text=f"there is none that the server or its name marks as such; {mend}"
                )
    except MailboxProblem as problem:
        yield Finding(name="folders", ok=False, text=str(problem))
    finally:
        mailbox.close()


def _secret(name: str, source: SecretSource) -> Finding:
    try:
        read_secret(source)
    except SecretRefused as refused:
        return Finding(name=name, ok=False, text=str(refused))
    return Finding(name=name, ok=True, text="its password can be read")
