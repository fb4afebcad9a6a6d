"""What the user noted: agreed days, promised material, direct numbers; and the employer's own calendar."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from agent.interviews.interview import Contact, ContactRole
from agent.interviews.telephone import direct_number
from agent.messages.message import Address
from agent.policy import DraftKind
from agent.policy.office_hours import Office
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, HOLIDAYS, IVO, PRESETS, Search, at, interview


def agreed_search(**fields: object) -> Search:
    """An interview on Tuesday 12 May 2026, and the default policy."""
    search = Search(interview(**fields))
    search.held_interview(at("2026-05-12 14:00"))
    return search


def check(search: Search, now: str) -> str | None:
    """Return when the next status check is due, by the clock in Berlin."""
    assessment = search.assess(at(now))
    found = [each.due_at for each in (*assessment.due, *assessment.planned) if each.kind is DraftKind.STATUS_CHECK]
    return f"{found[0].astimezone(ZoneInfo('Europe/Berlin')):%d %B %H:%M}" if found else None


def test_an_agreed_day_counts_like_a_promised_one() -> None:
    search = agreed_search(notes="agreed: 2026-05-15 by phone")
    assert check(search, "2026-05-13 12:00") == "19 May 09:00"  # Friday is agreed, Monday the full business day


def test_what_was_agreed_later_stands_in_the_place_of_a_promise() -> None:
    search = agreed_search()
    search.theirs(at("2026-05-13 10:00"), Label.TIMELINE, promised_by=date(2026, 5, 29))
    search.note(at("2026-05-14 10:00"), "agreed: 2026-05-20")
    assert check(search, "2026-05-15 12:00") == "22 May 09:00"


@pytest.mark.parametrize("label", [Label.TIMELINE, Label.ACKNOWLEDGED])
def test_what_they_promise_later_stands_in_the_place_of_what_was_agreed(label: Label) -> None:
    search = agreed_search()
    search.note(at("2026-05-12 16:00"), "agreed: 2026-05-20")
    search.theirs(at("2026-05-13 10:00"), label, promised_by=date(2026, 5, 29))
    assert check(search, "2026-05-15 12:00") == "02 June 09:00"


def test_a_new_interview_uses_up_what_was_agreed_before_it() -> None:
    search = agreed_search()
    search.note(at("2026-05-12 16:00"), "agreed: 2026-06-30")
    search.held_interview(at("2026-05-20 14:00"), fixed=at("2026-05-14 10:00"))
    assert check(search, "2026-05-20 18:00") == "29 May 15:00"  # the seventh business day after the second interview


def test_a_note_made_while_the_interview_ran_stands() -> None:
    search = agreed_search()
    search.note(at("2026-05-12 14:50"), "agreed: 2026-05-15")
    assert check(search, "2026-05-13 12:00") == "19 May 09:00"


def test_a_word_after_the_agreed_day_uses_it_up() -> None:
    search = agreed_search(notes="agreed: 2026-05-14")
    search.theirs(at("2026-05-15 10:00"), Label.OTHER)
    assert check(search, "2026-05-15 12:00") == "21 May 15:00"  # no day stands: the seventh business day after the interview


def test_a_slip_of_the_pen_stops_nothing() -> None:
    assert check(agreed_search(notes="agreed: 2206-05-15"), "2026-05-13 12:00") == "21 May 15:00"
    assert check(agreed_search(notes="agreed: 2026-05-35"), "2026-05-13 12:00") == "21 May 15:00"


def test_days_off_of_the_employer_are_no_business_days() -> None:
    closed = (date(2026, 5, 20), date(2026, 5, 21))
    assert check(agreed_search(closed=closed), "2026-05-13 12:00") == "25 May 15:00"


@pytest.mark.parametrize(
    ("region", "due"),
    [
        (None, "22 May 15:00"),  # Ascension Day on Thursday 14 May is a holiday in all of Germany
        ("BE", "22 May 15:00"),
        ("XX", "22 May 15:00"),
    ],
)
def test_holidays_of_the_country_count(region: str | None, due: str) -> None:
    assert check(agreed_search(country="DE", region=region), "2026-05-13 12:00") == due


@pytest.mark.parametrize(
    ("region", "due"),
    [
        ("BY", "15 June 09:00"),
        ("DE-BY", "15 June 09:00"),
        ("by", "15 June 09:00"),
        ("BE", "12 June 09:00"),
        (None, "12 June 09:00"),
    ],
)
def test_holidays_of_the_region_count(region: str | None, due: str) -> None:
    """Corpus Christi is on Thursday 4 June 2026: a day off in Bavaria, not in Berlin. The interview is on Tuesday 2 June."""
    search = Search(interview(country="DE", region=region))
    search.held_interview(at("2026-06-02 16:30"))
    assert check(search, "2026-06-03 12:00") == due


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Europe/Berlin", "2026-05-21T13:00:00+00:00"),
        ("America/Los_Angeles", "2026-05-21T16:00:00+00:00"),  # 13:00 UTC is 6 in the morning there
        ("Pacific/Auckland", "2026-05-21T21:00:00+00:00"),  # it ended there on Wednesday at one in the morning
    ],
)
def test_the_hours_are_those_of_their_zone(zone: str, due: str) -> None:
    planned = agreed_search(timezone=zone).assess(at("2026-05-13 12:00")).planned
    assert [each.due_at.isoformat() for each in planned if each.kind is DraftKind.STATUS_CHECK] == [due]


def test_a_regions_calendar_is_the_countrys_where_nobody_knows_the_region() -> None:
    corpus_christi = date(2026, 6, 4)
    assert not HOLIDAYS.is_business_day(corpus_christi, "DE", "BY")
    assert HOLIDAYS.is_business_day(corpus_christi, "DE", "BE")
    assert HOLIDAYS.is_business_day(corpus_christi, "DE", "nowhere")
    assert HOLIDAYS.is_business_day(corpus_christi, None, "BY")
    assert not HOLIDAYS.is_business_day(date(2026, 7, 3), "US", "CA")  # Independence Day falls on a Saturday


def test_the_morning_before_they_open() -> None:
    office = Office(
        zone=ZoneInfo("Europe/Berlin"), country=None, holidays=HOLIDAYS, closed=frozenset(), opens=time(9), closes=time(17)
    )
    assert office.next_early(at("2026-05-15 06:00")) == at("2026-05-15 07:00")
    assert office.next_early(at("2026-05-15 18:00")) == at("2026-05-15 18:00")
    assert office.next_early(at("2026-05-16 06:00")) == at("2026-05-18 07:00")
    assert office.next_early(at("2026-05-16 06:00"), also=date(2026, 5, 16)) == at("2026-05-16 07:00")


# Numbers

CONTACTS = (
    Contact(name="Dana Cole", email=DANA, role=ContactRole.RECRUITER, phone="+49 30 5550101"),
    Contact(name="Ivo Lang", email=IVO, role=ContactRole.HIRING_MANAGER),
)


def number(search: Search, email: str) -> str:
    return direct_number(search.candidacy(at("2026-05-20 12:00")), email)


def test_the_number_of_the_contact_goes_first() -> None:
    search = agreed_search(contacts=CONTACTS, notes="phone (Dana): 1\nphone: 2")
    assert number(search, DANA) == "+49 30 5550101"
    assert number(search, DANA.upper()) == "+49 30 5550101"


def test_then_a_note_about_the_person_then_the_persons_own_mail_then_any_note() -> None:
    search = agreed_search(contacts=CONTACTS[1:], notes="phone (Dana): 1")
    assert number(search, IVO) == ""
    search.theirs(at("2026-05-13 10:00"), Label.OTHER, sender=IVO, phone="+49 30 5550102")
    assert number(search, IVO) == "+49 30 5550102"
    search.note(at("2026-05-14 10:00"), "phone: +49 30 5550103")
    assert number(search, IVO) == "+49 30 5550102"
    assert number(search, DANA) == "+49 30 5550103"
    search.note(at("2026-05-14 10:00"), "phone (Ivo Lang): +49 30 5550104")
    assert number(search, IVO) == "+49 30 5550104"


def test_the_number_in_somebody_elses_mail_is_not_the_persons() -> None:
    search = agreed_search(contacts=CONTACTS[1:])
    search.theirs(at("2026-05-13 10:00"), Label.OTHER, sender=DANA, phone="+49 30 5550102")
    assert number(search, IVO) == ""


# Whom it goes to


def test_a_policy_that_would_ask_somebody_else_is_held_by_the_primary_contact() -> None:
    search = agreed_search(contacts=CONTACTS)
    changed = tuple(
        replace(rule, to=(PRESETS["close-the-loop"].rules[-1].to[0],)) if rule.id == "status-check" else rule
        for rule in search.policy.rules
    )
    search.policy = replace(search.policy, rules=changed)
    held = [each for each in search.assess(at("2026-05-21 15:00")).held if each.kind is DraftKind.STATUS_CHECK]
    assert [(each.rule, each.requirements) for each in held] == [("primary-contact", ("B9",))]
    assert held[0].reason == f"{IVO} is not the one contact for this role; follow-ups go to one person only."


def test_drafts_to_the_user_go_to_the_main_address_and_are_counted_by_no_limit() -> None:
    search = agreed_search()
    debrief = search.due(at("2026-05-12 15:00"), DraftKind.DEBRIEF)[0]
    assert (debrief.to, debrief.occasion) == ((Address(name="", email="robin@mail.example"),), "round-1:debrief")
    search.drafted(at("2026-05-12 15:00"), debrief)
    assert len(search.due(at("2026-05-12 17:00"), DraftKind.THANK_YOU)) == 1
