"""Each preset lived through: an interview on Tuesday 12 May 2026 from 14 to 15 o'clock in Berlin, and what follows.

The user sends every draft an hour after it was made. No country is known, so Monday to Friday are business days.
"""

from dataclasses import replace
from datetime import date

import pytest

from agent.interviews.interview import Contact, ContactRole
from agent.interviews.status import Status
from agent.policy import DraftKind
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, IVO, KIM, PRESETS, Search, at, interview

THE_END = at("2026-10-01 12:00")
PEOPLE = (
    Contact(name="Dana Cole", email=DANA, role=ContactRole.RECRUITER),
    Contact(name="Ivo Lang", email=IVO, role=ContactRole.HIRING_MANAGER),
)


def search_under(preset: str, **fields: object) -> Search:
    search = Search(interview(**fields), PRESETS[preset])
    search.held_interview(at("2026-05-12 14:00"))
    return search


SILENCE = {
    "default": [
        "2026-05-12 15:00 debrief robin",
        "2026-05-12 17:00 thank_you dana",
        "2026-05-21 15:00 status_check dana",
        "2026-05-28 16:00 final_note dana",
        "2026-06-04 17:00 ? moved_on",
    ],
    "status-guide": [
        "2026-05-12 17:00 thank_you dana",
        "2026-05-20 09:00 status_check dana",  # the week after the thank-you is over on Tuesday at 18:00
        "2026-06-03 10:00 timeline_request dana",
        "2026-06-17 11:00 ? moved_on",
        "2026-06-24 11:00 status_check dana",
        "2026-07-08 12:00 ? moved_on",
        "2026-07-15 12:00 status_check dana",
        "2026-07-29 13:00 ? moved_on",
    ],
    "two-touch": [
        "2026-05-12 17:00 thank_you dana",
        "2026-05-20 09:00 status_check dana",
        "2026-05-27 10:00 final_note dana",
        "2026-06-03 11:00 ? moved_on",
    ],
    "brief": [
        "2026-05-19 15:00 status_check dana",
    ],
    "step-by-step": [
        "2026-05-12 15:00 debrief robin",
        "2026-05-12 17:00 thank_you dana",
        "2026-05-20 09:00 timeline_request dana",
        "2026-06-03 10:00 status_check dana",
        "2026-06-24 11:00 final_note dana",
        "2026-07-08 12:00 ? moved_on",
    ],
    "close-the-loop": [
        "2026-05-12 17:00 thank_you dana",
        "2026-05-19 15:00 call_sheet robin",
        "2026-05-26 15:00 call_sheet robin",
        "2026-06-02 15:00 call_sheet robin",
        "2026-06-09 15:00 call_sheet robin",
        "2026-06-16 15:00 close_loop dana",
        "2026-06-26 16:00 ? moved_on",
    ],
}


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_silence_after_the_interview(preset: str) -> None:
    assert search_under(preset).lived(at("2026-05-11 12:00"), THE_END) == SILENCE[preset]


PROMISED = {
    "default": ["2026-05-13 10:00 reply_hold dana", "2026-05-26 09:00 status_check dana"],
    "status-guide": ["2026-05-13 10:00 reply_hold dana", "2026-05-26 09:00 status_check dana"],
    "two-touch": ["2026-05-26 09:00 status_check dana"],
    "brief": ["2026-05-26 09:00 status_check dana"],
    "step-by-step": ["2026-05-13 10:00 reply_hold dana", "2026-05-26 09:00 status_check dana"],
    "close-the-loop": ["2026-05-25 07:00 call_sheet robin"],
}


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_promise_until_friday_is_waited_for(preset: str) -> None:
    """Promised for Friday 22: Monday is the full business day, and Tuesday at opening the moment; a call comes on Monday."""
    search = search_under(preset)
    search.theirs(at("2026-05-13 10:00"), Label.TIMELINE, promised_by=date(2026, 5, 22))
    assert search.lived(at("2026-05-13 10:00"), at("2026-05-27 08:00"))[-len(PROMISED[preset]) :] == PROMISED[preset]


AGREED = {
    "default": "2026-05-21 09:00 status_check dana",
    "status-guide": "2026-05-21 09:00 status_check dana",
    "two-touch": "2026-05-21 09:00 status_check dana",
    "brief": "2026-05-21 09:00 status_check dana",
    "step-by-step": "2026-05-21 09:00 status_check dana",
    "close-the-loop": "2026-05-19 07:00 call_sheet robin",
}


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_day_that_was_agreed_is_kept(preset: str) -> None:
    """Agreed for Tuesday 19: one preset calls on the day itself, the others let a full business day pass after it."""
    told = search_under(preset, notes="agreed: 2026-05-19 by phone").lived(at("2026-05-15 12:00"), at("2026-05-21 12:00"))
    assert told == [AGREED[preset]]


KNOWN_NUMBER = {
    "status-guide": ["2026-05-27 10:00 call_sheet robin"],
    "brief": ["2026-05-26 16:00 call_sheet robin"],
}


@pytest.mark.parametrize("preset", sorted({*PRESETS} - {"close-the-loop"}))
def test_a_call_is_prepared_where_the_guide_has_one_and_a_number_is_known(preset: str) -> None:
    contacts = (replace(PEOPLE[0], phone="+49 30 5550101"),)
    told = search_under(preset, contacts=contacts).lived(at("2026-05-11 12:00"), THE_END)
    assert [each for each in told if "call_sheet" in each] == KNOWN_NUMBER.get(preset, [])


@pytest.mark.parametrize(
    ("preset", "last"),
    [("default", "15:00"), ("two-touch", "15:00"), ("close-the-loop", "15:00")],
)
def test_thanks_within_twenty_four_hours(preset: str, last: str) -> None:
    search = search_under(preset)
    assert search.due(at("2026-05-12 16:59"), DraftKind.THANK_YOU) == []
    assert len(search.due(at("2026-05-12 17:00"), DraftKind.THANK_YOU)) == 1
    assert search.due(at(f"2026-05-13 {last}"), DraftKind.THANK_YOU) == []
    held = search.assess(at(f"2026-05-13 {last}")).held
    assert [(each.kind, each.rule) for each in held] == [(DraftKind.THANK_YOU, "too-late")]


@pytest.mark.parametrize("preset", ["status-guide", "step-by-step"])
def test_thanks_within_forty_eight_hours(preset: str) -> None:
    search = search_under(preset)
    assert len(search.due(at("2026-05-14 14:59"), DraftKind.THANK_YOU)) == 1
    assert search.due(at("2026-05-14 15:00"), DraftKind.THANK_YOU) == []


def test_brief_sends_no_separate_thanks() -> None:
    search = search_under("brief")
    assert search.assess(at("2026-05-12 17:00")).due == ()
    check = search.due(at("2026-05-19 15:00"), DraftKind.STATUS_CHECK)[0]
    assert check.style == "brief"
    assert {"C1", "C2", "C3", "C4"} <= {*check.requirements}
    assert all(share in check.reason for share in ("19%", "43%", "30%", "8%"))


def test_brief_asks_no_later_than_three_weeks_after_the_interview() -> None:
    search = search_under("brief")
    assert len(search.due(at("2026-06-02 14:59"), DraftKind.STATUS_CHECK)) == 1
    assert search.due(at("2026-06-02 15:00"), DraftKind.STATUS_CHECK) == []


def test_status_guide_asks_nothing_in_the_first_week_whatever_they_promised() -> None:
    search = search_under("status-guide")
    search.theirs(at("2026-05-12 18:00"), Label.TIMELINE, promised_by=date(2026, 5, 14))
    held = [each for each in search.assess(at("2026-05-18 10:00")).held if each.kind is DraftKind.STATUS_CHECK]
    assert [(each.rule, each.until, each.requirements) for each in held] == [
        ("week-after-interview", at("2026-05-19 15:00"), ("A2",))
    ]
    assert len(search.due(at("2026-05-19 15:00"), DraftKind.STATUS_CHECK)) == 1


def test_two_touch_asks_one_full_business_day_after_a_promise_however_soon() -> None:
    search = search_under("two-touch")
    search.theirs(at("2026-05-12 18:00"), Label.TIMELINE, promised_by=date(2026, 5, 14))
    assert search.due(at("2026-05-18 08:59"), DraftKind.STATUS_CHECK) == []
    assert len(search.due(at("2026-05-18 09:00"), DraftKind.STATUS_CHECK)) == 1


def test_close_the_loop_writes_where_mail_was_agreed() -> None:
    search = search_under("close-the-loop", contacts=PEOPLE, notes="agreed: 2026-05-19 by mail")
    assert search.lived(at("2026-05-14 12:00"), THE_END) == [
        "2026-05-19 09:00 status_check ivo",
        "2026-05-26 10:00 status_check ivo",
        "2026-06-02 11:00 status_check ivo",
        "2026-06-09 12:00 status_check ivo",
        "2026-06-16 13:00 close_loop ivo",
        "2026-06-26 14:00 ? moved_on",
    ]


def test_close_the_loop_calls_whoever_decides() -> None:
    search = search_under("close-the-loop", contacts=PEOPLE, notes="agreed: 2026-05-19 by phone")
    sheet = search.due(at("2026-05-19 07:00"), DraftKind.CALL_SHEET)[0]
    assert sheet.person is not None
    assert sheet.person.email == IVO
    assert sheet.parent is None
    assert sheet.reason == (
        "You agreed with Acme to be in touch on Tuesday 19 May 2026: call Ivo Lang before or after office hours."
    )
    assert {"E1", "E3"} <= {*sheet.requirements}


def test_the_call_on_the_agreed_day_is_ready_before_they_open_even_on_a_saturday() -> None:
    search = search_under("close-the-loop", notes="agreed: 2026-05-16")
    assert search.due(at("2026-05-16 06:59"), DraftKind.CALL_SHEET) == []
    assert len(search.due(at("2026-05-16 07:00"), DraftKind.CALL_SHEET)) == 1
    told = search.lived(at("2026-05-15 12:00"), at("2026-05-26 12:00"))
    assert told == ["2026-05-16 07:00 call_sheet robin", "2026-05-25 07:00 call_sheet robin"]  # the next on a business day


def test_an_answer_ends_the_weekly_calls_until_it_is_their_turn_again() -> None:
    search = search_under("close-the-loop", notes="agreed: 2026-05-19")
    search.theirs(at("2026-05-27 10:00"), Label.HOLD, promised_by=date(2026, 6, 12))
    assert search.lived(at("2026-05-14 12:00"), at("2026-06-16 12:00")) == [
        "2026-05-19 07:00 call_sheet robin",
        "2026-05-26 07:00 call_sheet robin",
        "2026-05-27 10:00 reply_hold dana",
        "2026-06-15 07:00 call_sheet robin",
    ]


def call_sheets(search: Search, now: str) -> tuple[list[str], list[str], list[str]]:
    """Return the days of call sheets that are due and planned, and the rules that hold one."""
    assessment = search.assess(at(now))
    due = [f"{each.due_at:%d %B}" for each in assessment.due if each.kind is DraftKind.CALL_SHEET]
    planned = [f"{each.due_at:%d %B}" for each in assessment.planned if each.kind is DraftKind.CALL_SHEET]
    return due, planned, [each.rule for each in assessment.held if each.kind is DraftKind.CALL_SHEET]


def test_what_makes_a_call_improper_stops_the_sheet() -> None:
    def agreed() -> Search:
        return search_under("close-the-loop", notes="agreed: 2026-05-25")

    assert call_sheets(agreed(), "2026-05-15 12:00") == ([], ["25 May"], [])

    rejected = agreed()
    rejected.theirs(at("2026-05-15 10:00"), Label.REJECTION)
    assert call_sheets(rejected, "2026-05-15 12:00") == ([], [], [])

    on_hold = agreed()  # a delay ends what was agreed: the count starts anew, and two weeks nothing is asked
    on_hold.theirs(at("2026-05-15 10:00"), Label.HOLD)
    assert call_sheets(on_hold, "2026-05-15 12:00") == ([], ["29 May"], [])
    assert call_sheets(on_hold, "2026-05-25 12:00") == ([], [], ["on-hold"])

    unread = agreed()
    unread.theirs(at("2026-05-15 10:00"), Label.OTHER, abstained=True)
    assert call_sheets(unread, "2026-05-25 12:00") == ([], [], ["unread"])


def test_an_absence_moves_the_call() -> None:
    search = search_under("close-the-loop", contacts=PEOPLE[1:], notes="agreed: 2026-05-19")
    search.theirs(at("2026-05-18 10:00"), Label.AUTO_REPLY, sender=IVO, returns_on=date(2026, 5, 21))
    held = [each for each in search.assess(at("2026-05-19 10:00")).held if each.kind is DraftKind.CALL_SHEET]
    assert [(each.rule, each.until) for each in held] == [("out-of-office", at("2026-05-21 00:00"))]
    assert search.lived(at("2026-05-19 10:00"), at("2026-05-22 10:00")) == ["2026-05-21 07:00 call_sheet robin"]


def test_a_bounce_and_a_robot_stop_no_draft_to_the_user() -> None:
    robot = Contact(name="", email="no-reply@acme.example", role=ContactRole.RECRUITER)
    search = Search(interview(contacts=(robot,), notes="agreed: 2026-05-19"), PRESETS["close-the-loop"])
    search.held_interview(at("2026-05-12 14:00"))
    assert len(search.assess(at("2026-05-19 10:00"), blocked={DANA}).due) == 1


def test_promised_material_is_sent_beside_the_thanks_and_only_once() -> None:
    search = search_under("step-by-step")
    search.note(at("2026-05-12 16:00"), "material: my portfolio")
    assert search.lived(at("2026-05-12 16:00"), at("2026-05-19 12:00")) == [
        "2026-05-12 16:00 debrief robin",
        "2026-05-12 17:00 thank_you dana",
        "2026-05-12 18:00 send_material dana",
    ]


def test_material_that_the_user_sent_himself_is_dealt_with() -> None:
    search = search_under("step-by-step", notes="material: my portfolio")
    search.mine(at("2026-05-12 16:00"), Label.SENT_OTHER)
    message = replace(search.letters[-1].message, fresh="Here is my portfolio as promised.")
    search.letters[-1] = replace(search.letters[-1], message=message)
    assert search.due(at("2026-05-13 18:00"), DraftKind.SEND_MATERIAL) == []


def test_step_by_step_suggests_to_move_on_after_two_months_of_silence() -> None:
    search = search_under("step-by-step")
    told = search.lived(at("2026-05-11 12:00"), THE_END, sends=False)
    assert told[-1] == "2026-07-09 14:00 ? moved_on"  # 60 days after the message that fixed the interview, the last there was


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize(
    ("label", "kind", "preset_has"),
    [
        (Label.INVITATION, DraftKind.REPLY_INVITATION, True),
        (Label.RESCHEDULED, DraftKind.REPLY_RESCHEDULE, True),
        (Label.INFO_REQUEST, DraftKind.REPLY_INFO_REQUEST, True),
        (Label.HOLD, DraftKind.REPLY_HOLD, True),
        (Label.REJECTION, DraftKind.REPLY_REJECTION, True),
        (Label.ASSESSMENT, DraftKind.REPLY_INFO_REQUEST, False),
        (Label.SCHEDULED, DraftKind.REPLY_INVITATION, False),
        (Label.ACKNOWLEDGED, DraftKind.REPLY_HOLD, False),
    ],
)
def test_their_words_are_answered_in_every_preset(preset: str, label: Label, kind: DraftKind, *, preset_has: bool) -> None:
    search = search_under(preset)
    message = search.theirs(at("2026-05-14 20:00"), label)
    assert [each.occasion for each in search.due(at("2026-05-14 20:00"), kind)] == ([message] if preset_has else [])


def test_a_task_that_asks_for_something_besides_is_answered() -> None:
    search = search_under("default")
    message = search.theirs(at("2026-05-14 20:00"), Label.ASSESSMENT, also=(Label.INFO_REQUEST,))
    assert [each.occasion for each in search.due(at("2026-05-14 20:00"), DraftKind.REPLY_INFO_REQUEST)] == [message]


def test_an_interview_called_off_gets_an_understanding_line() -> None:
    search = Search(interview(), PRESETS["default"])
    search.held_interview(at("2026-05-19 14:00"), fixed=at("2026-05-12 10:00"))
    off = search.theirs(at("2026-05-14 20:00"), Label.CANCELLED)
    assert [each.occasion for each in search.due(at("2026-05-14 20:00"), DraftKind.REPLY_RESCHEDULE)] == [off]


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_answers_to_an_offer_come_together_until_one_is_sent(preset: str) -> None:
    search = search_under(preset)
    search.theirs(at("2026-05-20 10:00"), Label.OFFER)
    offered = [each for each in search.assess(at("2026-05-20 10:00")).due if each.kind.startswith("offer_")]
    assert [each.kind for each in offered] == [
        DraftKind.OFFER_THANKS,
        DraftKind.OFFER_ACCEPT,
        DraftKind.OFFER_CLARIFY,
        DraftKind.OFFER_DECLINE,
    ]
    search.drafted(at("2026-05-20 10:00"), offered[1])
    search.sent(at("2026-05-21 10:00"), offered[1])
    assert [each for each in search.assess(at("2026-05-21 10:00")).due if each.kind.startswith("offer_")] == []


@pytest.mark.parametrize(
    ("preset", "hears"),
    [
        ("default", True),
        ("status-guide", True),
        ("step-by-step", True),
        ("two-touch", False),
        ("brief", False),
        ("close-the-loop", False),
    ],
)
@pytest.mark.parametrize("news", [Label.OFFER, Label.REJECTION, Label.ROLE_CLOSED])
def test_those_who_put_in_a_word_hear_how_it_went(preset: str, news: Label, *, hears: bool) -> None:
    referrers = tuple(Contact(name="", email=email, role=ContactRole.REFERRER) for email in (IVO, KIM))
    search = search_under(preset, contacts=(PEOPLE[0], *referrers))
    search.theirs(at("2026-05-21 10:00"), news)
    told = search.due(at("2026-05-22 10:00"), DraftKind.REFERRER_UPDATE)
    assert [each.to[0].email for each in told] == ([IVO, KIM] if hears else [])
    assert all(each.parent is None for each in told)
    if hears:
        search.mine(at("2026-05-22 09:00"), Label.SENT_OTHER, to=(IVO,), answers="<0@elsewhere.example>")
        assert [each.to[0].email for each in search.due(at("2026-05-22 10:00"), DraftKind.REFERRER_UPDATE)] == [KIM]


def test_a_withdrawal_that_the_user_set_by_hand_is_told_to_them_once() -> None:
    search = search_under("default")
    search.set_by_hand(at("2026-05-18 10:00"), Status.WITHDRAWN)
    due = search.due(at("2026-05-18 10:00"), DraftKind.WITHDRAW)
    assert [(each.to[0].email, each.occasion) for each in due] == [(DANA, "outcome-withdrawn")]
    search.mine(at("2026-05-18 11:00"), Label.SENT_OTHER)
    assert search.due(at("2026-05-18 12:00"), DraftKind.WITHDRAW) == []


def test_a_withdrawal_that_the_mail_tells_needs_no_second_one() -> None:
    search = search_under("default")
    search.theirs(at("2026-05-18 10:00"), Label.WITHDRAWAL)
    assert search.due(at("2026-05-18 10:00"), DraftKind.WITHDRAW) == []


def test_a_call_sheet_that_the_next_one_took_the_place_of_counts_as_an_attempt() -> None:
    search = search_under("close-the-loop", notes="agreed: 2026-05-19")
    first = search.due(at("2026-05-19 07:00"), DraftKind.CALL_SHEET)[0]
    search.drafted(at("2026-05-19 07:00"), first)
    second = search.due(at("2026-05-26 07:00"), DraftKind.CALL_SHEET)[0]
    search.drafted(at("2026-05-26 07:00"), second)
    search.withdrawn(at("2026-05-26 07:00"), first)
    third = search.due(at("2026-06-02 07:00"), DraftKind.CALL_SHEET)
    assert [each.occasion for each in third] == ["attempt-2"]
