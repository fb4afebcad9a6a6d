"""The table: one row an interview, for a spreadsheet (RFC 4180, UTF-8)."""

import csv
import io
from datetime import date, datetime

from agent.messages.cleaning import one_line
from agent.plan.intention import DraftState
from agent.report.figures import Figures, Told
from agent.report.words import their_words

COLUMNS = (
    "account",
    "id",
    "company",
    "role",
    "via",
    "status",
    "since",
    "round",
    "applied_on",
    "first_reply",
    "last_message",
    "next_at",
    "promised_by",
    "turn",
    "days_silent",
    "drafts_waiting",
    "drafts_sent",
    "drafts_deleted",
    "drafts_withdrawn",
    "answers",
    "stages",
)
"""Names of the columns, in their order."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, full-width forms included."""


def csv_of(figures: Figures) -> str:
    r"""Return the table with its head and line ends `\r\n`; moments are of the user's zone, without offset.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which shows that it is text.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for told in figures.told:
        row = _row(told, figures)
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def _row(told: Told, figures: Figures) -> dict[str, object]:
    interview, state = told.followed.candidacy.interview, told.followed.candidacy.state
    words = their_words(told.followed, figures.search.now)
    messages = [line.at for line in told.lines if line.is_mail]
    states = [draft.state for draft in told.followed.drafts]

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(figures.search.zone) if moment else None

    return {
        "account": told.followed.account,
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "via": interview.via or "",
        "status": state.status.value,
        "since": local(state.since),
        "round": state.round,
        "applied_on": interview.applied_on,
        "first_reply": local(words[0].at if words else None),
        "last_message": local(max(messages, default=None)),
        "next_at": local(state.next_at),
        "promised_by": state.promised_by,
        "turn": state.turn.value,
        "days_silent": told.silence.wait.days if told.silence else None,
        "drafts_waiting": sum(each in (DraftState.QUEUED, DraftState.EDITED) for each in states),
        "drafts_sent": states.count(DraftState.SENT),
        "drafts_deleted": states.count(DraftState.DELETED),
        "drafts_withdrawn": states.count(DraftState.WITHDRAWN),
        "answers": told.answers,
        "stages": " > ".join((*told.course.stages, told.course.end)),
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = one_line(str(value))
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int) else text
