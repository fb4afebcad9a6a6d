"""Two sets of rules over one ledger: histories retold, the user's hand left alone, the learned reader asked only where needed."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from agent.daemon.account import Account
from agent.daemon.answering import accept, dismiss
from agent.daemon.comparing import Comparison, Difference, compare
from agent.daemon.one_pass import run_pass
from agent.daemon.undoing import undo
from agent.interviews import Status
from agent.mailbox.memory import MemoryMailbox
from agent.plan.review import ReviewKind
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policies
from agent.signals import Label, Phrasebook
from agent.signals.opinion import Asked, Opinion
from tests.daemon.scene import ACME, BIRCH, INVITES, NOW, REJECTS, account, receive

HOUR = timedelta(hours=1)
RULES = """
language: en
rules:
  - id: canoe
    label: {label}
    says: what it says in a word of the house
    confidence: 0.95
    whole: true
    any: ['\\b{words}\\b']
    matches: [The {words} it is.]
    not: [We hope to hear from you.]
"""
CANOE = "Hi Robin,\n\nThe canoe goes to the other shore.\n\nDana\n"


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


@cache
def book(folder: Path, label: str, words: str) -> Phrasebook:
    """Return the shipped rules with one more, which reads `words` as `label` whatever else the mail says."""
    path = folder / label / "signals" / "en"
    path.mkdir(parents=True, exist_ok=True)
    (path / "mine.yaml").write_text(RULES.format(label=label, words=words), encoding="utf-8")
    return load_phrasebook(folder / label)


def against(of: Account, phrasebook: Phrasebook, *, recorded: bool = False) -> Comparison:
    return compare(of.ledger, of, replace(of, phrasebook=phrasebook), recorded=recorded, now=NOW)


def one(found: Comparison) -> Difference:
    (difference,) = found.interviews
    return difference


def test_what_is_read_anew_takes_the_place_of_what_was_read(mailbox: MemoryMailbox, tmp_path: Path) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)

    found = one(against(acme, book(tmp_path, "hold", "would like to invite")))

    assert (found.before.status, found.after.status) == (Status.INVITED, Status.ON_HOLD)
    assert found.cause is not None
    assert (found.cause.label, found.cause.rule, found.cause.gone) == ("hold", "en.hold.canoe", False)
    # The entry keeps its number and its place.
    assert [(each.event, each.at) for each in found.after.history] == [(each.event, each.at) for each in found.before.history]


def test_what_the_user_took_back_stays_taken_back(mailbox: MemoryMailbox, tmp_path: Path) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    event = next(each for each in acme.ledger.events() if each.message_id == "<i@acme.example>")
    undo(acme.ledger, event, elsewhere=None, senders=acme.phrasebook.senders, now=NOW)

    found = one(against(acme, book(tmp_path, "hold", "would like to invite")))

    assert (found.before.status, found.after.status) == (Status.APPLIED, Status.APPLIED)
    assert [each.after.label for each in found.messages] == [Label.HOLD]


def test_a_rejection_that_nobody_vouches_for_is_asked_about_and_ends_nothing(mailbox: MemoryMailbox, tmp_path: Path) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR, vouched="fail")
    run_pass(acme, NOW)
    assert acme.ledger.events("acme-backend")

    found = one(against(acme, book(tmp_path, "rejection", "would like to invite")))

    assert found.after.status is Status.APPLIED
    (message,) = found.messages
    assert message.review.startswith("It reads as rejection")


def test_what_the_user_confirmed_stays_confirmed_under_another_reading(mailbox: MemoryMailbox, tmp_path: Path) -> None:
    birch = account(mailbox, BIRCH)
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>", vouched="fail")
    run_pass(birch, NOW)
    (review,) = birch.ledger.reviews()
    assert review.question.kind is ReviewKind.UNVOUCHED
    accept(birch.ledger, review, "birch-data", senders=birch.phrasebook.senders, now=NOW)

    found = one(against(birch, book(tmp_path, "role_closed", "decided not to move forward")))

    assert (found.before.status, found.after.status) == (Status.REJECTED, Status.CLOSED)


def test_what_the_user_has_looked_at_and_let_be_says_nothing_under_other_rules(mailbox: MemoryMailbox, tmp_path: Path) -> None:
    acme = account(mailbox, ACME)
    body = "Dear Robin,\n\nUnfortunately we will not move forward. We are pleased to make you an offer.\n\nDana\n"
    receive(mailbox, "<u@acme.example>", body, at=NOW - HOUR)
    run_pass(acme, NOW)
    (review,) = acme.ledger.reviews()
    assert review.question.kind is ReviewKind.UNCLEAR
    dismiss(acme.ledger, review, now=NOW)

    found = one(against(acme, book(tmp_path, "hold", "pleased to make")))

    assert found.after.status is Status.APPLIED
    assert [(each.before.abstained, each.after.label) for each in found.messages] == [(True, Label.HOLD)]


class Counting:
    """A model without an opinion that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def opinion(self, asked: Asked) -> Opinion | None:
        self.asked.append(asked)
        return None


def test_the_learned_reader_is_asked_once_and_only_about_what_the_rules_read_differently(
    mailbox: MemoryMailbox, tmp_path: Path
) -> None:
    model = Counting()
    acme = replace(account(mailbox, ACME), model=model)
    receive(mailbox, "<c@acme.example>", CANOE, at=NOW - 2 * HOUR)
    receive(mailbox, "<d@acme.example>", "Hi Robin,\n\nThe kettle is green and the garden is wide.\n\nDana\n", at=NOW - HOUR)
    run_pass(acme, NOW)
    model.asked.clear()

    found = one(against(acme, book(tmp_path, "hold", "canoe goes")))

    assert [each.message_id for each in found.messages] == ["<c@acme.example>"]
    assert len(model.asked) == len(set(model.asked)) <= 1
    assert not any("kettle" in sentence for asked in model.asked for sentence in asked.sentences)


def test_another_policy_alone_reads_no_mail_again(mailbox: MemoryMailbox) -> None:
    model = Counting()
    acme = replace(account(mailbox, ACME), model=model)
    receive(mailbox, "<c@acme.example>", CANOE, at=NOW - HOUR)
    run_pass(acme, NOW)
    model.asked.clear()

    compare(acme.ledger, acme, replace(acme, policies=load_policies("brief", None)), recorded=False, now=NOW)

    assert model.asked == []
