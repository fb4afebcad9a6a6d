"""With what the digest is handed in: the password, or the tokens of the account, whose problems are the digest's own then."""

import json
from typing import Any

import pytest

from agent.accounts.settings import load_settings
from agent.cli.handing_in import smtp_secret_of
from agent.notify.smtp import NotifyProblem
from tests.accounts.provider import Said
from tests.cli.test_sign_in import Scene, scene  # noqa: F401 - a fixture is named, not called

DIGEST = '[digest]\nenabled = true\n[digest.smtp]\nhost = "smtp.mailbox.example"\nuser = "robin"\n'


@pytest.fixture
def told(scene: Scene) -> Scene:  # noqa: F811
    scene.configure(more=DIGEST)
    return scene


def bearer(scene: Scene) -> Any:  # noqa: F811
    found = smtp_secret_of(load_settings(scene.config))
    assert not isinstance(found, str)
    return found


def test_the_tokens_of_the_account_are_used_and_renewed(told: Scene) -> None:
    assert told.run("sign-in").status == 0
    first = told.kept()["access"]
    assert bearer(told).current() == first
    again = bearer(told).renewed(first)
    assert again == told.kept()["access"] != first


def test_a_sign_in_that_is_missing_is_permanent_and_an_outage_is_not(told: Scene) -> None:
    with pytest.raises(NotifyProblem, match=r"run `interview-agent sign-in`$") as missing:
        bearer(told).current()
    assert missing.value.permanent
    assert told.run("sign-in").status == 0
    told.change_tokens(expires_at="2026-01-01T00:00:00+00:00")
    told.provider.answers = [Said(status=503)]
    with pytest.raises(NotifyProblem, match="cannot do it just now") as outage:
        bearer(told).current()
    assert not outage.value.permanent


def test_a_password_is_read_where_one_is_named(told: Scene) -> None:
    password = told.folder / "smtp-password"
    password.write_text("correct-horse-7\n")
    password.chmod(0o600)
    told.configure(more=f"{DIGEST}password_file = {json.dumps(str(password))}\n")
    assert smtp_secret_of(load_settings(told.config)) == "correct-horse-7"
    password.unlink()
    with pytest.raises(NotifyProblem, match="there is no file") as missing:
        smtp_secret_of(load_settings(told.config))
    assert missing.value.permanent
