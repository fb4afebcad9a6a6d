"""Access tokens in time: renewed before their end by one at a time, kept before they are used, asked for no more than needed."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from agent.accounts import token_store
from agent.accounts.access import PrintedTokens, SignedIn
from agent.accounts.oauth import Provider, provider_of
from agent.accounts.problems import SecretRefused, SignInNeeded, TokenDelayed
from agent.accounts.secrets import SecretSource, read_secret
from agent.accounts.tables import AccountTable
from agent.accounts.token_store import TokenFile, TokenKeyring, TokenStore, note_sign_in
from agent.accounts.tokens import Tokens
from tests.accounts.provider import Said, TokenProvider

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REFRESH = "refresh-of-robin-0123456789"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenProvider]:
    with TokenProvider(folder=tmp_path_factory.mktemp("provider")) as provider:
        yield provider


class Scene:
    """An account that was signed in at noon, for an hour, and a clock."""

    def __init__(self, remote: TokenProvider, store: TokenStore) -> None:
        self.remote, self.store, self.now = remote, store, NOW
        remote.asked.clear()
        remote.answers.clear()
        remote.rotates, remote.refuse_renewals = True, False
        remote._good.add(REFRESH)
        self.signed_in = self.another()
        with store.alone():
            store.write(
                Tokens(
                    access="first-token",
                    expires_at=NOW + timedelta(hours=1),
                    refresh=REFRESH,
                    signed_in_at=NOW,
                    renewed_at=NOW,
                    refresh_given_at=NOW,
                    owner=self.provider().owner,
                )
            )

    def provider(self) -> Provider:
        table = {"host": "h", "user": self.remote.user, "sign_in": "oauth", "oauth": self.remote.settings()}
        return provider_of(AccountTable.model_validate(table))

    def another(self) -> SignedIn:
        """Return what another process would have."""
        return SignedIn(self.provider, self.store, clock=lambda: self.now)

    def kept(self) -> Tokens:
        found = self.store.read()
        assert found is not None
        return found


@pytest.fixture
def scene(running: TokenProvider, tmp_path: Path) -> Scene:
    return Scene(running, TokenFile(tmp_path / "state"))


def test_a_token_is_used_until_some_minutes_before_its_end_and_renewed_then(scene: Scene) -> None:
    scene.now = NOW + timedelta(minutes=52)
    assert scene.signed_in.current() == "first-token"
    assert scene.remote.asked == []

    scene.now = NOW + timedelta(minutes=56)
    second = scene.signed_in.current()
    assert second == scene.remote.given[-1]["access_token"]
    assert scene.kept().access == second
    assert scene.kept().refresh == scene.remote.given[-1]["refresh_token"]
    assert scene.signed_in.current() == second
    assert scene.remote.renewals() == 1


def test_a_token_that_a_server_refuses_is_renewed_once_and_its_fruit_not_again(scene: Scene) -> None:
    second = scene.signed_in.renewed("first-token")
    assert second is not None
    assert second == scene.remote.given[-1]["access_token"]
    assert scene.signed_in.renewed(second) is None
    assert scene.another().renewed(second) is None
    assert scene.remote.renewals() == 1
    # Whoever holds an older one is given what is there.
    assert scene.another().renewed("first-token") == second
    assert scene.remote.renewals() == 1


def test_of_many_that_find_a_token_about_to_end_one_renews_and_the_others_take_what_it_got(scene: Scene) -> None:
    scene.now = NOW + timedelta(minutes=59)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(scene.another().current())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert scene.remote.renewals() == 1
    assert found == [scene.kept().access] * 5


def test_while_the_old_token_is_good_a_provider_out_of_order_is_no_failure_and_is_left_in_peace(scene: Scene) -> None:
    scene.remote.answers = [Said(status=503), Said(status=503)]
    scene.now = NOW + timedelta(minutes=56)
    assert scene.signed_in.current() == "first-token"
    assert scene.signed_in.current() == "first-token"
    assert scene.remote.renewals() == 1
    scene.now += timedelta(seconds=31)
    assert scene.signed_in.current() == "first-token"
    scene.now += timedelta(seconds=31)
    assert scene.signed_in.current() == "first-token"
    assert scene.remote.renewals() == 2

    scene.remote.answers = [Said(status=503)]
    scene.now = NOW + timedelta(minutes=61)
    with pytest.raises(TokenDelayed, match="localhost cannot do it just now"):
        scene.signed_in.current()
    assert scene.signed_in.current() == scene.remote.given[-1]["access_token"]


def test_a_renewal_that_is_refused_is_told_with_the_command_and_asked_for_again_no_sooner_than_it_should(scene: Scene) -> None:
    scene.remote.refuse_renewals = True
    scene.now = NOW + timedelta(hours=2)
    for _ in range(3):
        with pytest.raises(SignInNeeded, match=r"the sign-in of robin@mailbox\.example is over .* run `interview-agent sign-in`"):
            scene.signed_in.current()
    assert scene.kept().access == "first-token"
    assert scene.remote.renewals() == 1
    scene.now += timedelta(minutes=10)
    scene.remote.refuse_renewals = False
    assert scene.signed_in.current() == scene.remote.given[-1]["access_token"]


def test_rotated_tokens_are_kept_before_they_are_used_and_not_asked_for_when_they_could_not_be(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    scene.now = NOW + timedelta(hours=2)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(TokenDelayed, match="takes no file"):
            scene.signed_in.current()
    assert scene.remote.renewals() == 0
    assert scene.signed_in.current() == scene.remote.given[-1]["access_token"]


def test_a_kill_once_the_new_tokens_are_on_the_disk_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    store = scene.store
    assert isinstance(store, TokenFile)
    before = store.path.read_text()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(token_store, "_flush", killed)
        with pytest.raises(KeyboardInterrupt):
            scene.signed_in.renewed("first-token")

    assert store.path.read_text() != before
    assert scene.another().current() == scene.remote.given[-1]["access_token"]
    scene.now = NOW + timedelta(hours=3)
    assert scene.another().current() == scene.remote.given[-1]["access_token"]
    assert [path.name for path in sorted(store.path.parent.iterdir())] == ["tokens.json", "tokens.lock"]


def test_the_file_is_its_owners_alone_and_refused_when_it_is_not(scene: Scene) -> None:
    store = scene.store
    assert isinstance(store, TokenFile)
    assert store.path.stat().st_mode & 0o777 == 0o600
    store.path.chmod(0o640)
    with pytest.raises(SecretRefused) as raised:
        scene.signed_in.current()
    assert str(raised.value) == (
        f"the tokens of the sign-in: others than you can read or change {store.path}; run: chmod 600 {store.path}"
    )


@pytest.mark.parametrize("content", ["", "{}", "[]", "\x00", '{"access": "one-token"}', "[" * 100_000])
def test_a_file_that_holds_no_tokens_asks_for_a_sign_in_and_shows_nothing(content: str, scene: Scene) -> None:
    store = scene.store
    assert isinstance(store, TokenFile)
    store.path.write_text(content)
    with pytest.raises(SignInNeeded) as raised:
        scene.signed_in.current()
    assert str(raised.value) == f"{store.path} holds no tokens that can be read; run `interview-agent sign-in`"
    assert raised.value.__context__ is None


def test_tokens_of_another_user_or_registration_are_not_used(scene: Scene) -> None:
    scene.remote.user = "dana@mailbox.example"
    try:
        with pytest.raises(SignInNeeded, match=r"is not one of dana@mailbox\.example with this client_id"):
            scene.signed_in.current()
    finally:
        scene.remote.user = "robin@mailbox.example"
    assert scene.remote.asked == []


def test_who_has_not_signed_in_is_told_how(scene: Scene) -> None:
    assert scene.store.remove()
    with pytest.raises(SignInNeeded) as raised:
        scene.signed_in.current()
    assert str(raised.value) == "nobody has signed robin@mailbox.example in yet; run `interview-agent sign-in`"
    assert not scene.store.remove()


def test_another_process_that_renews_for_too_long_is_told_and_not_waited_for_without_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_store, "_PATIENCE", 0.1)
    held = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    store = scene.store
    assert isinstance(store, TokenFile)
    lock = store.path.parent / "tokens.lock"
    words = [sys.executable, "-c", held, str(lock)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        scene.now = NOW + timedelta(hours=2)
        with pytest.raises(TokenDelayed, match="another interview-agent has been renewing"):
            scene.signed_in.current()
        assert other.stdin is not None
        other.stdin.close()
    assert scene.remote.renewals() == 0


def test_a_sign_in_leaves_a_mark_and_a_renewal_none(scene: Scene) -> None:
    store = scene.store
    assert isinstance(store, TokenFile)
    os.utime(store.path.parent / "tokens.lock", (1000, 1000))
    assert scene.signed_in.renewed("first-token") is not None
    assert store.changed_at() == datetime.fromtimestamp(1000, UTC)
    note_sign_in(store.path.parent)
    changed = store.changed_at()
    assert changed is not None
    assert changed.year >= 2026


class Desktop(KeyringBackend):
    """The keyring of a desktop."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    before = keyring.get_keyring()
    desktop = Desktop()
    keyring.set_keyring(desktop)
    yield desktop
    keyring.set_keyring(before)


def test_the_keyring_can_keep_the_tokens_instead_of_a_file(running: TokenProvider, tmp_path: Path, desktop: Desktop) -> None:
    scene = Scene(running, TokenKeyring(tmp_path / "state", service="interview-agent/h/tokens", user="robin"))
    second = scene.signed_in.renewed("first-token")
    assert second == scene.another().current()
    assert list(desktop.kept) == [("interview-agent/h/tokens", "robin")]
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["tokens.lock"]
    assert scene.store.remove()
    assert desktop.kept == {}


def test_a_password_can_lie_in_the_keyring(desktop: Desktop) -> None:
    table = AccountTable.model_validate({"host": "imap.mailbox.example", "user": "robin", "password_keyring": True})
    with pytest.raises(SecretRefused) as raised:
        read_secret(table.secret)
    assert str(raised.value) == (
        "account.password_keyring: the keyring has no password for it; "
        "run: keyring set interview-agent/imap.mailbox.example robin"
    )
    desktop.set_password("interview-agent/imap.mailbox.example", "robin", "correct-horse-7")
    assert read_secret(table.secret) == "correct-horse-7"


def test_a_machine_without_a_keyring_is_told_so(desktop: Desktop) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    with pytest.raises(SecretRefused) as raised:
        read_secret(SecretSource(table="account", keyring=("interview-agent/h", "robin")))
    assert str(raised.value) == (
        "account.password_keyring: the keyring: there is no keyring here, as is usual for a service without a desktop; "
        "take a file instead"
    )


def test_another_program_can_print_the_tokens(tmp_path: Path) -> None:
    printed = tmp_path / "token"
    printed.write_text("one-token\n")
    bearer = PrintedTokens(("cat", str(printed)), table="account.oauth")
    assert bearer.current() == "one-token"
    assert bearer.renewed("one-token") is None
    printed.write_text("two-token\n")
    assert bearer.renewed("one-token") == "two-token"
    printed.unlink()
    with pytest.raises(SecretRefused, match=r"account\.oauth\.token_command: cat failed with exit status 1"):
        bearer.current()
