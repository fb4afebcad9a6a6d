"""The flow through the stages: each way worked out by hand, and nothing lost on it."""

from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.interviews import Event, EventKind, Interview, Round, Status
from agent.report.course import ENDS, Course, course_of, stage_order
from agent.report.flow import Flow, flow_of
from agent.report.layout import Room, drawing_of
from agent.report.picture import pictures_of
from agent.signals import Label
from tests.report.searches import DAY, NOW, followed, mail

ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer", applied_on=date(2026, 10, 1))
UNDATED = Interview(id="acme", company="Acme Robotics", role="Backend Engineer")


def on(day: int, hour: int = 9, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def course(*events: Event, interview: Interview = ACME, quiet: bool = False) -> str:
    found = course_of(followed(interview, events).candidacy, NOW, quiet=quiet)
    return " ".join((*found.stages, found.end))


def fixed(at: int, day: int, **more: object) -> Event:
    return mail("acme", on(at), Label.SCHEDULED, interview_at=on(day, 14), **more)


def test_each_course_is_told_by_its_history() -> None:
    invited, rejected = mail("acme", on(5), Label.INVITATION), mail("acme", on(28), Label.REJECTION)
    again = mail("acme", on(14), Label.INVITATION, round=2)
    offer, accepted = mail("acme", on(24), Label.OFFER), mail("acme", on(26), Label.SENT_ACCEPTANCE)
    assert course() == "applied open"
    assert course(quiet=True) == "applied quiet"
    assert course(rejected) == "applied rejected"
    assert course(invited) == "applied invited open"
    assert course(invited, rejected) == "applied invited rejected"
    assert course(fixed(5, 9)) == "applied invited round-1 open"
    assert course(invited, fixed(6, 9), again, fixed(15, 20), rejected) == "applied invited round-1 round-2 rejected"
    assert course(invited, fixed(6, 9), offer, accepted) == "applied invited round-1 offer accepted"
    assert course(mail("acme", on(5), Label.OFFER)) == "applied offer open"


def test_an_interview_that_lies_ahead_is_no_round_yet() -> None:
    ahead = mail("acme", on(5), Label.SCHEDULED, interview_at=NOW + DAY)
    assert course(ahead) == "applied invited open"
    assert (
        course(interview=Interview(id="a", company="A", role="B", rounds=(Round(at=NOW - DAY),))) == "found invited round-1 open"
    )


def test_a_task_is_a_stage_only_before_the_first_invitation() -> None:
    task, handed_in = mail("acme", on(4), Label.ASSESSMENT), mail("acme", on(6), Label.SENT_OTHER)
    assert course(task, handed_in) == "applied task open"
    assert course(task, handed_in, fixed(8, 12)) == "applied task invited round-1 open"
    assert course(fixed(2, 3), mail("acme", on(5), Label.ASSESSMENT)) == "applied invited round-1 open"


def test_it_begins_with_an_application_only_where_one_is_known() -> None:
    assert course(mail("acme", on(5), Label.INVITATION), interview=UNDATED) == "found invited open"
    assert course(mail("acme", on(5), Label.ACKNOWLEDGED), interview=UNDATED) == "applied open"


def test_what_the_user_says_and_takes_back_counts() -> None:
    over = Event(interview="acme", at=on(9), kind=EventKind.SET, status=Status.AWAITING, round=2)
    gone = Event(interview="acme", at=on(20), kind=EventKind.SET, status=Status.MOVED_ON)
    invited = mail("acme", on(5), Label.INVITATION)
    assert course(over, gone) == "applied invited round-1 round-2 moved_on"
    # The first entry has number 1; the second takes it back.
    assert course(invited, Event(interview="acme", at=on(6), kind=EventKind.UNDONE, reverses=1)) == "applied open"


def test_a_round_that_nobody_can_have_reached_makes_no_columns() -> None:
    assert course(fixed(5, 9, round=40)).split()[-2:] == ["round-6", "open"]


_STAGES = st.lists(st.sampled_from(stage_order()[2:]), unique=True).map(lambda found: sorted(found, key=stage_order().index))
courses = st.lists(
    st.builds(
        lambda first, stages, end: Course(stages=(first, *stages), end=end),
        st.sampled_from(stage_order()[:2]),
        _STAGES,
        st.sampled_from(ENDS),
    ),
    max_size=30,
)


def flow(found: list[Course]) -> Flow:
    return flow_of((("", f"interview-{number}"), each) for number, each in enumerate(found))


@settings(max_examples=40, deadline=None)
@given(courses)
def test_what_flows_in_flows_out_or_rests(found: list[Course]) -> None:
    made = flow(found)
    everybody = {("", f"interview-{number}") for number in range(len(found))}
    into = {node.key: [name for link in made.links if link.target == node.key for name in link.names] for node in made.stages}
    out = {node.key: [name for link in made.links if link.source == node.key for name in link.names] for node in made.stages}
    for node in made.stages:
        assert sorted(out[node.key]) == sorted(node.names)
        if node.key in stage_order()[2:]:
            assert sorted(into[node.key]) == sorted(node.names)
    ended = [name for node in made.ends for name in node.names]
    begun = [name for node in made.stages if node.key in stage_order()[:2] for name in node.names]
    assert sorted(ended) == sorted(begun) == sorted(everybody)
    for link in made.links:
        assert made.columns[link.source] < made.columns[link.target]


@settings(max_examples=40, deadline=None)
@given(courses)
def test_the_drawing_keeps_breadths_and_lets_nothing_overlap(found: list[Course]) -> None:
    made = flow(found)
    drawing = drawing_of(made, Room(length=827, breadth=420))
    if not found:
        assert not drawing.bars
        return
    bars = {bar.key: bar for bar in drawing.bars}
    unit = drawing.bars[0].breadth / drawing.bars[0].count
    for bar in drawing.bars:
        assert abs(bar.breadth - bar.count * unit) < 1e-6
        assert 0 <= bar.across <= bar.across + bar.breadth <= drawing.breadth + 1e-6
    for ribbon in drawing.ribbons:
        assert abs(ribbon.breadth - len(ribbon.link.names) * unit) < 1e-6
        source, target = bars[ribbon.link.source], bars[ribbon.link.target]
        for bar, across in ((source, ribbon.points[0][1]), (target, ribbon.points[-1][1])):
            assert bar.across - 1e-6 <= across <= bar.across + bar.breadth - ribbon.breadth + 1e-6
        assert all(before[0] <= after[0] for before, after in pairwise(ribbon.points))
        for key, bar in bars.items():
            for at, across in ribbon.points[1:-1]:
                if abs(bar.along - at) < 1e-6 and key not in (ribbon.link.source, ribbon.link.target):
                    assert across >= bar.across + bar.breadth - 1e-6 or across + ribbon.breadth <= bar.across + 1e-6
    for side in ("source", "target"):
        for bar in drawing.bars:
            mine = [each for each in drawing.ribbons if getattr(each.link, side) == bar.key]
            end = 0 if side == "source" else -1
            edges = sorted((each.points[end][1], each.points[end][1] + each.breadth) for each in mine)
            assert all(first[1] <= second[0] + 1e-6 for first, second in pairwise(edges))


@settings(max_examples=40, deadline=None)
@given(courses)
def test_no_two_labels_of_the_picture_overlap(found: list[Course]) -> None:
    for picture in pictures_of(flow(found)):
        for place, least in (("above", 81), ("beside", 20), ("left", 30), ("below", 15)):
            captions = [each for each in picture.captions if each.place == place]
            for one, other in pairwise(captions):
                distance = max(abs(one.x - other.x), abs(one.y - other.y))
                assert distance >= (26 if place == "above" and one.x == other.x else least), (picture.name, one, other)
