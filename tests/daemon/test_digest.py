"""What the digest gathers from a ledger."""

from dataclasses import replace
from datetime import date

import pytest

from agent.daemon.account import Account
from agent.daemon.gathering import Gathered, gather
from agent.daemon.one_pass import run_pass
from agent.interviews import Contact, ContactRole, EventKind, Interview, Status
from agent.mailbox.memory import MemoryMailbox
from agent.notify.news import Changed, Choice, DigestNews, Drafted, HeldBack, Waiting
from agent.plan.intention import DraftState
from agent.signals.reading import Label
from tests.daemon.digests import DAY, HOUR, Outbox, add, body, note, rejected, sent
from tests.daemon.scene import ACME, BIRCH, INVITES, NOW, REJECTS, account, receive

ELM = Interview(
    id="elm-ops",
    company="Elm",
    role="Operator",
    domains=("elm.example",),
    contacts=(Contact(name="Jo Elm", email="no-reply@elm.example", role=ContactRole.RECRUITER),),
)


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


def test_a_change_is_told_with_the_words_that_led_to_it(mailbox: MemoryMailbox) -> None:
    news = gather(rejected(mailbox), NOW).news

    assert news.day == date(2026, 3, 10)
    assert news.changed == (
        Changed(
            interview="birch-data",
            company="Birch Analytics",
            role="Data Engineer",
            before="applied",
            after="rejected",
            quote="Unfortunately, we have decided not to move forward with your application.",
            by="Ines Moreau (ines@birch.example)",
            at=NOW - HOUR,
            event=1,
        ),
    )


def test_words_that_came_later_and_changed_nothing_do_not_explain_the_change(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    add(
        birch.ledger,
        interview="birch-data",
        at=NOW,
        kind=EventKind.RECEIVED,
        label=Label.INVITATION,
        labels=(Label.INVITATION,),
        quote="We would like to invite you to our open day.",
    )

    news = gather(birch, NOW).news

    assert [(each.after, each.quote[:13]) for each in news.changed] == [("rejected", "Unfortunately")]


def test_a_status_set_by_hand_has_no_words(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    add(acme.ledger, interview="acme-backend", at=NOW, kind=EventKind.SET, status=Status.OFFER)

    news = gather(acme, NOW).news

    assert [(each.before, each.after, each.quote, each.event) for each in news.changed] == [("applied", "offer", "", 1)]


def test_a_change_that_was_taken_back_meanwhile_is_none(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    for status, at in ((Status.ON_HOLD, NOW - HOUR), (Status.APPLIED, NOW)):
        add(acme.ledger, interview="acme-backend", at=at, kind=EventKind.SET, status=status)

    assert gather(acme, NOW).news.changed == ()


def test_a_draft_is_told_with_its_reason_and_to_whom_it_goes(mailbox: MemoryMailbox) -> None:
    (drafted,) = gather(rejected(mailbox), NOW).news.drafted

    assert isinstance(drafted, Drafted)
    assert (drafted.interview, drafted.kind) == ("birch-data", "reply_rejection")
    assert drafted.reason.startswith("Birch Analytics declined on Tuesday 10 March 2026")
    assert drafted.to == ("ines@birch.example",)


@pytest.mark.parametrize("state", [DraftState.SENT, DraftState.WITHDRAWN, DraftState.DELETED])
def test_a_draft_that_no_longer_lies_in_drafts_is_not_said_to(mailbox: MemoryMailbox, state: DraftState) -> None:
    birch = rejected(mailbox)
    (draft,) = birch.ledger.drafts()
    with birch.ledger.transaction():
        birch.ledger.update_draft(replace(draft, state=state))

    assert gather(birch, NOW).news.drafted == ()


def test_a_question_is_told_with_the_mail_that_it_is_about(mailbox: MemoryMailbox) -> None:
    (waiting,) = gather(rejected(mailbox, vouched="fail"), NOW).news.waiting

    assert isinstance(waiting, Waiting)
    assert waiting.number == 1
    assert waiting.choices == (
        Choice(answer="1 yes", means="it is true, and counts for Birch Analytics, Data Engineer"),
        Choice(answer="1 no", means="it is not true, and changes nothing"),
    )
    assert "does not come from birch.example" in waiting.reason
    assert waiting.mail == "Tue 10 March 09:00, from ines@birch.example, “Data Engineer”"


def test_what_is_held_is_told_with_the_reason(mailbox: MemoryMailbox) -> None:
    elm = account(mailbox, ELM)
    receive(
        mailbox,
        "<i@elm.example>",
        "Dear Robin,\n\nwe would like to invite you to an interview. When would suit you?\n",
        at=NOW - HOUR,
        sender="Elm <no-reply@elm.example>",
    )
    run_pass(elm, NOW)

    assert gather(elm, NOW).news.held == (
        HeldBack(
            interview="elm-ops",
            company="Elm",
            role="Operator",
            kind="reply_invitation",
            reason="no-reply@elm.example takes no mail.",
            rule="no-reply",
        ),
    )


def stopped(mailbox: MemoryMailbox) -> Account:
    """Return an account after a pass in which no draft could be written: there are no templates in the interview's language."""
    birch = account(mailbox, replace(BIRCH, language="zz"))
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>")
    run_pass(birch, NOW)
    return birch


def test_what_a_check_stopped_is_told_with_its_reason_and_the_check(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    birch = stopped(mailbox)
    (held,) = gather(birch, NOW).news.held
    assert (held.kind, held.rule, held.stopped) == ("reply_rejection", "check language", True)
    assert sent(birch, outbox, NOW)
    assert "1 draft stopped by a check" in outbox[0]["Subject"]
    assert "Answer to the rejection\nWhy not: There are no templates for the language 'zz'" in body(outbox[0])
    assert "(check language)" in body(outbox[0])


def test_what_a_check_stopped_is_news_once(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    birch = stopped(mailbox)
    note(birch.ledger, digest_event="99")
    assert [sent(birch, outbox, NOW), sent(birch, outbox, NOW + DAY)] == [True, False]
    assert not gather(birch, NOW + DAY).news.held[0].stopped


def test_what_to_add_before_sending_stands_beside_the_draft(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    assert sent(acme, outbox, NOW)
    assert "Before you send it, add" in body(outbox[0])


def test_a_ledger_without_anything_has_no_news(mailbox: MemoryMailbox) -> None:
    gathered = gather(account(mailbox), NOW)

    assert gathered == Gathered(news=DigestNews(day=NOW.date()), event=0, answer=0)
