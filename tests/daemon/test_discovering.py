"""What the user's answers teach, and candidacies that nobody tracks yet."""

from dataclasses import replace
from datetime import date, timedelta

from agent.daemon.account import Account
from agent.daemon.answering import accept, dismiss, track
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.interviews import Contact, Status
from agent.mailbox.memory import MemoryMailbox
from agent.plan.discovery import Discovery
from agent.plan.review import ReviewKind
from agent.store import Review
from tests.daemon.scene import ACME, BIRCH, NOW, account, receive

HOUR = timedelta(hours=1)
WRITES = "Hi Robin,\n\nAcme Robotics would like to invite you to an interview. When would suit you?\n\nAnn\n"
RECEIVED = "Dear Robin,\n\nThank you for applying for the Data Analyst role at Cedar Foods. We have received your application.\n"


def open_questions(acme: Account, kind: ReviewKind) -> list[Review]:
    return [review for review in acme.ledger.reviews() if review.question.kind is kind]


def status(acme: Account, interview: str) -> Status:
    return Casebook(acme.ledger, NOW + 9 * HOUR).candidacy(interview).state.status


def test_a_confirmed_sender_is_a_contact_and_her_next_message_is_certain() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME, BIRCH)
    receive(mailbox, "<1@freemail.example>", WRITES, at=NOW, sender="Ann Lee <ann.lee@freemail.example>")
    run_pass(acme, NOW + HOUR)
    (review,) = open_questions(acme, ReviewKind.MATCH)
    assert status(acme, "acme-backend") is Status.APPLIED

    learned = accept(acme.ledger, review, "acme-backend", senders=acme.phrasebook.senders, now=NOW + HOUR)

    assert learned == ("the contact Ann Lee <ann.lee@freemail.example>",)
    assert status(acme, "acme-backend") is Status.INVITED
    fixed = "Hi Robin,\n\nYour interview is confirmed for Thursday, 12 March 2026 at 14:00 GMT.\n\nAnn\n"
    receive(mailbox, "<2@freemail.example>", fixed, at=NOW + 2 * HOUR, sender="Ann Lee <ann.lee@freemail.example>")
    run_pass(acme, NOW + 3 * HOUR)
    assert status(acme, "acme-backend") is Status.SCHEDULED
    assert acme.ledger.reviews() == []


def test_a_corrected_match_teaches_the_interview_that_the_user_named() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME, BIRCH)
    receive(mailbox, "<1@freemail.example>", WRITES, at=NOW, sender="Ann Lee <ann.lee@freemail.example>")
    run_pass(acme, NOW + HOUR)
    (review,) = open_questions(acme, ReviewKind.MATCH)

    accept(acme.ledger, review, "birch-data", senders=acme.phrasebook.senders, now=NOW + HOUR)

    contacts = {interview.id: [contact.email for contact in interview.contacts] for interview in acme.ledger.interviews()}
    assert contacts == {"acme-backend": ["dana@acme.example"], "birch-data": ["ines@birch.example", "ann.lee@freemail.example"]}


def test_the_address_of_a_tracking_system_is_learned_for_nobody() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME)
    sender = "Acme Labs Hiring Team <no-reply@us.greenhouse-mail.io>"
    body = "Hi Robin,\n\nWe would like to invite you to an interview for the Backend Engineer role. When would suit you?\n"
    receive(mailbox, "<1@greenhouse-mail.io>", body, at=NOW, sender=sender)
    run_pass(acme, NOW + HOUR)
    (review,) = acme.ledger.reviews()

    learned = accept(acme.ledger, review, "acme-backend", senders=acme.phrasebook.senders, now=NOW + HOUR)

    assert [told for told in learned if "contact" in told] == []


def test_a_receipt_for_a_role_that_is_not_tracked_is_proposed_with_what_it_says() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME)
    receive(mailbox, "<1@cedar.example>", RECEIVED, at=NOW, sender="Lea Marsh <lea@cedar.example>")
    run_pass(acme, NOW + HOUR)

    (review,) = open_questions(acme, ReviewKind.DISCOVERED)
    proposed = review.question.proposed
    assert proposed is not None
    assert (proposed.id, proposed.company, proposed.role) == ("cedar-foods-data-analyst", "Cedar Foods", "Data Analyst")
    assert proposed.applied_on == date(2026, 3, 10)
    assert proposed.contacts == (Contact(name="Lea Marsh", email="lea@cedar.example"),)

    track(acme.ledger, review, proposed, senders=acme.phrasebook.senders, now=NOW + HOUR)

    entries = Casebook(acme.ledger, NOW + HOUR).candidacy("cedar-foods-data-analyst").state.history
    assert [(entry.label, entry.status) for entry in entries] == [("acknowledged", Status.APPLIED)]


def test_a_dismissed_proposal_never_returns_under_another_message() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME)
    receive(mailbox, "<1@cedar.example>", RECEIVED, at=NOW, sender="Lea Marsh <lea@cedar.example>")
    run_pass(acme, NOW + HOUR)
    (review,) = open_questions(acme, ReviewKind.DISCOVERED)
    dismiss(acme.ledger, review, now=NOW + HOUR)

    receive(mailbox, "<2@cedar.example>", f"{RECEIVED}\nLea\n", at=NOW + 2 * HOUR, sender="Lea Marsh <lea@cedar.example>")
    run_pass(acme, NOW + 3 * HOUR)

    assert acme.ledger.reviews() == []


def test_nothing_is_tracked_or_asked_but_as_the_configuration_says() -> None:
    for discovery, tracked, asked in ((Discovery.OFF, 1, 0), (Discovery.ASK, 1, 1), (Discovery.TRACK, 2, 0)):
        mailbox = MemoryMailbox(clock=lambda: NOW)
        acme = replace(account(mailbox, ACME), discovery=discovery)
        receive(mailbox, "<1@cedar.example>", RECEIVED, at=NOW, sender="Lea Marsh <lea@cedar.example>")
        run_pass(acme, NOW + HOUR)
        assert (len(acme.ledger.interviews()), len(acme.ledger.reviews())) == (tracked, asked), discovery


def test_a_question_that_has_answered_itself_is_closed() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME, BIRCH)
    receive(mailbox, "<1@freemail.example>", WRITES, at=NOW, sender="Ann Lee <ann.lee@freemail.example>")
    run_pass(acme, NOW + HOUR)
    assert len(acme.ledger.reviews()) == 1

    answer = "Hi Robin,\n\nAs Ann wrote. Looking forward to it!\n\nDana\n"
    receive(mailbox, "<2@acme.example>", answer, at=NOW + 2 * HOUR, in_reply_to="<1@freemail.example>")
    run_pass(acme, NOW + 3 * HOUR)

    assert acme.ledger.reviews() == []
    record = acme.ledger.message("<1@freemail.example>")
    assert record is not None
    assert record.interview == "acme-backend"
