"""What holds for every job search, whatever happens in which order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.interviews.interview import Contact, ContactRole, Round
from agent.interviews.status import ENDED, Status
from agent.policy import ANSWERS, FOLLOW_UPS, TO_USER, Assessment, DraftKind, takes_no_mail
from agent.signals.reading import OWN_LABELS, Label
from tests.policy.jobsearch import BERLIN, DANA, DEFAULT, IVO, KIM, ME, PRESETS, Search, interview

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OFTEN = [Label.SCHEDULED, Label.TIMELINE, Label.HOLD, Label.INVITATION, Label.OTHER, Label.AUTO_REPLY]
THEIRS = [*OFTEN * 4, *sorted({*Label} - OWN_LABELS)]
MINE = [Label.SENT_THANK_YOU, Label.SENT_FOLLOW_UP, Label.SENT_OTHER] * 3 + [
    Label.SENT_WITHDRAWAL,
    Label.SENT_ACCEPTANCE,
    Label.SENT_DECLINE,
]
NOTES = ["", "agreed: 2026-03-17 by phone", "agreed: 2026-03-13 by mail\nmaterial: my portfolio", "phone: +49 30 555"]
MIA = "mia@friends.example"
UNCOUNTED = ANSWERS | TO_USER | {DraftKind.WITHDRAW}
AFTER_THE_END = {DraftKind.REPLY_REJECTION, DraftKind.REFERRER_UPDATE, DraftKind.WITHDRAW}
ROBOT = "no-reply@ats.example"
WEEK = timedelta(days=7)


@st.composite
def searches(draw: st.DrawFn) -> Search:
    contacts = draw(
        st.lists(
            st.sampled_from(
                [
                    Contact(name="Dana Cole", email=DANA),
                    Contact(name="Ivo Lang", email=IVO, role=ContactRole.HIRING_MANAGER),
                    Contact(name="", email=ROBOT),
                    Contact(name="Mia Falk", email=MIA, role=ContactRole.REFERRER),
                ]
            ),
            unique=True,
        )
    )
    starts = draw(st.lists(st.integers(0, 24 * 40), max_size=2))
    people = st.lists(st.sampled_from([DANA, IVO, KIM, ME, ROBOT]), max_size=3, unique=True)
    rounds = tuple(Round(at=START + timedelta(hours=each), with_=tuple(draw(people))) for each in sorted(starts))
    zone = draw(st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", None]))
    country = draw(st.sampled_from([None, "DE", "US"]))
    policy = PRESETS[draw(st.sampled_from(sorted(PRESETS)))]
    notes = draw(st.sampled_from(NOTES))
    tracked = interview(contacts=tuple(contacts), rounds=rounds, timezone=zone, country=country, notes=notes)
    return Search(tracked, policy)


def told(search: Search, data: st.DataObject) -> Iterator[tuple[datetime, Assessment]]:
    """Let the search run for a while; yield each moment with what the policy says of it, carrying out what is due."""
    now, next_at = START, None
    for _ in range(data.draw(st.integers(4, 24))):
        step = data.draw(st.sampled_from(["theirs", "mine", "clock", "clock", "clock", "send", "send", "hand"]))
        label = data.draw(st.sampled_from(THEIRS if step == "theirs" else MINE))
        if step == "clock" and next_at is not None:
            now = next_at
        else:
            now += timedelta(minutes=data.draw(st.integers(1, 60 * 24 * (2 if step == "send" else 6))))
        match step:
            case "theirs":
                ahead = data.draw(st.integers(-2, 15))
                search.theirs(
                    now,
                    label,
                    sender=data.draw(st.sampled_from([DANA, IVO, ROBOT])),
                    interview_at=now + timedelta(hours=ahead * 5) if label in (Label.SCHEDULED, Label.RESCHEDULED) else None,
                    promised_by=data.draw(st.none() | st.just(now.date() + timedelta(days=max(ahead, 0)))),
                    returns_on=now.date() + timedelta(days=ahead) if label is Label.AUTO_REPLY else None,
                    abstained=data.draw(st.booleans()) and data.draw(st.booleans()),
                )
            case "mine":
                search.mine(now, label, to=(data.draw(st.sampled_from([DANA, IVO])),))
            case "send":
                waiting = [due for due in search.waiting() if due.kind not in TO_USER]
                if waiting:
                    search.sent(now, waiting[-1])
            case "hand" if data.draw(st.integers(0, 4)) == 0:
                search.set_by_hand(now, data.draw(st.sampled_from([Status.WITHDRAWN, Status.AWAITING, Status.MOVED_ON])))
            case _:
                pass
        assessment = search.assess(now)
        yield now, assessment
        search.carry_out(now, assessment)
        next_at = search.assess(now).next_at


quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(searches(), st.data())
def test_no_employer_gets_two_messages_in_a_week(search: Search, data: st.DataObject) -> None:
    for now, assessment in told(search, data):
        before = [each for each in search.contacted(now) if not each.answer and each.kind not in UNCOUNTED]
        limit = next(limit for limit in search.policy.limits if limit.within is not None)
        for due in assessment.due:
            if due.kind in UNCOUNTED | limit.besides | limit.lets_pass:
                continue
            others = [each for each in before if each.kind not in limit.besides]
            assert all(now - each.at >= WEEK for each in others if not (each.kind and {each.kind, due.kind} <= limit.together))
        kinds = {due.kind for due in assessment.due if due.kind not in UNCOUNTED | limit.besides | limit.lets_pass}
        assert len(kinds) <= 1 or kinds <= limit.together


@quick
@given(searches(), st.data())
def test_nobody_is_asked_before_the_day_that_they_named_or_too_soon_after_an_interview(
    search: Search, data: st.DataObject
) -> None:
    for now, assessment in told(search, data):
        candidacy = search.candidacy(now)
        zone = candidacy.interview.zone(BERLIN)
        ended = [each.ends_at for each in candidacy.state.rounds if each.ends_at <= now]
        for due in assessment.due:
            if due.kind not in FOLLOW_UPS | {DraftKind.CALL_SHEET}:
                continue
            promised = candidacy.state.promised_by
            if promised is not None and candidacy.interview.notes == "":
                later = [each for each in ended if each.astimezone(zone).date() >= promised]
                assert later or now.astimezone(zone).date() > promised
            if ended and search.policy.name in ("status-guide", "brief"):
                assert now - max(ended) >= WEEK


@quick
@given(searches(), st.data())
def test_nothing_follows_the_end_but_one_reply(search: Search, data: st.DataObject) -> None:
    replies = 0
    for now, assessment in told(search, data):
        replies += sum(due.kind is DraftKind.REPLY_REJECTION for due in assessment.due)
        if search.candidacy(now).state.status in ENDED:
            assert {due.kind for due in assessment.due} <= AFTER_THE_END
            assert {due.kind for due in assessment.planned} <= AFTER_THE_END
            assert assessment.suggestions == ()
    assert replies <= 1


@quick
@given(searches(), st.data())
def test_no_occasion_is_drafted_twice_and_nobody_is_written_to_in_vain(search: Search, data: st.DataObject) -> None:
    made: set[tuple[DraftKind, str]] = set()
    for _, assessment in told(search, data):
        for due in assessment.due:
            assert (due.kind, due.occasion) not in made
            made.add((due.kind, due.occasion))
            assert due.to
            assert not any(takes_no_mail(each.email, DEFAULT.never_write_to) for each in due.to)
            assert all((each.email == ME) == (due.kind in TO_USER) for each in due.to)
            assert due.requirements
            assert "{" not in due.reason
        for held in assessment.held:
            assert held.requirements
            assert "{" not in held.reason
            assert "  " not in held.reason


@quick
@given(searches(), st.data())
def test_nothing_changes_by_the_clock_before_the_next_moment(search: Search, data: st.DataObject) -> None:
    for now, assessment in told(search, data):
        if assessment.next_at is not None:
            assert assessment.next_at > now
        until = assessment.next_at or now + timedelta(days=500)
        share = data.draw(st.floats(0, 1, exclude_max=True))
        between = now + (until - now) * share
        assert search.assess(min(between, until - timedelta(microseconds=1))) == assessment


@quick
@given(searches(), st.data())
def test_what_is_planned_first_becomes_due_at_its_time_or_gives_way_to_what_is_due_beside_it(
    search: Search, data: st.DataObject
) -> None:
    for now, assessment in told(search, data):
        assert all(due.due_at <= now for due in assessment.due)
        assert all(planned.due_at > now for planned in assessment.planned)
        assert all(held.due_at <= now for held in assessment.held)
        if assessment.planned and not assessment.due:
            first = assessment.planned[0]
            later = search.assess(first.due_at)
            drafted = {(due.kind, due.occasion) for due in later.due}
            gave_way = {(held.kind, held.occasion) for held in later.held} if drafted else set()
            assert (first.kind, first.occasion) in drafted | gave_way


@quick
@given(searches(), st.data())
def test_the_follow_ups_go_to_one_person(search: Search, data: st.DataObject) -> None:
    for _, assessment in told(search, data):
        for due in (*assessment.due, *assessment.planned):
            assert len(due.to) == 1


def test_silence_is_brought_to_an_end() -> None:
    """Left alone with a user who sends each draft after an hour, a candidacy ends with the suggestion to move on."""
    search = Search()
    search.theirs(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), Label.SCHEDULED, interview_at=datetime(2026, 3, 3, 13, 0, tzinfo=UTC))
    now: datetime | None = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    drafted: list[tuple[date, DraftKind]] = []
    suggested: list[tuple[date, Status]] = []
    while now is not None:
        assessment = search.assess(now)
        drafted += [(now.date(), due.kind) for due in assessment.due]
        suggested += [(now.date(), each.status) for each in assessment.suggestions]
        search.carry_out(now, assessment)
        for due in (each for each in search.waiting() if each.kind not in TO_USER):
            search.sent(now + timedelta(hours=1), due)
            now += timedelta(hours=1)
        now = search.assess(now).next_at
    assert drafted == [
        (date(2026, 3, 3), DraftKind.DEBRIEF),
        (date(2026, 3, 3), DraftKind.THANK_YOU),
        (date(2026, 3, 12), DraftKind.STATUS_CHECK),
        (date(2026, 3, 19), DraftKind.FINAL_NOTE),
    ]
    assert suggested == [(date(2026, 3, 26), Status.MOVED_ON)]


def test_the_same_question_has_the_same_answer() -> None:
    search = Search(replace(interview(), rounds=(Round(at=START, with_=(IVO, KIM)),)))
    moment = START + timedelta(hours=4)
    assert search.assess(moment) == search.assess(moment)
