"""`sign-in` as a user meets it: a code or the browser, tokens that are kept, and what is said when something is missing."""

import json
import os
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.accounts.settings import load_settings
from agent.cli import signing_in
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.main import main
from agent.cli.state import open_ledger
from agent.store import Fact
from tests.accounts.provider import ISSUER, Said, TokenProvider
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Ran

CONFIG = """
[user]
name = "Robin Hale"
addresses = ["robin.hale@mailbox.example"]
timezone = "Europe/London"
[account]
host = "{host}"
port = {port}
user = "{user}"
ca_file = "{ca_file}"
sign_in = "{sign_in}"
authserv_id = "mx.mailbox.example"
[account.oauth]
{oauth}
[state]
folder = "{state}"
{more}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A user whose mailbox lies on a Dovecot that takes the tokens of a provider."""

    folder: Path
    dovecot: Dovecot
    user: MailboxUser
    provider: TokenProvider
    capture: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def tokens(self) -> Path:
        return self.state / "tokens.json"

    def configure(self, *, sign_in: str = "oauth", more: str = "", **changes: object) -> None:
        """Write the configuration; `changes` are of `[account.oauth]`, None takes a setting out."""
        oauth = "\n".join(f"{key} = {json.dumps(value)}" for key, value in self.provider.settings(**changes).items())
        values: dict[str, object] = {
            "host": self.dovecot.host,
            "port": self.dovecot.port,
            "user": self.user.name,
            "ca_file": self.dovecot.ca_file,
            "state": self.state,
        }
        self.config.write_text(CONFIG.format(**values, sign_in=sign_in, oauth=oauth, more=more), encoding="utf-8")
        self.config.chmod(0o600)

    def run(self, *words: str) -> Ran:
        self.capture.readouterr()
        status = main(["--config", str(self.config), *words])
        out, err = self.capture.readouterr()
        return Ran(status=status, out=out, err=err)

    def kept(self) -> Any:
        return json.loads(self.tokens.read_text())

    def change_tokens(self, **changes: object) -> None:
        """Let time pass, as far as the tokens know of it."""
        self.tokens.write_text(json.dumps(self.kept() | changes))


@pytest.fixture
def scene(
    tmp_path: Path,
    token_dovecot: Dovecot,
    mailbox_user: MailboxUser,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with TokenProvider(folder=tmp_path, user=mailbox_user.name) as provider:
        made = Scene(folder=tmp_path, dovecot=token_dovecot, user=mailbox_user, provider=provider, capture=capfd)
        made.configure()
        yield made


class Browser:
    """The user, who is told where to go, and goes there."""

    def __init__(self, scene: Scene, *, pasted: int | None = None) -> None:
        self._scene, self._pasted = scene, pasted
        self.lines: list[str] = []
        self.statuses: list[int] = []
        self.threads: list[threading.Thread] = []

    def tell(self, line: str) -> None:
        self.lines.append(line)
        if line.startswith("https://"):
            self.threads.append(threading.Thread(target=self._go, args=(line,)))
            self.threads[-1].start()

    def _go(self, page: str) -> None:
        back = self._scene.provider.sent_back(page)
        if self._pasted is not None:
            os.write(self._pasted, f"what is this?\n{back}\n".encode())
            os.close(self._pasted)
            return
        icon = back.partition("?")[0] + "favicon.ico"
        for address in (icon, back.replace("state=", "state=another"), back):
            try:
                with urllib.request.urlopen(address, timeout=10) as answer:
                    self.statuses.append(answer.status)
            except urllib.error.HTTPError as refused:
                with refused:
                    self.statuses.append(refused.code)


def test_a_code_signs_in_and_the_mailbox_is_open(scene: Scene) -> None:
    before = scene.run("sign-in", "--status")
    assert (before.status, before.out) == (
        1,
        f"Nobody has signed {scene.user.name} in yet. Run `interview-agent sign-in`.\n",
    )
    scene.provider.device = ["authorization_pending", "authorization_pending"]

    done = scene.run("sign-in")

    assert done.status == 0, done.err
    assert done.out.splitlines() == [
        f"Open {ISSUER}/device in a browser, on any machine, and type the code WDJB-MJHT",
        f"Sign in there as {scene.user.name}. Waiting for you, for 15 minutes at most ...",
        f"Signed in as {scene.user.name}. The tokens lie in {scene.tokens}; they are renewed by themselves.",
        f"{scene.user.name} at localhost:{scene.dovecot.port} takes it.",
    ]
    assert scene.tokens.stat().st_mode & 0o777 == 0o600
    after = scene.run("sign-in", "--status", "--json")
    assert (after.status, after.json["signed_in"], after.json["problem"]) == (0, True, None)
    assert scene.run("once").status == 0


def test_the_browser_comes_back_to_this_machine_and_to_nobody_elses_state(scene: Scene) -> None:
    browser = Browser(scene)
    signing_in.sign_in(load_settings(scene.config), tell=browser.tell, browser=True)
    for thread in browser.threads:
        thread.join(10)
    assert browser.statuses == [404, 404, 200]
    assert browser.lines[0] == f"Open this address in a browser and sign in as {scene.user.name}:"
    assert browser.lines[2].startswith("The browser then comes back to http://127.0.0.1:")
    assert scene.kept()["access"] == scene.provider.given[-1]["access_token"]


def test_where_the_browser_is_elsewhere_its_last_address_is_pasted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    browser = Browser(scene, pasted=writing)
    with os.fdopen(reading, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        signing_in.sign_in(load_settings(scene.config), tell=browser.tell, browser=True)
    assert browser.lines[3].startswith("That is not it: the whole address begins with http://127.0.0.1:")
    assert scene.kept()["refresh"] == scene.provider.given[-1]["refresh_token"]


def test_who_never_comes_back_is_waited_for_so_long_and_no_longer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "_BROWSER_SECONDS", 0.1)
    with pytest.raises(WorkFailed, match="nobody came back from the browser"):
        signing_in.sign_in(load_settings(scene.config), tell=lambda _line: None, browser=True)
    assert not scene.tokens.exists()


@pytest.mark.parametrize(("error", "told"), [("access_denied", "refused the sign-in"), ("expired_token", "begin again")])
def test_a_sign_in_that_does_not_succeed_leaves_the_old_one_alone(error: str, told: str, scene: Scene) -> None:
    assert scene.run("sign-in").status == 0
    before = scene.tokens.read_text()
    scene.provider.device = [error]
    done = scene.run("sign-in")
    assert done.status == 1
    assert told in done.err.splitlines()[-1]
    assert scene.tokens.read_text() == before


def test_without_a_client_id_the_steps_to_get_one_are_told(scene: Scene) -> None:
    for kind, step in (("microsoft", '"Allow public client flows": Yes'), ("google", 'type "Desktop app"')):
        scene.configure(sign_in=kind, client_id=None)
        done = scene.run("sign-in")
        assert done.status == 2
        assert step in done.out
        assert done.err == "interview-agent: account.oauth.client_id is missing; the steps above say how to get one\n"


def test_an_account_with_a_password_or_with_another_program_has_nothing_to_sign_in(scene: Scene) -> None:
    scene.config.write_text(scene.config.read_text().partition("[account.oauth]")[0].replace('sign_in = "oauth"', ""))
    with pytest.raises(UsageProblem, match="signs in with a password, not with tokens"):
        signing_in.sign_in(load_settings(scene.config), tell=lambda _line: None)
    assert scene.run("sign-in", "--status").out == "Signs in with a password: there is nothing that ends.\n"

    scene.configure(token_command=["cat", str(scene.folder / "token")])
    (scene.folder / "token").write_text(scene.provider.access_token())
    assert "sign in with that program" in scene.run("sign-in").err
    assert scene.run("once").status == 0


def test_a_sign_in_as_somebody_else_is_noticed_at_once(scene: Scene) -> None:
    scene.provider.user = "dana@mail.example"
    done = scene.run("sign-in")
    assert done.status == 2
    assert f"was it made as {scene.user.name}" in done.err


def test_forgetting_removes_the_tokens_and_says_where_the_permission_is_taken_back(scene: Scene) -> None:
    assert scene.run("sign-in").status == 0
    done = scene.run("sign-in", "--forget")
    assert (done.status, scene.tokens.exists()) == (0, False)
    assert "https://myaccount.google.com/connections" in done.out
    assert scene.run("sign-in", "--forget").out == "There were no tokens.\n"
    assert scene.run("once").err.splitlines()[-1] == (
        f"interview-agent: nobody has signed {scene.user.name} in yet; run `interview-agent sign-in`"
    )


def test_a_sign_in_of_seven_days_is_warned_of_two_days_before_its_end_and_a_new_one_ends_that(scene: Scene) -> None:
    scene.provider.sign_in_life = 7 * 86400
    assert "This sign-in ends on" in scene.run("sign-in").out

    # Five days and an hour go by: the refresh token ends in 47 hours.
    for name in ("refresh_given_at", "refresh_expires_at"):
        moment = datetime.fromisoformat(scene.kept()[name])
        scene.change_tokens(**{name: (moment - timedelta(days=5, hours=1)).isoformat()})
    assert scene.run("once").status == 0
    done = scene.run("check", "--strict")
    assert done.status == 1
    (line,) = [line for line in done.out.splitlines() if "Your sign-in to the mailbox ends on" in line]
    assert line.endswith("Run `interview-agent sign-in` before then, or nothing is read any more")
    assert "Your sign-in to the mailbox ends on" in scene.run("status").out
    assert "Your sign-in to the mailbox ends on" in scene.run("status", "--json").json["warning"]

    assert scene.run("sign-in").status == 0
    assert "Your sign-in to the mailbox ends on" not in scene.run("check").out


def test_a_pass_renews_what_has_ended_or_is_refused_and_an_outage_of_the_provider_is_no_refusal(scene: Scene) -> None:
    assert scene.run("sign-in").status == 0
    first = scene.kept()
    scene.change_tokens(expires_at="2026-01-01T00:00:00+00:00")
    assert scene.run("once").status == 0
    second = scene.kept()
    assert second["access"] != first["access"]
    assert second["refresh"] != first["refresh"]
    assert scene.provider.renewals() == 1

    # The server's clock thinks otherwise than ours.
    scene.change_tokens(access=scene.provider.access_token(life=-60))
    assert scene.run("once").status == 0
    assert scene.provider.renewals() == 2
    assert scene.kept()["forced"] is True

    scene.change_tokens(expires_at="2026-01-01T00:00:00+00:00")
    scene.provider.answers = [Said(status=503)]
    done = scene.run("once")
    assert (done.status, done.err) == (1, "interview-agent: localhost cannot do it just now (503); it is asked again\n")
    assert scene.run("once").status == 0


def test_a_digest_that_the_sign_in_kept_back_is_not_kept_back_any_longer(scene: Scene) -> None:
    settings = load_settings(scene.config)
    with open_ledger(settings) as ledger, ledger.transaction():
        ledger.note(Fact.DIGEST_PROBLEM, "the sign-in is over")
        ledger.note(Fact.DIGEST_AGAIN, "2026-11-23T22:00:00+00:00")
    assert scene.run("sign-in").status == 0
    with open_ledger(settings) as ledger:
        assert not ledger.noted(Fact.DIGEST_AGAIN)


def test_of_several_accounts_the_one_with_tokens_is_meant(scene: Scene) -> None:
    text = scene.config.read_text().replace("[account.oauth]", "[accounts.work.oauth]").replace("[account]", "[accounts.work]")
    scene.config.write_text(f'{text}\n[accounts.home]\nhost = "imap.nowhere.invalid"\nuser = "robin"\n')
    assert scene.run("sign-in").status == 0
    assert (scene.state / "work" / "tokens.json").exists()
    told = scene.run("sign-in", "--status").out
    assert told.startswith(f"work: Signed in as {scene.user.name} since ")
    assert told.endswith("home: Signs in with a password: there is nothing that ends.\n")
