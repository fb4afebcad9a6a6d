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
_WIDE = 110
"""Columns from which on ids have a column of their own."""
_NARROW = 76
"""Columns below which an interview is told in two lines and not in a table."""


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
        names = ", ".join(f"{row['id']} ({', '.join(spoken(kind) for kind in row['lying'])})" for row in lying)
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
    ended = [row for row in board.rows if is_ended(row)]
    folded = [] if every or len(ended) <= _FEW_ENDED else ended
    rows = [row for row in board.ordered() if row not in folded]
    if rows and screen.width < _NARROW:
        _show_folded(board, rows, screen)
    elif rows:
        _show_table(board, rows, screen)
    if folded:
        statuses = [row["status"] for row in folded]
        counts = ", ".join(f"{statuses.count(word)} {spoken(word)}" for word in dict.fromkeys(statuses))
        screen.print(terminal.paragraph(f"{len(folded)} ended: {counts}; `status --all` shows them"), style=terminal.QUIET)
    if waiting := _waiting(board):
        screen.print()
    for line in waiting:
        screen.print(terminal.paragraph(line, hanging=2))
    for trouble in board.troubles():
        screen.print()
        screen.print(terminal.paragraph((trouble, terminal.TROUBLE if board.problem else terminal.LOUD)))


def _show_table(board: Board, rows: Sequence[Row], screen: "Console") -> None:
    from rich.text import Text

    from agent.cli import terminal

    wide = screen.width >= _WIDE
    columns = [
        terminal.Column(name="company"),
        terminal.Column(name="role"),
        terminal.Column(name="round", whole=True),
        terminal.Column(name="status", whole=True),
        terminal.Column(name="next"),
        terminal.Column(name="turn", whole=True),
        terminal.Column(name="since", whole=True),
        *([terminal.Column(name="interview")] if wide else []),
    ]
    lines = []
    for row in rows:
        style = terminal.QUIET if is_ended(row) else ""
        ident = Text(row["id"], style=terminal.QUIET)
        company = Text(row["company"], style=style or terminal.LOUD)
        lines.append(
            [
                company if wide else Text("\n").join([company, ident]),
                Text(row["role"], style=style),
                Text(str(row["round"] or ""), style=style),
                terminal.status(row["status"]),
                Text("\n").join(Text(each, style=style) for each in board.upcoming(row, near=True)),
                _turn(row),
                Text(_since(board, row), style=terminal.QUIET),
                *([ident] if wide else []),
            ]
        )
    screen.print(terminal.table(columns, lines))


def _show_folded(board: Board, rows: Sequence[Row], screen: "Console") -> None:
    """Print two lines an interview, more only where the terminal is too narrow for them."""
    from rich.text import Text

    from agent.cli import terminal

    for row in rows:
        over = terminal.QUIET if is_ended(row) else ""
        screen.print(terminal.paragraph((row["company"], over or terminal.LOUD), (f" · {row['role']}", over), hanging=2))
        standing = terminal.status(row["status"])
        if (row["round"] or 1) > 1 and not over:
            standing = Text.assemble(standing, f", round {row['round']}")
        pieces: list[str | Text] = [standing, _turn(row), *board.upcoming(row, near=True), Text(row["id"], style=terminal.QUIET)]
        screen.print(terminal.paragraph(Text(" · ").join(Text.assemble(piece) for piece in pieces if piece), indent=2))


def _turn(row: Row) -> "Text":
    from rich.text import Text

    from agent.cli import terminal

    return Text(TURNS[row["turn"]], style=terminal.LOUD if row["turn"] == "us" else "")


def _since(board: Board, row: Row) -> str:
    return ago(datetime.fromisoformat(row["since"]), board.now, board.zone) if row["since"] else ""
