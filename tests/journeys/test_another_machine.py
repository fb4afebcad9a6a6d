"""Moving to another machine: what was known goes along, and over the same mailbox nothing is drafted twice."""

from datetime import UTC, datetime

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver


def test_after_a_move_nothing_is_drafted_twice_and_all_stands_as_it_did(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    home.run("once")
    drafts, board = dovecot.messages(mailbox_user, "Drafts"), home.run("status", "--json").json["interviews"]
    assert len(drafts) == 2
    assert home.run("backup", str(home.folder / "all.jsonl")).status == 0

    home.configure(state=home.folder / "another-machine")
    restored = home.run("restore", str(home.folder / "all.jsonl"))
    done = home.run("once", "--json")

    assert (restored.status, done.status) == (0, 0), restored.err + done.err
    assert (done.json["read"], done.json["queued"]) == (0, [])
    assert dovecot.messages(mailbox_user, "Drafts") == drafts
    assert home.run("status", "--json").json["interviews"] == board
