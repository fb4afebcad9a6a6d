"""The life of a draft on a real Dovecot, with the ways of real mail clients (design, promises 2, 3, 5 and 8).

Each pass is a whole one, over IMAP, at a moment that the test names; the user's hand is another IMAP session.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.daemon.account import Account, PassReport
from agent.daemon.one_pass import run_pass
from agent.interviews import EventKind, Interview
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import DraftKind
from agent.store import Ledger
from tests.daemon.scene import ACME, FIXES, INVITES, ME, NOW, account, held_round
from tests.dovecot import Dovecot, MailboxUser
from tests.letters import letter
from tests.mail_clients import Client, gmail, k9, message_id_of, text_of, thunderbird

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
INTERVIEWED = replace(ACME, rounds=(held_round(NOW - 3 * HOUR, "dana@acme.example"),))
OWN = "I am free on Tuesday and on Wednesday from nine to noon."


@dataclass(kw_only=True)
class Home:
    """A mailbox on Dovecot, the user's hand in it, and an account whose passes are made at the moments that a test names."""

    server: Dovecot
    user: MailboxUser
    account: Account
    now: datetime = NOW

    def run(self, after: timedelta = timedelta()) -> PassReport:
        self.now += after
        return run_pass(self.account, self.now)

    def killed(self, moment: str, method: str) -> None:
        """Make a pass in a process of its own that is killed right before or after a method of the mailbox."""
        place = (self.account.ledger.where, self.server.host, str(self.server.port), self.server.ca_file, self.user.name)
        words = (*place, self.now.isoformat(), moment, method)
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.killed_at", *words], capture_output=True, timeout=100, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()

    def track(self, interview: Interview) -> None:
        with self.account.ledger.transaction():
            self.account.ledger.put_interview(interview)

    def receive(self, message_id: str, body: str, *, in_reply_to: str | None = None) -> None:
        raw = letter(
            message_id=message_id,
            at=self.now,
            sender="Dana Cole <dana@acme.example>",
            subject="Backend Engineer",
            body=body,
            in_reply_to=in_reply_to,
        )
        self.server.deliver(self.user, "INBOX", raw, internaldate=self.now)

    def drafted(self, kind: DraftKind = DraftKind.REPLY_INVITATION) -> tuple[int, bytes]:
        """Return the UID and the bytes of the agent's draft of this kind, as they were appended."""
        draft = self.draft(kind)
        found = [(uid, raw) for uid, raw in self.drafts().items() if message_id_of(raw) == draft.message_id]
        assert len(found) == 1
        return found[0]

    def draft(self, kind: DraftKind = DraftKind.REPLY_INVITATION) -> DraftRecord:
        (draft,) = [each for each in self.account.ledger.drafts() if each.kind is kind]
        return draft

    def drafts(self) -> dict[int, bytes]:
        return self.server.messages(self.user, "Drafts")

    def save(self, client: Client, uid: int, text: str) -> int:
        """Let a client save a draft with this text: the new message first, then the old one goes; return the new UID."""
        new = self.server.deliver(self.user, "Drafts", client(self.drafts()[uid], text), ["\\Draft", "\\Seen"], self.now)
        self.server.remove(self.user, "Drafts", uid)
        return new

    def send(self, uid: int, raw: bytes) -> None:
        """Let a client send a draft as `raw`."""
        self.server.deliver(self.user, "Sent", raw, ["\\Seen"], self.now)
        self.server.remove(self.user, "Drafts", uid)

    def told(self, kind: EventKind) -> int:
        """Return how many entries of this kind the history has."""
        return sum(event.kind is kind for event in self.account.ledger.events())


@pytest.fixture
def home(dovecot: Dovecot, mailbox_user: MailboxUser, tmp_path: Path) -> Iterator[Home]:
    """Give a mailbox with two mails and three drafts of the user's own, all of which must be as they were in the end."""
    made = account(MemoryMailbox(), ACME, ledger=Ledger(tmp_path / "ledger.sqlite"))
    made = replace(made, open_mailbox=lambda: open_imap(dovecot.server(mailbox_user), mailbox_user.password))
    home = Home(server=dovecot, user=mailbox_user, account=made)
    for number, flags in enumerate(([], ["\\Seen", "\\Flagged"])):
        dovecot.deliver(mailbox_user, "INBOX", other_mail(number), flags, NOW - 2 * HOUR)
    for number in range(3):
        dovecot.deliver(mailbox_user, "Drafts", own_draft(number), ["\\Draft"], NOW - 2 * HOUR)
    before = {folder: theirs(home, folder) for folder in ("INBOX", "Drafts")}
    yield home
    assert {folder: theirs(home, folder) for folder in ("INBOX", "Drafts")} == before
    made.ledger.close()


def other_mail(number: int) -> bytes:
    return letter(
        message_id=f"<other{number}@shop.example>",
        at=NOW - 2 * HOUR,
        sender="Shop <shop@shop.example>",
        subject="Your parcel",
        body="It is on its way.\n",
    )


def own_draft(number: int) -> bytes:
    return letter(
        message_id=f"<own{number}@mailbox.example>",
        at=NOW - 2 * HOUR,
        sender=ME,
        to="kim@friends.example",
        subject="Holidays",
        body=f"Dear Kim, this is letter number {number}.\n",
        vouched=None,
    )


def theirs(home: Home, folder: str) -> dict[int, tuple[bytes, frozenset[str]]]:
    """Return what neither the agent nor the employer wrote: UID → bytes and flags."""
    flags = home.server.flags(home.user, folder)
    return {
        uid: (raw, flags[uid])
        for uid, raw in home.server.messages(home.user, folder).items()
        if b"shop.example" in raw or b"kim@friends.example" in raw
    }


def invited(home: Home) -> tuple[int, bytes]:
    """Let the invitation come in and be answered; return UID and bytes of the answer in Drafts."""
    home.receive("<i@acme.example>", INVITES)
    home.run()
    return home.drafted()


# Edited


@pytest.mark.parametrize("client", [thunderbird, k9, gmail])
def test_an_edited_draft_is_the_users_whatever_the_client_makes_of_it(home: Home, client: Client) -> None:
    uid, raw = invited(home)
    saved = home.save(client, uid, text_of(raw).replace("\n\n", f"\n\n{OWN}\n\n", 1))
    lying = home.drafts()[saved]

    home.run(5 * MINUTE)
    assert (home.draft().state, home.draft().uid) == (DraftState.EDITED, saved)
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    reports = [home.run(HOUR), home.run(HOUR)]

    assert home.drafts()[saved] == lying
    assert home.draft().state is DraftState.EDITED
    assert home.draft().overtaken == "dana@acme.example wrote since: scheduled"
    assert [report.queued + report.withdrawn for report in reports] == [[], []]


@pytest.mark.parametrize("client", [thunderbird, k9])
def test_a_draft_that_is_written_anew_from_the_first_word_is_still_known(home: Home, client: Client) -> None:
    uid, _ = invited(home)
    saved = home.save(client, uid, f"Hello Dana,\n\n{OWN}\n\nRobin\n")

    home.run(5 * MINUTE)

    assert (home.draft().state, home.draft().uid) == (DraftState.EDITED, saved)


def test_copies_of_one_edit_saved_in_a_row_are_one(home: Home) -> None:
    uid, raw = invited(home)
    for number in range(4):
        uid = home.save(gmail, uid, text_of(raw).replace("\n\n", f"\n\n{OWN[: 12 * (number + 1)]}\n\n", 1))
        if number == 1:
            home.run(MINUTE)
    # The last copy is there before the one before it is gone, and a pass comes in between.
    last = home.server.deliver(home.user, "Drafts", gmail(raw, text_of(raw) + OWN), ["\\Draft"], home.now)
    home.run(MINUTE)
    home.server.remove(home.user, "Drafts", uid)
    home.run(HOUR)

    assert (home.draft().state, home.draft().uid) == (DraftState.EDITED, last)
    assert len(home.drafts()) == 4


def test_an_edited_draft_that_is_deleted_is_noticed_as_well(home: Home) -> None:
    uid, raw = invited(home)
    saved = home.save(k9, uid, text_of(raw) + OWN)
    home.run(MINUTE)
    home.server.remove(home.user, "Drafts", saved)

    home.run(MINUTE)
    assert home.draft().state is DraftState.EDITED
    home.run(10 * MINUTE)

    assert home.draft().state is DraftState.DELETED
    assert len(home.drafts()) == 3


def test_a_client_that_saves_without_a_change_leaves_the_draft_as_it_was(home: Home) -> None:
    uid, raw = invited(home)
    saved = home.save(thunderbird, uid, text_of(raw))

    home.run(MINUTE)

    assert (home.draft().state, home.draft().uid) == (DraftState.QUEUED, saved)
    # Yet its bytes are the client's: it is not taken out.
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    home.run(MINUTE)
    assert home.draft().state is DraftState.EDITED
    assert saved in home.drafts()


def test_another_draft_of_the_users_in_the_same_thread_is_not_taken_for_it(home: Home) -> None:
    uid, raw = invited(home)
    other = k9(raw, "Dana, one more thing: is there a car park near the office, and may I bring my dog?\n")
    home.server.deliver(home.user, "Drafts", other, ["\\Draft"], home.now)

    home.run(MINUTE)
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    home.run(HOUR)

    assert home.draft().state is DraftState.WITHDRAWN
    assert uid not in home.drafts()
    assert other in home.drafts().values()


# Sent


def test_a_draft_sent_as_it_is_is_known_by_its_message_id(home: Home) -> None:
    home.send(*invited(home))

    home.run(MINUTE)

    assert (home.draft().state, home.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)


@pytest.mark.parametrize("client", [k9, gmail])
def test_a_draft_sent_under_another_message_id_is_known(home: Home, client: Client) -> None:
    uid, raw = invited(home)
    home.send(uid, client(raw, text_of(raw)))

    home.run(MINUTE)

    assert (home.draft().state, home.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)


def test_a_thank_you_edited_a_lot_before_it_was_sent_counts_as_sent(home: Home) -> None:
    home.track(INTERVIEWED)
    home.run()
    uid, raw = home.drafted(DraftKind.THANK_YOU)
    home.send(uid, k9(raw, "Dana, it was lovely to meet you and the dog. See you soon!\n\nRobin\n"))

    home.run(MINUTE)
    home.run(11 * MINUTE)

    assert home.draft(DraftKind.THANK_YOU).state is DraftState.SENT
    assert len(home.drafts()) == 4


def test_what_was_sent_while_nothing_ran_is_known_afterwards(home: Home) -> None:
    uid, raw = invited(home)
    saved = home.save(k9, uid, text_of(raw) + OWN)
    home.send(saved, k9(raw, text_of(raw) + OWN))

    report = home.run(timedelta(days=3))

    assert (home.draft().state, report.queued) == (DraftState.SENT, [])
    assert len(home.drafts()) == 3


# Moved, flagged, deleted


def test_a_flagged_draft_is_still_the_agents(home: Home) -> None:
    uid, _ = invited(home)
    home.server.store(home.user, "Drafts", uid, "\\Flagged")

    home.run(HOUR)
    assert home.draft().state is DraftState.QUEUED
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    home.run(HOUR)

    assert home.draft().state is DraftState.WITHDRAWN
    assert len(home.drafts()) == 3


def test_a_draft_moved_to_another_folder_is_waited_for(home: Home) -> None:
    uid, raw = invited(home)
    home.server.deliver(home.user, "Archive", raw, ["\\Draft"], home.now)
    home.server.remove(home.user, "Drafts", uid)

    for _ in range(4):
        home.run(HOUR)
    assert home.draft().state is DraftState.QUEUED
    home.server.deliver(home.user, "Drafts", raw, ["\\Draft"], home.now)
    home.run(HOUR)

    assert home.draft().missing_since is None
    assert home.draft().state is DraftState.QUEUED


def test_a_deleted_draft_is_told_after_two_looks_ten_minutes_apart_and_never_comes_back(home: Home) -> None:
    uid, _ = invited(home)
    home.server.remove(home.user, "Drafts", uid)

    states = []
    for after in (MINUTE, 9 * MINUTE, MINUTE):
        home.run(after)
        states.append(home.draft().state)
    assert states == [DraftState.QUEUED, DraftState.QUEUED, DraftState.DELETED]
    later = [home.run(timedelta(days=1)) for _ in range(3)]

    assert [report.queued for report in later] == [[], [], []]
    assert (home.told(EventKind.DRAFT_DELETED), len(home.drafts())) == (1, 3)


def test_a_missing_draft_says_when_to_look_again(home: Home) -> None:
    uid, _ = invited(home)
    home.server.remove(home.user, "Drafts", uid)

    report = home.run(MINUTE)

    assert report.next_at is not None
    assert report.next_at <= home.now + 10 * MINUTE


def test_news_after_a_draft_was_deleted_brings_nothing_back(home: Home) -> None:
    uid, _ = invited(home)
    home.server.remove(home.user, "Drafts", uid)
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")

    reports = [home.run(after) for after in (MINUTE, HOUR, HOUR)]

    assert [report.queued for report in reports] == [[], [], []]
    assert home.draft().state is DraftState.DELETED
    assert len(home.drafts()) == 3


# The folder


def test_a_drafts_folder_that_was_renamed_away_and_back_changes_nothing(home: Home) -> None:
    invited(home)
    home.server.rename(home.user, "Drafts", "Old")
    for _ in range(3):
        home.run(HOUR)
    assert home.draft().state is DraftState.QUEUED

    home.server.delete(home.user, "Drafts")
    home.server.rename(home.user, "Old", "Drafts")
    home.run(HOUR)
    assert (home.draft().state, home.draft().missing_since) == (DraftState.QUEUED, None)
    home.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    home.run(HOUR)

    assert home.draft().state is DraftState.WITHDRAWN
    assert len(home.drafts()) == 3


@pytest.mark.parametrize("edited", [False, True])
def test_new_uids_for_all_messages_change_nothing(home: Home, edited: bool) -> None:
    uid, raw = invited(home)
    if edited:
        home.save(k9, uid, text_of(raw) + OWN)
    lying = home.drafts()
    home.server.rename(home.user, "Drafts", "Old")
    for each in (8, 9):
        home.server.remove(home.user, "Drafts", home.server.deliver(home.user, "Drafts", own_draft(each)))
    for raw in lying.values():
        home.server.deliver(home.user, "Drafts", raw, ["\\Draft"], home.now)

    for _ in range(3):
        home.run(HOUR)

    assert home.draft().state is (DraftState.EDITED if edited else DraftState.QUEUED)
    assert home.draft().uid == 6
    home.server.delete(home.user, "Drafts")
    home.server.rename(home.user, "Old", "Drafts")


# The debrief


def interviewed(home: Home) -> tuple[int, bytes]:
    """Let an interview be over and its thank-you be drafted; return UID and bytes of the debrief."""
    home.track(INTERVIEWED)
    home.run()
    return home.drafted(DraftKind.DEBRIEF)


def answered(raw: bytes, topic: str) -> str:
    """Return the text of a debrief with an answer to its first question."""
    before, _, after = text_of(raw).partition("\n2. ")
    return f"{before.rstrip()}\n{topic}\n\n2. {after}"


def notes(home: Home) -> list[str]:
    """Return the answers to debriefs that the history holds, each with the number of its interview."""
    return [f"{event.round}: {event.note}" for event in home.account.ledger.events() if event.kind is EventKind.DEBRIEFED]


@pytest.mark.parametrize("client", [thunderbird, k9, gmail])
def test_answers_saved_in_a_debrief_are_read_once_and_again_when_they_change(home: Home, client: Client) -> None:
    uid, raw = interviewed(home)
    saved = home.save(client, uid, answered(raw, "how on-call is shared"))
    for _ in range(2):
        home.run(MINUTE)
    assert notes(home) == ["1: topic: how on-call is shared"]

    saved = home.save(client, saved, answered(raw, "how on-call is shared"))
    home.run(MINUTE)
    assert len(notes(home)) == 1
    last = home.save(client, saved, answered(raw, "how releases are planned"))
    home.run(MINUTE)

    assert notes(home) == ["1: topic: how on-call is shared", "1: topic: how releases are planned"]
    assert (home.draft(DraftKind.DEBRIEF).state, home.draft(DraftKind.DEBRIEF).uid) == (DraftState.EDITED, last)
    assert last in home.drafts()


def test_answers_sent_to_oneself_are_read_from_sent(home: Home) -> None:
    uid, raw = interviewed(home)
    home.send(uid, k9(raw, answered(raw, "how on-call is shared")))

    for _ in range(2):
        home.run(MINUTE)

    assert notes(home) == ["1: topic: how on-call is shared"]
    assert home.draft(DraftKind.DEBRIEF).state is DraftState.SENT
    assert home.told(EventKind.SENT) == 0


def test_answers_in_a_debrief_that_came_by_mail_are_not_read(home: Home) -> None:
    _, raw = interviewed(home)
    home.server.deliver(home.user, "INBOX", k9(raw, answered(raw, "how on-call is shared")), internaldate=home.now)

    home.run(MINUTE)

    assert notes(home) == []


def test_an_answered_debrief_has_the_thank_you_written_anew_in_its_place(home: Home) -> None:
    uid, raw = interviewed(home)
    old_uid, old = home.drafted(DraftKind.THANK_YOU)
    assert b"on-call" not in old
    home.save(k9, uid, answered(raw, "how on-call is shared"))

    report = home.run(MINUTE)

    new_uid, new = home.drafted(DraftKind.THANK_YOU)
    assert message_id_of(new) == message_id_of(old)
    assert "how on-call is shared" in " ".join(text_of(new).split())
    assert (new_uid != old_uid, old_uid in home.drafts()) == (True, False)
    assert (report.queued, report.rewritten) == ([], [message_id_of(old)])
    assert (home.draft(DraftKind.THANK_YOU).state, home.told(EventKind.DRAFTED)) == (DraftState.QUEUED, 2)
    assert home.run(MINUTE).rewritten == []


@pytest.mark.parametrize(
    ("moment", "method", "left_behind"),
    [("before", "remove_draft", 1), ("after", "remove_draft", 0), ("before", "append_draft", 0), ("after", "append_draft", 1)],
)
def test_a_kill_while_a_thank_you_is_written_anew_leaves_exactly_one(
    home: Home, moment: str, method: str, left_behind: int
) -> None:
    uid, raw = interviewed(home)
    thanks = message_id_of(home.drafted(DraftKind.THANK_YOU)[1])
    home.save(k9, uid, answered(raw, "how on-call is shared"))

    home.killed(moment, method)
    assert [message_id_of(raw) for raw in home.drafts().values()].count(thanks) == left_behind
    for _ in range(2):
        home.run(MINUTE)

    _, new = home.drafted(DraftKind.THANK_YOU)
    assert "how on-call is shared" in " ".join(text_of(new).split())
    assert (message_id_of(new), len(home.drafts())) == (thanks, 5)
    assert (home.draft(DraftKind.THANK_YOU).state, home.told(EventKind.DRAFTED)) == (DraftState.QUEUED, 2)


def test_a_thank_you_edited_after_such_a_kill_is_the_users(home: Home) -> None:
    uid, raw = interviewed(home)
    thanks, old = home.drafted(DraftKind.THANK_YOU)
    home.save(k9, uid, answered(raw, "how on-call is shared"))
    home.killed("before", "remove_draft")
    saved = home.save(k9, thanks, text_of(old) + "\nThe coffee was good, too.\n")

    for _ in range(3):
        home.run(HOUR)

    assert home.draft(DraftKind.THANK_YOU).state is DraftState.EDITED
    assert saved in home.drafts()
    assert len(home.drafts()) == 5


@pytest.mark.parametrize("client", [thunderbird, k9])
def test_a_thank_you_that_was_edited_before_is_left_alone(home: Home, client: Client) -> None:
    uid, raw = interviewed(home)
    thanks, old = home.drafted(DraftKind.THANK_YOU)
    saved = home.save(client, thanks, text_of(old) + "\nThe coffee was good, too.\n")
    lying = home.drafts()[saved]
    home.save(client, uid, answered(raw, "how on-call is shared"))

    for _ in range(2):
        home.run(MINUTE)

    assert notes(home) == ["1: topic: how on-call is shared"]
    assert home.drafts()[saved] == lying
    assert home.draft(DraftKind.THANK_YOU).state is DraftState.EDITED
    assert len(home.drafts()) == 5


def test_a_deleted_thank_you_is_not_written_anew(home: Home) -> None:
    uid, raw = interviewed(home)
    thanks, _ = home.drafted(DraftKind.THANK_YOU)
    home.server.remove(home.user, "Drafts", thanks)
    home.save(k9, uid, answered(raw, "how on-call is shared"))

    for after in (MINUTE, 10 * MINUTE, HOUR):
        home.run(after)

    assert home.draft(DraftKind.THANK_YOU).state is DraftState.DELETED
    assert len(home.drafts()) == 4
