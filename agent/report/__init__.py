"""Pure: the whole job search in figures, as a page, a table and a calendar: values in, text out.

`figures_of` reckons once what the page, its JSON and its tests look at; the assets of the page are handed in as text.
"""

from agent.report.calendar import calendar_of
from agent.report.csv_rows import csv_of
from agent.report.figures import Figures, figures_of
from agent.report.followed import Followed, JobSearch
from agent.report.numbers import figures_as_json
from agent.report.page import Assets, page_of

__all__ = [
    "Assets",
    "Figures",
    "Followed",
    "JobSearch",
    "calendar_of",
    "csv_of",
    "figures_as_json",
    "figures_of",
    "page_of",
]
