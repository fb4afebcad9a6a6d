"""The direct number that a person gives."""

from datetime import UTC, datetime

import pytest

from agent.messages import parse_message
from agent.messages.message import Message
from agent.signals.telephone import direct_number
from tests.letters import letter

LETTER = "Dear Robin,\n\nthank you for coming to see us last week, it was good to meet you.\n\nKind regards,\nDana Cole\n"


def mail(text: str, *headers: tuple[str, str]) -> Message:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    raw = letter(
        message_id="<a@acme.example>", at=at, sender="Dana Cole <dana@acme.example>", subject="Hi", body=text, headers=headers
    )
    return parse_message(raw, received_at=at)


@pytest.mark.parametrize(
    ("below", "number"),
    [
        ("Acme Robotics\nDirect: +49 30 1234567\nFax: +49 30 9999999\n", "+49 30 1234567"),
        ("Tel.: 030 / 123 45 67\nMobil: 0171 5556677\n", "0171 5556677"),
        ("T: 030 1234 5678\nwww.acme.example\n", "030 1234 5678"),
        ("+1 (415) 555-0132\n", "+1 (415) 555-0132"),
        ("Ligne directe : 01 23 45 67 89\n", "01 23 45 67 89"),
        ("Fax: +49 30 9999999\n", ""),
        ("HRB 123456 B\nUSt-IdNr. DE123456789\n", ""),
        ("Mainzer Str. 12, 10247 Berlin\n", ""),
        ("M 2026-03-10\n", ""),
    ],
)
def test_the_number_below_a_name_is_read_as_it_is_written(below: str, number: str) -> None:
    assert direct_number(mail(LETTER + below)) == number


def test_a_number_in_the_text_is_read_too() -> None:
    text = "Hello Robin,\n\nyou can reach me directly at +1 (415) 555-0132 until five.\n\nBest,\nDana\n"
    assert direct_number(mail(text)) == "+1 (415) 555-0132"


def test_the_number_below_a_quoted_mail_is_not_theirs() -> None:
    quoted = "On Mon, 2 Mar 2026 at 10:00, Robin Lee wrote:\n> Best regards\n> Robin\n> Tel: 030 7654321\n"
    text = f"Thank you, Robin!\n\nDana\n\n{quoted}"
    assert direct_number(mail(text)) == ""


def test_a_machine_has_no_direct_number() -> None:
    text = LETTER + "Tel: 030 7654321\n"
    assert direct_number(mail(text, ("Auto-Submitted", "auto-replied"))) == ""
