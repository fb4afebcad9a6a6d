"""Every shipped wording, sent by the user as it stands: what it is read as, for that decides what he is asked to do next."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache

import pytest

from agent.drafts.markup import render
from agent.drafts.sentences import paragraphs
from agent.drafts.templates import Variant
from agent.messages import parse_message
from agent.policy.verdict import DraftKind
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Label, Phrasebook, Reading, read_own_message
from tests.drafts.wordings import ALWAYS, LANGUAGES, OPTIONAL, known

READ_BACK: tuple[str, ...] = ("de", "en", "es", "fr", "it", "nl", "pt")
"""The languages whose own mail is read as it is meant."""

OUTCOMES = frozenset({DraftKind.REFERRER_UPDATE})
"""Kinds that say how it ended; what they say of it is no step of the user's towards an employer."""
ENDINGS = ("took_it", "got_offer", "rejected", "role_gone")

ACCEPTANCE, DECLINE, WITHDRAWAL = Label.SENT_ACCEPTANCE, Label.SENT_DECLINE, Label.SENT_WITHDRAWAL
FOLLOW_UP, THANKS, OTHER = Label.SENT_FOLLOW_UP, Label.SENT_THANK_YOU, Label.SENT_OTHER
NO_STEP = frozenset({THANKS, OTHER})
"""Neither an answer to an offer, nor the end of a candidacy, nor a follow-up that is counted."""

EXPECTED = {
    DraftKind.THANK_YOU: {THANKS},
    DraftKind.STATUS_CHECK: {FOLLOW_UP},
    DraftKind.TIMELINE_REQUEST: {FOLLOW_UP},
    DraftKind.FINAL_NOTE: {FOLLOW_UP},
    DraftKind.CLOSE_LOOP: {FOLLOW_UP},
    DraftKind.OFFER_ACCEPT: {ACCEPTANCE},
    DraftKind.OFFER_DECLINE: {DECLINE},
    DraftKind.WITHDRAW: {WITHDRAWAL},
    DraftKind.REPLY_INVITATION: NO_STEP,
    DraftKind.REPLY_RESCHEDULE: NO_STEP,
    DraftKind.REPLY_INFO_REQUEST: NO_STEP,
    DraftKind.SEND_MATERIAL: NO_STEP,
    DraftKind.REPLY_HOLD: NO_STEP,
    DraftKind.OFFER_THANKS: NO_STEP,
    DraftKind.OFFER_CLARIFY: NO_STEP,
    DraftKind.REFERRER_UPDATE: NO_STEP,
    DraftKind.REPLY_REJECTION: NO_STEP | {FOLLOW_UP},
}

HARMLESS: dict[str, tuple[Label, str]] = {}
"""Wordings that are read as something else, by name, with what they are read as and why that does no harm."""


@cache
def phrasebook() -> Phrasebook:
    return load_phrasebook(None)


def mail(code: str, body: str, subject: str) -> bytes:
    """Return what the user sends: the text between the greeting and the closing of the language."""
    forms = LANGUAGES[code].forms
    greeting = render(forms.greet_person, {"greeting_name": "Dana"})
    message = EmailMessage()
    message["From"], message["To"] = "robin@home.example", "dana@acme.example"
    message["Subject"], message["Message-ID"] = subject, "<read-back@home.example>"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content(f"{greeting}\n\n{body}\n\n{forms.closings[0]}\nRobin Lee\n")
    return message.as_bytes()


def read(code: str, body: str, subject: str = "Re: Acme Robotics") -> Reading:
    received = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return read_own_message(parse_message(mail(code, body, subject), received_at=received), phrasebook())


def texts(code: str, kind: DraftKind, variant: Variant) -> Iterator[tuple[str, str]]:
    """Yield the text and the subject of a wording where nothing is known, where all is, and with each way that it ended."""
    facts = {name: value for name, value in known(code).items() if name not in ENDINGS}
    bare = {name: value for name, value in known(code).items() if name in variant.needs}
    endings = ENDINGS if kind in OUTCOMES else ()
    subject = variant.subject or LANGUAGES[code].templates[kind].subject
    for told in (bare, facts, *(facts | {name: OPTIONAL[name]} for name in endings)):
        body = "\n\n".join(paragraphs(render(variant.body, ALWAYS | told)))
        yield body, "Re: Acme Robotics"
        yield body, render(subject, ALWAYS | told)


WORDINGS = [
    pytest.param(code, kind, variant, id=f"{code}/{kind.value}/{variant.id}")
    for code in READ_BACK
    for kind in EXPECTED
    for variant in LANGUAGES[code].templates[kind].variants
]


@pytest.mark.parametrize(("code", "kind", "variant"), WORDINGS)
def test_a_wording_is_read_as_what_it_is_for(code: str, kind: DraftKind, variant: Variant) -> None:
    exception = HARMLESS.get(f"{code}/{kind.value}/{variant.id}")
    expected = EXPECTED[kind] | ({exception[0]} if exception else set())
    for body, subject in texts(code, kind, variant):
        reading = read(code, body, subject)
        assert reading.label in expected, (subject, body, [(s.label.value, s.quote) for s in reading.signals])


def test_every_kind_that_is_sent_is_expected_to_be_something() -> None:
    assert set(DraftKind) - set(EXPECTED) == {DraftKind.DEBRIEF, DraftKind.CALL_SHEET}


def test_each_exception_is_a_wording_and_does_no_harm() -> None:
    names = {param.id for param in WORDINGS}
    assert set(HARMLESS) <= names
    assert all(label in NO_STEP | {FOLLOW_UP} for label, _ in HARMLESS.values())
