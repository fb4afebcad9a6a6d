"""What the digest says, when it is due, and that it is the same mail when it is sent twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.notify.digest import (
    Changed,
    DigestNews,
    Drafted,
    HeldBack,
    Waiting,
    digest_id,
    digest_message,
    digest_text,
    due,
    is_digest_id,
)

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=timezone(timedelta(hours=1)))

REJECTED = Changed(
    interview="acme-backend",
    company="Acme Robotics",
    role="Backend Engineer",
    before="awaiting",
    after="rejected",
    quote="We have decided\n  not to go on with your application.",
)
THANKS = Drafted(
    interview="orchard-data",
    company="Orchard",
    role="Data Engineer",
    kind="thank_you",
    reason="The interview with Dana Cole ended two hours ago.",
    requirements=("B1", "D2"),
)
QUESTION = Waiting(
    number=12,
    reason="It may be an offer, and nobody vouches for the sender.",
    candidates=("orchard-data", "acme-ml"),
    mail="2026-11-23 07:40 CET, from jo@orchard.example, “Good news”",
)
HELD = HeldBack(
    interview="pine-ops",
    company="Pine",
    role="Operator",
    kind="status_check",
    reason="They promised news by 2026-11-25.",
    until=date(2026, 11, 26),
)
FULL = DigestNews(
    day=DAY, changed=(REJECTED,), drafted=(THANKS,), waiting=(QUESTION,), held=(HELD,), problems=("The junk folder is gone.",)
)


def test_the_digest_tells_everything_with_its_reason() -> None:
    subject, body = digest_text(FULL)
    assert subject == "Interview Agent, 2026-11-23: 1 problem, 1 question for you, 1 change, 1 draft"
    assert body == (
        "What does not work\n"
        "\n"
        "- The junk folder is gone.\n"
        "\n"
        "\n"
        "What waits for your answer\n"
        "\n"
        "- Question 12: It may be an offer, and nobody vouches for the sender.\n"
        "  The mail: 2026-11-23 07:40 CET, from jo@orchard.example, “Good news”\n"
        "  Yes, and it is about orchard-data: interview-agent review accept 12 --interview orchard-data\n"
        "  Yes, and it is about acme-ml: interview-agent review accept 12 --interview acme-ml\n"
        "  No: interview-agent review dismiss 12\n"
        "\n"
        "\n"
        "What changed\n"
        "\n"
        "- Acme Robotics, Backend Engineer (acme-backend): awaiting -> rejected\n"
        "  The words that say so: “We have decided not to go on with your application.”\n"
        "\n"
        "\n"
        "What is new in your Drafts folder, for you to read and send\n"
        "\n"
        "- Orchard, Data Engineer (orchard-data): thank you\n"
        "  Why: The interview with Dana Cole ended two hours ago. (guides: B1, D2)\n"
        "\n"
        "\n"
        "What is due and held back by a rule\n"
        "\n"
        "- Pine, Operator (pine-ops): status check, until 2026-11-26\n"
        "  Why not: They promised news by 2026-11-25.\n"
        "\n"
        "\n"
        "What led to it, word for word and rule by rule: interview-agent why, with the name in brackets.\n"
        "\n"
        "Interview Agent on your own machine wrote this, to you alone. Nothing else is ever sent: drafts go out only when\n"
        "you send them. To end these digests, set enabled = false in the table [digest] of its configuration.\n"
    )


def test_what_is_empty_has_no_heading() -> None:
    _, body = digest_text(DigestNews(day=DAY, drafted=(THANKS,)))
    assert "Drafts folder" in body
    assert "What changed" not in body
    assert "What waits" not in body


def test_the_subject_counts() -> None:
    second = replace(QUESTION, number=13)
    subject, _ = digest_text(DigestNews(day=DAY, waiting=(QUESTION, second)))
    assert subject == "Interview Agent, 2026-11-23: 2 questions for you"


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        (("acme-ml",), ["  It is about: acme-ml", "  Yes: interview-agent review accept 12"]),
        ((), ["  Yes: interview-agent review accept 12 --interview, with the name of the interview that it is about"]),
    ],
)
def test_a_question_shows_the_command_that_answers_it(candidates: tuple[str, ...], expected: list[str]) -> None:
    _, body = digest_text(DigestNews(day=DAY, waiting=(replace(QUESTION, candidates=candidates, mail=""),)))
    assert body.splitlines()[3:6] == [*expected, "  No: interview-agent review dismiss 12", ""][:3]


def test_a_long_quote_is_cut() -> None:
    _, body = digest_text(DigestNews(day=DAY, changed=(replace(REJECTED, quote="no " * 400),)))
    (line,) = [line for line in body.splitlines() if "The words" in line]
    assert len(line) < 340
    assert line.endswith("no…”")


@given(st.text(), st.text(), st.text())
def test_a_strangers_words_stay_on_their_line(quote: str, reason: str, company: str) -> None:
    news = DigestNews(
        day=DAY,
        changed=(replace(REJECTED, quote=f"x{quote}", company=company),),
        waiting=(replace(QUESTION, reason=reason, mail=f"x{quote}"),),
    )
    subject, body = digest_text(news)
    assert subject == "Interview Agent, 2026-11-23: 1 question for you, 1 change"
    # Heading, blank and five lines of the question; two blanks; heading, blank and two lines of the change; two blanks; closing.
    assert len(body.splitlines()) == 7 + 2 + 4 + 2 + 4
    assert all(character.isprintable() for character in body.replace("\n", ""))


def test_a_quote_cannot_turn_the_direction_of_the_line() -> None:
    _, body = digest_text(DigestNews(day=DAY, changed=(replace(REJECTED, quote="We \u202erejected\u202c you"),)))
    assert "The words that say so: “We rejected you”" in body


@pytest.mark.parametrize(
    ("last_day", "hour", "expected"),
    [
        (None, 8, True),
        (date(2026, 11, 22), 8, True),
        (date(2026, 11, 23), 8, False),
        (date(2026, 11, 24), 8, False),
        (None, 9, False),
        (None, 0, True),
    ],
)
def test_it_is_due_once_a_day_from_the_hour_on(last_day: date | None, hour: int, expected: bool) -> None:
    assert due(last_day, MORNING, hour, FULL) is expected


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (DigestNews(day=DAY), False),
        (DigestNews(day=DAY, held=(HELD,)), False),
        (DigestNews(day=DAY, changed=(REJECTED,)), True),
        (DigestNews(day=DAY, drafted=(THANKS,)), True),
        (DigestNews(day=DAY, waiting=(QUESTION,)), True),
        (DigestNews(day=DAY, problems=("No mail was read for five days.",)), True),
    ],
)
def test_it_is_due_only_when_something_changed_or_waits(news: DigestNews, expected: bool) -> None:
    assert due(None, MORNING, 8, news) is expected


def mail(**changes: object) -> EmailMessage:
    told: dict[str, object] = {
        "address": "robin@hale.example",
        "sender": None,
        "subject": "Interview Agent, 2026-11-23: 1 change",
        "body": "Zoë wrote: “no” " + "x" * 2000 + "\n",
        "now_local": MORNING,
    }
    return digest_message(**{**told, **changes})  # type: ignore[arg-type]


def test_the_mail_says_that_a_program_wrote_it() -> None:
    message = mail()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Interview Agent <robin@hale.example>"
    assert message["To"] == "robin@hale.example"
    assert message["Date"] == "Mon, 23 Nov 2026 08:05:00 +0100"
    assert mail(sender="agent@hale.example")["From"] == "Interview Agent <agent@hale.example>"


def test_the_mail_survives_the_way() -> None:
    raw = mail().as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 78
    assert raw.isascii()
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    assert read.get_content().replace("\r\n", "\n") == "Zoë wrote: “no” " + "x" * 2000 + "\n"


def test_the_same_day_makes_the_same_message_id() -> None:
    later = datetime(2026, 11, 23, 22, 0, tzinfo=MORNING.tzinfo)
    assert mail()["Message-ID"] == mail(now_local=later, body="other")["Message-ID"]
    assert mail()["Message-ID"] != mail(now_local=later + timedelta(days=1))["Message-ID"]
    assert mail()["Message-ID"] != mail(address="r@hale.example")["Message-ID"]


def test_the_day_is_that_of_the_user() -> None:
    late_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert mail(now_local=late_in_utc.astimezone(MORNING.tzinfo))["Message-ID"] == digest_id("robin@hale.example", DAY)


def test_the_agent_knows_its_own_digest() -> None:
    own = digest_id("robin@hale.example", DAY)
    assert is_digest_id(own, "robin@hale.example")
    assert not is_digest_id(own, "other@hale.example")
    assert not is_digest_id(own.replace("20261123", "20261124"), "robin@hale.example")
    assert not is_digest_id(own.replace("20261123", "20261199"), "robin@hale.example")
    assert not is_digest_id("<abc@hale.example>", "robin@hale.example")
