import pytest

from agent.messages import Bounce
from tests.messages.building import read

REPORT = """\
From: Mail Delivery System <mailer-daemon@home.example>
To: sam@home.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; home.example

Final-Recipient: rfc822; Dana@acme.example
Action: failed
Status: 5.1.1
--x
Content-Type: message/rfc822

Message-ID: <mine@home.example>
From: sam@home.example
Subject: Thank you

Dear Dana
--x--
"""


def test_a_standard_report_is_read() -> None:
    assert read(REPORT).bounce == Bounce(
        permanent=True, recipients=("dana@acme.example",), original_message_id="<mine@home.example>"
    )


def test_a_delay_is_not_permanent() -> None:
    found = read(REPORT.replace("failed", "delayed").replace("5.1.1", "4.4.1")).bounce
    assert found is not None
    assert not found.permanent


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    assert read(REPORT.replace("failed", action).replace("5.1.1", "2.0.0")).bounce is None


def test_returned_headers_alone_name_the_original() -> None:
    raw = REPORT.replace("message/rfc822", "text/rfc822-headers")
    found = read(raw).bounce
    assert found is not None
    assert found.original_message_id == "<mine@home.example>"


def test_exchange_in_html_is_understood() -> None:
    raw = (
        "From: Microsoft Outlook <MicrosoftExchange329e@home.example>\nTo: sam@home.example\nSubject: Undeliverable: Thank you\n"
        "In-Reply-To: <mine@home.example>\nContent-Type: text/html\n\n"
        "<p>Your message to <a href='mailto:dana@acme.example'>dana@acme.example</a> couldn't be delivered.</p>"
    )
    assert read(raw).bounce == Bounce(
        permanent=True, recipients=("dana@acme.example",), original_message_id="<mine@home.example>"
    )


def test_failed_recipients_in_the_header_are_enough() -> None:
    head = "From: a@b.example\nX-Failed-Recipients: dana@acme.example\nSubject: Mail delivery failed\n\n"
    raw = head + "It failed.\n\nMessage-ID: <mine@home.example>\n"
    found = read(raw).bounce
    assert found is not None
    assert found.recipients == ("dana@acme.example",)
    assert found.original_message_id == "<mine@home.example>"


@pytest.mark.parametrize(
    "raw",
    [
        "From: dana@acme.example\nSubject: Your application\n\nWe could not deliver a decision yet; the role does not exist.",
        "From: dana@acme.example\nSubject: Delivery of your contract\n\nIt was not delivered; user unknown.",
        "From: dana@acme.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nI am away.",
    ],
)
def test_ordinary_mail_and_vacation_notices_are_no_bounces(raw: str) -> None:
    assert read(raw).bounce is None


def test_a_bounce_that_somebody_forwards_is_no_bounce() -> None:
    head = "From: dana@acme.example\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=f\n\n"
    raw = f"{head}--f\nContent-Type: message/rfc822\n\n{REPORT}\n--f--\n"
    assert read(raw).bounce is None
