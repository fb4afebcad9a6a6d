"""Days that are promised, named, quoted or counted from something else, and when a follow-up is due because of them.

March 2026 begins on a Sunday; London keeps UTC until the 29th. The interview is on Thursday the 5th, from 10:00 to 11:00; the
thank-you for it lies in Drafts from 13:00 on, so that the weekly limit is over on Thursday the 12th at 13:00.
"""

from datetime import date

import pytest

from tests.hard_cases.story import DANA, Story, acme, at, held

THURSDAY = held("03-05 10:00", "dana@acme.example")


def promised(body: str, moment: str = "03-06 10:00", **more: object) -> Story:
    story = Story(acme(rounds=(THURSDAY,), **more))
    story.theirs("news", moment, f"Hi Robin,\n\n{body}\n\nDana\n")
    return story


PROMISES = {
    # Friday on a Friday is the next one, the 13th; Monday is the full business day.
    "by-friday-on-a-friday": ("Thanks for coming in! We will get back to you by Friday.", date(2026, 3, 13), "03-17 09:00"),
    # Tuesday the 10th; Wednesday is the full day; the weekly limit after the thank-you ends on Thursday at 13:00.
    "early-next-week": ("Thanks for coming in! You should hear from us early next week.", date(2026, 3, 10), "03-12 13:00"),
    # Three weeks after Friday the 6th are the 27th; Monday the 30th is full; 09:00 in London is 08:00 UTC by then.
    "two-to-three-weeks": ("Thanks for coming in! You will hear from us in 2-3 weeks.", date(2026, 3, 27), "03-31 08:00"),
    "end-of-the-month": ("Thanks for coming in! We will decide by the end of the month.", date(2026, 3, 31), "04-02 08:00"),
    "several-dates": (
        (
            "Thanks for coming in on the 5th! The panel meets on 12 March, and you will hear from us by 18 March.\n"
            "The role would start on 1 June."
        ),
        date(2026, 3, 18),
        "03-20 09:00",
    ),
}


@pytest.mark.parametrize(("body", "day", "check"), PROMISES.values(), ids=PROMISES)
def test_a_promised_day_is_honoured_and_a_full_business_day_after_it(body: str, day: date, check: str) -> None:
    story = promised(body)

    assert story.told("03-06 12:00").state().promised_by == day
    assert story.told("04-10 12:00").made("status_check") == [check]


# Without a promised day the check comes 7 business days after the interview, on Monday the 16th at 11:00.
NO_PROMISES = {
    "a-day-only-in-the-quote": (
        (
            "Good idea, thanks!\n\nOn Thu, 5 Mar 2026 at 16:00, Robin Hale <robin.hale@mailbox.example> wrote:\n"
            "> You said that you will get back to me by 31 March."
        ),
        "03-16 11:00",
    ),
    "a-condition": ("Thanks for coming in! We will contact you within three weeks if your profile matches.", "03-16 11:00"),
}


@pytest.mark.parametrize(("body", "check"), NO_PROMISES.values(), ids=NO_PROMISES)
def test_what_is_no_promise_neither_moves_nor_forbids_the_check(body: str, check: str) -> None:
    story = promised(body)

    assert story.told("03-06 12:00").state().promised_by is None
    assert story.told("04-10 12:00").made("status_check") == [check]


def test_a_deadline_for_the_user_is_no_promise_and_the_check_waits_for_his_answer() -> None:
    story = promised("Thanks for coming in! Please send us two references by Friday.")
    unanswered = story.told("04-10 12:00")
    story.mine("references", "03-11 10:00", "Dear Dana,\n\nthe two names are attached.\n\nRobin\n", answers="news")

    assert (unanswered.state().promised_by, unanswered.state().turn) == (None, "us")
    assert unanswered.made("status_check") == []
    answered = story.told("04-10 12:00")
    assert answered.made("status_check") == ["03-16 11:00"]


EARLIEST = {
    # Friday the 20th; Monday is the full business day.
    "no-earlier-than": ("We will get back to you no earlier than 20 March.", "03-24 09:00"),
    # Tuesday the 24th; Wednesday is the full business day.
    "not-before": ("We won't have any news before 24 March, I'm afraid.", "03-26 09:00"),
    "not-until": ("The panel only meets then, so don't expect to hear from us until 24 March.", "03-26 09:00"),
}


@pytest.mark.parametrize(("body", "check"), EARLIEST.values(), ids=EARLIEST)
def test_nothing_is_asked_before_the_earliest_day_that_they_name(body: str, check: str) -> None:
    story = promised(body)

    assert story.told("03-06 12:00").state().promised_by is None
    assert story.told("03-17 12:00").held() == ["acme: status_check, not-before"]
    assert story.told("04-10 12:00").made("status_check") == [check]


def test_news_after_thanksgiving_is_not_asked_for_before_it() -> None:
    # Thanksgiving is on Thursday, 26 November 2026; Friday is the full business day.
    story = Story(acme(rounds=(held("11-10 10:00", "dana@acme.example"),)))
    story.theirs(
        "news", "11-12 10:00", "Hi Robin,\n\nthanks for coming in. We will get back to you after Thanksgiving.\n\nDana\n"
    )

    assert story.told("11-12 12:00").state().promised_by is None
    assert story.told("12-11 18:00").made("status_check") == ["11-30 09:00"]


def test_days_are_counted_from_the_interview_and_not_from_the_application() -> None:
    # Applied for on 2 February: 7 business days after that were over before the interview began.
    told = Story(acme(rounds=(THURSDAY,))).told("03-31 12:00")

    assert told.made("status_check") == ["03-16 11:00"]


def test_an_application_without_an_interview_is_never_asked_after() -> None:
    told = Story(acme()).told("05-01 12:00")

    assert told.status() == "applied"
    assert told.quiet


def test_public_holidays_of_the_employer_are_no_business_days() -> None:
    # Good Friday is 3 April and Easter Monday the 6th: the full business day after Thursday the 2nd is Tuesday the 7th.
    story = promised("We will decide by Thursday, 2 April.", country="DE")
    assert story.told("04-07 12:00").made("status_check") == []
    assert story.told("04-09 12:00").made("status_check") == ["04-08 08:00"]


def test_a_day_in_california_is_not_over_when_it_is_in_london() -> None:
    # By Friday 13 March; Monday is the full day; Tuesday 09:00 in Los Angeles is 16:00 UTC.
    story = Story(acme(rounds=(THURSDAY,), timezone="America/Los_Angeles"))
    story.theirs("news", "03-06 18:00", "Hi Robin,\n\nWe will get back to you by Friday, 13 March.\n\nDana\n")

    told = story.told("03-31 12:00", zone="America/Los_Angeles")

    assert told.made("status_check") == ["03-17 16:00"]


def test_a_time_in_another_zone_is_the_same_instant_everywhere() -> None:
    # New York keeps summer time since 8 March: 15:00 there is 19:00 UTC.
    story = Story(acme())
    story.theirs("fixed", "03-10 10:00", "Hi Robin,\n\nyour interview is confirmed for Thursday, 12 March at 3pm ET.\n\nDana\n")

    told = story.told("03-10 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 19:00")


def test_a_move_gives_the_new_time_and_not_the_old_one() -> None:
    story = Story(acme())
    story.theirs(
        "fixed", "03-09 10:00", "Hi Robin,\n\nyour interview is confirmed for Thursday, 12 March at 14:00 GMT.\n\nDana\n"
    )
    story.theirs(
        "moved",
        "03-10 10:00",
        "Hi Robin,\n\nsomething came up. Your interview has been moved from Thursday, 12 March at 14:00 to "
        "Friday, 13 March at 15:30 "
        "GMT.\n\nDana\n",
        answers="fixed",
    )

    told = story.told("03-12 18:00")

    assert (told.status(), told.state().next_at) == ("scheduled", at("03-13 15:30"))
    assert told.made("thank_you") == []


def test_times_to_choose_from_fix_nothing() -> None:
    story = Story(acme())
    story.theirs(
        "choice",
        "03-09 10:00",
        "Hi Robin,\n\nwe'd love to talk to you. Would Thursday, 12 March at 14:00 or Friday, 13 March at "
        "10:00 work for you?\n\nDana\n",
    )

    told = story.told("03-12 18:00")

    assert (told.status(), told.state().next_at) == ("invited", None)
    assert told.made("thank_you") == []


# Away until


def test_an_absence_moves_the_next_note_to_the_day_of_return() -> None:
    # Asked on Friday the 13th at 10:00; the last note would be due on the 20th; Dana is back on Thursday the 26th.
    story = Story(acme(rounds=(THURSDAY,)))
    story.mine("ask", "03-13 10:00", "Dear Dana,\n\nI wanted to ask whether there is any news about my interview.\n\nRobin\n")
    story.theirs(
        "away",
        "03-13 10:01",
        "Thank you for your message. I am out of the office and will be back on Thursday, 26 March.\n",
        subject="Automatic reply: Backend Engineer",
        answers="ask",
        headers=(("Auto-Submitted", "auto-replied"),),
    )

    held_back = story.told("03-20 12:00")
    assert held_back.held() == ["acme: final_note, out-of-office"]
    assert held_back.drafts("acme")[1:] == []
    told = story.told("03-31 12:00")
    assert told.status() == "awaiting"
    assert told.made("final_note") == ["03-26 09:00"]


def test_out_until_the_twelfth_promises_no_news_and_is_waited_for() -> None:
    story = Story(acme(rounds=(held("03-02 10:00", "dana@acme.example"),)))
    story.mine("hello", "03-02 14:00", "Dear Dana,\n\nthank you for the interview this morning.\n\nRobin\n")
    story.theirs(
        "away",
        "03-02 14:01",
        "I am out until the 12th and will answer when I am back.\n",
        sender=DANA,
        subject="Out of office Re: Backend Engineer",
        answers="hello",
        headers=(("Auto-Submitted", "auto-replied"),),
    )

    # 7 business days after Monday the 2nd at 11:00 are Wednesday the 11th at 11:00.
    waiting = story.told("03-11 12:00")
    assert waiting.state().promised_by is None
    assert waiting.held() == ["acme: status_check, out-of-office"]
    assert story.told("03-13 12:00").made("status_check") == ["03-12 09:00"]
