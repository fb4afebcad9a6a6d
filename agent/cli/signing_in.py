"""A sign-in on the terminal: shows a code or an address, waits until the user is done, keeps the tokens."""

import os
import secrets
import sys
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.accounts.locations import make_state_folder
from agent.accounts.oauth import Provider, command_for, provider_of
from agent.accounts.problems import SecretRefused, SignInNeeded, TokenDelayed
from agent.accounts.settings import Settings
from agent.accounts.token_store import TokenStore, note_sign_in
from agent.accounts.tokens import Tokens, ending
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.logins import token_store_of
from agent.cli.printing import shown_time
from agent.cli.state import open_ledger
from agent.store import Fact

_BROWSER_SECONDS = 900.0
"""How long the browser is waited for."""

REGISTER = {
    "microsoft": (
        "Microsoft lets a program in only under an application that somebody registered; yours is yours alone, and free:",
        "1. Open https://entra.microsoft.com, Applications, App registrations, New registration. Any name will do.",
        '2. Supported account types: "Accounts in any organizational directory and personal Microsoft accounts".',
        '3. Redirect URI: "Public client/native", http://localhost.',
        '4. After "Register": Authentication, "Allow public client flows": Yes, Save.',
        "5. Copy the Application (client) ID from the overview.",
    ),
    "google": (
        "Google lets a program in only under a project of somebody; yours is yours alone, and free. (An app password is quicker:",
        'sign_in = "password" with one from https://myaccount.google.com/apppasswords needs none of this.)',
        "1. Open https://console.cloud.google.com, make a project, and enable the Gmail API in it.",
        '2. Google Auth Platform: Audience "External", then "Publish app": in Testing every sign-in ends after 7 days.',
        '3. Clients, Create client, type "Desktop app". Copy the client ID and the client secret.',
    ),
    "oauth": (
        "Ask the provider how to register an application for IMAP, as a public client with the redirect http://127.0.0.1.",
    ),
}
"""How to get a client id; docs/how-to/outlook.md and gmail.md say it at length."""


def sign_in(
    settings: Settings,
    *,
    tell: Callable[[str], None],
    browser: bool = False,
    port: int = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Carry the whole sign-in of an account out and keep its tokens; `tell` is given each line for the user.

    A provider of device codes is asked for one, unless `browser` is wanted; the others send the browser back to `port` of this
    machine (any free one for 0), and what stands in its address line afterwards can be pasted as well. A service that runs takes
    the new sign-in up by itself. Raises `UsageProblem` or `WorkFailed` with one clear line.
    """
    provider = _provider(settings, tell)
    store = token_store_of(settings)
    by_device = bool(provider.device_endpoint) and not browser
    if not by_device and not provider.authorization_endpoint:
        raise UsageProblem(f"{provider.table}.authorization_endpoint is missing; without it there is no sign-in in the browser")
    problem = ""
    try:
        tokens = _by_device(provider, tell, sleep) if by_device else _by_browser(provider, tell, port)
        keep(settings, store, tokens, provider.command)
    except TokenDelayed as delayed:
        problem = f"the sign-in did not succeed: {delayed}"
    except SignInNeeded as refused:
        problem = str(refused)
    except SecretRefused as refused:
        raise UsageProblem(str(refused)) from None
    if problem:
        raise WorkFailed(problem)
    _tell_end(settings, provider, tokens, tell)


def keep(settings: Settings, store: TokenStore, tokens: Tokens, command: str) -> None:
    """Keep the tokens of a new sign-in, and let a service that runs notice."""
    folder = make_state_folder(settings.shared_folder) and make_state_folder(settings.state.folder)
    with store.alone():
        store.write(tokens)
    ends = ending(tokens, command)
    with open_ledger(settings) as ledger, ledger.transaction():
        ledger.note(Fact.SIGN_IN_ENDS, ends.noted() if ends else "")
        if ledger.noted(Fact.DIGEST_PROBLEM):
            # What kept the digest back for most of a day may well have been the sign-in.
            ledger.note(Fact.DIGEST_AGAIN, "")
    note_sign_in(folder)


def _provider(settings: Settings, tell: Callable[[str], None]) -> Provider:
    """Return with whom to sign in; `UsageProblem` where there is nobody, with the steps to change that."""
    account = settings.account
    command = command_for(settings.name)
    if account.maildir is not None or account.sign_in == "password":
        what = "reads files" if account.maildir is not None else "signs in with a password"
        raise UsageProblem(
            f'the account {what}, not with tokens; set sign_in = "microsoft", "google" or "oauth" under [account] to change that'
        )
    if account.oauth.token_command:
        raise UsageProblem("account.oauth.token_command keeps the sign-in of this account; sign in with that program")
    if account.oauth.client_id is None:
        for line in REGISTER[account.sign_in]:
            tell(line)
        tell(f"Then write it under [account.oauth] as client_id = ..., and run `{command}` again.")
        raise UsageProblem("account.oauth.client_id is missing; the steps above say how to get one")
    try:
        return provider_of(account, name=settings.name, sends=settings.sends_by_token)
    except SecretRefused as refused:
        raise UsageProblem(str(refused)) from None


def _by_device(provider: Provider, tell: Callable[[str], None], sleep: Callable[[float], None]) -> Tokens:
    """Sign in with a code that is typed on any machine (RFC 8628)."""
    from agent.accounts.grants import NotYet, ask_for_device, ask_for_device_code

    code = ask_for_device_code(provider, _now())
    minutes = max(1, round((code.expires_at - _now()).total_seconds() / 60))
    tell(f"Open {code.page} in a browser, on any machine, and type the code {code.user_code}")
    if code.page_with_code:
        tell(f"or open {code.page_with_code}")
    tell(f"Sign in there as {provider.user}. Waiting for you, for {minutes} minutes at most ...")
    pause, delays = code.pause, 0
    while _now() < code.expires_at:
        sleep(pause.total_seconds())
        try:
            found = ask_for_device(provider, code, pause, _now())
        except TokenDelayed as delayed:
            # RFC 8628 section 3.5: a question that got no answer is put again, at twice the pause.
            delays += 1
            if delays > 5:
                raise
            pause = min(max(pause * 2, timedelta(seconds=delayed.retry_after or 0)), timedelta(minutes=1))
            continue
        if not isinstance(found, NotYet):
            return found
        pause = found.pause
    raise SignInNeeded(f"the code was not used in time; begin again: `{provider.command}`")


def _by_browser(provider: Provider, tell: Callable[[str], None], port: int) -> Tokens:
    """Sign in on a page that sends the browser back to this machine (RFC 8252), with PKCE (RFC 7636)."""
    from agent.accounts.grants import ask_for_code, page_of_consent
    from agent.accounts.redirect import Redirect

    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with Redirect(host=provider.redirect_host, port=port) as redirect:
        page = page_of_consent(provider, redirect=redirect.address, state=state, verifier=verifier)
        tell(f"Open this address in a browser and sign in as {provider.user}:")
        tell(page)
        tell(
            f"The browser then comes back to {redirect.address}. If it runs on another machine it shows an error instead: copy "
            "the whole address from its address line, and paste it here."
        )
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
            with suppress(webbrowser.Error):
                webbrowser.open(page)
        came_back = redirect.came_back(state=state, seconds=_BROWSER_SECONDS, pasted=sys.stdin, tell=tell)
        return ask_for_code(provider, came_back, redirect=redirect.address, state=state, verifier=verifier, now=_now())


def _tell_end(settings: Settings, provider: Provider, tokens: Tokens, tell: Callable[[str], None]) -> None:
    tell(f"Signed in as {provider.user}. The tokens lie in {_place(settings)}; they are renewed by themselves.")
    ends = ending(tokens, provider.command)
    if not tokens.refresh:
        tell("The provider gave nothing to renew them with: the scope `offline_access`, or its like, is missing.")
    if ends is not None and tokens.refresh_expires_at is not None:
        tell(f"This sign-in ends on {shown_time(ends.at, settings.user.zone)}; you are told before.")


def _place(settings: Settings) -> Path | str:
    if settings.account.oauth.token_store == "keyring":  # noqa: S105 (no password: the kind of place)
        return "the keyring"
    return settings.state.folder / "tokens.json"


def _now() -> datetime:
    return datetime.now(UTC)
