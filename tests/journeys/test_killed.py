"""The process killed around APPEND: the next pass leaves exactly one draft an occasion (design, promise 3)."""

import email
import signal
from datetime import UTC, datetime

import pytest

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver


@pytest.mark.parametrize(("moment", "left_behind"), [("before", 0), ("after", 1)])
def test_a_kill_around_append_leaves_one_draft_after_the_next_pass(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, moment: str, left_behind: int
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)

    killed = home.run("once", program=("-m", "tests.journeys.killed", moment))
    assert killed.status == -signal.SIGKILL
    assert len(dovecot.messages(mailbox_user, "Drafts")) == left_behind

    after = [home.run("once", "--json") for _ in range(2)]

    assert [each.status for each in after] == [0, 0], after[0].err
    drafts = [email.message_from_bytes(raw) for raw in dovecot.messages(mailbox_user, "Drafts").values()]
    assert sorted(draft["To"] for draft in drafts) == ["Dana Cole <dana@acme.example>", "Ines Moreau <ines@birch.example>"]
    assert len({draft["Message-ID"] for draft in drafts}) == 2
    why = home.run("why", "birch-data", "--json").json
    assert [draft["state"] for draft in why["drafts"]] == ["queued"]


def test_kills_at_every_append_in_turn_still_leave_one_draft_each(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)

    for moment in ("before", "after", "before", "after"):
        home.run("once", program=("-m", "tests.journeys.killed", moment))
    last = home.run("once", "--json")

    assert last.status == 0, last.err
    assert len(dovecot.messages(mailbox_user, "Drafts")) == 2
