"""Answers to a digest in the mail client: from Sent alone, carried out once, kept with what came of each line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.interviews import Event, EventKind, Status
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.notify.digest import digest_id
from agent.rulebook.answers import load_answers
from agent.store import Ledger
from tests.daemon.digests import note
from tests.daemon.killable import KillableLedger, Killed, Steps
from tests.daemon.scene import ACME, BIRCH, INVITES, ME, NOW, REJECTS, account, receive
from tests.letters import letter

HOUR = timedelta(hours=1)
DIGEST = digest_id(ME, NOW.date())


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def told(mailbox: MemoryMailbox, *, ledger: Ledger | None = None) -> Account:
    """Return an account that knows how answers are worded, after a rejection that nobody vouches for: question 1."""
    found = replace(account(mailbox, ACME, BIRCH, ledger=ledger), answers=load_answers(None))
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>", vouched="fail")
    run_pass(found, NOW)
    assert [review.number for review in found.ledger.reviews()] == [1]
    note(found.ledger, digest_since=NOW.isoformat())
    return found


def answer(
    mailbox: MemoryMailbox,
    body: str,
    *,
    message_id: str = "<a1@mailbox.example>",
    role: FolderRole = FolderRole.SENT,
    to: str = ME,
    sender: str = f"Robin Hale <{ME}>",
    parent: str = DIGEST,
    after: timedelta = HOUR,
) -> bytes:
    raw = letter(
        message_id=message_id,
        at=NOW + after,
        sender=sender,
        to=to,
        subject="Re: 1 question",
        body=body,
        in_reply_to=parent,
        vouched=None,
    )
    mailbox.deliver(role, raw, NOW + after)
    return raw


def status(found: Account, interview: str) -> Status:
    return Casebook(found.ledger, NOW + 9 * HOUR).candidacy(interview).state.status


def outcomes(found: Account) -> list[tuple[str, str, bool]]:
    return [(each.words, each.told, each.done) for each in found.ledger.answers.after(0)]


def test_a_reply_in_sent_is_carried_out_line_by_line_and_once(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    raw = answer(mailbox, "Hi,\n\n1 yes\nacme: note topic: event sourcing\nacme: something\n7 no\n\nThanks\nRobin\n")

    report = run_pass(found, NOW + 2 * HOUR)
    run_pass(found, NOW + 3 * HOUR)

    assert status(found, "birch-data") is Status.REJECTED
    assert found.ledger.reviews() == []
    assert {each.id: each.notes for each in found.ledger.interviews()} == {
        "acme-backend": "topic: event sourcing",
        "birch-data": "",
    }
    assert outcomes(found) == [
        ("1 yes", "Birch Analytics, Data Engineer: rejected now (was: applied).", True),
        ("acme: note topic: event sourcing", "Acme Robotics, Backend Engineer: noted.", True),
        (
            "acme: something",
            ("It was not understood. Such as “acme-backend: moved on”, “acme-backend: rejected” or “acme-backend: note ...”."),
            False,
        ),
        ("7 no", "There is no question 7.", False),
    ]
    assert len(report.answered) == len(outcomes(found))
    assert [each.interview for each in report.changes] == ["birch-data"]
    # Again under new numbers, and as a copy that a server gave another Message-ID.
    mailbox.change_uidvalidity(FolderRole.SENT)
    mailbox.deliver(FolderRole.SENT, raw.replace(b"<a1@", b"<a2@"), NOW + 3 * HOUR)
    events, kept = found.ledger.events(), outcomes(found)
    run_pass(found, NOW + 4 * HOUR)
    assert (found.ledger.events(), outcomes(found)) == (events, kept)


def test_a_status_by_mail_is_an_entry_that_says_whose_words_it_was(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    answer(mailbox, "acme: moved on\n")
    run_pass(found, NOW + 2 * HOUR)

    (event,) = [each for each in found.ledger.events("acme-backend") if each.kind is EventKind.SET]
    assert (event.status, event.rule, event.quote) == (Status.MOVED_ON, "answered by mail", "acme: moved on")
    assert (event.message_id, event.at) == ("<a1@mailbox.example>", NOW + HOUR)
    assert status(found, "acme-backend") is Status.MOVED_ON

    answer(mailbox, f"undo {event.id}\nundo {event.id}\nundo 999\n", message_id="<a2@mailbox.example>", after=3 * HOUR)
    run_pass(found, NOW + 4 * HOUR)
    assert status(found, "acme-backend") is Status.APPLIED
    assert outcomes(found)[-2:] == [
        (f"undo {event.id}", "Acme Robotics, Backend Engineer: taken back; applied now.", True),
        ("undo 999", "There is no entry 999.", False),
    ]


def test_what_came_after_the_answer_was_written_is_newer(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    answer(mailbox, "acme: awaiting\n")
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW + 2 * HOUR)
    run_pass(found, NOW + 3 * HOUR)
    assert status(found, "acme-backend") is Status.INVITED


def test_a_candidacy_is_tracked_under_the_name_that_the_answer_gives(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    body = "Hi Robin,\n\nWe would like to invite you to an interview for the Site Engineer role.\n\nKim\n"
    receive(mailbox, "<c@cedar.example>", body, at=NOW, sender="Kim Lee <kim@cedar.example>")
    run_pass(found, NOW + HOUR)
    (number,) = [each.number for each in found.ledger.reviews() if each.question.message_id == "<c@cedar.example>"]
    answer(mailbox, f"{number} new Cedar Works, Site Engineer\n", after=2 * HOUR)
    run_pass(found, NOW + 3 * HOUR)

    assert status(found, "cedar-works-site-engineer") is Status.INVITED
    assert outcomes(found) == [
        (f"{number} new Cedar Works, Site Engineer", "Cedar Works, Site Engineer is tracked: invited.", True)
    ]


@pytest.mark.parametrize(
    "how",
    [
        {"role": FolderRole.INBOX},
        {"role": FolderRole.ARCHIVE},
        {"sender": "Mallory <mallory@evil.example>"},
        {"to": "dana@acme.example"},
        {"to": f"{ME}, dana@acme.example"},
        {"parent": "<digest.20260310.0123456789abcdef@mailbox.example>"},
        {"parent": digest_id(ME, NOW.date(), "work")},
        {"parent": "<m1@acme.example>"},
    ],
    ids=str,
)
def test_no_other_mail_gives_orders(mailbox: MemoryMailbox, how: dict[str, str]) -> None:
    found = told(mailbox)
    answer(mailbox, "1 yes\nacme: rejected\n", **how)  # type: ignore[arg-type]
    run_pass(found, NOW + 2 * HOUR)
    assert outcomes(found) == []
    assert [review.number for review in found.ledger.reviews()][:1] == [1]
    assert status(found, "acme-backend") is Status.APPLIED


def test_what_a_machine_sends_to_the_user_gives_no_orders(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    raw = answer(mailbox, "x\n", role=FolderRole.JUNK)
    automatic = raw.replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:").replace(b"x\r\n", b"1 yes\r\n")
    mailbox.deliver(FolderRole.SENT, automatic, NOW + HOUR)
    run_pass(found, NOW + 2 * HOUR)
    assert outcomes(found) == []


def test_an_answer_in_which_nothing_can_be_read_is_told(mailbox: MemoryMailbox) -> None:
    found = told(mailbox)
    answer(mailbox, f"On Tue, 10 Mar 2026 at 08:00, Interview Agent <{ME}> wrote:\n> [1] Is it so?\n> Answer 1 yes: it is.\n")
    # A mail client that copies the old text without a mark: nobody can tell who wrote the line in its middle.
    unmarked = "QUESTIONS FOR YOU\n\n[1] Is it so?\nAnswer 1 yes: it is.\n1 yes\n"
    answer(mailbox, unmarked, message_id="<a2@mailbox.example>")
    answer(mailbox, "Thanks!\n", message_id="<a3@mailbox.example>")
    run_pass(found, NOW + 2 * HOUR)
    quoted, copied, courtesy = outcomes(found)
    assert quoted == copied
    assert (quoted[0], quoted[2]) == ("", False)
    assert quoted[1].startswith("There was nothing in your answer that could be read.")
    assert courtesy == ("", "", True)
    assert [review.number for review in found.ledger.reviews()] == [1]


@pytest.mark.parametrize("since", ["", (NOW + 2 * HOUR).isoformat()])
def test_answers_to_the_questions_of_a_ledger_that_was_lost_give_no_orders(mailbox: MemoryMailbox, since: str) -> None:
    found = told(mailbox)
    note(found.ledger, digest_since=since)
    answer(mailbox, "1 yes\nacme: moved on\n")
    run_pass(found, NOW + 3 * HOUR)
    assert outcomes(found) == []
    assert found.ledger.message("<a1@mailbox.example>") is None
    assert [review.number for review in found.ledger.reviews()] == [1]


class DyingLedger(KillableLedger):
    """One under which the process may also die in the middle of a transaction."""

    def add_event(self, event: Event) -> Event:
        added = super().add_event(event)
        self.steps.step()
        return added


def test_an_answer_is_carried_out_once_wherever_the_process_is_killed() -> None:
    ends = 0
    for last in range(1, 40):
        steps = Steps()
        mailbox = MemoryMailbox(clock=lambda: NOW)
        found = told(mailbox, ledger=DyingLedger(steps))
        answer(mailbox, "1 yes\nacme: note topic: event sourcing\n")
        steps.count, steps.last = 0, last
        killed = False
        try:
            run_pass(found, NOW + 2 * HOUR)
        except Killed:
            killed = True
        steps.last = None
        run_pass(found, NOW + 3 * HOUR)
        assert [done for _, _, done in outcomes(found)] == [True, True]
        assert {each.id: each.notes for each in found.ledger.interviews()}["acme-backend"] == "topic: event sourcing"
        assert [each.kind for each in found.ledger.events("birch-data")].count(EventKind.CONFIRMED) == 1
        if not killed:
            break
        ends += 1
    assert ends > 3
