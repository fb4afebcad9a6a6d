"""By when news is promised, and what only looks like a promise. The messages are of Wednesday 10 March 2027, 10:00 UTC."""

import datetime as dt

import pytest

from tests.signals.letters import letter, read

PROMISES = [
    ("We will get back to you by Friday.", "2027-03-12"),
    ("You will hear from us by the end of next week.", "2027-03-19"),
    ("We'll be in touch within 5 business days.", "2027-03-17"),
    ("Expect to hear from us in 2-3 weeks.", "2027-03-31"),
    ("We will make a decision by March 19th.", "2027-03-19"),
    ("We will let you know by the end of the month.", "2027-03-31"),
    ("You should hear back early next week.", "2027-03-16"),
    ("We will let you know tomorrow.", "2027-03-11"),
    ("Please reply by Friday.", None),
    ("Please complete the test by Friday and we will get back to you within three days.", "2027-03-15"),
    ("If you do not hear from us by Friday, consider your application unsuccessful.", None),
    ("We will contact you within two weeks if your profile matches.", None),
    ("We will get back to you no earlier than Friday.", None),
    ("We will get back to you after Thanksgiving.", None),
    ("The job was posted 2 weeks ago. We will be in touch.", None),
    ("We had hoped to get back to you by Friday.", None),
    ("By Friday, we will let you know.", "2027-03-12"),
    ("A decision will be made by 4/5.", "2027-05-04"),
    ("We plan to have an answer for you no later than Tuesday, 16 March.", "2027-03-16"),
    ("The committee meets on 18 March and we will inform you by 22 March.", "2027-03-22"),
    ("You'll hear from us next week.", "2027-03-19"),
    ("We will get back to you by end of day today.", "2027-03-10"),
    ("I will update you in a couple of weeks.", "2027-03-24"),
    ("We are interviewing until the end of March and hope to decide by mid-April.", "2027-04-15"),
    ("We won't have news before Friday.", None),
    ("We decide by Friday.", "2027-03-12"),
    ("We see the last candidates tomorrow and will let everyone know our decision by Friday 19 March.", "2027-03-19"),
    ("The budget comes first, so we need until Friday 19 March to come to a decision.", "2027-03-19"),
    ("The panel makes its decision on Tuesday.", "2027-03-16"),
    ("Just to let you know that I have sent your CV to my client today.", None),
    ("I wanted to let you know that Priya is on holiday until Monday.", None),
    ("Just a note to let you know that we received your application today.", None),
    ("We are happy to let you know that you will hear from us by Friday.", "2027-03-12"),
    ("We would like to let you know by Friday.", "2027-03-12"),
]


@pytest.mark.parametrize(("text", "expected"), PROMISES)
def test_the_last_promised_day_is_read(text: str, expected: str | None) -> None:
    promised = read(letter(text)).promised_by
    assert (promised and promised.isoformat()) == expected


def test_by_friday_written_on_a_friday_is_a_week_later() -> None:
    friday = dt.datetime(2027, 3, 12, 9, 0, tzinfo=dt.UTC)
    assert read(letter("We will get back to you by Friday.", date=friday)).promised_by == dt.date(2027, 3, 19)


def test_the_day_counts_in_the_zone_of_the_sender() -> None:
    late = dt.datetime(2027, 3, 10, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-8)))
    assert read(letter("We will let you know tomorrow.", date=late)).promised_by == dt.date(2027, 3, 11)


def test_a_sender_in_america_writes_the_month_first() -> None:
    west = dt.datetime(2027, 3, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert read(letter("A decision will be made by 4/5.", date=west)).promised_by == dt.date(2027, 4, 5)


def test_the_latest_of_two_promises_stands() -> None:
    text = "We will get back to you by Friday, or by Monday at the latest."
    assert read(letter(text)).promised_by == dt.date(2027, 3, 15)


def test_december_promises_reach_into_the_next_year() -> None:
    december = dt.datetime(2027, 12, 29, 10, 0, tzinfo=dt.UTC)
    assert read(letter("We will let you know by January 5th.", date=december)).promised_by == dt.date(2028, 1, 5)


EARLIEST = [
    ("We will get back to you no earlier than Friday.", "2027-03-12"),
    ("We won't have news before 22 March.", "2027-03-22"),
    ("Don't expect to hear from us until Monday.", "2027-03-15"),
    ("We will get back to you after Easter.", "2027-03-29"),
    ("We will get back to you after Thanksgiving.", "2027-11-25"),
    ("You will hear from us after the Christmas break.", "2027-12-26"),
    ("After Friday we will let you know how it goes on.", "2027-03-12"),
    ("We will get back to you by Friday.", None),
    ("We have been hiring since 1 March and will be in touch.", None),
    ("Please do not send your documents before Friday.", None),
    ("If you have not heard from us after Friday, please write.", None),
]


@pytest.mark.parametrize(("text", "expected"), EARLIEST)
def test_the_day_before_which_no_news_comes_is_read(text: str, expected: str | None) -> None:
    not_before = read(letter(text)).not_before
    assert (not_before and not_before.isoformat()) == expected


def test_a_holiday_is_a_last_day_too() -> None:
    assert read(letter("We will let you know by Christmas.")).promised_by == dt.date(2027, 12, 26)
