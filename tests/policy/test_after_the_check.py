from dataclasses import replace
from datetime import date

from agent.interviews.status import Status
from agent.policy import DraftKind
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, Search, at


def asked_once() -> Search:
    """An interview on Monday 2 March, and a status check that the user sent on Wednesday 11 March at 16:00."""
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    check = search.assess(at("2026-03-11 15:00")).due[0]
    search.drafted(at("2026-03-11 15:00"), check)
    search.sent(at("2026-03-11 16:00"), check)
    return search


def test_a_final_note_follows_a_week_after_the_check_was_sent() -> None:
    search = asked_once()
    assert search.assess(at("2026-03-18 15:59")).due == ()
    due = search.assess(at("2026-03-18 16:00")).due
    assert [(each.kind, each.occasion) for each in due] == [(DraftKind.FINAL_NOTE, "follow-up-1")]
    assert [each.email for each in due[0].to] == [DANA]
    assert "B7" in due[0].requirements


def test_a_draft_that_was_not_sent_is_not_followed_up() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.drafted(at("2026-03-11 15:00"), search.assess(at("2026-03-11 15:00")).due[0])
    later = search.assess(at("2026-03-30 10:00"))
    assert (later.due, later.planned) == ((), ())


def test_the_copy_in_the_sent_folder_is_the_same_follow_up() -> None:
    search = asked_once()
    search.mine(at("2026-03-11 16:02"), Label.SENT_FOLLOW_UP)
    due = search.assess(at("2026-03-18 16:02")).due
    assert [(each.kind, each.occasion) for each in due] == [(DraftKind.FINAL_NOTE, "follow-up-1")]


def test_a_check_that_the_user_wrote_himself_counts_too() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    mine = search.mine(at("2026-03-10 10:00"), Label.SENT_FOLLOW_UP)
    assert search.assess(at("2026-03-11 15:00")).due == ()
    due = search.assess(at("2026-03-17 10:00")).due
    assert [each.kind for each in due] == [DraftKind.FINAL_NOTE]
    assert due[0].parent is not None
    assert due[0].parent.message.message_id == mine


def test_an_answer_stops_the_final_note() -> None:
    search = asked_once()
    search.theirs(at("2026-03-13 10:00"), Label.OTHER)
    assert search.assess(at("2026-03-18 16:00")).due == ()


def test_an_automatic_answer_does_not() -> None:
    search = asked_once()
    search.theirs(at("2026-03-11 16:01"), Label.AUTO_REPLY)
    assert len(search.assess(at("2026-03-18 16:00")).due) == 1


def test_a_week_is_over_by_the_wall_clock_and_by_the_hours() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.mine(at("2026-03-25 10:00"), Label.SENT_FOLLOW_UP)  # summer time begins on the 29th: 7 days later 10:00 is 167 hours
    assert search.assess(at("2026-04-01 10:59")).due == ()
    assert len(search.assess(at("2026-04-01 11:00")).due) == 1
    autumn = Search()
    autumn.held_interview(at("2026-10-05 14:00"))
    autumn.mine(at("2026-10-21 10:00"), Label.SENT_FOLLOW_UP)  # ends on the 25th: 168 hours later it is 09:00
    assert autumn.assess(at("2026-10-28 09:59")).due == ()
    assert len(autumn.assess(at("2026-10-28 10:00")).due) == 1


def test_after_two_unanswered_messages_the_user_is_asked_to_move_on() -> None:
    search = asked_once()
    search.mine(at("2026-03-18 16:30"), Label.SENT_FOLLOW_UP)
    assert search.assess(at("2026-03-25 16:29")).suggestions == ()
    assert search.assess(at("2026-03-20 10:00")).next_at == at("2026-03-25 16:30")
    later = search.assess(at("2026-03-25 16:30"))
    assert [(each.status, each.occasion, each.rule) for each in later.suggestions] == [
        (Status.MOVED_ON, "follow-up-2", "moved-on")
    ]
    assert "B8" in later.suggestions[0].requirements
    assert (later.due, later.planned, later.held, later.next_at) == ((), (), (), None)


def test_once_moved_on_nothing_follows() -> None:
    search = asked_once()
    search.theirs(at("2026-03-13 10:00"), Label.ROLE_CLOSED)
    for day in ("2026-03-14", "2026-03-20", "2026-05-20"):
        assessment = search.assess(at(f"{day} 10:00"))
        assert (assessment.due, assessment.planned, assessment.suggestions) == ((), (), ())


def test_an_answer_after_the_promised_day_uses_the_promise_up() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    search.theirs(at("2026-03-03 10:00"), Label.TIMELINE, promised_by=date(2026, 3, 6))
    check = search.due(at("2026-03-10 09:00"), DraftKind.STATUS_CHECK)[0]
    search.drafted(at("2026-03-10 09:00"), check)
    search.sent(at("2026-03-10 09:30"), check)
    answer = search.theirs(at("2026-03-11 10:00"), Label.OTHER)
    assert search.assess(at("2026-03-20 09:59")).due == ()
    due = search.assess(at("2026-03-20 10:00")).due  # the seventh business day after Wednesday 11
    assert [(each.kind, each.occasion, each.rule) for each in due] == [(DraftKind.STATUS_CHECK, answer, "status-check")]


def test_two_messages_that_fall_due_together_share_one_week() -> None:
    search = Search()
    check = next(rule for rule in search.policy.rules if rule.id == "status-check")
    question = replace(check, id="ask-for-the-timeline", draft=DraftKind.TIMELINE_REQUEST)
    search.policy = replace(search.policy, rules=(*search.policy.rules, question))
    search.held_interview(at("2026-03-02 14:00"))
    assessment = search.assess(at("2026-03-11 15:00"))
    assert [each.kind for each in assessment.due] == [DraftKind.STATUS_CHECK]
    assert [(each.kind, each.rule) for each in assessment.held] == [(DraftKind.TIMELINE_REQUEST, "one-a-week")]


def test_a_thank_you_that_was_drafted_asks_for_nothing_whatever_its_words_seem_to_say() -> None:
    search = Search()
    search.held_interview(at("2026-03-02 14:00"))
    thanks = search.due(at("2026-03-02 17:00"), DraftKind.THANK_YOU)[0]
    search.drafted(at("2026-03-02 17:00"), thanks)
    sent = search.mine(at("2026-03-02 18:00"), Label.SENT_FOLLOW_UP)
    search.sent(at("2026-03-02 18:00"), thanks)
    search.events[-1] = replace(search.events[-1], message_id=sent)

    assert [each.kind for each in search.assess(at("2026-03-11 15:00")).due] == [DraftKind.STATUS_CHECK]
