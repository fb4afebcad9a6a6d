"""The grants against a real provider over TLS: what it gives becomes tokens, and what else it may say one clear problem."""

import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.accounts import endpoint
from agent.accounts.grants import DeviceCode, NotYet, ask_for_code, ask_for_device, ask_for_device_code, page_of_consent, renew
from agent.accounts.oauth import Provider, provider_of
from agent.accounts.problems import SecretRefused, SignInNeeded, TokenDelayed
from agent.accounts.tables import AccountTable
from agent.accounts.tokens import Tokens
from tests.accounts.provider import CLIENT, CLIENT_SECRET, Said, TokenProvider

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REFRESH = "refresh-of-robin-0123456789"
PAUSE = timedelta(seconds=5)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenProvider]:
    with TokenProvider(folder=tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture
def remote(running: TokenProvider) -> TokenProvider:
    """Give the provider as a healthy one that was asked nothing."""
    running.asked.clear()
    running.answers.clear()
    running.device.clear()
    running.rotates, running.sign_in_life, running.refuse_renewals = True, None, False
    return running


def provider_at(remote: TokenProvider, **changes: object) -> Provider:
    table = {"host": "imap.mailbox.example", "user": remote.user, "sign_in": "oauth", "oauth": remote.settings(**changes)}
    return provider_of(AccountTable.model_validate(table))


def tokens(**changes: object) -> Tokens:
    usual: dict[str, object] = {
        "access": "access-of-robin",
        "refresh": REFRESH,
        "expires_at": NOW + timedelta(hours=1),
        "signed_in_at": NOW - timedelta(days=3),
        "renewed_at": NOW,
        "refresh_given_at": NOW - timedelta(days=3),
    }
    return Tokens(**(usual | changes))  # type: ignore[arg-type]


def device_code(remote: TokenProvider) -> DeviceCode:
    return ask_for_device_code(provider_at(remote), NOW)


def test_a_device_code_is_asked_for_as_a_form_with_client_and_scopes(remote: TokenProvider) -> None:
    code = device_code(remote)

    assert (code.user_code, code.page) == ("WDJB-MJHT", "https://login.mailbox.example/device")
    assert code.pause == timedelta(seconds=0.05)
    assert code.expires_at == NOW + timedelta(minutes=15)
    assert remote.asked[-1]["client_id"] == CLIENT
    assert remote.asked[-1]["scope"] == "mail offline_access"
    assert code.device_code not in repr(code)


def test_a_device_code_gives_tokens_once_the_user_is_done_and_slower_when_asked_to(remote: TokenProvider) -> None:
    code, provider = device_code(remote), provider_at(remote)
    remote.device = ["authorization_pending", "slow_down"]

    assert ask_for_device(provider, code, PAUSE, NOW) == NotYet(pause=PAUSE)
    assert ask_for_device(provider, code, PAUSE, NOW) == NotYet(pause=timedelta(seconds=10))
    found = ask_for_device(provider, code, PAUSE, NOW)

    assert isinstance(found, Tokens)
    assert found.access == remote.given[-1]["access_token"]
    assert found.expires_at == NOW + timedelta(hours=1)
    assert found.access not in repr(found)
    assert found.refresh not in repr(found)


@pytest.mark.parametrize("error", ["expired_token", "access_denied", "authorization_declined"])
def test_a_device_code_that_is_over_is_told_with_the_command_to_begin_again(error: str, remote: TokenProvider) -> None:
    code = device_code(remote)
    remote.device = [error]
    with pytest.raises(SignInNeeded) as raised:
        ask_for_device(provider_at(remote), code, PAUSE, NOW)
    assert str(raised.value) == f"the provider refused the sign-in ({error}); begin again: `interview-agent sign-in`"


def test_the_browser_brings_a_code_that_only_the_verifier_of_this_sign_in_turns_into_tokens(remote: TokenProvider) -> None:
    provider = provider_at(remote)
    way = {"redirect": "http://nowhere.invalid", "state": "state-1", "verifier": "v" * 50}
    page = page_of_consent(provider, **way)
    asked = parse_qs(urlsplit(page).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert "v" * 50 not in page
    found = ask_for_code(provider, remote.sent_back(page), **way, now=NOW)
    assert found.refresh == remote.given[-1]["refresh_token"]

    with pytest.raises(SignInNeeded, match="The code does not fit"):
        ask_for_code(provider, remote.sent_back(page), **(way | {"verifier": "w" * 50}), now=NOW)


@pytest.mark.parametrize(
    ("came_back", "told"),
    [
        ("http://127.0.0.1/?code=x&state=another", "does not belong to this sign-in"),
        ("http://127.0.0.1/?code=x", "does not belong to this sign-in"),
        ("http://127.0.0.1/?state=state-1", "did not sign you in"),
        ("http://127.0.0.1/?state=state-1&error=access_denied&error_description=You%20said%20no.", "(You said no)"),
        ("http://[::1/?state=state-1", "is no address"),
        ("nonsense", "does not belong to this sign-in"),
    ],
)
def test_another_way_back_is_refused_and_asks_the_provider_for_nothing(came_back: str, told: str, remote: TokenProvider) -> None:
    with pytest.raises(SignInNeeded) as raised:
        ask_for_code(provider_at(remote), came_back, redirect="http://127.0.0.1", state="state-1", verifier="v" * 50, now=NOW)
    assert told in str(raised.value)
    assert remote.asked == []


def test_google_is_asked_for_a_refresh_token_each_time_and_microsoft_for_no_right_to_send() -> None:
    table = {"host": "h", "user": "robin@mailbox.example", "oauth": {"client_id": "c"}}
    google = provider_of(AccountTable.model_validate(table | {"sign_in": "google"}))
    asked = parse_qs(urlsplit(page_of_consent(google, redirect="http://127.0.0.1:1", state="s", verifier="v" * 50)).query)
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert (asked["scope"], asked["login_hint"]) == (["https://mail.google.com/"], ["robin@mailbox.example"])
    assert google.device_endpoint == ""

    microsoft = provider_of(AccountTable.model_validate(table | {"sign_in": "microsoft"}))
    assert microsoft.scopes == ("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access")
    assert microsoft.token_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    assert (microsoft.redirect_host, microsoft.idle_days) == ("localhost", 90)
    sends = provider_of(AccountTable.model_validate(table | {"sign_in": "microsoft"}), sends=True)
    assert "https://outlook.office.com/SMTP.Send" in sends.scopes


def test_a_renewal_keeps_what_the_provider_does_not_say_again(remote: TokenProvider) -> None:
    remote._good.add(REFRESH)
    remote.rotates = False
    ends = NOW + timedelta(days=4)

    new = renew(provider_at(remote, client_secret=CLIENT_SECRET), tokens(refresh_expires_at=ends), NOW + timedelta(hours=1))

    assert (new.refresh, new.refresh_expires_at) == (REFRESH, ends)
    assert new.signed_in_at == NOW - timedelta(days=3)
    assert new.refresh_given_at == NOW - timedelta(days=3)
    assert new.renewed_at == NOW + timedelta(hours=1)
    assert remote.asked[-1]["client_secret"] == CLIENT_SECRET


def test_a_rotated_refresh_token_takes_the_place_of_the_old_one_which_is_good_for_nothing_more(remote: TokenProvider) -> None:
    remote._good.add(REFRESH)
    remote.sign_in_life = 7 * 86400

    new = renew(provider_at(remote), tokens(), NOW)

    assert new.refresh == remote.given[-1]["refresh_token"] != REFRESH
    assert new.refresh_expires_at == NOW + timedelta(days=7)
    with pytest.raises(SignInNeeded) as raised:
        renew(provider_at(remote), tokens(), NOW)
    assert str(raised.value) == (
        "the sign-in of robin@mailbox.example is over (invalid_grant: Token has been expired or revoked); "
        "run `interview-agent sign-in`"
    )


def test_without_a_refresh_token_the_sign_in_ends_with_the_access_token(remote: TokenProvider) -> None:
    with pytest.raises(SignInNeeded, match="gave nothing to renew it with"):
        renew(provider_at(remote), tokens(refresh=""), NOW)
    assert remote.asked == []


@pytest.mark.parametrize(
    ("said", "told", "retry_after"),
    [
        (Said(status=503, headers=(("Retry-After", "120"),)), "localhost cannot do it just now (503); it is asked again", 120.0),
        (Said(status=429, body=b'{"error": "invalid_grant"}'), "localhost cannot do it just now (429); it is asked again", None),
        (Said(body=b"<html>login</html>"), "localhost gives an answer that cannot be read (200); it is asked again", None),
        (Said(status=302, headers=(("Location", "https://localhost:1/"),)), "cannot be read (302)", None),
        (Said(body=b"[1]"), "cannot be read (200)", None),
        (Said(body=b"[" * 100_000), "cannot be read (200)", None),
        (Said(status=400, body=b"{}"), "localhost gives an answer that makes no sense (400); it is asked again", None),
        (Said(body=b"{}"), "gives an answer without a token that can be used", None),
        (Said(body=b'{"access_token": "two\\nlines"}'), "without a token that can be used", None),
        (Said(body=b'{"access_token": "a", "token_type": "mac"}'), "without a token that can be used", None),
        (Said(body=b"x" * 300_000), "localhost gives an answer that is far too long to be one of tokens", None),
        (Said(status=400, body=b'{"error": "temporarily_unavailable"}'), "localhost cannot do it just now (400)", None),
    ],
)
def test_what_may_pass_is_no_refusal(said: Said, told: str, retry_after: float | None, remote: TokenProvider) -> None:
    remote.answers = [said]
    with pytest.raises(TokenDelayed) as raised:
        renew(provider_at(remote), tokens(), NOW)
    assert told in str(raised.value)
    assert raised.value.retry_after == retry_after


def test_a_provider_that_says_nothing_is_waited_for_so_long_and_no_longer(
    remote: TokenProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "LONGEST_SECONDS", 0.2)
    remote.answers = [Said(silent=True)]
    with pytest.raises(TokenDelayed, match="localhost does not answer; it is asked again"):
        renew(provider_at(remote), tokens(), NOW)


def test_a_provider_that_does_not_prove_its_name_is_told_nothing(remote: TokenProvider) -> None:
    with pytest.raises(TokenDelayed, match="the certificate of localhost is not trusted"):
        renew(provider_at(remote, ca_file=None), tokens(), NOW)
    assert remote.asked == []


def test_a_client_that_the_provider_does_not_know_is_a_mistake_in_the_configuration(remote: TokenProvider) -> None:
    remote.answers = [
        Said(status=401, body=b'{"error": "invalid_client", "error_description": "AADSTS700016: No.\\r\\nTrace ID: 9"}')
    ]
    with pytest.raises(SecretRefused) as raised:
        renew(provider_at(remote), tokens(), NOW)
    assert str(raised.value) == (
        "the provider does not know this application as it is named here (invalid_client: AADSTS700016: No); "
        "check account.oauth.client_id and client_secret"
    )


def test_the_secret_of_the_client_can_lie_in_a_file_that_only_the_user_can_read(remote: TokenProvider, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{CLIENT_SECRET}\n")
    secret.chmod(0o644)
    with pytest.raises(SecretRefused, match=r"account\.oauth\.client_secret_file: others than you can read or change"):
        provider_at(remote, client_secret_file=str(secret))
    secret.chmod(0o600)
    assert provider_at(remote, client_secret_file=str(secret)).client_secret == CLIENT_SECRET
    assert CLIENT_SECRET not in repr(provider_at(remote, client_secret_file=str(secret)))


SECRET = "SeCrEt-of-Robin+/=0123456789"
TEXT = st.one_of(
    st.text(max_size=30), st.sampled_from([SECRET, f"no {SECRET}!", "SeCrEt-of-Robin%2B%2F%3D0123456789", "invalid_grant"])
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT, lambda inner: st.lists(inner, max_size=2), max_leaves=3
)
NAMES = ["access_token", "refresh_token", "expires_in", "token_type", "error", "error_description", "scope"]
NAMES += ["refresh_token_expires_in", "device_code", "user_code", "verification_uri", "interval"]
BODY = st.one_of(
    st.dictionaries(st.sampled_from(NAMES), VALUE, max_size=6).map(lambda said: json.dumps(said).encode()),
    VALUE.map(lambda said: json.dumps(said).encode()),
    st.binary(max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(status=st.sampled_from([200, 200, 200, 201, 302, 400, 400, 401, 404, 500, 503]), body=BODY)
@example(status=400, body=json.dumps({"error": SECRET, "error_description": f"your {SECRET}"}).encode())
@example(status=200, body=json.dumps({"access_token": "good", "expires_in": 1e308}).encode())
def test_any_answer_is_tokens_or_one_clear_problem_without_a_secret(status: int, body: bytes) -> None:
    provider = replace(
        provider_of(
            AccountTable.model_validate(
                {
                    "host": "h",
                    "user": "robin",
                    "sign_in": "oauth",
                    "oauth": {
                        "client_id": "c",
                        "token_endpoint": "https://x.example/t",
                        "device_endpoint": "https://x.example/d",
                    },
                }
            )
        ),
        client_secret=SECRET,
    )
    with pytest.MonkeyPatch.context() as patched:
        # The transport has tests of its own above; here it is what the answer may be that counts.
        patched.setattr("agent.accounts.grants.post", lambda *_form, **_named: endpoint.Answer(status=status, body=body))
        code = DeviceCode(device_code=SECRET, user_code="x", page="https://x.example", pause=PAUSE, expires_at=NOW)
        asking: tuple[Callable[[], object], ...] = (
            lambda: renew(provider, tokens(access=SECRET, refresh=SECRET), NOW),
            lambda: ask_for_device(provider, code, PAUSE, NOW),
            lambda: ask_for_device_code(provider, NOW),
        )
        for ask in asking:
            found, problem = outcome(ask)
            if problem is not None:
                shown = "".join(traceback.format_exception(problem, limit=0)) + repr(problem)
                assert len(str(problem).splitlines()) == 1
                assert len(str(problem)) < 800
                for shape in (SECRET, "SeCrEt-of-Robin%2B%2F%3D0123456789"):
                    assert shape not in shown
            elif isinstance(found, Tokens):
                assert SECRET not in repr(found)
                assert Tokens.of_text(found.as_text()) == found


def outcome(ask: Callable[[], object]) -> tuple[object, Exception | None]:
    """Return what comes of it, or which of the problems that are foreseen."""
    try:
        return ask(), None
    except (SecretRefused, TokenDelayed) as problem:
        return None, problem
