"""What a heading shows of a mail without its text."""

from hypothesis import given
from hypothesis import strategies as st

from agent.messages.glance import read_glance

NEWSLETTER = (
    b'From: "Corner Shop" <News@shop.example>\r\n'
    b"Reply-To: <answers@shop.example>\r\n"
    b"To: Robin Hale <robin.hale@mailbox.example>,\r\n\tkim@friends.example\r\n"
    b"Subject: =?utf-8?Q?Nur_heute=3A?= alles\r\n"
    b"Message-ID: <n1@shop.example>\r\n"
    b"In-Reply-To: <b@shop.example>\r\n"
    b"References: <a@shop.example>\r\n <b@shop.example>\r\n"
    b"List-Unsubscribe: <https://shop.example/out>,\r\n <mailto:out@shop.example>\r\n"
    b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
)


def test_the_fields_of_a_heading_are_read() -> None:
    glance = read_glance(NEWSLETTER)

    assert glance.senders == ("news@shop.example", "answers@shop.example")
    assert glance.name == "Corner Shop"
    assert glance.recipients == ("robin.hale@mailbox.example", "kim@friends.example")
    assert glance.subject == "Nur heute: alles"
    assert glance.message_id == "<n1@shop.example>"
    assert glance.parent_ids == ("<b@shop.example>", "<a@shop.example>")
    assert (glance.bulk, glance.notice, glance.special) == (True, False, False)


def test_mail_to_many_is_known_by_its_precedence_too() -> None:
    assert read_glance(b"From: a@b.example\nPrecedence: Bulk\n\n").bulk
    assert not read_glance(b"From: a@b.example\nPrecedence: first-class\n\n").bulk


def test_a_notice_is_what_a_machine_writes_of_its_own_accord() -> None:
    assert read_glance(b"Auto-Submitted: auto-generated\n\n").notice
    assert not read_glance(b"Auto-Submitted: auto-replied\n\n").notice
    assert not read_glance(b"Auto-Submitted: no\n\n").notice


def test_a_calendar_entry_and_a_delivery_report_are_special() -> None:
    assert read_glance(b"Content-Type: text/calendar; method=REQUEST\n\n").special
    assert read_glance(b"Content-Type: multipart/report; report-type=delivery-status\n\n").special


def test_the_first_of_two_fields_counts() -> None:
    assert read_glance(b"Subject: one\nSubject: two\n\n").subject == "one"


def test_letters_that_are_no_ascii_are_read_as_they_are_written() -> None:
    assert read_glance("Subject: Einladung zum Gespräch\n\n".encode()).subject == "Einladung zum Gespräch"
    assert read_glance("Subject: Gespräch\n\n".encode("latin-1")).subject == "Gespräch"


@given(st.binary(max_size=400))
def test_no_bytes_are_too_broken(header: bytes) -> None:
    glance = read_glance(header)

    assert "\n" not in glance.subject
    assert all("@" in sender for sender in glance.senders)
