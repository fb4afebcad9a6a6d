"""`interview-agent status`: where every interview stands.

What is printed comes from what the agent keeps worked out, where that certainly holds (`agent.cli.glance`); only otherwise is it
worked out anew, which imports far more.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from agent.cli import glance
from agent.cli.printing import ago, counted, print_json, print_paragraph, print_table, shown_day, shown_time
from agent.cli.rows import TURNS, Board, is_ended, spoken
from agent.daemon.row import Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from agent.accounts.settings import Settings
    from agent.store import Ledger

NOTHING_TRACKED = "Nothing is tracked yet. `interview-agent interviews add` or `interviews import FILE` begins."
_FEW_ENDED = 3
"""So many ended interviews are shown one by one on a terminal; more are counted, unless `--all` is given."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `status`."""
    parser.add_argument("--all", action="store_true", help="show the ended ones one by one, however many there are")
    parser.add_argument("--json", action="store_true", help="print the board as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the board."""
    named = _boards(arguments)
    if arguments.json:
        boards = [({"account": name} if len(named) > 1 else {}) | board.as_json() for name, board in named]
        print_json(boards if len(named) > 1 else boards[0])
        return 0
    for number, (name, board) in enumerate(named):
        if len(named) > 1:
            print(f"{'' if number == 0 else chr(10)}{name}:")
        show(board, every=arguments.all)
    return 0


def board_as_json(ledger: "Ledger", settings: "Settings", *, now: datetime) -> dict[str, object]:
    """Return where every interview of the ledger stands as of `now`, by id."""
    from agent.cli.looking import board_of

    return board_of(ledger, settings, now=now).as_json()


def show_board(ledger: "Ledger", settings: "Settings", *, now: datetime) -> None:
    """Print where every interview of the ledger stands as of `now`, what waits for the user first."""
    from agent.cli.looking import board_of

    show(board_of(ledger, settings, now=now))


def show(board: Board, *, every: bool = False) -> None:
    """Print a board; with `every` the ended ones one by one on a terminal as well."""
    if not board.rows:
        print(NOTHING_TRACKED)
    if sys.stdout.isatty():
        _show_on_terminal(board, every=every)
    else:
        _show_plainly(board)


def promise(promised_by: date, today: date) -> str:
    """Return what they promised, as of `today`."""
    return f"news {'was due' if promised_by < today else 'due'} by {shown_day(promised_by)}"


def _boards(arguments: argparse.Namespace) -> list[tuple[str, Board]]:
    """Return the name of each account and its board."""
    now = datetime.now(UTC)
    return glance.boards(arguments, now) or _worked_out(arguments, now)


def _worked_out(arguments: argparse.Namespace, now: datetime) -> list[tuple[str, Board]]:
    from agent.cli.looking import Programs, board_of
    from agent.cli.state import every_settings, open_ledger

    found, programs = [], Programs(arguments.config)
    for settings in every_settings(arguments):
        with open_ledger(settings) as ledger:
            found.append((settings.name, board_of(ledger, settings, now=now, programs=programs)))
    return found


def _waiting(board: Board) -> list[str]:
    """Return what waits for the user, a line each."""
    found = []
    if board.reviews:
        found.append(f"{counted(board.reviews, 'question')} in review: `interview-agent review`")
    if lying := [row for row in board.ordered() if row["lying"]]:
        names = ", ".join(row["id"] + (f" ({len(row['lying'])})" if len(row["lying"]) > 1 else "") for row in lying)
        found.append(f"{counted(sum(len(row['lying']) for row in lying), 'draft')} in Drafts: {names}")
    if held := [row for row in board.ordered() if row["held"]]:
        names = ", ".join(row["id"] for row in held)
        found.append(f"{sum(row['held'] for row in held)} held: {names}; `interview-agent why ID` says why")
    return found


def _show_plainly(board: Board) -> None:
    print_table(
        ("interview", "company", "role", "round", "status", "next", "turn", "since"),
        [
            (
                row["id"],
                row["company"],
                row["role"],
                str(row["round"] or ""),
                row["status"],
                "; ".join(board.upcoming(row, near=False)),
                TURNS[row["turn"]],
                shown_time(datetime.fromisoformat(row["since"]), board.zone) if row["since"] else "",
            )
            for row in board.ordered()
        ],
    )
    if waiting := _waiting(board):
        print()
    for line in waiting:
        print_paragraph(line, hanging=2)
    for trouble in board.troubles():
        print()
        print_paragraph(trouble, hanging=0)


# On a terminal


def _show_on_terminal(board: Board, *, every: bool) -> None:
    from agent.cli import terminal

    screen = terminal.console()
    over = [row for row in board.rows if is_ended(row) and not row["lying"]]
    folded = [] if every or len(over) <= _FEW_ENDED else over
    rows = [row for row in board.ordered() if row not in folded]
    if rows:
        _show_rows(board, rows, screen)
    if folded:
        statuses = [row["status"] for row in folded]
        counts = ", ".join(f"{statuses.count(word)} {spoken(word)}" for word in dict.fromkeys(statuses))
        lead = "\n" if rows else ""
        screen.print(terminal.paragraph((f"{lead}{len(folded)} ended: {counts}; `status --all` shows them", terminal.QUIET)))
    if waiting := _waiting(board):
        screen.print()
    for line in waiting:
        screen.print(terminal.paragraph(line, hanging=2))
    for trouble in board.troubles():
        screen.print()
        screen.print(terminal.paragraph((trouble, terminal.TROUBLE if board.problem else terminal.LOUD)))


def _show_rows(board: Board, rows: Sequence[Row], screen: "Console") -> None:
    """Print the interviews: in one line each where they fit, else in two, on a narrow terminal in as many as it takes."""
    from agent.cli import terminal

    for lines in (_one_line_each(board, rows), _two_lines_each(board, rows, screen.width)):
        if terminal.width_of(lines) <= screen.width:
            for line in lines:
                screen.print(line, no_wrap=True, overflow="ignore")
            return
    for row in rows:
        company, role = _name(row)
        screen.print(terminal.paragraph(company, " · ", role, hanging=4))
        standing = terminal.status(row["status"])
        if (row["round"] or 1) > 1:
            standing = standing + f", round {row['round']}"
        pieces = [standing, _turn(row), *_next(board, row), _quiet(row["id"])]
        screen.print(terminal.paragraph(_listed(pieces), indent=2))


def _one_line_each(board: Board, rows: Sequence[Row]) -> "list[Text]":
    from agent.cli import terminal

    head = ("company", "role", "round", "status", "next", "turn", "since", "interview")
    return terminal.table(
        head, [[*_name(row), *_standing(row), _listed(_next(board, row)), *_whose(board, row), _quiet(row["id"])] for row in rows]
    )


def _two_lines_each(board: Board, rows: Sequence[Row], width: int) -> "list[Text]":
    """Return a table whose second lines hold the role, the id, and what comes after the next thing."""
    from rich.text import Text

    from agent.cli import terminal

    head = ("company", "round", "status", "next", "turn", "since")
    cells, below = [], []
    for row in rows:
        company, role = _name(row)
        first, *later = [*_next(board, row), Text()]
        cells.append([company, *_standing(row), first, *_whose(board, row)])
        line = _listed([role, _quiet(row["id"]), *later])
        below.append(Text("  ") + line if line.cell_len + 2 <= width else Text("  ") + _listed([role, *later]))
    return terminal.table(head, cells, below)


def _name(row: Row) -> "tuple[Text, Text]":
    from rich.text import Text

    from agent.cli import terminal

    over = terminal.QUIET if is_ended(row) else ""
    return Text(row["company"], style=over or terminal.LOUD), Text(row["role"], style=over)


def _standing(row: Row) -> "tuple[Text, Text]":
    from rich.text import Text

    from agent.cli import terminal

    return Text(str(row["round"] or "")), terminal.status(row["status"])


def _next(board: Board, row: Row) -> "list[Text]":
    from rich.text import Text

    return [Text(each) for each in board.upcoming(row, near=True)]


def _whose(board: Board, row: Row) -> "tuple[Text, Text]":
    return _turn(row), _quiet(ago(datetime.fromisoformat(row["since"]), board.now, board.zone) if row["since"] else "")


def _quiet(text: str) -> "Text":
    from rich.text import Text

    from agent.cli import terminal

    return Text(text, style=terminal.QUIET)


def _listed(pieces: "Sequence[Text]") -> "Text":
    from rich.text import Text

    return Text(" · ").join(piece for piece in pieces if piece)


def _turn(row: Row) -> "Text":
    from rich.text import Text

    from agent.cli import terminal

    return Text(TURNS[row["turn"]], style=terminal.LOUD if row["turn"] == "us" else "")
