"""Logging in with tokens at a real Dovecot: OAUTHBEARER and XOAUTH2, and what its refusals become."""

import base64
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.imap import open_imap
from agent.mailbox.login import TokenLogin
from tests.accounts.provider import ISSUER, KEY, TokenProvider
from tests.dovecot import Dovecot, MailboxUser
from tests.mailbox.scripted import ScriptedServer, Talk


class Purse:
    """Tokens that are given in order, and how often each was asked for."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.refused: list[str] = []

    def current(self) -> str:
        return self.tokens[0]

    def renewed(self, refused: str) -> str | None:
        self.refused.append(refused)
        self.tokens.pop(0)
        return self.tokens[0] if self.tokens else None


@pytest.fixture
def remote(tmp_path: Path, mailbox_user: MailboxUser) -> TokenProvider:
    """Give what signs tokens; it need not run."""
    provider = TokenProvider(folder=tmp_path, user=mailbox_user.name)
    provider._numbers = iter(range(1, 100))  # type: ignore[assignment]
    return provider


@pytest.fixture(scope="session")
def old_dovecot() -> Iterator[Dovecot]:
    """Give a server that has neither OAUTHBEARER nor initial answers (SASL-IR)."""
    extra = "auth_mechanisms = plain login xoauth2\n"
    with Dovecot(tokens=(ISSUER, KEY), capability="IMAP4rev1 LITERAL+ UIDPLUS SPECIAL-USE", extra=extra) as server:
        yield server


@pytest.fixture(params=["token_dovecot", "old_dovecot"])
def server(request: pytest.FixtureRequest) -> Dovecot:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Dovecot)
    return found


@pytest.mark.dovecot
def test_a_token_opens_the_mailbox_by_either_mechanism(server: Dovecot, mailbox_user: MailboxUser, remote: TokenProvider) -> None:
    server.deliver(mailbox_user, "INBOX", b"From: a@b.example\r\n\r\nhello\r\n")
    purse = Purse(remote.access_token())
    mailbox = open_imap(server.server(mailbox_user), TokenLogin(bearer=purse))
    assert mailbox.position(FolderRole.INBOX).last_uid == 1
    mailbox.close()
    assert purse.refused == []


@pytest.mark.dovecot
def test_a_token_that_has_expired_is_renewed_once_over_the_same_connection(
    server: Dovecot, mailbox_user: MailboxUser, remote: TokenProvider
) -> None:
    old, new = remote.access_token(life=-60), remote.access_token()
    purse = Purse(old, new)
    open_imap(server.server(mailbox_user), TokenLogin(bearer=purse)).close()
    assert purse.refused == [old]


@pytest.mark.dovecot
def test_a_token_that_is_refused_twice_is_told_without_it_and_not_tried_a_third_time(
    server: Dovecot, mailbox_user: MailboxUser, remote: TokenProvider
) -> None:
    purse = Purse(remote.access_token(life=-60), another := remote.access_token(life=-30), remote.access_token())
    with pytest.raises(MailboxProblem) as raised:
        open_imap(server.server(mailbox_user), TokenLogin(bearer=purse))
    problem = raised.value
    assert problem.permanent
    assert problem.reached
    assert len(purse.refused) == 1
    assert str(problem).startswith(f"the server does not take the token of the sign-in for {mailbox_user.name} at localhost")
    assert str(problem).endswith("`interview-agent sign-in` makes it anew")
    shown = "".join(traceback.format_exception(problem))
    assert another not in shown


@pytest.mark.dovecot
def test_the_token_of_another_user_does_not_open_the_mailbox(
    token_dovecot: Dovecot, mailbox_user: MailboxUser, remote: TokenProvider
) -> None:
    remote.user = "dana@mail.example"
    with pytest.raises(MailboxProblem, match=f"was it made as {mailbox_user.name}"):
        open_imap(token_dovecot.server(mailbox_user), TokenLogin(bearer=Purse(remote.access_token())))


@pytest.mark.dovecot
def test_a_server_that_takes_no_tokens_is_told(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    with pytest.raises(MailboxProblem) as raised:
        open_imap(dovecot.server(mailbox_user), TokenLogin(bearer=Purse("a-token")))
    assert str(raised.value) == 'localhost takes no tokens: set sign_in = "password" under [account]'
    assert raised.value.permanent


def exchange(*, challenge: bytes, end: str, times: int = 1) -> Callable[[Talk], None]:
    """Refuse a token as Gmail and Exchange do: a challenge that holds the error, and a refusal after the answer to that."""

    def conversation(talk: Talk) -> None:
        talk.send(b"* OK ready\r\n")
        talk.expect("CAPABILITY")
        talk.send(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n")
        talk.end("OK done")
        for number in range(times):
            talk.expect("AUTHENTICATE XOAUTH2")
            tag = talk.tag
            talk.send(b"+ \r\n")
            said = base64.b64decode(talk.line())
            assert said == f"user=me\1auth=Bearer token-{number}\1\1".encode()
            talk.send(b"+ " + base64.b64encode(challenge) + b"\r\n")
            assert talk.line() == b""
            talk.send(f"{tag} {end}\r\n".encode())
        talk.wait_for_end()

    return conversation


def refused(conversation: Callable[[Talk], None], folder: Path, purse: Purse) -> MailboxProblem:
    with (
        ScriptedServer(conversation, folder) as server,
        pytest.raises(MailboxProblem) as raised,
    ):
        open_imap(server.imap, TokenLogin(bearer=purse))
    assert "token-" not in "".join(traceback.format_exception(raised.value))
    return raised.value


def test_the_error_of_the_mechanism_is_told_in_words(tmp_path: Path) -> None:
    error = b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'
    purse = Purse("token-0", "token-1")
    conversation = exchange(challenge=error, end="NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", times=2)
    assert str(refused(conversation, tmp_path, purse)) == (
        "the server does not take the token of the sign-in for me at localhost (it says: [AUTHENTICATIONFAILED] Invalid "
        "credentials (Failure); status 400, it wants the scope https://mail.google.com/): was it made as me, and may the "
        "application read mail? `interview-agent sign-in` makes it anew"
    )


@pytest.mark.parametrize("challenge", [b"token-0 is not JSON", b"[]", b'{"status": {"token-0": 1}}', b"\xff", b"[" * 5000])
def test_an_error_that_cannot_be_read_is_left_out(challenge: bytes, tmp_path: Path) -> None:
    problem = refused(exchange(challenge=challenge, end="NO AUTHENTICATE failed."), tmp_path, Purse("token-0"))
    assert problem.permanent
    assert "(it says: AUTHENTICATE failed." in str(problem)


def test_a_server_that_cannot_do_it_just_now_is_no_reason_to_renew(tmp_path: Path) -> None:
    purse = Purse("token-0", "token-1")
    problem = refused(exchange(challenge=b"{}", end="NO [UNAVAILABLE] token-0 cannot be checked"), tmp_path, purse)
    assert not problem.permanent
    assert str(problem) == "the server does not let me at localhost in at present: [UNAVAILABLE] *** cannot be checked"
    assert purse.refused == []


def test_a_connection_that_ends_during_the_login_is_no_refusal(tmp_path: Path) -> None:
    def conversation(talk: Talk) -> None:
        talk.send(b"* OK ready\r\n")
        talk.expect("CAPABILITY")
        talk.send(b"* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2\r\n")
        talk.end("OK done")
        talk.expect("AUTHENTICATE OAUTHBEARER")
        talk.close()

    purse = Purse("token-0", "token-1")
    problem = refused(conversation, tmp_path, purse)
    assert not problem.permanent
    assert purse.refused == []
