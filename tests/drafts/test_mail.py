import email
import email.policy
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header

import pytest

from agent.drafts import DRAFT_HEADER, draft_bytes, draft_message_id
from agent.drafts.mail import thread_of
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from tests.drafts.scene import NOW, draft_of, due, letter, message

AT = datetime(2026, 3, 11, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))


def test_the_mail_is_what_a_client_expects_of_a_draft() -> None:
    parent = letter(message("When are you free?"))
    draft = replace(draft_of(due(DraftKind.REPLY_INVITATION, parent=parent, held=None)), body="Dear Dana,\n\nYes.\n\nRobin Lee\n")
    assert draft_bytes(draft, date=AT).decode("ascii") == (
        "Date: Wed, 11 Mar 2026 10:00:00 +0100\r\n"
        "From: Robin Lee <robin@home.example>\r\n"
        "To: Dana Cole <dana@acme.example>\r\n"
        "Subject: Re: Interview at Acme Robotics\r\n"
        f"Message-ID: {draft.message_id}\r\n"
        "In-Reply-To: <invite@acme.example>\r\n"
        "References: <invite@acme.example>\r\n"
        f"X-Draft-Ref: {draft.message_id[1:41]}\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: 7bit\r\n"
        "MIME-Version: 1.0\r\n"
        "\r\n"
        "Dear Dana,\r\n\r\nYes.\r\n\r\nRobin Lee\r\n"
    )


def test_a_long_paragraph_stays_one_line_and_no_line_on_the_wire_is_long() -> None:
    draft = replace(draft_of(due(DraftKind.THANK_YOU)), body="Grüße " * 300 + "\n")
    raw = draft_bytes(draft, date=AT)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read.get_content().replace("\r\n", "\n") == draft.body
    assert read["Content-Transfer-Encoding"] == "quoted-printable"
    assert "format" not in read["Content-Type"].params


def test_a_new_thread_has_no_parent() -> None:
    raw = draft_bytes(draft_of(due(DraftKind.THANK_YOU)), date=AT)
    assert b"In-Reply-To" not in raw
    assert b"References" not in raw


def test_long_ids_are_neither_encoded_nor_broken() -> None:
    ids = tuple(f"<{'a' * 180}{number}@mail.acme.example>" for number in range(12))
    parent = replace(message(), message_id=ids[-1], references=ids[:-1])
    draft = draft_of(due(DraftKind.STATUS_CHECK, parent=letter(parent)))
    read = email.message_from_bytes(draft_bytes(draft, date=AT))
    assert tuple(read["References"].split()) == ids
    assert read["In-Reply-To"] == ids[-1]


def test_a_long_thread_keeps_its_first_id_and_the_last_ones() -> None:
    ids = tuple(f"<{number}@acme.example>" for number in range(30))
    parent = replace(message(), message_id=ids[-1], references=ids[:-1])
    assert thread_of(parent) == (ids[29], (ids[0], *ids[11:]))


def test_references_fall_back_to_in_reply_to() -> None:
    parent = replace(message(), message_id="<b@acme.example>", in_reply_to=("<a@acme.example>",))
    assert thread_of(parent) == ("<b@acme.example>", ("<a@acme.example>", "<b@acme.example>"))


def test_a_made_up_id_and_an_id_that_no_header_can_carry_are_left_out() -> None:
    parent = replace(message(), message_id="<sha256-00@missing.invalid>", references=("<a b@x>", "<ä@x>", "<ok@acme.example>"))
    assert thread_of(parent) == (None, ("<ok@acme.example>",))


def test_names_with_signs_and_foreign_letters_survive() -> None:
    to = (Address(name='Cole, Dana "D" (Acme) ' + "é" * 60, email="dana@acme.example"),)
    draft = replace(draft_of(due(DraftKind.THANK_YOU)), to=to, subject="Grüße — " + "long words " * 20 + "✓")
    read = email.message_from_bytes(draft_bytes(draft, date=AT))
    assert str(make_header(decode_header(read["To"]))) == f"{to[0].name} <dana@acme.example>"
    assert str(make_header(decode_header(read["Subject"]))) == draft.subject


def test_a_line_break_cannot_make_a_header() -> None:
    draft = replace(draft_of(due(DraftKind.THANK_YOU)), subject="Hello\r\nBcc: other@else.example")
    with pytest.raises(ValueError, match="linefeed"):
        draft_bytes(draft, date=AT)


def test_a_date_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        draft_bytes(draft_of(due(DraftKind.THANK_YOU)), date=datetime(2026, 3, 11))  # noqa: DTZ001


def test_the_id_follows_from_the_occasion_alone() -> None:
    def made(**changed: str) -> str:
        words = {"user_address": "robin@home.example", "interview": "acme", "occasion": "round-1"} | changed
        return draft_message_id(kind=DraftKind.THANK_YOU, **words)

    assert made() == made(user_address="Robin@Home.Example")
    assert made().endswith("@home.example>")
    assert len({made(), made(interview="acme2"), made(occasion="round-2"), made(interview="acm", occasion="eround-1")}) == 4


@pytest.mark.parametrize("address", ["robin@localhost", "robin", "robin@home.example.", "robin@hä.example", "a@b@c .d"])
def test_an_id_has_a_domain_with_a_dot(address: str) -> None:
    found = draft_message_id(user_address=address, interview="a", kind=DraftKind.THANK_YOU, occasion="b")
    assert found.endswith("@interview-agent.invalid>")


def test_the_own_header_tells_a_recipient_nothing() -> None:
    read = email.message_from_bytes(draft_bytes(draft_of(due(DraftKind.THANK_YOU)), date=NOW))
    assert len(read[DRAFT_HEADER]) == 40
    assert set(read[DRAFT_HEADER]) <= set("0123456789abcdef")
