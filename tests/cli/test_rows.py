"""The board on terminals of any width: what needs the user first, nothing cut, days as one speaks of them."""

from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from agent.cli.board import show
from agent.cli.printing import ago, near_day, near_time
from agent.cli.rows import ENDED, TURNS, Board
from agent.daemon.row import NextDraft, Row
from agent.interviews import ENDED as ENDED_STATUSES
from agent.interviews import Turn
from tests.cli.test_printing import on_terminal

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # a Tuesday


def row(ident: str, company: str, role: str, **changes: object) -> Row:
    plain = Row(
        id=ident,
        company=company,
        role=role,
        status="awaiting",
        since="2026-03-07T10:00:00+00:00",
        round=1,
        next_at=None,
        promised_by=None,
        turn="them",
        drafts=0,
        held=0,
        next_draft=None,
        lying=[],
        rounds=[],
    )
    return cast("Row", plain | changes)


ACME = row(
    "acme-backend",
    "Acme Robotics",
    "Backend Engineer",
    status="invited",
    turn="us",
    round=2,
    drafts=1,
    lying=["reply_invitation"],
)
BIRCH = row("birch-data", "Birch Analytics", "Data Engineer", status="scheduled", next_at="2026-03-11T14:00:00+00:00")
CEDAR = row(
    "cedar-platform",
    "Cedar Health",
    "Platform Engineer, Build Systems",
    promised_by="2026-03-06",
    next_draft=NextDraft(kind="status_check", due_at="2026-03-12T09:00:00+00:00", state="planned"),
)
OVER = row("delta-ops", "Delta Foods", "Operator", status="rejected", turn="none", since="2026-02-20T10:00:00+00:00")


def board(*rows: Row, **changes: object) -> Board:
    return Board(rows=rows, now=NOW, zone=LONDON, last_pass=NOW.isoformat(), **changes)  # type: ignore[arg-type]


def shown(patch: pytest.MonkeyPatch, columns: int, of: Board, *, every: bool = False) -> list[str]:
    patch.setenv("TERM", "xterm-256color")
    patch.setenv("NO_COLOR", "1")
    lines = on_terminal(patch, columns, lambda: show(of, every=every))
    return [line.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "") for line in lines]


def test_a_wide_terminal_has_a_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 120, board(BIRCH, ACME))[:3] == [
        "COMPANY          ROLE              ROUND  STATUS     NEXT                      TURN    SINCE       INTERVIEW",
        "Acme Robotics    Backend Engineer  2      invited    1 draft to send           yours   3 days ago  acme-backend",
        "Birch Analytics  Data Engineer     1      scheduled  interview tomorrow 14:00  theirs  3 days ago  birch-data",
    ]


def test_a_usual_one_has_two(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 100, board(CEDAR, BIRCH, ACME)) == [
        "COMPANY          ROUND  STATUS     NEXT                      TURN    SINCE",
        "Acme Robotics    2      invited    1 draft to send           yours   3 days ago",
        "  Backend Engineer · acme-backend",
        "Birch Analytics  1      scheduled  interview tomorrow 14:00  theirs  3 days ago",
        "  Data Engineer · birch-data",
        "Cedar Health     1      awaiting   status check Thu          theirs  3 days ago",
        "  Platform Engineer, Build Systems · cedar-platform · news was due by Fri 06 Mar",
        "",
        "1 draft in Drafts: acme-backend",
    ]


def test_a_narrow_one_has_as_many_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 40, board(CEDAR, BIRCH, ACME)) == [
        "Acme Robotics · Backend Engineer",
        "  invited, round 2 · yours · 1 draft to",
        "  send · acme-backend",
        "Birch Analytics · Data Engineer",
        "  scheduled · theirs · interview",
        "  tomorrow 14:00 · birch-data",
        "Cedar Health · Platform Engineer, Build",
        "    Systems",
        "  awaiting · theirs · status check Thu ·",
        "  news was due by Fri 06 Mar ·",
        "  cedar-platform",
        "",
        "1 draft in Drafts: acme-backend",
    ]


@pytest.mark.parametrize("columns", range(30, 150, 7))
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    lines = shown(monkeypatch, columns, board(CEDAR, BIRCH, ACME, OVER))
    text = " ".join(" ".join(lines).split())

    assert max(len(line) for line in lines) <= columns
    assert [each["id"] for each in (ACME, BIRCH, CEDAR, OVER) if each["id"] not in text] == []
    assert [each["role"] for each in (ACME, BIRCH, CEDAR, OVER) if each["role"] not in text] == []
    assert "…" not in text


def test_many_that_are_over_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    over = [row(f"over-{number}", "Delta Foods", "Operator", status="rejected", turn="none") for number in range(4)]
    over[0]["status"] = "withdrawn"
    some = board(ACME, *over)

    assert "4 ended: 1 withdrawn, 3 rejected; `status --all` shows them" in shown(monkeypatch, 100, some)
    assert not any("over-0" in line for line in shown(monkeypatch, 100, some))
    assert any("over-0" in line for line in shown(monkeypatch, 100, some, every=True))


def test_what_is_over_and_has_a_draft_to_send_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    over = [row(f"over-{number}", "Delta Foods", "Operator", status="rejected", turn="none") for number in range(5)]
    over[3] |= {"lying": ["reply_rejection"]}

    lines = shown(monkeypatch, 100, board(*over))

    assert any("over-3" in line for line in lines)
    assert any(line.startswith("4 ended: 4 rejected") for line in lines)


def test_what_waits_and_what_does_not_work_stands_below(monkeypatch: pytest.MonkeyPatch) -> None:
    held = row("birch-data", "Birch Analytics", "Data Engineer", held=2)
    lines = shown(monkeypatch, 100, board(held, reviews=2, problem="the login was refused"))

    assert lines[-5:] == [
        "",
        "2 questions in review: `interview-agent review`",
        "2 held: birch-data; `interview-agent why ID` says why",
        "",
        "The last pass failed: the login was refused",
    ]


def test_colours_are_left_out_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = board(row("acme-backend", "Acme Robotics", "Backend Engineer", status="offer", turn="us"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = "\n".join(on_terminal(monkeypatch, 100, lambda: show(offer)))
    monkeypatch.setenv("NO_COLOR", "1")
    plain = "\n".join(on_terminal(monkeypatch, 100, lambda: show(offer)))
    monkeypatch.setenv("TERM", "dumb")
    dumb = "\n".join(on_terminal(monkeypatch, 100, lambda: show(offer)))

    assert "\x1b[1;32moffer" in coloured
    assert "\x1b[3" not in plain
    assert "\x1b[" not in dumb


@pytest.mark.parametrize(
    ("at", "moment", "day", "distance"),
    [
        ("2026-03-10T14:00", "today 14:00", "today", "today"),
        ("2026-03-11T14:00", "tomorrow 14:00", "tomorrow", "tomorrow"),
        ("2026-03-13T14:00", "Fri 14:00", "Fri", "in 3 days"),
        ("2026-03-17T14:00", "Tue 17 Mar 14:00", "Tue 17 Mar", "in 7 days"),
        ("2026-03-09T14:00", "yesterday 14:00", "yesterday", "yesterday"),
        ("2026-03-05T14:00", "Thu 05 Mar 14:00", "Thu 05 Mar", "5 days ago"),
        ("2026-02-20T14:00", "Fri 20 Feb 14:00", "Fri 20 Feb", "2 weeks ago"),
        ("2025-12-20T14:00", "Sat 20 Dec 14:00", "Sat 20 Dec", "2 months ago"),
        ("2025-03-01T14:00", "Sat 01 Mar 2025 14:00", "Sat 01 Mar 2025", "1 year ago"),
    ],
)
def test_days_are_told_as_one_speaks_of_them(at: str, moment: str, day: str, distance: str) -> None:
    then = datetime.fromisoformat(at).replace(tzinfo=LONDON)

    assert near_time(then, NOW, LONDON) == moment
    assert near_day(then.date(), NOW, LONDON) == day
    assert ago(then, NOW, LONDON) == distance


def test_a_day_is_that_of_the_users_zone() -> None:
    midnight = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)

    assert near_time(midnight, NOW, ZoneInfo("Europe/Berlin")) == "tomorrow 00:30"
    assert near_time(midnight, NOW, LONDON) == "today 23:30"


def test_the_words_are_those_of_the_contract() -> None:
    assert frozenset(status.value for status in ENDED_STATUSES) == ENDED
    assert {turn.value for turn in Turn} == TURNS.keys()
