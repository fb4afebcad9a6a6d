"""`interview-agent sign-in`: sign the account in anew, say how long the sign-in is good for, or forget it."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from agent.accounts.problems import SecretRefused
from agent.accounts.settings import Settings
from agent.accounts.token_store import TokenStore
from agent.accounts.tokens import Tokens, ending
from agent.cli.endings import UsageProblem
from agent.cli.logins import token_store_of
from agent.cli.opening import open_mailbox, place_of
from agent.cli.printing import print_json, print_paragraph, shown_time
from agent.cli.signing_in import sign_in
from agent.cli.state import every_settings, open_ledger
from agent.store import Fact


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `sign-in`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--status", action="store_true", help="say how long the sign-in is good for, and change nothing")
    what.add_argument("--forget", action="store_true", help="remove the tokens of the sign-in from this machine")
    what.add_argument("--browser", action="store_true", help="sign in on a page of the browser, where a code is not allowed")
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="the port to which the browser comes back; any without it"
    )
    parser.add_argument("--json", action="store_true", help="with --status: print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Sign in, tell or forget; return 1 when `--status` finds no sign-in that is good."""
    if arguments.json and not arguments.status:
        raise UsageProblem("--json goes with --status")
    if arguments.status:
        return _status(every_settings(arguments), as_json=arguments.json)
    settings = _the_one(every_settings(arguments))
    if arguments.forget:
        return _forget(settings)
    if not 0 <= arguments.port <= 65535:
        raise UsageProblem(f"--port {arguments.port} is no port; name one between 1024 and 65535")
    sign_in(settings, tell=_tell, browser=arguments.browser or arguments.port > 0, port=arguments.port)
    open_mailbox(settings).close()
    _tell(f"{place_of(settings)} takes it.")
    return 0


def _the_one(every: list[Settings]) -> Settings:
    """Return the account that is meant: the only one, or the only one that signs in with tokens."""
    by_token = [settings for settings in every if settings.account.sign_in != "password"]
    if len(every) == 1 or len(by_token) == 1:
        return (by_token or every)[0]
    names = ", ".join(settings.name for settings in by_token or every)
    raise UsageProblem(f"there are several accounts ({names}); say which one: --account NAME")


def _tell(line: str) -> None:
    print_paragraph(line)
    sys.stdout.flush()  # who waits for a code must see it, whatever stdout is


def _forget(settings: Settings) -> int:
    store = token_store_of(settings)
    with store.alone():
        there = store.remove()
    with open_ledger(settings) as ledger, ledger.transaction():
        ledger.note(Fact.SIGN_IN_ENDS, "")
    _tell("The tokens are removed from this machine." if there else "There were no tokens.")
    if there:
        print_paragraph(
            "What they allowed stays allowed until you take it back with the provider: with Google at "
            "https://myaccount.google.com/connections, with Microsoft at https://account.microsoft.com/privacy/app-access."
        )
    return 0


def _status(every: list[Settings], *, as_json: bool) -> int:
    stands = [(settings, *_standing(settings)) for settings in every]
    if as_json:
        entries = [
            ({"account": settings.name} if settings.name else {}) | _entry(settings, tokens, problem)
            for settings, tokens, problem in stands
        ]
        print_json(entries if len(entries) > 1 else entries[0])
    else:
        for settings, tokens, problem in stands:
            print_paragraph(_told(settings, tokens, problem), lead=f"{settings.name}: " if settings.name else "")
    return 1 if any(problem for _, _, problem in stands) else 0


def _standing(settings: Settings) -> tuple[Tokens | None, str]:
    """Return the tokens of an account and what is wrong with its sign-in, which is empty when nothing is."""
    account = settings.account
    if account.maildir is not None or account.sign_in == "password" or account.oauth.token_command:
        return None, ""
    store: TokenStore = token_store_of(settings)
    try:
        tokens = store.read()
    except SecretRefused as refused:
        return None, str(refused)
    if tokens is None:
        return None, f"nobody has signed {account.user} in yet"
    ends, now = ending(tokens), datetime.now(UTC)
    over = "" if ends is None or now < ends.at else "the sign-in is over"
    with open_ledger(settings) as ledger:
        failed = ledger.noted(Fact.PROBLEM) or ""
    return tokens, over or (failed if "sign-in" in failed else "")


def _told(settings: Settings, tokens: Tokens | None, problem: str) -> str:
    account, zone = settings.account, settings.user.zone
    if account.maildir is not None:
        return "The mail is read from files: nobody signs in."
    if account.sign_in == "password":
        return "Signs in with a password: there is nothing that ends."
    if account.oauth.token_command:
        return "Another program keeps the sign-in: see account.oauth.token_command."
    lines = [f"Signed in as {account.user} since {shown_time(tokens.signed_in_at, zone)}."] if tokens else []
    if problem:
        lines.append(f"{problem[:1].upper()}{problem[1:].rstrip('.')}.")
        if "interview-agent sign-in" not in problem:
            lines.append("Run `interview-agent sign-in`.")
    elif tokens is not None and (ends := ending(tokens)):
        unused = " if it is not used before" if tokens.refresh and tokens.refresh_expires_at is None else ""
        lines.append(f"The sign-in ends on {shown_time(ends.at, zone)}{unused}.")
    elif tokens is not None:
        lines.append("When the sign-in ends is not known; you are told when it does.")
    return " ".join(lines)


def _entry(settings: Settings, tokens: Tokens | None, problem: str) -> dict[str, Any]:
    ends = ending(tokens) if tokens else None
    return {
        "sign_in": settings.account.sign_in,
        "user": settings.account.user,
        "signed_in": tokens is not None,
        "signed_in_at": tokens.signed_in_at if tokens else None,
        "renewed_at": tokens.renewed_at if tokens else None,
        "token_expires_at": tokens.expires_at if tokens else None,
        "ends_at": ends.at if ends else None,
        "problem": problem or None,
    }
