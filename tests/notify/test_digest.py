"""What the digest says, when it is due, and that it is the same mail when it is sent twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import Interview
from agent.notify.digest import digest_id, digest_message, digest_text, due, is_digest_id
from agent.notify.news import Answered, Changed, Choice, Coming, DigestNews, Drafted, HeldBack, Waiting
from agent.plan.answers import read_answers
from agent.plan.orders import Order
from agent.plan.review import Question, ReviewKind
from agent.rulebook.answers import load_answers

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=timezone(timedelta(hours=1)))

REJECTED = Changed(
    interview="acme-backend",
    company="Acme Robotics",
    role="Backend Engineer",
    before="awaiting",
    after="rejected",
    quote="We have decided\n  not to go on with your application.",
    by="Dana Cole (dana@acme.example)",
    at=datetime(2026, 11, 22, 17, 4, tzinfo=MORNING.tzinfo),
    event=41,
)
THANKS = Drafted(
    interview="orchard-data",
    company="Orchard",
    role="Data Engineer",
    kind="thank_you",
    to=("dana@orchard.example",),
    reason="The interview with Dana Cole ended two hours ago.",
)
QUESTION = Waiting(
    number=12,
    reason="It may be an offer, and nobody vouches for the sender.",
    choices=(
        Choice(answer="12 orchard-data", means="it is about Orchard, Data Engineer"),
        Choice(answer="12 no", means="it is about none of these"),
    ),
    mail="Mon 23 November 07:40, from jo@orchard.example, “Good news”",
)
HELD = HeldBack(
    interview="pine-ops",
    company="Pine",
    role="Operator",
    kind="status_check",
    reason="They promised news by 2026-11-25.",
    until=date(2026, 11, 26),
)
ANSWERS = (
    Answered(words="2 yes", told="Pine, Operator is tracked: applied.", done=True),
    Answered(words="2 maybe", told="It was not understood: answer “2 yes” or “2 no”.", done=False),
)
COMING = (
    Coming(interview="acme-ml", company="Acme", role="ML Engineer", on=date(2026, 11, 25)),
    Coming(
        interview="orchard-data",
        company="Orchard",
        role="Data Engineer",
        on=date(2026, 11, 24),
        at=datetime(2026, 11, 24, 14, 0, tzinfo=MORNING.tzinfo),
        round=2,
    ),
)
FULL = DigestNews(
    day=DAY,
    changed=(REJECTED,),
    drafted=(THANKS,),
    waiting=(QUESTION,),
    answered=ANSWERS,
    coming=COMING,
    held=(HELD,),
    problems=("The junk folder is gone.",),
)


def test_the_digest_tells_everything_with_its_reason() -> None:
    subject, body = digest_text(FULL)
    assert subject == ("1 problem, 1 rejection, 1 question, 1 answer not understood, 1 draft – Mon 23 November")
    assert (
        body
        == """\
WHAT DOES NOT WORK

- The junk folder is gone.


WHAT CHANGED

[acme-backend] Acme Robotics, Backend Engineer
Rejected (was: awaiting)
“We have decided not to go on with your application.”
Written by Dana Cole (dana@acme.example), Sun 22 November 17:04
If that is wrong, answer: undo 41


QUESTIONS FOR YOU

[12] It may be an offer, and nobody vouches for the sender.
The mail: Mon 23 November 07:40, from jo@orchard.example, “Good news”
Answer 12 orchard-data: it is about Orchard, Data Engineer.
Answer 12 no: it is about none of these.


NOT UNDERSTOOD IN YOUR ANSWER

“2 maybe”: It was not understood: answer “2 yes” or “2 no”.


WHAT YOU ANSWERED

“2 yes”: Pine, Operator is tracked: applied.


NEW IN YOUR DRAFTS, FOR YOU TO READ AND SEND

[orchard-data] Orchard, Data Engineer
Thank-you to dana@orchard.example
Why: The interview with Dana Cole ended two hours ago.


COMING UP

Tue 24 November 14:00: interview (round 2). Orchard, Data Engineer
By Wed 25 November: their answer, as they promised. Acme, ML Engineer


DUE, AND HELD BACK BY A RULE

[pine-ops] Pine, Operator
Status check, until Thu 26 November
Why not: They promised news by 2026-11-25.


HOW TO ANSWER

Reply to this mail, with one line for each answer, above the old text or right below what it is about.
Besides the answers named above: NAME: moved on, NAME: rejected, NAME: on hold and the like; NAME: note and what to remember.
NAME is what stands in brackets. The next digest tells what was done.

--\x20
What led to it, word for word, with the rules and the guides behind them: interview-agent why NAME
Interview Agent on your own machine wrote this, to you alone. Nothing else is ever sent: drafts go out only when you send them.
To end these digests, set enabled = false in the table [digest] of its configuration.
"""
    )


def broken(body: str) -> str:
    """Return a text as mail clients break it that know no longer lines."""
    return "\n".join(line[cut : cut + 72] for line in body.splitlines() for cut in range(0, max(len(line), 1), 72))


def without_headings(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if not line.isupper())


@pytest.mark.parametrize("lay", [broken, without_headings])
@given(st.lists(st.sampled_from(["2 yes", "acme-backend: moved on", "acme-backend: note topic: x", "undo 41", "no"]), min_size=3))
def test_a_digest_that_comes_back_unquoted_gives_no_orders(lay: Callable[[str], str], said: list[str]) -> None:
    """Some mail clients copy the old text without a mark, and break its lines."""
    _, body = digest_text(
        replace(
            FULL,
            answered=tuple(Answered(words=each, told=each, done=number % 2 == 0) for number, each in enumerate(said)),
            changed=(replace(REJECTED, quote=said[0], by=said[1]),),
            waiting=(replace(QUESTION, reason=f"It reads so: {said[2]}"),),
        )
    )
    found = read_answers(
        lay(body),
        lay(body),
        words=load_answers(None),
        questions={
            number: Question(
                kind=ReviewKind.MATCH,
                asked_at=MORNING,
                message_id="<m@x.example>",
                occasion="",
                reason="",
                candidates=("acme-backend",),
            )
            for number in (2, 12)
        },
        answered={},
        interviews=[Interview(id="acme-backend", company="Acme Robotics", role="Backend Engineer")],
    )
    assert [each for each in found if isinstance(each, Order)] == []


def test_what_is_empty_has_no_heading() -> None:
    _, body = digest_text(DigestNews(day=DAY, drafted=(THANKS,)))
    assert "NEW IN YOUR DRAFTS" in body
    assert "WHAT CHANGED" not in body
    assert "QUESTIONS" not in body


def test_the_subject_counts() -> None:
    second = replace(QUESTION, number=13)
    subject, _ = digest_text(DigestNews(day=DAY, waiting=(QUESTION, second)))
    assert subject == "2 questions – Mon 23 November"


def test_the_subject_names_what_changed_and_no_stranger() -> None:
    changed = [replace(REJECTED, after=after) for after in ("awaiting", "rejected", "offer", "invited", "invited", "on_hold")]
    subject, body = digest_text(DigestNews(day=DAY, changed=tuple(changed), drafted=(THANKS,)))
    assert subject == "1 offer, 2 invitations, 1 rejection, 2 changes, 1 draft – Mon 23 November"
    assert [line.partition(" (")[0] for line in body.splitlines() if "(was:" in line][:4] == [
        "Offer",
        "Invited",
        "Invited",
        "Rejected",
    ]


def test_a_long_quote_is_cut() -> None:
    _, body = digest_text(DigestNews(day=DAY, changed=(replace(REJECTED, quote="no " * 400),)))
    (line,) = [line for line in body.splitlines() if line.startswith("“no")]
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
    assert subject == "1 rejection, 1 question – Mon 23 November"
    # Heading, blank and five lines of the change; two blanks; heading, blank and four lines of the question; two blanks; closing.
    assert len(body.splitlines()) == 7 + 2 + 6 + 2 + 10
    assert all(character.isprintable() for character in body.replace("\n", ""))


def test_a_quote_cannot_turn_the_direction_of_the_line() -> None:
    _, body = digest_text(DigestNews(day=DAY, changed=(replace(REJECTED, quote="We \u202erejected\u202c you"),)))
    assert "\n“We rejected you”\n" in body


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
        (DigestNews(day=DAY, answered=ANSWERS[:1]), True),
        (DigestNews(day=DAY, coming=COMING), False),
        (DigestNews(day=DAY, problems=("No mail was read for five days.",)), True),
    ],
)
def test_it_is_due_only_when_something_changed_or_waits(news: DigestNews, expected: bool) -> None:
    assert due(None, MORNING, 8, news) is expected


def mail(**changes: object) -> EmailMessage:
    told: dict[str, object] = {
        "address": "robin@hale.example",
        "sender": None,
        "subject": "1 change – Mon 23 November",
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
    assert (mail()["Reply-To"], mail(sender="agent@hale.example")["Reply-To"]) == (None, "robin@hale.example")


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
    assert is_digest_id(own, "robin@hale.example", account="")
    assert not is_digest_id(own, "robin@hale.example", account="work")
    assert is_digest_id(digest_id("robin@hale.example", DAY, "work"), "robin@hale.example", account="work")
    assert not is_digest_id(own, "other@hale.example")
    assert not is_digest_id(own.replace("20261123", "20261124"), "robin@hale.example")
    assert not is_digest_id(own.replace("20261123", "20261199"), "robin@hale.example")
    assert not is_digest_id("<abc@hale.example>", "robin@hale.example")
