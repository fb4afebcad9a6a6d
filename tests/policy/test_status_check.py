from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from agent.interviews.interview import Contact, ContactRole, Round
from agent.interviews.status import Status
from agent.policy import Contacted, DraftKind
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, IVO, Search, at, interview

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def check_planned(search: Search, now: datetime) -> datetime:
    planned = [each for each in search.assess(now).planned if each.kind is DraftKind.STATUS_CHECK]
    assert len(planned) == 1
    return planned[0].due_at


def test_without_a_promise_it_comes_seven_business_days_after_the_interview() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))  # a Monday, over at 15:00
    assert check_planned(search, at("2026-03-04 08:00")) == at(
        "2026-03-11 15:00"
    )  # Tuesday 3 is the first, Wednesday 11 the seventh
    assert search.assess(at("2026-03-11 14:59")).due == ()
    due = search.assess(at("2026-03-11 15:00")).due
    assert [each.kind for each in due] == [DraftKind.STATUS_CHECK]
    assert due[0].rule == "status-check"
    assert due[0].occasion == "after-round-1"
    assert "B4" in due[0].requirements
    assert "Monday 2 March 2026" in due[0].reason


def test_after_an_evening_interview_it_waits_for_the_next_opening() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 18:00"))  # over at 19:00, the seventh day ends after hours
    assert check_planned(search, at("2026-03-04 08:00")) == at("2026-03-12 09:00")


def test_it_is_planned_before_the_interview_has_taken_place() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    assert check_planned(search, at("2026-03-01 08:00")) == at("2026-03-11 15:00")


def test_a_friday_promise_is_checked_on_tuesday_at_opening() -> None:
    search = Search()
    search.held_interview(at("2026-03-03 14:00"))
    search.theirs(at("2026-03-05 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 13))
    assert check_planned(search, at("2026-03-06 12:00")) == at("2026-03-17 09:00")  # Monday 16 is the full business day
    assert search.assess(at("2026-03-16 16:00")).due == ()
    due = search.assess(at("2026-03-17 09:00")).due
    assert [(each.kind, each.occasion, each.rule) for each in due] == [
        (DraftKind.STATUS_CHECK, "promise-2026-03-13", "status-check-after-promise")
    ]
    assert {"B3", "A14"} <= {*due[0].requirements}


def test_a_promise_is_honoured_although_seven_business_days_have_passed() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-03 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 27))
    assert search.assess(at("2026-03-20 10:00")).due == ()
    assert check_planned(search, at("2026-03-20 10:00")) == at("2026-03-31 09:00")


def test_a_new_promise_moves_the_check_and_gives_it_a_new_occasion() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-03 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 6))
    first = search.assess(at("2026-03-10 09:00")).due[0]
    search.drafted(at("2026-03-10 09:00"), first)
    search.sent(at("2026-03-10 09:30"), first)
    search.theirs(at("2026-03-11 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 20))
    assert search.assess(at("2026-03-23 10:00")).due == ()
    second = search.assess(at("2026-03-24 09:00")).due
    assert [each.occasion for each in second] == ["promise-2026-03-20"]


def test_west_of_greenwich_it_does_not_come_a_day_early() -> None:
    search = Search(interview(timezone="America/Los_Angeles", country="US"))
    search.held_interview(at("2026-03-03 10:00", LOS_ANGELES))
    search.theirs(at("2026-03-04 10:00", LOS_ANGELES), Label.TIMELINE, promised_by=date(2026, 3, 13))
    # 9 o'clock of Tuesday 17 in Los Angeles, on summer time since the 8th: 16:00 UTC.
    assert check_planned(search, at("2026-03-10 10:00")) == datetime(2026, 3, 17, 16, 0, tzinfo=UTC)
    assert search.assess(datetime(2026, 3, 17, 15, 59, tzinfo=UTC)).due == ()
    assert len(search.assess(datetime(2026, 3, 17, 16, 0, tzinfo=UTC)).due) == 1


def test_without_a_zone_of_theirs_the_users_counts() -> None:
    search = Search(interview(timezone=None))
    search.held_interview(at("2026-03-03 10:00", LOS_ANGELES))
    search.theirs(at("2026-03-04 10:00", LOS_ANGELES), Label.TIMELINE, promised_by=date(2026, 3, 13))
    planned = search.assess(at("2026-03-10 10:00"), senders_zone=LOS_ANGELES).planned
    assert [each.due_at for each in planned] == [datetime(2026, 3, 17, 16, 0, tzinfo=UTC)]


def test_a_german_holiday_is_no_business_day() -> None:
    search = Search(interview(country="DE"))
    search.held_interview(at("2025-09-24 14:00"))  # a Wednesday; Friday 3 October is German Unity Day
    # 25, 26, 29, 30 September, 1, 2 October are six; the seventh is Monday 6 October.
    assert check_planned(search, at("2025-09-26 08:00")) == at("2025-10-06 15:00")
    elsewhere = Search()
    elsewhere.held_interview(at("2025-09-24 14:00"))
    assert check_planned(elsewhere, at("2025-09-26 08:00")) == at("2025-10-03 15:00")


def test_thanksgiving_is_no_full_business_day() -> None:
    new_york = ZoneInfo("America/New_York")
    search = Search(interview(country="US", timezone="America/New_York"))
    search.held_interview(at("2026-11-17 14:00", new_york))
    search.theirs(at("2026-11-18 10:00", new_york), Label.TIMELINE, promised_by=date(2026, 11, 25))
    # Thursday 26 is a holiday, Friday 27 the full business day.
    assert check_planned(search, at("2026-11-19 10:00", new_york)) == at("2026-11-30 09:00", new_york)


def test_the_opening_hour_follows_the_change_to_summer_time() -> None:
    search = Search()
    search.held_interview(at("2026-03-18 14:00"))
    search.theirs(at("2026-03-19 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 27))
    # Monday 30 is the full day, Tuesday 31 at 9 in summer time is 07:00 UTC.
    assert check_planned(search, at("2026-03-20 10:00")) == datetime(2026, 3, 31, 7, 0, tzinfo=UTC)


def test_out_of_hours_it_waits_for_the_morning() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    night = search.assess(at("2026-03-11 20:00"))
    assert night.due == ()
    assert [each.due_at for each in night.planned] == [at("2026-03-12 09:00")]
    assert night.next_at == at("2026-03-12 09:00")


def test_it_goes_into_the_thread_of_the_invitation_to_who_scheduled() -> None:
    search = Search()
    fixed_by = search.held_interview(at("2026-03-02 14:00"))
    due = search.assess(at("2026-03-11 15:00")).due[0]
    assert due.parent is not None
    assert due.parent.message.message_id == fixed_by
    assert [(each.name, each.email) for each in due.to] == [("Dana Cole", DANA)]


def test_where_a_robot_scheduled_the_hiring_manager_is_asked() -> None:
    contacts = (
        Contact(name="Dana Cole", email=DANA),
        Contact(name="Ivo Lang", email=IVO, role=ContactRole.HIRING_MANAGER),
    )
    search = Search(interview(contacts=contacts))
    search.theirs(
        at("2026-02-28 10:00"), Label.SCHEDULED, interview_at=at("2026-03-02 14:00"), sender="no-reply@scheduler.example"
    )
    assert [each.email for each in search.assess(at("2026-03-11 15:00")).due[0].to] == [IVO]


def test_whoever_was_asked_before_stays_the_one_contact() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.mine(at("2026-03-05 10:00"), Label.SENT_FOLLOW_UP, to=(IVO,))
    search.theirs(at("2026-03-06 10:00"), Label.TIMELINE, sender=IVO, promised_by=date(2026, 3, 13))
    assert [each.email for each in search.assess(at("2026-03-17 09:00")).due[0].to] == [IVO]


def test_an_application_alone_is_followed_up_only_after_a_promise() -> None:
    silent = Search(interview(applied_on=date(2026, 2, 2)))
    silent.theirs(at("2026-02-02 10:00"), Label.ACKNOWLEDGED)
    assert silent.assess(at("2026-03-20 10:00")).planned == ()
    assert silent.assess(at("2026-03-20 10:00")).due == ()
    promised = Search(interview(applied_on=date(2026, 2, 2)))
    receipt = promised.theirs(at("2026-02-02 10:00"), Label.ACKNOWLEDGED, promised_by=date(2026, 2, 13))
    due = promised.assess(at("2026-02-17 09:00")).due
    assert [each.occasion for each in due] == ["promise-2026-02-13"]
    assert due[0].parent is not None
    assert due[0].parent.message.message_id == receipt


def test_an_interview_after_the_promised_day_uses_the_promise_up() -> None:
    search = Search()
    search.theirs(at("2026-02-23 10:00"), Label.ACKNOWLEDGED, promised_by=date(2026, 3, 2))
    search.held_interview(at("2026-03-02 14:00"), fixed=at("2026-02-22 10:00"))
    assert check_planned(search, at("2026-03-03 10:00")) == at("2026-03-11 15:00")


def test_no_check_while_it_is_the_users_turn() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-04 10:00"), Label.INFO_REQUEST)
    assert search.assess(at("2026-03-12 10:00")).due == ()


def test_on_hold_without_a_date_nothing_goes_out_for_fourteen_days() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-09 10:00"), Label.HOLD)
    assert search.candidacy(at("2026-03-10 10:00")).state.status is Status.ON_HOLD
    # The count restarted on the 9th, and its seventh business day is the 18th.
    held = [each for each in search.assess(at("2026-03-19 10:00")).held if each.kind is DraftKind.STATUS_CHECK]
    assert [(each.rule, each.until) for each in held] == [("on-hold", at("2026-03-23 10:00"))]
    assert "Monday 9 March 2026" in held[0].reason
    assert [each.rule for each in search.assess(at("2026-03-23 10:00")).due] == ["status-check"]


def test_on_hold_with_a_new_date_that_date_counts() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-09 10:00"), Label.HOLD, promised_by=date(2026, 3, 13))
    assert check_planned(search, at("2026-03-10 10:00")) == at("2026-03-17 09:00")


def test_the_weekly_limit_counts_what_the_user_sent_about_another_role() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    other = Contacted(at=at("2026-03-09 11:00"), interview="acme-frontend", kind=None, answer=False)
    held = search.assess(at("2026-03-11 15:00"), contacted=[other]).held
    assert [(each.kind, each.rule, each.until) for each in held] == [
        (DraftKind.STATUS_CHECK, "one-a-week", at("2026-03-16 11:00"))
    ]
    assert held[0].requirements[0] == "A3"
    assert held[0].reason == (
        "You wrote to Acme on Monday 9 March 2026; the next message may follow on Monday 16 March 2026 at the earliest."
    )
    assert search.assess(at("2026-03-11 15:00"), contacted=[other]).next_at == at("2026-03-11 15:00").replace(day=16, hour=11)
    assert len(search.assess(at("2026-03-16 11:00"), contacted=[other]).due) == 1


def test_answers_do_not_count_for_the_weekly_limit() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    answer = Contacted(at=at("2026-03-10 11:00"), interview="acme-frontend", kind=None, answer=True)
    assert len(search.assess(at("2026-03-11 15:00"), contacted=[answer]).due) == 1


def test_the_plan_foresees_the_weekly_limit() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    other = Contacted(at=at("2026-03-09 11:00"), interview="acme-frontend", kind=None, answer=False)
    assert [each.due_at for each in search.assess(at("2026-03-10 10:00"), contacted=[other]).planned] == [at("2026-03-16 11:00")]


def test_a_no_reply_address_is_held_with_the_reason() -> None:
    search = Search(interview(contacts=()))
    search.theirs(at("2026-02-28 10:00"), Label.SCHEDULED, interview_at=at("2026-03-02 14:00"), sender="no-reply@acme.example")
    held = search.assess(at("2026-03-11 15:00")).held
    assert [(each.kind, each.rule, each.reason) for each in held if each.kind is DraftKind.STATUS_CHECK] == [
        (DraftKind.STATUS_CHECK, "no-reply", "no-reply@acme.example takes no mail.")
    ]


def test_a_bounced_contact_is_passed_over_and_a_lonely_one_held() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    held = search.assess(at("2026-03-11 15:00"), blocked={DANA}).held
    assert [(each.rule, each.until) for each in held if each.kind is DraftKind.STATUS_CHECK] == [("bounced", None)]
    both = Search(interview(contacts=(Contact(name="Dana Cole", email=DANA), Contact(name="Ivo Lang", email=IVO))))
    both.held_interview(at("2026-03-02 14:00"))
    assert [each.email for each in both.assess(at("2026-03-11 15:00"), blocked={DANA}).due[0].to] == [IVO]


def test_an_out_of_office_answer_moves_the_date() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-10 10:00"), Label.AUTO_REPLY, returns_on=date(2026, 3, 16))
    assert check_planned(search, at("2026-03-10 11:00")) == at("2026-03-16 09:00")
    held = search.assess(at("2026-03-12 10:00")).held
    assert [(each.rule, each.reason) for each in held] == [
        ("out-of-office", "dana@acme.example is away until Monday 16 March 2026.")
    ]
    assert len(search.assess(at("2026-03-16 09:00")).due) == 1


def test_nobody_to_write_to_is_said() -> None:
    search = Search(interview(contacts=()))
    search.theirs(at("2026-02-28 10:00"), Label.SCHEDULED, interview_at=at("2026-03-02 14:00"), sender="")
    assert "nobody-known" in [each.rule for each in search.assess(at("2026-03-11 15:00")).held]


def test_a_drafted_occasion_is_never_due_again() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    due = search.assess(at("2026-03-11 15:00")).due[0]
    search.drafted(at("2026-03-11 15:00"), due)
    search.withdrawn(at("2026-03-12 15:00"), due)
    later = search.assess(at("2026-03-30 10:00"))
    assert (later.due, later.planned, later.held) == ((), (), ())


def test_a_message_that_was_not_understood_counts_as_an_answer_and_the_user_looks_first() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.mine(at("2026-03-11 16:00"), Label.SENT_FOLLOW_UP)
    search.theirs(at("2026-03-13 10:00"), Label.OTHER, abstained=True)
    assert search.assess(at("2026-03-19 10:00")).due == ()
    # Seven business days after the answer, whose day does not count: Tuesday 24. The answer is still unread then.
    assessment = search.assess(at("2026-03-24 11:00"))
    assert assessment.due == assessment.planned == ()
    assert [(held.kind, held.rule) for held in assessment.held] == [(DraftKind.STATUS_CHECK, "unread")]


def test_company_holidays_from_the_policy_count() -> None:
    from dataclasses import replace

    search = Search()
    search.policy = replace(search.policy, closed=frozenset({date(2026, 3, 5), date(2026, 3, 6)}))
    search.held_interview(at("2026-03-02 14:00"))
    assert check_planned(search, at("2026-03-04 08:00")) == at("2026-03-13 15:00")


def test_the_plan_names_the_contact_who_will_be_written_to() -> None:
    """The user's file has an interview ahead that no message fixed; one by mail comes before it, and an invitation since."""
    search = Search(interview(contacts=(), rounds=(Round(at=at("2026-03-03 14:00")),)))
    search.held_interview(at("2026-03-02 10:00"), fixed=at("2026-03-01 10:00"))
    search.theirs(at("2026-03-02 10:30"), Label.INVITATION, sender=IVO)
    planned = [each for each in search.assess(at("2026-03-02 10:30")).planned if each.kind is DraftKind.STATUS_CHECK]
    assert len(planned) == 1
    due = [each for each in search.assess(planned[0].due_at).due if each.kind is DraftKind.STATUS_CHECK]
    assert [(each.occasion, each.to) for each in due] == [(planned[0].occasion, planned[0].to)]
