"""The interviews file: what it holds, what it refuses, and that it reads back as it was written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import Contact, ContactRole, Interview, Round
from agent.rulebook import RulesRefused
from agent.rulebook.tracked import read_interviews, write_interviews

WHOLE = """\
- id: acme-backend
  company: Acme Robotics
  aliases: [Acme]
  domains: [acme.example]
  role: Backend Engineer
  requisition: R-1234
  via: Harbor Recruiting
  applied_on: 2026-09-01
  country: DE
  timezone: Europe/Berlin
  language: en
  contacts:
    - {name: Dana Cole, email: Dana@acme.example, role: recruiter}
  rounds:
    - {at: 2026-09-10T14:00+02:00, minutes: 45, with: [dana@acme.example]}
  notes: free text
"""


def refused(text: str) -> list[str]:
    with pytest.raises(RulesRefused) as caught:
        read_interviews(text, "interviews.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_the_file_of_the_contract_is_read_whole() -> None:
    assert read_interviews(WHOLE, "x") == [
        Interview(
            id="acme-backend",
            company="Acme Robotics",
            role="Backend Engineer",
            aliases=("Acme",),
            domains=("acme.example",),
            requisition="R-1234",
            via="Harbor Recruiting",
            applied_on=date(2026, 9, 1),
            country="DE",
            timezone="Europe/Berlin",
            language="en",
            contacts=(Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.RECRUITER),),
            rounds=(Round(at=datetime(2026, 9, 10, 12, tzinfo=UTC), minutes=45, with_=("dana@acme.example",)),),
            notes="free text",
        )
    ]


def test_an_empty_file_tracks_nothing() -> None:
    assert read_interviews("# nothing yet\n", "x") == []
    assert write_interviews([]) == ""


def test_a_time_without_an_offset_is_in_the_interviews_zone() -> None:
    text = "- {id: a, company: Acme, role: Dev, timezone: America/New_York, rounds: [{at: 2026-09-10T14:00}]}"
    assert read_interviews(text, "x")[0].rounds[0].at == datetime(2026, 9, 10, 18, tzinfo=UTC)


def test_a_time_without_an_offset_and_without_a_zone_is_refused() -> None:
    text = "- id: a\n  company: Acme\n  role: Dev\n  rounds:\n    - at: 2026-09-10T14:00\n"
    assert refused(text) == [
        (
            "interviews.yaml:5:7: 2026-09-10T14:00 does not say in which zone; "
            "add the offset, as in 2026-09-10T14:00+02:00, or give the interview a `timezone`"
        )
    ]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("compny: Acme", "4:3", "not a known key"),
        ("country: XX", "4:3", "no country"),
        ("country: UK", "4:3", "the United Kingdom is GB"),
        ("timezone: Mars/Olympus", "4:3", "no time zone"),
        ("language: english", "4:3", "no language"),
        ("applied_on: 1.9.2026", "4:3", "a date is written as 2026-09-01"),
        ("applied_on: 20260901", "4:3", "a date is written as 2026-09-01"),
        ("domains: ['https://acme.example']", "4:13", "no domain"),
        ("contacts: [{email: dana}]", "4:15", "no mail address"),
        ("contacts: [{email: d@acme.example, role: boss}]", "4:38", "recruiter"),
        ("rounds: [{at: tomorrow}]", "4:13", "a time is written as"),
        ("rounds: [{at: 2026-09-10T14:00Z, minutes: 0}]", "4:36", "greater than or equal to 1"),
        ("id: b", "4:3", "stands here twice"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_how_to_mend_it(line: str, place: str, words: str) -> None:
    problems = refused(f"- id: a\n  company: Acme\n  role: Dev\n  {line}\n")
    assert len(problems) == 1
    assert problems[0].startswith(f"interviews.yaml:{place}: ")
    assert words in problems[0]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(refused("- {id: A b, company: '', role: Dev}\n- {id: c, company: Acme}\n")) == 3


def test_two_interviews_with_one_id_are_refused_at_the_second() -> None:
    problems = refused("- {id: a, company: Acme, role: Dev}\n- {id: a, company: Ostara, role: Dev}\n")
    assert problems == ["interviews.yaml:2:4: `a` is the id of two interviews; give each its own"]


def test_a_mapping_instead_of_a_list_is_explained() -> None:
    assert "begin each interview with `- id: some-name`" in refused("id: a\ncompany: Acme\n")[0]


def test_only_what_is_set_is_written_in_the_order_of_the_contract() -> None:
    text = write_interviews([Interview(id="a", company="Acme", role="Dev", applied_on=date(2026, 9, 1), requisition="4711")])
    assert text == "- id: a\n  company: Acme\n  role: Dev\n  requisition: '4711'\n  applied_on: 2026-09-01\n"


def test_calendar_policy_and_phone_of_an_interview_are_read_and_written() -> None:
    text = (
        "- id: a\n  company: Acme\n  role: Dev\n  country: DE\n  region: by\n  closed: [2026-12-28]\n  policy: two-touch\n"
        "  contacts:\n  - {name: Dana Cole, email: dana@acme.example, role: recruiter, phone: +49 30 1234567}\n"
    )
    (interview,) = read_interviews(text, "x")
    assert (interview.region, interview.closed, interview.policy) == ("BY", (date(2026, 12, 28),), "two-touch")
    assert interview.contacts[0].phone == "+49 30 1234567"
    assert read_interviews(write_interviews([interview]), "x") == [interview]


@pytest.mark.parametrize("wrong", ["region: Bavaria", "policy: 'two touch'", "closed: [Christmas]"])
def test_a_wrong_region_policy_or_day_off_is_refused(wrong: str) -> None:
    with pytest.raises(RulesRefused):
        read_interviews(f"- id: a\n  company: Acme\n  role: Dev\n  {wrong}\n", "x")


def test_notes_of_several_lines_stay_lines_in_the_file() -> None:
    text = write_interviews([Interview(id="a", company="Acme", role="Dev", notes="They asked:\n- why?\n")])
    assert "  notes: |\n    They asked:\n    - why?\n" in text


@pytest.mark.parametrize(
    "notes", ["\x85", "a\u2028b", "\n a", " a\nb", "a\r\nb", "\n\n", "a\n\n\n", "a \nb", "\ufeffa", "\t", "# a\n# b"]
)
def test_odd_notes_read_back_equal(notes: str) -> None:
    interviews = [Interview(id="a", company="Acme", role="Dev", notes=notes)]
    assert read_interviews(write_interviews(interviews), "x") == interviews


_line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() != ""
)
_emails = st.from_regex(r"[a-z0-9.]{1,8}@[a-z]{1,6}\.example", fullmatch=True)
_times = st.builds(
    lambda at, offset: at.replace(tzinfo=timezone(timedelta(minutes=15 * offset))),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(-48, 56),
)
_interviews = st.builds(
    Interview,
    id=st.from_regex(r"[a-z0-9-]{1,10}", fullmatch=True),
    company=_line,
    role=_line,
    aliases=st.lists(_line, max_size=2).map(tuple),
    domains=st.lists(st.from_regex(r"[a-z]{1,6}\.example", fullmatch=True), max_size=2).map(tuple),
    requisition=st.none() | _line,
    via=st.none() | _line,
    applied_on=st.none() | st.dates(),
    country=st.sampled_from([None, "DE", "US", "NO"]),
    timezone=st.sampled_from([None, "Europe/Berlin", "Asia/Tokyo"]),
    language=st.sampled_from(["en", "de", "pt-BR"]),
    contacts=st.lists(
        st.builds(Contact, name=st.just("") | _line, email=_emails, role=st.sampled_from(ContactRole)),
        max_size=2,
        unique_by=lambda contact: contact.email,
    ).map(tuple),
    rounds=st.lists(
        st.builds(Round, at=_times, minutes=st.integers(1, 600), with_=st.lists(_emails, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
    notes=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


@given(st.lists(_interviews, max_size=3, unique_by=lambda each: each.id))
def test_what_is_written_reads_back_equal(interviews: list[Interview]) -> None:
    assert read_interviews(write_interviews(interviews), "x") == interviews
