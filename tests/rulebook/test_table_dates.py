"""Days as people and spreadsheets write them: read as they mean it, or not at all."""

from datetime import date, time

import pytest

from agent.rulebook.columns import load_columns
from agent.rulebook.table_dates import Ambiguous, NoDate, Order, order_of, read_moment

MONTHS = load_columns(None).months
FOURTH_OF_MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-04", "2026/3/4", "20260304", "2026-03-04 19:17:05", "04.03.2026", "4.3.26", "Mar 4, 2026", "March 4th, 2026",
        "4 March 2026", "4-Mar-26", "4. März 2026", "4 mars 2026", "4 de marzo de 2026", "4 marzo 2026", "Wed, Mar 4, 2026",
        "Mi. 4.3.2026", "Wed Mar 04 2026 00:00:00 GMT+0100 (CET)", "2026年3月4日", "46085", "46085,5",
    ],
)  # fmt: skip
def test_a_day_is_read_in_all_its_usual_forms(cell: str) -> None:
    assert read_moment(cell, MONTHS, None).day == FOURTH_OF_MARCH


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-03-04 14:05", time(14, 5)),
        ("Wednesday, March 4, 2026 at 2:30 PM", time(14, 30)),
        ("4.3.2026 um 9:00 Uhr", time(9, 0)),
        ("46085.75", time(18, 0)),
        ("2026-03-04", None),
    ],
)
def test_a_time_is_read_where_there_is_one(cell: str, at: time | None) -> None:
    assert read_moment(cell, MONTHS, None).at == at


def test_an_offset_is_kept() -> None:
    at = read_moment("2026-03-04T14:05:00+02:00", MONTHS, None).at

    assert at is not None
    assert str(at.utcoffset()) == "2:00:00"


def test_what_may_be_two_days_is_neither_without_an_order() -> None:
    with pytest.raises(Ambiguous):
        read_moment("3/4/2026", MONTHS, None)
    assert read_moment("3/4/2026", MONTHS, Order.DMY).day == date(2026, 4, 3)
    assert read_moment("3/4/2026", MONTHS, Order.MDY).day == FOURTH_OF_MARCH
    assert read_moment("4/4/2026", MONTHS, None).day == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2026", "13/4/2026"], Order.DMY),
        (["3/4/2026", "3/14/2026"], Order.MDY),
        (["3/4/2026", "4.3.2026"], Order.DMY),
        (["3/4/2026", "1/2/2026"], None),
        (["13/4/2026", "3/14/2026"], None),
        (["2026-03-04", "soon"], None),
    ],
)
def test_the_order_is_that_which_the_whole_column_shows(cells: list[str], order: Order | None) -> None:
    assert order_of(cells) is order


@pytest.mark.parametrize(
    "cell", ["soon", "Mar 4", "31/02/2026", "2026-13-01", "123", "12345678901", "4/3", "99999", "0001-01-01"]
)
def test_what_is_no_day_is_none(cell: str) -> None:
    with pytest.raises(NoDate):
        read_moment(cell, MONTHS, Order.DMY)
