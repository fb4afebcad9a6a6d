"""How long they took and whether a silence is unusual: days counted by hand, no statistics where there are too few."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agent.interviews import Event, EventKind, Interview, Status
from agent.policy import DraftKind
from agent.report import Followed, figures_of
from agent.report.dots import Dots, dots_of, longest_of
from agent.report.silences import Silence, Verdict
from agent.report.waits import Stage, waits_of
from agent.report.wording import verdict_in_words
from agent.signals import Label
from tests.report.searches import NOW, draft, followed, mail, planned, search


def on(day: int, hour: int = 9, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def applied(day: int = 1, name: str = "acme", month: int = 10) -> Interview:
    return Interview(id=name, company=name.title(), role="Engineer", applied_on=date(2026, month, day))


def waits(*events: Event) -> list[tuple[str, int, str]]:
    found = followed(applied(), events)
    how = {(True, True): "answered", (True, False): "unanswered", (False, False): "open"}
    return [(each.stage, each.days, how[each.over, each.until is not None]) for each in waits_of(found, search(found))]


def test_each_wait_begins_with_their_turn_and_ends_with_their_word() -> None:
    found = waits(
        mail("acme", on(2), Label.ACKNOWLEDGED),
        mail("acme", on(9), Label.INVITATION),
        mail("acme", on(10), Label.SENT_OTHER),
        mail("acme", on(12), Label.SCHEDULED, interview_at=on(15, 14)),
        mail("acme", on(16), Label.SENT_THANK_YOU),
        mail("acme", on(24), Label.HOLD),
        mail("acme", on(29), Label.SENT_FOLLOW_UP),
    )
    # Applied on 1 October; a receipt is no answer, thanks and a nudge begin no new wait; it is 18 November.
    assert found == [
        ("application", 8, "answered"),
        ("time", 2, "answered"),
        ("interview", 9, "answered"),
        ("hold", 25, "open"),
    ]


def test_a_task_that_was_handed_in_waits_for_word_of_it() -> None:
    assert waits(
        mail("acme", on(6), Label.ASSESSMENT), mail("acme", on(9), Label.SENT_OTHER), mail("acme", on(20), Label.REJECTION)
    ) == [("application", 5, "answered"), ("task", 11, "answered")]


def test_who_moves_on_got_no_answer() -> None:
    assert waits(Event(interview="acme", at=on(31), kind=EventKind.SET, status=Status.MOVED_ON)) == [
        ("application", 30, "unanswered")
    ]


def test_nobody_is_silent_while_an_interview_is_fixed_or_it_is_the_users_turn() -> None:
    assert waits(mail("acme", on(4), Label.INVITATION)) == [("application", 3, "answered")]
    ahead = mail("acme", on(4), Label.SCHEDULED, interview_at=NOW + timedelta(days=2))
    assert waits(ahead) == [("application", 3, "answered")]


def answered_after(*days: int) -> list[Followed]:
    """Candidacies of September in which the answer to the application took so many days."""
    return [
        followed(applied(1, f"early-{number}", 9), [mail(f"early-{number}", on(1, 9, 9) + timedelta(days=took), Label.REJECTION)])
        for number, took in enumerate(days)
    ]


def silence(one: Followed, *earlier: int) -> Silence:
    found = figures_of(search(one, *answered_after(*earlier))).silences
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("earlier", "verdict", "sooner"),
    [
        ((2, 3, 4, 5, 6), Verdict.UNUSUAL, 5),  # 18 days since 31 October, all five came sooner
        ((2, 3, 4, 5, 30), Verdict.LONG, 4),
        ((2, 3, 18, 20, 30), Verdict.USUAL, 2),  # what took just as long did not come sooner
    ],
)
def test_a_silence_is_compared_with_five_earlier_answers(earlier: tuple[int, ...], verdict: Verdict, sooner: int) -> None:
    found = silence(followed(applied(31)), *earlier)
    assert (found.wait.days, found.verdict, found.sooner, found.known) == (18, verdict, sooner, 5)
    assert verdict_in_words(found, NOW.date())[1] == f"{sooner} of 5 earlier answers came sooner."


def test_four_answers_are_too_few_and_the_policy_is_asked() -> None:
    nothing = silence(followed(applied(31)), 2, 3, 4, 5)
    assert nothing.verdict is Verdict.UNKNOWN
    assert verdict_in_words(nothing, NOW.date()) == (
        "cannot say",
        "Only 4 earlier answers at this stage: too few to compare (5 are needed). Your policy asks for no follow-up from here.",
    )
    ahead = silence(followed(applied(31), planned=[planned("acme", DraftKind.STATUS_CHECK, on(23, 10, 11))]), 2)
    assert verdict_in_words(ahead, NOW.date()) == (
        "not yet",
        "Only 1 earlier answer at this stage: too few to compare (5 are needed). Your policy waits until Mon 23 Nov.",
    )
    record, events = draft("acme", DraftKind.STATUS_CHECK, on(9, 10, 11))
    behind = silence(followed(applied(31), events, [record]))
    assert verdict_in_words(behind, NOW.date()) == (
        "long enough",
        "No earlier answer is known at this stage. By your policy a follow-up was due on Mon 9 Nov.",
    )


def test_what_they_promised_comes_before_all_comparing() -> None:
    def promised(day: int) -> Silence:
        return silence(followed(applied(), [mail("acme", on(8), Label.HOLD, promised_by=date(2026, 11, day))]), 2, 3, 4, 5, 6)

    assert [promised(day).verdict for day in (17, 18, 19)] == [Verdict.LATE, Verdict.PROMISED, Verdict.PROMISED]


def test_quartiles_are_told_from_five_answers_on() -> None:
    four, five = (figures_of(search(*answered_after(*days))).times[0] for days in ((1, 2, 3, 4), (1, 2, 3, 4, 10)))
    assert (four.stage, four.median, four.three_of_four) == (Stage.APPLICATION, None, None)
    assert (five.median, five.three_of_four, five.answered[-1].days) == (3.0, 4.0, 10)


def test_only_what_went_quiet_ends_so_in_the_flow() -> None:
    quiet = followed(applied(31))
    figures = figures_of(search(quiet, followed(applied(16, "birch", 11)), *answered_after(2, 3, 4, 5, 30)))
    assert figures.head["quiet"] == ()
    figures = figures_of(search(quiet, followed(applied(16, "birch", 11)), *answered_after(2, 3, 4, 5, 6)))
    assert figures.head["quiet"] == (("", "acme"),)
    assert [(node.key, len(node.names)) for node in figures.flow.ends] == [("open", 1), ("quiet", 1), ("rejected", 5)]


def test_the_dots_stand_on_one_axis_of_days() -> None:
    figures = figures_of(search(followed(applied(31)), *answered_after(0, 9, 9, 18)))
    (times,) = figures.times
    assert longest_of(figures.times) == 18
    # From 4 to 156 units are 18 days; two answers after nine days are one dot.
    assert dots_of(times, 18) == Dots(answered="M4 5h0M80 5h0M156 5h0", waiting="M156 10v6")
