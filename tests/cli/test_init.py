"""`init`: from nothing to the first board, whatever goes wrong on the way."""

import re
import stat
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from agent.accounts.settings import load_settings
from tests.cli.newcomer import ME, NOTHING_MORE, Newcomer, newcomer
from tests.cli.shell import refused
from tests.cli.terminal import Terminal
from tests.dovecot import Dovecot

__all__ = ["newcomer"]


def letter(sender: str, to: str, subject: str, text: str, *, days: int) -> bytes:
    message = EmailMessage()
    at = datetime.now(UTC) - timedelta(days=days)
    message["From"], message["To"], message["Subject"], message["Date"] = sender, to, subject, format_datetime(at)
    message["Message-ID"] = f"<{abs(hash((sender, subject)))}@{sender.rpartition('@')[2].rstrip('>')}>"
    message.set_content(text)
    return message.as_bytes()


def has_mail(newcomer: Newcomer) -> None:
    """Give the newcomer an application that is under way, mail about other things, and something sent."""
    me = ME.format(newcomer.user.name)
    invitation = (
        "Hi Robin,\n\nwe would like to invite you to an interview for the Backend Engineer role at Acme Robotics. "
        "When would suit you next week?\n\nBest,\nDana Cole\nRecruiter, Acme Robotics\n"
    )
    deliver = newcomer.server.deliver
    deliver(newcomer.user, "INBOX", letter("Mum <mum@family.example>", me, "Sunday", "Are you coming?\n", days=3))
    deliver(newcomer.user, "INBOX", letter("Dana Cole <dana@acme.example>", me, "Backend Engineer", invitation, days=5))
    deliver(newcomer.user, "Sent", letter(me, "mum@family.example", "Re: Sunday", "Yes!\n", days=2))


def test_a_newcomer_reaches_the_first_board_with_few_answers(newcomer: Newcomer) -> None:
    has_mail(newcomer)
    environment = {"TZ": "Europe/London", "LANG": "en_GB.UTF-8"}

    with Terminal(words=("-m", "agent", "init"), home=newcomer.shell.folder, environment=environment) as terminal:
        terminal.answer("Your mail address", newcomer.user.name)
        assert "mail.example" in terminal.answer("IMAP server", f"localhost:{newcomer.server.port}")
        terminal.answer("File with the CA certificate", newcomer.server.ca_file)
        terminal.answer("Login name")
        terminal.answer("Password", newcomer.user.password)
        seen = terminal.answer("Enter if it is right")
        terminal.answer("Which one")
        terminal.answer("Digest")
        terminal.answer("How many days to look back")
        found = terminal.answer("shall be tracked")
        terminal.answer("Make a pass now")
        board = terminal.expect("As a service")
        answers = 1 + terminal.answers  # the command itself counts
        assert terminal.end() == 0

    assert answers <= 15
    for line in (
        "  ok   Login: ", "  ok   Reading: INBOX holds 2 messages.", '  ok   Drafts: "Drafts" can be written to',
        '  ok   Sent: "Sent" holds 1 message.', "Robin Hale ", "Europe/London", "GB, Britain", "en, English",
    ):  # fmt: skip
        assert line in seen, seen
    assert "Acme Robotics, Backend Engineer: invited" in found
    assert [
        word for word in ("Acme Robotics", "Backend Engineer", "invited", "acme-robotics-backend-engineer") if word not in board
    ] == []
    assert newcomer.user.password not in terminal.shown
    assert [stat.S_IMODE(path.stat().st_mode) for path in (newcomer.config, newcomer.password)] == [0o600, 0o600]
    assert stat.S_IMODE(newcomer.config.parent.stat().st_mode) == 0o700
    assert newcomer.server.flags(newcomer.user, "INBOX") == {1: frozenset(), 2: frozenset()}
    settings = load_settings(newcomer.config)
    assert (settings.user.name, settings.user.country, settings.account.user) == ("Robin Hale", "GB", newcomer.user.name)


@pytest.mark.parametrize("stops_at", ["Your mail address", "Password"])
def test_whoever_stops_at_a_question_finds_all_as_it_was(stops_at: str, newcomer: Newcomer) -> None:
    options = ("--host", f"localhost:{newcomer.server.port}", "--ca-file", newcomer.server.ca_file)
    with Terminal(words=("-m", "agent", "init", *options), home=newcomer.shell.folder) as terminal:
        if stops_at != "Your mail address":
            terminal.answer("Your mail address", newcomer.user.name)
            terminal.answer("Login name")
        terminal.expect(stops_at)
        terminal.interrupt("Stopped. Nothing was changed.")
        assert terminal.end() == 1

    assert newcomer.files() == {}


def test_without_a_question_by_options_alone(newcomer: Newcomer) -> None:
    done = newcomer.init(
        *newcomer.mailbox, "--password-stdin", "--name", "Robin Q. Hale", "--zone", "America/New_York", "--country", "us",
        "--language", "fr", "--preset", "two-touch", "--digest", "imap", "--digest-hour", "7", "--addresses",
        f"{newcomer.user.name}, hale@other.example", answers=f"{newcomer.user.password}\n",
    )  # fmt: skip

    assert (done.status, done.err) == (0, "")
    settings = load_settings(newcomer.config)
    assert settings.user.model_dump() == {
        "name": "Robin Q. Hale", "addresses": (newcomer.user.name, "hale@other.example"), "timezone": "America/New_York",
        "country": "US", "phone": "", "strengths": "", "language": "fr",
    }  # fmt: skip
    digest = settings.digest
    assert (settings.policy.preset, digest.enabled, digest.by, digest.hour) == (
        "two-touch",
        True,
        "imap",
        7,
    )
    assert newcomer.password.read_text() == f"{newcomer.user.password}\n"
    assert newcomer.user.password not in done.out + newcomer.config.read_text()
    checked = newcomer.shell.run("check", config=False)
    assert "NOT  login" not in checked.out, checked.out


def test_what_is_proposed_comes_from_the_mail_and_the_machine(newcomer: Newcomer) -> None:
    me = f"Hale, Robin <{newcomer.user.name}>"
    for number in range(2):
        sent = letter("Robin Hale <robin@alias.example>", "x@y.example", f"Hello {number}", "Hi\n", days=4)
        newcomer.server.deliver(newcomer.user, "Sent", sent)
    newcomer.server.deliver(newcomer.user, "Sent", letter(me, "x@y.example", "Hello", "Hi\n", days=3))

    done = newcomer.init(*newcomer.mailbox, "--password-stdin", answers=f"{newcomer.user.password}\n")

    user = load_settings(newcomer.config).user
    assert done.status == 0, done.err
    assert (user.name, user.timezone, user.country, user.language) == ("Robin Hale", "Europe/Berlin", "DE", "de")
    assert user.addresses == (newcomer.user.name, "robin@alias.example")


def has_provider(newcomer: Newcomer, ways: str, *, more: str = "", port: int | None = None) -> None:
    """Lay a provider of mail.example into the newcomer's own rules."""
    rules = newcomer.config.parent / "rules"
    rules.mkdir(parents=True)
    imap = f"{{host: 127.0.0.1, port: {port or newcomer.server.port}}}"
    entry = f"- {{id: local, name: Local Mail, domains: [mail.example], imap: {imap}, sign_in: {ways}{more}}}"
    (rules / "providers.yaml").write_text(f"providers:\n{entry}\n")


APP = ", app_password: {at: 'https://local.example/app', steps: ['Open the page and press Make.']}"


@pytest.mark.parametrize(
    ("ways", "words", "option"),
    [
        ("[password]", (), "--address"),
        ("[password]", ("--yes",), "--address"),
        ("[password]", ("--address", "robin@nowhere.invalid", "--yes"), "--host"),
        ("[password]", ("--address", "robin@mail.example", "--yes"), "--password-file"),
        ("[microsoft]", ("--address", "robin@mail.example", "--yes"), "--client-id"),
        ("[password]", ("--address", "robin", "--yes"), "--address 'robin': that is no mail address"),
        ("[password]", ("--address", "robin@mail.example", "--host", "no such/host", "--yes"), "--host 'no such/host'"),
        (
            "[password]",
            ("--address", "robin@mail.example", "--host", "nowhere.invalid", "--yes"),
            "nowhere.invalid: there is no such",
        ),
        ("[password]", ("--address", "robin@mail.example", "--maildir", "nowhere", "--yes"), "--maildir nowhere: there is no"),
        ("[password]", ("--address", "robin@mail.example", "--ca-file", "none.pem", "--yes"), "there is no file"),
    ],
)
def test_without_a_terminal_one_line_names_the_option_that_is_missing_or_wrong(
    ways: str, words: tuple[str, ...], option: str, newcomer: Newcomer
) -> None:
    has_provider(newcomer, ways)
    before = newcomer.files()
    certificate = () if "--ca-file" in words else ("--ca-file", newcomer.server.ca_file)

    done = newcomer.init(*words, *certificate)

    refused(done, option)
    assert len(done.err.splitlines()) == 1, done.err
    assert newcomer.files() == before


def test_a_server_that_is_not_trusted_or_does_not_answer(newcomer: Newcomer) -> None:
    address = ("--address", newcomer.user.name, "--yes")

    untrusted = newcomer.init(*address, "--host", f"localhost:{newcomer.server.port}")
    assert (untrusted.status, "does not know; if the server has" in untrusted.err, "--ca-file" in untrusted.err) == (
        1,
        True,
        True,
    )

    closed = newcomer.init(*address, "--host", "localhost:1")
    assert (closed.status, "localhost:1 (TLS): connection refused; check --host" in closed.err) == (1, True), closed.err
    assert newcomer.files() == {}


def test_a_wrong_password_is_asked_for_again_and_never_tried_again_by_itself(newcomer: Newcomer) -> None:
    has_provider(newcomer, "[app-password]", more=APP)
    before = newcomer.files()
    words = ("--address", newcomer.user.name, "--ca-file", newcomer.server.ca_file)

    done = newcomer.init(*words, answers="\n\nwrong-1\n\nwrong-2\n\nwrong-3\n")

    refused(done, "wrong user name or password")
    assert done.out.count("NOT  Login: wrong user name or password for") == 2
    assert "Open the page and press Make." in done.out
    assert done.out.count("https://local.example/app") == 3  # before the first, and as a hint after each that may be followed
    assert "wrong-1" not in done.out + done.err
    assert newcomer.files() == before
    assert refusals(newcomer, 3) == 3


def refusals(newcomer: Newcomer, expected: int) -> int:
    """Return how many logins the server refused; it writes its log a moment later."""
    refusal = re.compile(rf"auth failed, 1 attempts .*user=<{re.escape(newcomer.user.name)}>")
    end = time.monotonic() + 10
    while len(refusal.findall(newcomer.server.log())) < expected and time.monotonic() < end:
        newcomer.server.messages(newcomer.user, "INBOX")
    return len(refusal.findall(newcomer.server.log()))


def test_the_right_password_at_last(newcomer: Newcomer) -> None:
    done = newcomer.init(*newcomer.mailbox[:6], *NOTHING_MORE, answers=f"\nwrong\n\n{newcomer.user.password}\n\n\n\n")

    assert (done.status, done.err) == (0, "")
    assert newcomer.password.read_text() == f"{newcomer.user.password}\n"


def test_an_app_password_may_be_typed_as_its_page_shows_it(newcomer: Newcomer) -> None:
    with Dovecot(password="abcdefghijklmnop") as server:
        has_provider(newcomer, "[app-password]", more=APP, port=server.port)
        words = (
            "--address",
            newcomer.user.name,
            "--ca-file",
            server.ca_file,
            "--look-back",
            "no",
            "--no-first-pass",
            "--no-service",
        )

        done = newcomer.init(*words, answers="\n\nabcd efgh ijkl mnop\n\n\n\n")

    assert (done.status, done.err) == (0, "")
    assert newcomer.password.read_text() == "abcdefghijklmnop\n"


def test_folders_that_nothing_marks_are_asked_for(newcomer: Newcomer, poor_dovecot: Dovecot) -> None:
    poor_dovecot.create(newcomer.user, "INBOX.Zettel")
    poor_dovecot.create(newcomer.user, "INBOX.Weg")
    words = ("--address", newcomer.user.name, "--host", f"localhost:{poor_dovecot.port}", "--ca-file", poor_dovecot.ca_file)

    done = newcomer.init(*words, *NOTHING_MORE, answers=f"\n{newcomer.user.password}\nINBOX.Zettel\n2\n\n\n\n")

    assert (done.status, done.err) == (0, "")
    assert re.search(r"1 +INBOX\n +2 +INBOX.Weg\n +3 +INBOX.Zettel\n +4 +none +it is not among them", done.out)
    assert 'ok   Drafts: "INBOX.Zettel" can be written to' in done.out
    assert load_settings(newcomer.config).account.folders.model_dump(exclude_none=True) == {
        "drafts": "INBOX.Zettel", "sent": "INBOX.Weg"
    }  # fmt: skip
    assert poor_dovecot.messages(newcomer.user, "INBOX.Zettel") == {}


ACL = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile:HOME/rights\n}\n"


def test_drafts_that_may_not_be_written_to_are_told(newcomer: Newcomer) -> None:
    with Dovecot(extra=ACL, files={"rights": "Drafts owner lr\n"}) as server:
        where = ("--address", newcomer.user.name, "--host", f"localhost:{server.port}", "--ca-file", server.ca_file)

        done = newcomer.init(*where, "--yes", *NOTHING_MORE, "--password-stdin", answers=f"{newcomer.user.password}\n")

        assert (done.status, done.err) == (0, "")
        assert 'NOT  Drafts: "Drafts" is read-only for you; name another with --drafts' in done.out
        assert server.messages(newcomer.user, "Drafts") == {}


def test_a_maildir_instead_of_a_server(newcomer: Newcomer) -> None:
    root = newcomer.shell.folder / "Mail"
    for folder in ("INBOX", "Drafts", "Sent"):
        for part in ("cur", "new", "tmp"):
            (root / folder / part).mkdir(parents=True)

    done = newcomer.init("--address", "robin@mail.example", "--maildir", str(root), "--digest", "imap", "--yes", *NOTHING_MORE)

    assert (done.status, done.err) == (0, "")
    settings = load_settings(newcomer.config)
    assert (settings.account.maildir, settings.account.host, settings.digest.by) == (root, "", "imap")
    assert newcomer.tables()["account"]["maildir"] == "~/Mail"
    assert [path for path in root.rglob("*") if path.is_file()] == []
