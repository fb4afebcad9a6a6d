"""Which drafts a mail of the user's is, or makes needless."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.messages import Message, parse_message
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.sent import answered_drafts
from agent.policy import DraftKind
from agent.signals import Label, Reading
from tests.letters import letter

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
CHECK = DraftRecord(
    interview="acme",
    kind=DraftKind.STATUS_CHECK,
    occasion="after-round-1",
    message_id="<draft@mailbox.example>",
    state=DraftState.QUEUED,
    decided_at=NOW,
    rule="status-check",
    requirements=("B4",),
    reason="",
    to=("dana@acme.example",),
    subject="Re: Interview",
    body="",
    in_reply_to="<parent@acme.example>",
    references=("<parent@acme.example>",),
    raw=b"",
)
REPLY = replace(CHECK, kind=DraftKind.REPLY_INVITATION, answer=True, occasion="<parent@acme.example>")

LAST_NOTE = """Dear Dana,

One more line from me, and then I leave it with you: this role remains the one that I would like most. Whatever else may help the
team to decide, I send it the same day.

Best wishes,
Robin Hale
"""


def mail(
    message_id: str, *, to: str = "dana@acme.example", in_reply_to: str | None = None, after: timedelta = timedelta(hours=1)
) -> Message:
    raw = letter(
        message_id=message_id,
        at=NOW + after,
        sender="robin.hale@mailbox.example",
        to=to,
        subject="Re: Interview",
        body="x",
        in_reply_to=in_reply_to,
        vouched=None,
    )
    return parse_message(raw, received_at=NOW + after)


def says(label: Label) -> Reading:
    return Reading(label=label, abstained=False)


def test_the_draft_itself_is_recognised_by_its_message_id_whoever_it_went_to() -> None:
    sent = mail("<draft@mailbox.example>", to="somebody-else@acme.example")

    assert answered_drafts(sent, says(Label.SENT_OTHER), [CHECK]) == (CHECK,)


def test_a_draft_is_recognised_by_its_words_though_the_client_gave_it_another_id_and_the_user_edited_it() -> None:
    thanks = replace(CHECK, kind=DraftKind.FINAL_NOTE, in_reply_to=None, body=LAST_NOTE)
    raw = letter(
        message_id="<own@client.example>",
        at=NOW + timedelta(hours=1),
        sender="robin.hale@mailbox.example",
        to="dana@acme.example",
        subject="Backend Engineer",
        body=LAST_NOTE.replace("this role", "the Backend Engineer role").replace("Best", "I hope you are well.\n\nBest"),
        vouched=None,
    )

    assert answered_drafts(parse_message(raw, received_at=NOW), says(Label.SENT_OTHER), [thanks]) == (thanks,)


def test_an_answer_to_the_same_message_makes_the_drafted_answer_needless() -> None:
    sent = mail("<own@client.example>", in_reply_to="<parent@acme.example>")

    assert answered_drafts(sent, says(Label.SENT_OTHER), [REPLY]) == (REPLY,)


def test_a_mail_of_the_same_purpose_to_the_same_person_counts() -> None:
    assert answered_drafts(mail("<own@client.example>"), says(Label.SENT_FOLLOW_UP), [CHECK]) == (CHECK,)


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        (mail("<own@client.example>"), Label.SENT_OTHER),
        (mail("<own@client.example>", in_reply_to="<parent@acme.example>"), Label.SENT_OTHER),
        (mail("<own@client.example>", to="tom@acme.example"), Label.SENT_FOLLOW_UP),
        (mail("<own@client.example>", after=timedelta(days=-2)), Label.SENT_FOLLOW_UP),
    ],
    ids=["another purpose", "in the thread, another purpose", "another person", "long before the draft"],
)
def test_other_mail_leaves_the_draft_waiting(sent: Message, label: Label) -> None:
    assert answered_drafts(sent, says(label), [CHECK]) == ()


OFFER = replace(CHECK, answer=True, occasion="<parent@acme.example>", kind=DraftKind.OFFER_THANKS)
OFFERS = tuple(
    replace(OFFER, kind=kind, message_id=f"<{kind}@mailbox.example>", body=f"{kind} " + LAST_NOTE.replace("the", kind))
    for kind in (DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT, DraftKind.OFFER_CLARIFY, DraftKind.OFFER_DECLINE)
)


def kinds(message: Message, label: Label) -> set[DraftKind]:
    return {draft.kind for draft in answered_drafts(message, says(label), OFFERS)}


def test_the_draft_of_an_acceptance_is_not_taken_for_a_decline_though_both_answer_one_mail() -> None:
    sent = mail("<offer_accept@mailbox.example>", in_reply_to="<parent@acme.example>")
    assert kinds(sent, Label.SENT_ACCEPTANCE) == {DraftKind.OFFER_ACCEPT}


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (Label.SENT_ACCEPTANCE, {DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT}),
        (Label.SENT_DECLINE, {DraftKind.OFFER_THANKS, DraftKind.OFFER_DECLINE}),
        (Label.SENT_THANK_YOU, {DraftKind.OFFER_THANKS}),
        (Label.SENT_OTHER, {DraftKind.OFFER_THANKS}),
    ],
)
def test_of_the_answers_to_an_offer_the_purpose_of_the_users_own_mail_chooses(label: Label, found: set[DraftKind]) -> None:
    assert kinds(mail("<own@client.example>", in_reply_to="<parent@acme.example>"), label) == found


def test_of_the_answers_to_an_offer_the_words_choose() -> None:
    raw = letter(
        message_id="<own@client.example>",
        at=NOW + timedelta(hours=1),
        sender="robin.hale@mailbox.example",
        to="dana@acme.example",
        subject="Re: Interview",
        body=OFFERS[2].body,
        in_reply_to="<parent@acme.example>",
        vouched=None,
    )
    assert kinds(parse_message(raw, received_at=NOW), Label.SENT_OTHER) == {DraftKind.OFFER_CLARIFY}


def test_whatever_the_user_writes_to_a_referrer_tells_the_news() -> None:
    update = replace(CHECK, kind=DraftKind.REFERRER_UPDATE, to=("kim@acme.example",), in_reply_to=None)
    assert answered_drafts(mail("<own@client.example>", to="kim@acme.example"), says(Label.SENT_OTHER), [update]) == (update,)
    assert answered_drafts(mail("<own@client.example>"), says(Label.SENT_OTHER), [update]) == ()


@pytest.mark.parametrize(("text", "sent"), [("Here is my Portfolio, as promised.", True), ("Here is my address.", False)])
def test_promised_material_is_sent_with_a_mail_that_names_it(text: str, *, sent: bool) -> None:
    promised = replace(CHECK, kind=DraftKind.SEND_MATERIAL, occasion="material:my portfolio", in_reply_to=None)
    raw = letter(
        message_id="<own@client.example>",
        at=NOW + timedelta(hours=1),
        sender="robin.hale@mailbox.example",
        to="dana@acme.example",
        subject="Hello",
        body=text,
        vouched=None,
    )
    found = answered_drafts(parse_message(raw, received_at=NOW), says(Label.SENT_OTHER), [promised])
    assert found == ((promised,) if sent else ())


def test_a_mail_that_takes_the_candidacy_back_replaces_the_draft_of_it() -> None:
    withdraw = replace(CHECK, kind=DraftKind.WITHDRAW)
    assert answered_drafts(mail("<own@client.example>"), says(Label.SENT_WITHDRAWAL), [withdraw]) == (withdraw,)
