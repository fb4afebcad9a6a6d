"""What servers are known to do wrong in one command, where no other test plays it; the numbers are those of docs/failures.md."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.mailbox.imap import open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem
from tests.mailbox.odd_server import OddServer, uids_in

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
