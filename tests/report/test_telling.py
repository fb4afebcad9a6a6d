"""Time lines, what comes, and what came of follow-ups."""

from dataclasses import replace
from datetime import UTC, date, datetime

from agent.interviews import Event, EventKind, Interview, Round, Status
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from agent.report import figures_as_json, figures_of
from agent.report.coming import coming_of, waiting_now, weeks_of
from agent.report.follow_ups import sent_of
from agent.report.time_line import time_line
from agent.report.wording import item_in_words, kind_in_words, line_in_words, week_in_words
from agent.signals import Label
from tests.report.searches import draft, drawn, followed, mail, planned, search

ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer", applied_on=date(2026, 10, 1))


def on(day: int, hour: int = 9, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_a_time_line_tells_messages_by_quote_and_drafts_by_their_fate() -> None:
    sent, events = draft("acme", DraftKind.STATUS_CHECK, on(20), DraftState.SENT, until=on(21))
    edited, more = draft("acme", DraftKind.FINAL_NOTE, on(28), DraftState.EDITED)
    note = Event(interview="acme", at=on(29), kind=EventKind.NOTE, note="They seemed nervous.")
    invited = mail("acme", on(5), Label.INVITATION, quote="we would like to meet you")
    one = followed(ACME, [invited, *events, *more, note], [sent, edited])
    told = [(f"{line.at:%d}", " ".join(line_in_words(line)), line.quote, line.status) for line in time_line(one)]
    assert told == [
        ("05", "They invited you", "we would like to meet you", Status.INVITED),
        ("20", "Draft Status check: put into Drafts", "", None),
        ("21", "You asked how things stand, with the agent’s draft", "", None),
        ("28", "Draft Final note: put into Drafts", "", None),
        ("28", "Draft Final note: edited by you", "", None),
        ("29", "You wrote a note", "", None),
    ]


def test_an_entry_that_was_taken_back_says_so() -> None:
    rejected = mail("acme", on(5), Label.REJECTION)
    back = Event(interview="acme", at=on(6), kind=EventKind.UNDONE, reverses=1)
    (line,) = time_line(followed(ACME, [rejected, back]))
    assert (line.status, line.refused) == (None, "You took this back.")


def test_what_waits_stands_before_the_weeks_to_come() -> None:
    rounds = (Round(at=on(26, 14, 11)), Round(at=on(26, 16, 11)))
    record, events = draft("acme", DraftKind.THANK_YOU, on(17, 9, 11))
    owed = mail("birch", on(8), Label.TIMELINE, promised_by=date(2026, 11, 17))
    one = followed(replace(ACME, rounds=rounds), events, [record])
    other = followed(replace(ACME, id="birch"), [owed], planned=[planned("birch", DraftKind.STATUS_CHECK, on(19, 9, 11))])
    whole = search(one, other)
    items = figures_of(whole).coming
    assert [(item.name[1], f"{item.day:%d}", item_in_words(item)) for item in waiting_now(items, whole)] == [
        ("birch", "17", "They promised news by this day"),
        ("acme", "17", "Thank-you: in Drafts since then"),
    ]
    assert [
        (week_in_words(week, whole.today), [(item.day.day, item_in_words(item), item.occasion) for item in found])
        for week, found in weeks_of(items, whole)
    ] == [
        ("This week", [(19, "Status check: planned, if nothing happens before", "planned-20261119")]),
        ("Next week", [(26, "Interview, round 1", "round-1"), (26, "Interview, round 1", "round-1:2")]),
    ]


def test_nothing_comes_of_what_has_ended_and_nothing_beyond_six_weeks() -> None:
    gone = mail("acme", on(8), Label.REJECTION, promised_by=date(2026, 11, 20))
    far = followed(ACME, planned=[planned("acme", DraftKind.STATUS_CHECK, on(31, 12, 12))])
    near = followed(ACME, planned=[planned("acme", DraftKind.STATUS_CHECK, on(30, 9, 12))])
    assert [coming_of(each, search(each)) for each in (followed(ACME, [gone]), far)] == [(), ()]
    assert len(coming_of(near, search(near))) == 1


def outcomes(*events: Event) -> list[tuple[str, str, str | None]]:
    one = followed(ACME, sorted(events, key=lambda event: event.at))
    return [(each.kind, each.outcome, each.said) for each in sent_of(one, search(one))]


def test_an_answer_counts_for_the_last_message_before_it() -> None:
    _, first = draft("acme", DraftKind.STATUS_CHECK, on(8), DraftState.SENT, until=on(9))
    _, second = draft("acme", DraftKind.FINAL_NOTE, on(15), DraftState.SENT, until=on(16))
    answer = mail("acme", on(23), Label.INVITATION)
    assert outcomes(*first, *second, answer) == [("status_check", "none", None), ("final_note", "soon", "invitation")]
    assert outcomes(*first, *second, mail("acme", on(24), Label.HOLD))[1] == ("final_note", "later", "hold")
    assert outcomes(*first, mail("acme", on(10), Label.AUTO_REPLY)) == [("status_check", "none", None)]
    own = mail("acme", on(12, 9, 11), Label.SENT_FOLLOW_UP)
    assert outcomes(own) == [("own_words", "pending", None)]
    assert outcomes(mail("acme", on(10, 9, 11), Label.SENT_FOLLOW_UP)) == [("own_words", "none", None)]


def test_drafts_are_counted_by_kind_and_fate() -> None:
    deleted, gone = draft("acme", DraftKind.THANK_YOU, on(8), DraftState.DELETED, until=on(9))
    debrief, asked = draft("acme", DraftKind.DEBRIEF, on(8), DraftState.QUEUED)
    rows = figures_of(search(followed(ACME, [*gone, *asked], [deleted, debrief]))).kinds
    assert [(kind_in_words(row.kind), {state for state, names in row.states.items() if names}) for row in rows] == [
        ("Thank-you", {DraftState.DELETED}),
        ("Debrief, to you", {DraftState.QUEUED}),
    ]


def test_every_number_is_as_large_as_its_list_and_every_name_is_known() -> None:
    figures = figures_of(drawn(60))
    known = {told["id"] for told in figures_as_json(figures)["interviews"]}  # type: ignore[attr-defined]
    counted = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            if "count" in value:
                counted.append(value)
                assert value["count"] == len(value["interviews"])
                assert set(value["interviews"]) <= known
            for each in value.values():
                look(each)
        elif isinstance(value, list | tuple):
            for each in value:
                look(each)

    look(figures_as_json(figures))
    assert len(counted) > 40
    assert len(known) == 60
    assert sum(len(node.names) for node in figures.flow.ends) == 60
    assert len(figures.head["open"]) + len(figures.head["ended"]) == 60
