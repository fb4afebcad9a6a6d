"""Handing the digest in with tokens: by OAUTHBEARER or XOAUTH2, renewed once where the server refuses one."""

import base64
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from agent.notify.smtp import NotifyProblem, send_digest
from tests.notify.conftest import USER, Answers, Server
from tests.notify.test_smtp import digest, settings

Serve = Callable[..., Server]


@dataclass(kw_only=True)
class TokenAnswers(Answers):
    """A server that takes one token, and says its error as the mechanisms want it."""

    good: str = "token-good"
    seen: list[str] = field(default_factory=list)

    async def judged(self, server: SMTP, args: list[str], *, expected: str, mechanism: str) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        self.seen.append(f"{mechanism} {said}")
        if self.login:
            return AuthResult(success=False, handled=False, message=self.login.pop(0))
        if said == expected.format(token=self.good):
            return AuthResult(success=True)
        await server.push(f"334 {base64.b64encode(json.dumps({'status': '401'}).encode()).decode()}")
        assert server._reader is not None
        answer = base64.b64decode((await server._reader.readline()).strip())
        assert answer == (b"\1" if mechanism == "OAUTHBEARER" else b"")
        return AuthResult(success=False, handled=False, message="535 5.7.8 token-bad is no good")


@dataclass(kw_only=True)
class OldAnswers(TokenAnswers):
    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self.judged(server, args, expected=f"user={USER}\1auth=Bearer {{token}}\1\1", mechanism="XOAUTH2")


@dataclass(kw_only=True)
class NewAnswers(OldAnswers):
    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self.judged(server, args, expected=f"n,a={USER},\1auth=Bearer {{token}}\1\1", mechanism="OAUTHBEARER")


class Purse:
    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.refused: list[str] = []

    def current(self) -> str:
        return self.tokens[0]

    def renewed(self, refused: str) -> str | None:
        self.refused.append(refused)
        self.tokens.pop(0)
        return self.tokens[0] if self.tokens else None


@pytest.mark.parametrize(("kind", "mechanism"), [(OldAnswers, "XOAUTH2"), (NewAnswers, "OAUTHBEARER")])
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_digest_is_handed_in_with_a_token_which_is_renewed_when_it_is_refused(
    security: str, kind: type[TokenAnswers], mechanism: str, serve: Serve, ca_file: Path
) -> None:
    server = serve(security, answers=kind())
    purse = Purse("token-bad", "token-good")
    send_digest(settings(server.port, ca_file, security=security), purse, digest(), pause_seconds=0)

    assert len(server.answers.accepted) == 1
    assert purse.refused == ["token-bad"]
    assert isinstance(server.answers, TokenAnswers)
    assert [said.split()[0] for said in server.answers.seen] == [mechanism] * 2


def test_tokens_that_are_refused_twice_are_told_without_them_and_not_tried_again(serve: Serve, ca_file: Path) -> None:
    server = serve(answers=NewAnswers())
    purse = Purse("token-bad", "token-bad-too", "token-good")
    with pytest.raises(NotifyProblem) as raised:
        send_digest(settings(server.port, ca_file), purse, digest(), pause_seconds=0)
    assert raised.value.permanent
    assert str(raised.value) == (
        f"mail server localhost:{server.port} does not take the token of the sign-in for robin (535); was it made as this user, "
        "and may the application send mail? `interview-agent sign-in` makes it anew"
    )
    assert "token-" not in "".join(traceback.format_exception(raised.value))
    assert server.answers.connections == 2


def test_a_server_that_cannot_judge_a_token_just_now_is_asked_again_and_the_token_kept(serve: Serve, ca_file: Path) -> None:
    server = serve(answers=NewAnswers(login=["454 4.7.0 try later"]))
    purse = Purse("token-good")
    send_digest(settings(server.port, ca_file), purse, digest(), pause_seconds=0)
    assert len(server.answers.accepted) == 1
    assert purse.refused == []


def test_a_server_that_takes_no_tokens_is_told(serve: Serve, ca_file: Path) -> None:
    server = serve()
    with pytest.raises(NotifyProblem) as raised:
        send_digest(settings(server.port, ca_file), Purse("token-good"), digest(), pause_seconds=0)
    assert raised.value.permanent
    assert "it takes no tokens: name a password under [digest.smtp]" in str(raised.value)
    assert server.answers.accepted == []
