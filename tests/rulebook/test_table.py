"""Tables of candidacies: the exports of other trackers and people's own spreadsheets, read into interviews."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import Contact, Interview, Round, Status
from agent.rulebook import RulesRefused
from agent.rulebook.columns import Column, load_columns
from agent.rulebook.senders import load_senders
from agent.rulebook.spreadsheet import Row, read_rows
from agent.rulebook.table import Table, read_table
from agent.rulebook.table_head import Reading
from agent.rulebook.tracked import table_of
from tests.rulebook.folder import user_rules

UNKNOWN_STATUS = (
    "the status 'weiß nicht' is not known; the row is taken as an application; "
    "say what it means: --statuses 'weiß nicht=rejected'"
)
FILES = Path(__file__).parents[1] / "imports"
READING = Reading(columns=load_columns(None), senders=load_senders(None), zone=ZoneInfo("Europe/London"))


def read(text: str | bytes, reading: Reading = READING, *tracked: Interview) -> Table:
    raw = text.encode() if isinstance(text, str) else text
    return read_table(read_rows(raw, "jobs.csv"), "jobs.csv", reading, tracked=tracked)


def of_file(name: str) -> Table:
    return read_table(read_rows((FILES / name).read_bytes(), name), name, READING, tracked=())


def statuses(table: Table) -> dict[str, Status | None]:
    return {row.interview.id: row.status for row in table.rows}


def told(table: Table) -> list[str]:
    return [str(problem) for problem in (*table.refused, *table.doubts)]


def test_an_export_of_huntr_is_read_with_what_it_says() -> None:
    table = of_file("huntr.csv")

    assert [row.interview for row in table.rows] == [
        Interview(
            id="acme-robotics-backend-engineer",
            company="Acme Robotics",
            role="Backend Engineer",
            domains=("acme.example",),
            applied_on=date(2026, 9, 1),
            notes="Location: Berlin\nPosting: https://jobs.acme.example/1",
        ),
        Interview(
            id="cedar-foods-data-analyst",
            company="Cedar Foods",
            role="Data Analyst",
            domains=("cedar.example",),
            notes="Salary: 55000\nLocation: Leeds",
        ),
        Interview(
            id="birch-analytics-platform-engineer",
            company="Birch Analytics",
            role="Platform Engineer",
            notes="Posting: https://www.linkedin.com/jobs/view/3\nDeadline: 2026-10-01 00:00:00",
        ),
    ]
    assert [(row.status, row.status_at) for row in table.rows] == [
        (None, None),
        (Status.REJECTED, datetime(2026, 9, 20, 15, 30, tzinfo=UTC)),
        (Status.INVITED, datetime(2026, 9, 10, 10, 0, tzinfo=UTC)),
    ]
    assert (table.not_applied, told(table)) == ((5,), [])


def test_an_export_of_simplify_is_read_with_what_was_archived() -> None:
    table = of_file("simplify.csv")

    assert statuses(table) == {
        "acme-robotics-backend-engineer": None,
        "cedar-foods-data-analyst": Status.REJECTED,
        "birch-analytics-platform-engineer": Status.INVITED,
        "elm-telecom-support-engineer": Status.MOVED_ON,
    }
    assert [row.interview.applied_on for row in table.rows] == [
        date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3), date(2026, 8, 1),
    ]  # fmt: skip
    assert table.rows[3].status_at == datetime(2026, 9, 30, 11, 0, tzinfo=UTC)
    assert (table.not_applied, told(table)) == ((5,), [])


def test_a_table_of_teal_is_read_with_the_month_first_as_its_dates_show() -> None:
    table = of_file("teal.csv")

    assert statuses(table) == {
        "acme-robotics-backend-engineer": None,
        "cedar-foods-data-analyst": Status.REJECTED,
        "birch-analytics-platform-engineer": Status.INVITED,
        "elm-telecom-support-engineer": Status.WITHDRAWN,
    }
    assert [row.interview.applied_on for row in table.rows] == [
        date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 6),
    ]  # fmt: skip
    assert (table.not_applied, told(table)) == ((5,), [])


def test_a_german_spreadsheet_of_excel_is_read_below_its_title() -> None:
    table = of_file("excel.csv")

    assert table.rows[0].interview == Interview(
        id="bohme-sohne-gmbh-entwickler",
        company="Böhme & Söhne GmbH",
        role="Entwickler (m/w/d)",
        applied_on=date(2026, 9, 1),
        contacts=(Contact(name="Dana Köhler", email="dana.koehler@boehme.example"),),
        rounds=(Round(at=datetime(2026, 9, 15, 13, 30, tzinfo=UTC)),),
        notes="Anruf im August",
    )
    assert statuses(table) == {
        "bohme-sohne-gmbh-entwickler": None,  # its fixed time says more than the word does
        "birke-analytik-ag-datenanalystin": Status.REJECTED,
        "ulmen-telekom-support": None,
    }
    assert table.repeated == ((8, 5),)
    assert told(table) == [
        "excel.csv:7:1: the row names no company; fill it in, or take the row out",
        f"excel.csv:6:4: {UNKNOWN_STATUS}",
    ]


def test_a_row_of_what_is_tracked_has_its_id_under_any_of_its_names() -> None:
    known = Interview(id="mine", company="Acme Robotics GmbH", aliases=("Acme",), role="Entwickler")

    table = read("Company,Role\nACME,Entwickler (m/w/d)\nAcme,Clerk\n", READING, known)

    assert [row.interview.id for row in table.rows] == ["mine", "acme-clerk"]


def test_two_requisitions_are_two_candidacies() -> None:
    table = read("Company,Role,Req ID\nAcme,Clerk,R-1\nAcme,Clerk,R-2\nAcme,Clerk,R-1\n")

    assert [row.interview.id for row in table.rows] == ["acme-clerk", "acme-clerk-2"]
    assert table.repeated == ((4, 2),)


def test_headers_that_nobody_knows_are_told_and_can_be_named() -> None:
    with pytest.raises(RulesRefused) as caught:
        read("Wo,Was,Wann\nAcme,Clerk,2026-09-01\n")
    assert str(caught.value) == (
        "jobs.csv:1:1: no column says the company and the role; here stand: Wo, Was, Wann; "
        "say which it is: --columns 'HEADER=company, HEADER=role'"
    )

    named = Reading(
        columns=READING.columns,
        senders=READING.senders,
        zone=READING.zone,
        renamed={"wo": Column.COMPANY, "was": Column.ROLE, "wann": Column.APPLIED_ON},
    )
    (row,) = read("Wo,Was,Wann\nAcme,Clerk,2026-09-01\n", named).rows
    assert (row.interview.company, row.interview.role, row.interview.applied_on) == ("Acme", "Clerk", date(2026, 9, 1))


def test_dates_that_may_be_two_days_are_asked_about_and_never_guessed() -> None:
    with pytest.raises(RulesRefused) as caught:
        read("Company,Role,Applied\nAcme,Clerk,3/4/2026\n")

    assert str(caught.value) == (
        "jobs.csv:2:3: '3/4/2026' may be two days, and no other date of the table shows which; "
        "say it: --dates dmy (the day first) or --dates mdy (the month first)"
    )


def test_a_cell_that_does_not_fit_is_told_and_the_row_is_taken_without_it() -> None:
    text = "Company,Role,Applied,Country,Policy,Contact,Email,Salary\nAcme,Clerk,soon,Germany,brief,Dana Cole,no address,=A1\n"

    table = read(text)

    assert table.rows[0].interview == Interview(
        id="acme-clerk", company="Acme", role="Clerk", policy="brief", notes="Contact: Dana Cole\nCountry: Germany"
    )
    assert told(table) == [
        "jobs.csv:2:3: 'soon': this is no date that is known; write it as 2026-09-01; the row is taken without it"
    ]


def test_our_own_table_reads_back() -> None:
    interview = Interview(
        id="mine", company="Acme", role="Clerk", aliases=("A1", "A2"), domains=("acme.example",), requisition="R-1", via="Harbor",
        applied_on=date(2026, 9, 1), country="DE", region="BY", closed=(date(2026, 12, 24),), timezone="Europe/Berlin",
        language="de", policy="brief", notes="topic: robots\nsecond line",
        contacts=(Contact(name="Dana Cole", email="dana@acme.example", phone="+49 30 1234567"),),
        rounds=(Round(at=datetime(2026, 9, 10, 12, 0, tzinfo=UTC), minutes=45, with_=("dana@acme.example",)),),
    )  # fmt: skip
    rows = [Row(number=number, cells=tuple(cells)) for number, cells in enumerate(table_of([(interview, "offer")]), 1)]

    (row,) = read_table(rows, "jobs.csv", READING, tracked=()).rows

    assert (row.interview, row.status) == (interview, Status.OFFER)


def test_a_word_that_would_mean_two_things_is_refused(tmp_path: Path) -> None:
    text = (FILES.parents[1] / "rules" / "columns.yaml").read_text(encoding="utf-8").replace("on_hold: [", "on_hold: [Rejected, ")

    with pytest.raises(RulesRefused) as caught:
        load_columns(user_rules(tmp_path, text, "columns.yaml"))

    assert "`rejected` means something else already; take it out in one of the two places" in str(caught.value)


_CELL = st.one_of(
    st.sampled_from(
        ["Acme", "Clerk", "Company", "Role", "Status", "Applied", "Interview Date", "Email", "3/4/2026", "46085", "rejected"]
    ),
    st.text(max_size=12),
)


@given(st.lists(st.lists(_CELL, max_size=6), max_size=6))
def test_any_table_gives_rows_or_one_clear_problem(cells: list[list[str]]) -> None:
    rows = [Row(number=number, cells=tuple(each)) for number, each in enumerate(cells, 1) if any(each)]
    try:
        table = read_table(rows, "jobs.csv", READING, tracked=())
    except RulesRefused as refused:
        (problem,) = refused.problems
        assert problem.mend
    else:
        assert len({row.interview.id for row in table.rows}) == len(table.rows)
