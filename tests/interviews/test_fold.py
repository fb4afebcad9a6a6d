"""From events to the present state: rounds, clock, calendar updates, promises, turns."""

from datetime import date, timedelta

from agent.interviews import Event, EventKind, Interview, Round, Status, Turn
from agent.interviews.status import HeldRound
from agent.signals.reading import Label
from tests.interviews.course import by_hand, confirmed, mail, on, state, tracked

INVITED = mail(on(3), Label.INVITATION)
ANSWERED = mail(on(4), Label.SENT_OTHER)
FIXED = mail(on(5), Label.SCHEDULED, interview_at=on(10, 14), calendar_uid="u", interview_minutes=45)


def test_a_new_candidacy_is_applied_and_their_turn() -> None:
    now = state(on(2))
    assert (now.status, now.turn, now.round, now.next_at) == (Status.APPLIED, Turn.THEM, None, None)
    assert now.since == on(1, 0)


def test_the_usual_course_round_by_round() -> None:
    events = (
        mail(on(2), Label.ACKNOWLEDGED),
        INVITED,
        ANSWERED,
        FIXED,
        mail(on(12), Label.INVITATION),
        mail(on(13), Label.SCHEDULED, interview_at=on(16, 10)),
        mail(on(20), Label.OFFER),
        mail(on(21), Label.SENT_ACCEPTANCE),
    )
    seen = []
    for day in (2, 3, 4, 5, 11, 12, 13, 17, 20, 21):
        now = state(on(day, 20), *(event for event in events if event.at <= on(day, 20)))
        seen.append((day, now.status, now.round, now.turn))
    assert seen == [
        (2, Status.APPLIED, None, Turn.THEM),
        (3, Status.INVITED, 1, Turn.US),
        (4, Status.INVITED, 1, Turn.THEM),
        (5, Status.SCHEDULED, 1, Turn.THEM),
        (11, Status.AWAITING, 1, Turn.THEM),
        (12, Status.INVITED, 2, Turn.US),
        (13, Status.SCHEDULED, 2, Turn.THEM),
        (17, Status.AWAITING, 2, Turn.THEM),
        (20, Status.OFFER, 2, Turn.US),
        (21, Status.ACCEPTED, 2, Turn.NONE),
    ]


def test_an_interview_takes_place_at_its_end_not_at_its_start() -> None:
    assert state(on(10, 14, 44), FIXED).status is Status.SCHEDULED
    after = state(on(10, 14, 45), FIXED)
    assert (after.status, after.since) == (Status.AWAITING, on(10, 14, 45))
    assert after.rounds == (HeldRound(number=1, starts_at=on(10, 14), ends_at=on(10, 14, 45), with_=(), message_id="<5.9>"),)


def test_the_clock_has_its_line_in_the_history() -> None:
    history = state(on(12), INVITED, FIXED).history
    assert [(entry.at, entry.status, entry.message_id, entry.label, entry.rule) for entry in history] == [
        (on(3), Status.INVITED, "<3.9>", "invitation", ""),
        (on(5), Status.SCHEDULED, "<5.9>", "scheduled", ""),
        (on(10, 14, 45), Status.AWAITING, None, "", "clock"),
    ]


def test_a_confirmation_without_a_time_is_an_invitation_still() -> None:
    now = state(on(6), INVITED, mail(on(5), Label.SCHEDULED))
    assert (now.status, now.next_at, now.rounds) == (Status.INVITED, None, ())


def test_a_confirmed_time_that_is_already_past_makes_it_their_turn() -> None:
    assert state(on(6), mail(on(5), Label.SCHEDULED, interview_at=on(4))).status is Status.AWAITING


# Calendar updates


def test_a_text_and_a_calendar_request_for_the_same_time_are_one_round() -> None:
    text = mail(on(5, 8), Label.SCHEDULED, interview_at=on(10, 14, 5))
    now = state(on(6), INVITED, text, FIXED)
    assert [each.starts_at for each in now.rounds] == [on(10, 14, 5)]
    assert now.round == 1


def test_a_text_without_a_time_and_then_a_calendar_request_are_one_round() -> None:
    now = state(on(6), INVITED, mail(on(5, 8), Label.SCHEDULED), FIXED)
    assert (now.status, now.round, len(now.rounds)) == (Status.SCHEDULED, 1, 1)


def test_a_higher_sequence_moves_the_round() -> None:
    moved = mail(on(6), Label.SCHEDULED, interview_at=on(11, 10), calendar_uid="u", calendar_sequence=1)
    now = state(on(7), INVITED, FIXED, moved)
    assert (now.status, now.round, now.next_at) == (Status.SCHEDULED, 1, on(11, 10))
    assert [each.message_id for each in now.rounds] == ["<6.9>"]


def test_a_lower_sequence_is_out_of_date() -> None:
    newer = mail(on(5), Label.SCHEDULED, interview_at=on(11, 10), calendar_uid="u", calendar_sequence=2)
    stale = mail(on(6), Label.SCHEDULED, interview_at=on(10, 14), calendar_uid="u", calendar_sequence=1)
    now = state(on(7), newer, stale)
    assert now.next_at == on(11, 10)
    assert now.history[-1].refused == "A newer version of this appointment is already known."


def test_a_cancelled_appointment_leaves_the_round_open_and_their_turn() -> None:
    now = state(on(7), INVITED, FIXED, mail(on(6), Label.CANCELLED, calendar_uid="u", calendar_sequence=1))
    assert (now.status, now.turn, now.round, now.next_at, now.rounds) == (Status.INVITED, Turn.THEM, 1, None, ())


def test_an_old_request_does_not_revive_a_cancelled_appointment() -> None:
    now = state(
        on(8),
        FIXED,
        mail(on(6), Label.CANCELLED, calendar_uid="u", calendar_sequence=3),
        mail(on(7), Label.SCHEDULED, interview_at=on(10, 14), calendar_uid="u", calendar_sequence=1),
    )
    assert (now.status, now.next_at) == (Status.INVITED, None)


def test_the_cancellation_of_another_appointment_changes_nothing() -> None:
    cancelled = mail(on(6), Label.CANCELLED, calendar_uid="other", interview_at=on(20, 9))
    assert state(on(7), FIXED, cancelled).next_at == on(10, 14)


def test_a_cancellation_after_the_interview_changes_nothing() -> None:
    assert state(on(12), FIXED, mail(on(11), Label.CANCELLED, calendar_uid="u", calendar_sequence=1)).status is Status.AWAITING


def test_one_of_two_sessions_called_off_leaves_the_other_fixed() -> None:
    second = mail(on(5, 10), Label.SCHEDULED, interview_at=on(10, 15), calendar_uid="v")
    now = state(on(7), FIXED, second, mail(on(6), Label.CANCELLED, calendar_uid="u"))
    assert (now.status, now.next_at, now.round) == (Status.SCHEDULED, on(10, 15), 1)


def test_two_sessions_of_one_day_are_one_round() -> None:
    second = mail(on(5, 10), Label.SCHEDULED, interview_at=on(10, 15), calendar_uid="v")
    now = state(on(7), INVITED, FIXED, second)
    assert [each.number for each in now.rounds] == [1, 1]
    assert state(on(11), INVITED, FIXED, second, mail(on(10, 20), Label.INVITATION)).round == 2


# Moves by text


def test_a_move_to_a_new_time_replaces_the_old_one() -> None:
    now = state(on(7), INVITED, FIXED, mail(on(6), Label.RESCHEDULED, interview_at=on(12, 9)))
    assert (now.status, now.round, now.next_at, len(now.rounds)) == (Status.SCHEDULED, 1, on(12, 9), 1)
    assert now.rounds[0].ends_at - now.rounds[0].starts_at == timedelta(minutes=45)


def test_a_wish_to_move_without_a_time_takes_the_time_away_and_waits_for_the_user() -> None:
    now = state(on(7), INVITED, FIXED, mail(on(6), Label.RESCHEDULED))
    assert (now.status, now.turn, now.round, now.rounds) == (Status.INVITED, Turn.US, 1, ())


def test_a_missed_interview_that_is_to_be_made_up_did_not_take_place() -> None:
    now = state(on(12), INVITED, FIXED, mail(on(10, 16), Label.RESCHEDULED))
    assert (now.status, now.turn, now.round, now.rounds) == (Status.INVITED, Turn.US, 1, ())


def test_a_later_confirmation_of_another_day_moves_the_round() -> None:
    fixed = mail(on(5), Label.SCHEDULED, interview_at=on(10, 14))
    now = state(on(7), INVITED, fixed, mail(on(6), Label.SCHEDULED, interview_at=on(11, 9)))
    assert [each.starts_at for each in now.rounds] == [on(11, 9)]


def test_a_reminder_read_in_another_zone_does_not_move_a_calendar_appointment() -> None:
    assert state(on(10, 9), FIXED, mail(on(9), Label.SCHEDULED, interview_at=on(10, 16))).next_at == on(10, 14)


# Rounds of the user's file


def test_a_round_of_the_users_file_is_a_fixed_round() -> None:
    known = tracked(Round(at=on(10, 14), minutes=30, with_=("dana@acme.example",)))
    before, after = state(on(9), interview=known), state(on(11), interview=known)
    assert (before.status, before.round, before.next_at) == (Status.SCHEDULED, 1, on(10, 14))
    assert (after.status, after.round, after.next_at, after.since) == (Status.AWAITING, 1, None, on(10, 14, 30))
    assert after.rounds[0].with_ == ("dana@acme.example",)


def test_a_round_of_the_file_and_its_confirmation_are_one_and_know_the_thread() -> None:
    known = tracked(Round(at=on(10, 14), with_=("dana@acme.example",)))
    now = state(on(11), INVITED, FIXED, interview=known)
    assert [(each.number, each.with_, each.message_id) for each in now.rounds] == [(1, ("dana@acme.example",), "<5.9>")]


def test_a_round_of_the_file_belongs_to_the_thread_of_the_invitation() -> None:
    now = state(on(11), INVITED, interview=tracked(Round(at=on(10, 14))))
    assert (now.status, now.rounds[0].message_id) == (Status.AWAITING, "<3.9>")


def test_two_rounds_of_the_file_count_up() -> None:
    now = state(on(12), interview=tracked(Round(at=on(5, 9)), Round(at=on(15, 9))))
    assert (now.status, now.round, [each.number for each in now.rounds]) == (Status.SCHEDULED, 2, [1, 2])


def test_a_rejection_before_a_round_of_the_file_makes_it_void() -> None:
    now = state(on(12), mail(on(8), Label.REJECTION), interview=tracked(Round(at=on(10, 14))))
    assert (now.status, now.next_at, now.rounds) == (Status.REJECTED, None, ())


# Tasks, requests, holds


def test_a_task_waits_for_the_user_and_then_for_them() -> None:
    task = mail(on(3), Label.ASSESSMENT)
    assert (state(on(4), task).status, state(on(4), task).turn) == (Status.ASSESSMENT, Turn.US)
    done = state(on(6), task, mail(on(5), Label.SENT_OTHER))
    assert (done.status, done.turn, done.round) == (Status.AWAITING, Turn.THEM, None)


def test_thanks_for_an_interview_hand_in_no_task() -> None:
    now = state(on(12), FIXED, mail(on(10, 17), Label.ASSESSMENT), mail(on(10, 20), Label.SENT_THANK_YOU))
    assert (now.status, now.turn) == (Status.ASSESSMENT, Turn.US)


def test_a_task_handed_in_before_the_interview_leaves_it_scheduled() -> None:
    now = state(on(8), FIXED, mail(on(6), Label.ASSESSMENT), mail(on(7), Label.SENT_OTHER))
    assert (now.status, now.next_at) == (Status.SCHEDULED, on(10, 14))


def test_a_request_for_documents_changes_the_turn_and_no_status() -> None:
    now = state(on(12), FIXED, mail(on(11), Label.INFO_REQUEST))
    assert (now.status, now.turn) == (Status.AWAITING, Turn.US)
    assert state(on(13), FIXED, mail(on(11), Label.INFO_REQUEST), mail(on(12), Label.SENT_OTHER)).turn is Turn.THEM


def test_a_fixed_time_beside_a_request_waits_for_the_user() -> None:
    both = mail(on(5), Label.SCHEDULED, interview_at=on(10, 14), labels=(Label.SCHEDULED, Label.INFO_REQUEST))
    assert state(on(6), both).turn is Turn.US


def test_a_freeze_calls_off_what_was_fixed() -> None:
    now = state(on(12), INVITED, FIXED, mail(on(6), Label.HOLD, promised_by=date(2026, 9, 30)))
    assert (now.status, now.next_at, now.rounds, now.promised_by) == (Status.ON_HOLD, None, (), date(2026, 9, 30))


def test_a_freeze_ends_with_a_new_invitation() -> None:
    now = state(on(20), FIXED, mail(on(11), Label.HOLD), mail(on(18), Label.INVITATION))
    assert (now.status, now.round, now.turn) == (Status.INVITED, 2, Turn.US)


def test_an_offer_stands_while_a_call_about_it_is_fixed() -> None:
    now = state(on(8), mail(on(5), Label.OFFER), mail(on(6), Label.SCHEDULED, interview_at=on(9, 12)))
    assert (now.status, now.next_at) == (Status.OFFER, on(9, 12))


def test_noise_changes_nothing() -> None:
    noise = [mail(on(6), label) for label in (Label.ALERT, Label.OTHER, Label.AUTO_REPLY, Label.BOUNCE, Label.OUTREACH)]
    quiet, noisy = state(on(7), INVITED), state(on(7), INVITED, *noise)
    assert (noisy.status, noisy.turn, noisy.since, noisy.promised_by) == (quiet.status, quiet.turn, quiet.since, None)


# Round numbers


def test_a_round_that_a_message_names_counts_at_least() -> None:
    assert state(on(4), mail(on(3), Label.INVITATION, round=2)).round == 2
    assert state(on(6), mail(on(3), Label.INVITATION, round=2), FIXED).rounds[0].number == 2


def test_a_receipt_that_describes_the_rounds_begins_none() -> None:
    assert state(on(3), mail(on(2), Label.ACKNOWLEDGED, round=1)).round is None


def test_a_nudge_for_times_is_no_further_round() -> None:
    assert state(on(6), INVITED, mail(on(5), Label.INVITATION)).round == 1


def test_an_invitation_after_a_test_is_the_first_round() -> None:
    assert state(on(9), mail(on(3), Label.ASSESSMENT), mail(on(5), Label.SENT_OTHER), mail(on(8), Label.INVITATION)).round == 1


# Who leads


def led_by(*events: Event, interview: Interview | None = None) -> tuple[str, ...]:
    return state(on(8), *events, interview=interview).rounds[-1].with_


def fixed(at: int, *people: str, sequence: int = 0, hour: int = 14) -> Event:
    return mail(
        on(at), Label.SCHEDULED, interview_at=on(10, hour), calendar_uid="one", calendar_sequence=sequence, with_=tuple(people)
    )


def test_an_invitation_says_who_leads_and_its_update_may_change_that() -> None:
    assert led_by(fixed(5, "priya@acme.example")) == ("priya@acme.example",)
    assert led_by(fixed(5, "priya@acme.example"), fixed(6, "tom@acme.example", sequence=1, hour=16)) == ("tom@acme.example",)


def test_a_move_in_words_alone_leaves_who_leads() -> None:
    moved = mail(on(6), Label.RESCHEDULED, interview_at=on(11, 10))
    assert led_by(fixed(5, "priya@acme.example"), moved) == ("priya@acme.example",)


def test_whom_the_user_named_stays() -> None:
    by_user = tracked(Round(at=on(10, 14), with_=("kim@acme.example",)))
    assert led_by(fixed(5, "priya@acme.example"), interview=by_user) == ("kim@acme.example",)


# Promises

PROMISED = mail(on(6), Label.ACKNOWLEDGED, promised_by=date(2026, 9, 18), labels=(Label.ACKNOWLEDGED, Label.TIMELINE))


def test_a_promise_stands_until_newer_news() -> None:
    now = state(on(8), PROMISED, mail(on(7), Label.ACKNOWLEDGED))
    assert (now.promised_by, now.promised_in) == (date(2026, 9, 18), "<6.9>")
    assert state(on(8), PROMISED, mail(on(7), Label.INVITATION)).promised_by is None


def test_a_newer_promise_replaces_the_older() -> None:
    now = state(on(9), PROMISED, mail(on(8), Label.HOLD, promised_by=date(2026, 10, 2)))
    assert (now.promised_by, now.promised_in) == (date(2026, 10, 2), "<8.9>")


def test_a_promise_ends_with_the_candidacy() -> None:
    now = state(on(9), PROMISED, mail(on(8), Label.REJECTION, promised_by=date(2026, 9, 20)))
    assert (now.promised_by, now.promised_in) == (None, None)


def test_a_promise_of_before_the_interview_does_not_outlive_it() -> None:
    promise = mail(on(6), Label.TIMELINE, promised_by=date(2026, 9, 8))
    assert state(on(7), FIXED, promise).promised_by == date(2026, 9, 8)
    assert state(on(12), FIXED, promise).promised_by is None


# By hand, and through review


def test_what_the_user_set_stands_until_newer_evidence() -> None:
    rejected = mail(on(6), Label.REJECTION)
    assert state(on(9), rejected, by_hand(on(8), Status.AWAITING)).status is Status.AWAITING
    assert state(on(9), rejected, by_hand(on(5), Status.AWAITING)).status is Status.REJECTED


def test_the_round_that_the_user_calls_done_is_behind() -> None:
    now = state(on(9), INVITED, by_hand(on(8), Status.AWAITING), mail(on(8, 12), Label.INVITATION))
    assert now.round == 2


def test_mail_after_the_end_changes_nothing_and_says_why() -> None:
    now = state(on(9), mail(on(6), Label.REJECTION), mail(on(8), Label.INVITATION))
    assert (now.status, now.turn, now.round) == (Status.REJECTED, Turn.NONE, None)
    assert now.history[-1].refused == "It is rejected, and an ended candidacy is opened again only by you."


def test_a_confirmed_review_opens_an_ended_candidacy() -> None:
    now = state(on(9), FIXED, mail(on(6), Label.REJECTION), confirmed(on(8), Label.INVITATION))
    assert (now.status, now.turn) == (Status.INVITED, Turn.US)


def test_the_agents_own_draft_changes_nothing_until_it_is_sent() -> None:
    drafted = Event(interview="acme", at=on(5), kind=EventKind.DRAFTED, draft_kind="reply_invitation")
    sent = Event(interview="acme", at=on(6), kind=EventKind.DRAFT_SENT, draft_kind="reply_invitation")
    assert state(on(7), INVITED, drafted).turn is Turn.US
    assert (state(on(7), INVITED, drafted, sent).turn, state(on(7), INVITED, sent).status) == (Turn.THEM, Status.INVITED)
    assert len(state(on(7), INVITED, drafted, sent).history) == 1
