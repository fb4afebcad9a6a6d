"""What servers are known to do wrong in one command, where no other test plays it; the numbers are those of docs/failures.md."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.mailbox.imap import open_imap
from agent.mailbox.interface import Cursor, FolderRole, MailboxProblem
from tests.mailbox.odd_server import HangUp, OddServer, Script, fetched, uids_in

INBOX = FolderRole.INBOX
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("named", [slice(-1000, None), slice(1000), slice(700, 1700)], ids=["newest", "oldest", "some"])
@pytest.mark.parametrize("uids", [range(1, 3501), range(40, 14040, 4)], ids=["in a row", "with gaps"])
def test_a_server_that_names_a_thousand_messages_at_most_hides_none(named: slice, uids: range, tmp_path: Path) -> None:
    """Failure 27."""

    def script(command: str) -> str | None:
        if command.startswith("EXAMINE"):
            return f"* {len(uids)} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT {uids[-1] + 1}] x\r\nOK [READ-ONLY] done"
        if not command.startswith("UID SEARCH"):
            return None
        asked = uids_in(command.replace("*", str(uids[-1])))
        found = sorted({uid for uid in uids if asked[0] <= uid <= asked[-1]} if asked else {uids[-1]})
        if len(found) > 1000:
            found = found[named]
        return f"* SEARCH {' '.join(map(str, found))} \r\nOK done"

    with OddServer(script, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        listing = mailbox.listing(INBOX)
        mailbox.close()
    assert listing.uids == tuple(uids)
    assert len(server.commands) < 16


def test_a_server_that_names_all_messages_whatever_is_asked_is_not_asked_for_ever(tmp_path: Path) -> None:
    everything = "* SEARCH " + " ".join(map(str, range(1, 1201))) + "\r\nOK done"

    def script(command: str) -> str | None:
        if command.startswith("EXAMINE"):
            return "* 1200 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 1300] x\r\nOK [READ-ONLY] done"
        return everything if command.startswith("UID SEARCH") else None

    with OddServer(script, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        listing = mailbox.listing(INBOX)
        mailbox.close()
    assert listing.uids == tuple(range(1, 1201))


@pytest.mark.parametrize(
    "said",
    [
        "NO [ALERT] Account exceeded command or bandwidth limits. (Failure)",
        "NO Request is throttled. Suggested Backoff Time: 300000 milliseconds",
        "* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.\r\nOK never mind",
    ],
)
def test_a_provider_that_wants_peace_in_the_middle_of_reading_is_asked_once(said: str, tmp_path: Path) -> None:
    """Failures 11 and 17: it is not the messages that are bad, and asking for each alone would make it worse."""

    def script(command: str) -> str | None:
        if command.startswith("UID SEARCH"):
            return "* SEARCH 1 2 3\r\nOK done"
        return said if command.startswith("UID FETCH") else None

    with OddServer(script, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem) as caught:
            list(mailbox.headings(INBOX, None, since=LONG_AGO))
        mailbox.close()
    assert caught.value.retry_after is not None
    assert mailbox.skipped == []
    assert len([command for command in server.commands if "FETCH" in command]) == 1


def holding(uids: range, *, refused: int | None, answer: str) -> Script:
    """Return a server that holds these messages and gives no more than the header of some: none where `refused` is None."""
    mails = {uid: b"Message-ID: <%d@mail.example>\r\n\r\nhi\r\n" % uid for uid in uids}

    def script(command: str) -> str | bytes | None:
        if command.startswith("UID SEARCH"):
            asked = uids_in(command.replace("*", str(uids[-1]))) or [uids[-1]]
            return f"* SEARCH {' '.join(str(uid) for uid in uids if asked[0] <= uid <= asked[-1])}\r\nOK done"
        if not command.startswith("UID FETCH"):
            return None
        if refused is None or refused in uids_in(command):
            if answer == "closed":
                raise HangUp
            return answer
        return fetched(command, mails)

    return script


@pytest.mark.parametrize("answer", ["NO [UNAVAILABLE] Temporary failure", "NO System Error (Failure)", "closed"])
@pytest.mark.parametrize("new", [1, 3])
def test_a_server_that_gives_no_message_at_all_is_at_fault_and_no_message_is(new: int, answer: str, tmp_path: Path) -> None:
    """Failures 16 and 25: what came just now would be kept aside for good."""
    with OddServer(holding(range(1, 10), refused=None, answer=answer), tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem) as caught:
            list(mailbox.headings(INBOX, Cursor(uidvalidity=7, last_uid=9 - new), since=LONG_AGO))
        mailbox.close()
    assert not caught.value.permanent
    assert mailbox.skipped == []


@pytest.mark.parametrize("answer", ["NO [UNAVAILABLE] cannot read it", "closed"])
@pytest.mark.parametrize("uids", [range(9, 10), range(1, 10)], ids=["alone in its folder", "beside others"])
def test_a_message_that_alone_is_refused_is_kept_aside_also_where_nothing_else_is_new(
    uids: range, answer: str, tmp_path: Path
) -> None:
    """Failure 25."""
    with OddServer(holding(uids, refused=9, answer=answer), tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert list(mailbox.headings(INBOX, Cursor(uidvalidity=7, last_uid=8), since=LONG_AGO)) == []
        mailbox.close()
    assert [each.uid for each in mailbox.skipped] == [9]
