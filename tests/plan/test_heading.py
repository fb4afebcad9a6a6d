"""What is settled from a heading, and above all what is not: mail of a candidacy is never laid aside unread."""

from dataclasses import replace

import pytest

from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.interviews import Interview
from agent.mailbox.memory import MemoryMailbox
from agent.matching.tracked import automatic
from agent.messages import parse_message
from agent.messages.glance import read_glance
from agent.messages.message import Message
from agent.plan.heading import HeadingTies, Settled, Sieve
from agent.plan.take_in import take_in
from agent.signals import Label, Phrasebook
from bench.records import corpus
from tests.daemon.scene import ACME, ME, NOW, account, rules

AGENCY = replace(
    ACME, id="cedar-analyst", company="Cedar Foods", domains=(), contacts=(), via="Harbor Recruiting", requisition="R-4711"
)


def sieve(*interviews: Interview) -> Sieve:
    opened = account(MemoryMailbox(), *interviews)
    return Sieve(desk_of(opened, Casebook(opened.ledger, NOW)))


TRACKING = sieve(ACME, AGENCY)


def heading(subject: str = "Our new shoes", *, sender: str = "Shop <news@shop.example>", more: str = "", to: str = ME) -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <x@shop.example>\r\n{more}\r\n".encode()


BULK = "List-Unsubscribe: <https://shop.example/out>\r\n"
NOTICE = "Auto-Submitted: auto-generated\r\n"


def judged(header: bytes, ties: HeadingTies | None = None, *, own: bool = False) -> Settled | None:
    return TRACKING.settled(read_glance(header), ties or HeadingTies(), own=own)


def personal(text: str) -> Message:
    raw = heading("Hello", sender="Mia Berg <mia@home.example>") + text.encode()
    return parse_message(raw, received_at=NOW)


# What is settled


def test_advertising_is_settled() -> None:
    assert judged(heading(more=BULK)) is Settled.BULK
    assert judged(heading("Nur heute: 20 % auf alles", more="Precedence: bulk\r\n")) is Settled.BULK
    assert judged(heading("[tools] patch for the parser", sender="kim@lists.example", more="List-ID: <tools.lists.example>\r\n"))


def test_a_notice_of_a_machine_is_settled() -> None:
    assert judged(heading("Build 17 passed", sender="CI <no-reply@builds.example>", more=NOTICE)) is Settled.NOTICE


def test_the_users_own_mail_to_others_is_settled() -> None:
    assert judged(heading("Holidays", sender=ME, to="kim@friends.example"), own=True) is Settled.OWN


def test_a_copy_of_the_users_own_mail_outside_sent_is_settled() -> None:
    assert judged(heading("Application", sender=ME)) is Settled.NOT_THEIRS


def test_those_who_always_wrote_of_other_things_are_settled_and_nobody_before() -> None:
    friend = heading("Saturday", sender="Kim <kim@friends.example>")

    assert judged(friend, HeadingTies(ordinary=6)) is Settled.USUAL
    assert judged(friend, HeadingTies(ordinary=5)) is None
    assert judged(heading("Our job for you", sender="Kim <kim@friends.example>"), HeadingTies(ordinary=6)) is None


# What is read


def test_mail_of_somebody_to_the_user_is_read() -> None:
    assert judged(heading("Saturday", sender="Kim <kim@friends.example>")) is None


@pytest.mark.parametrize("ties", [HeadingTies(kin=True), HeadingTies(correspondents=True), HeadingTies(subject=True)])
def test_what_is_tied_to_known_mail_is_read(ties: HeadingTies) -> None:
    assert judged(heading(more=BULK), ties) is None
    assert judged(heading(sender=ME, to="kim@friends.example"), ties, own=True) is None


@pytest.mark.parametrize(
    "sender",
    [
        "Dana Cole <dana@acme.example>",
        "Acme <news@mail.acme.example>",
        "Acme <news@acmerobotics.example>",
        "Harbor <news@harborrecruiting.example>",
        "<acmerobotics@sendings.example>",
        "<no-reply@greenhouse.io>",
        "<jobs-noreply@linkedin.com>",
        "Talent <news@unknown.example>",
        "<careers@unknown.example>",
        "Acme Robotics <news@unknown.example>",
        "Harbor Recruiting <news@unknown.example>",
    ],
)
def test_bulk_mail_from_where_a_candidacy_may_be_is_read(sender: str) -> None:
    assert judged(heading("Hello", sender=sender, more=BULK)) is None


def test_bulk_mail_that_a_contact_gets_the_answers_of_is_read() -> None:
    assert judged(heading(more=f"{BULK}Reply-To: dana@acme.example\r\n")) is None


@pytest.mark.parametrize(
    "subject",
    [
        "Acme Robotics: news",
        "Your application",
        "Ihre Bewerbung",
        "Einladung zum Vorstellungsgespräch",
        "Votre candidature",
        "Convocation à un entretien",
        "Tu candidatura",
        "Il suo colloquio",
        "Uw sollicitatie",
        "Sua candidatura",
        "Rekrutacja",
        "Din ansökan",
        "面接のご案内",
        "面试通知",
        "News about R-4711",
        "Backend Engineer",
        "",
        "Новости",
        "채용 안내",
    ],
)
def test_bulk_mail_whose_subject_may_speak_of_a_candidacy_is_read(subject: str) -> None:
    assert judged(heading(subject, more=BULK)) is None


def test_a_notice_is_read_where_its_words_are_those_of_decisions_too() -> None:
    assert judged(heading("An update on your documents", sender="no-reply@builds.example", more=NOTICE)) is None


def test_what_is_no_text_is_read() -> None:
    assert judged(heading(more=f"{BULK}Content-Type: text/calendar\r\n")) is None
    assert judged(heading("Undelivered", sender="<>", more="Content-Type: multipart/report\r\n")) is None


def test_a_mail_of_the_user_to_oneself_or_to_a_contact_is_read() -> None:
    assert judged(heading("Notes", sender=ME, to=ME), own=True) is None
    assert judged(heading("Hello", sender=ME, to="dana@acme.example"), own=True) is None
    assert judged(heading("Hello", sender=ME, to="somebody@acme.example"), own=True) is None
    assert judged(heading("Bewerbung", sender=ME, to="info@unknown.example"), own=True) is None


def test_without_words_nothing_is_settled() -> None:
    phrasebook: Phrasebook = replace(rules()[0], heading_words=type(rules()[0].heading_words)())
    bare = Sieve(replace(TRACKING.desk, phrasebook=phrasebook))

    assert bare.settled(read_glance(heading(more=BULK)), HeadingTies(), own=False) is None


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_nothing_that_was_written_to_a_job_seeker_is_settled(part: str) -> None:
    nothing_tracked = sieve()
    received = [record for record in corpus(part) if not record.own and record.label not in (Label.ALERT, Label.OTHER)]
    settled = []
    for record in received:
        message = record.source.message()
        header = record.source.raw or heading(message.subject, sender=f"{message.sender.name} <{message.sender.email}>")
        if nothing_tracked.settled(read_glance(header.partition(b"\n\n")[0]), HeadingTies(), own=False):
            settled.append(record.id)

    assert len(received) > 400
    assert settled == []


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_nothing_that_would_be_proposed_is_left_unread_for_its_text(part: str) -> None:
    opened = account(MemoryMailbox())
    casebook = Casebook(opened.ledger, NOW)
    desk = desk_of(opened, casebook)
    nothing_tracked = Sieve(desk)
    messages = [record.source.message() for record in corpus(part) if not record.own]
    silent = [
        message
        for message in messages
        if (message.list_mail or automatic(message.sender.email))
        and nothing_tracked.says_nothing(message, HeadingTies(), own=False)
    ]

    assert len(messages) > 500
    assert [
        message.message_id for message in silent if take_in(message, own=False, desk=desk, known=casebook, now=NOW).questions
    ] == []


def test_a_private_text_says_nothing_and_one_that_names_what_is_tracked_does() -> None:
    private = "Hi Robin,\n\nshall we go to the lake on Sunday? Bring the kids.\n\nMia\n"
    tracked = "Hi Robin,\n\nMia told me that Acme Robotics likes you.\n\nJo\n"

    assert TRACKING.says_nothing(personal(private), HeadingTies(), own=False)
    assert not TRACKING.says_nothing(personal(tracked), HeadingTies(), own=False)
    assert not TRACKING.says_nothing(personal(private), HeadingTies(kin=True), own=False)
