"""How far each preset follows its guide, measured on sealed job searches: `python -m bench.guides --help`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from agent.cli.printing import print_json, print_table
from agent.daemon.replaying import Played
from agent.plan.intention import DraftState
from bench.following import Following, judge, play, together
from tests.guides.expected import FOLDER, PRESETS, Guided, guided

SETS = {"first": FOLDER, "second": FOLDER / "second"}
"""Name of a set of searches → its folder."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print what is asked for; return 0."""
    options = _options(argv)
    root = SETS[options.set]
    if options.side_by_side:
        _side_by_side(options.side_by_side, root)
        return 0
    presets = options.preset or list(PRESETS)
    if unknown := set(presets) - PRESETS.keys():
        raise SystemExit(f"there is no preset {min(unknown)}; there are {', '.join(PRESETS)}")
    found = {
        preset: together(judge(search, play(search), look=options.why) for search in guided([preset], root=root))
        for preset in presets
    }
    if options.json:
        print_json({preset: _as_json(each) for preset, each in found.items()})
    else:
        show(found)
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.guides", description="How far each preset follows its guide, on sealed job searches."
    )
    parser.add_argument("preset", nargs="*", metavar="PRESET", help="all without")
    parser.add_argument("--set", choices=SETS, default="first", help="which searches (default: first)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--why", action="store_true", help="say of each absent draft why it was held when it was wanted; slower")
    parser.add_argument(
        "--side-by-side", metavar="SEARCH", help="one search, such as default/berlin, under all presets, as Markdown"
    )
    return parser.parse_args(argv)


def show(found: dict[str, Following]) -> None:
    """Print the figures of each preset, then those of each requirement, then each miss on a line."""
    rows = [(preset, *_row(each, "all")) for preset, each in found.items()]
    print_table(
        ("preset", "demanded", "met", "share", "text", "text met", "bans", "violated", "double", "foreign", "drafts"),
        [(*row, str(each.doubles), str(each.foreign), str(each.drafts)) for row, each in zip(rows, found.values(), strict=True)],
    )
    print(
        "demanded, met: drafts in their windows. text: what the guide wants in the text of those. bans: what it forbids.\n"
        "violated: drafts that came all the same. double: two for one occasion. foreign: drafts that name nothing of the guide."
    )
    for preset, each in found.items():
        ids = sorted({*each.demanded, *each.texts, *each.bans} - {"all"}, key=lambda ident: (ident[0], int(ident[1:])))
        print()
        print_table(
            (preset, "demanded", "met", "share", "text", "text met", "bans", "violated"),
            [(ident, *_row(each, ident)) for ident in ids],
        )
    misses = [miss for each in found.values() for miss in each.misses]
    if misses:
        print()
    for miss in misses:
        print(f"{miss.search} {miss.interview}: {miss.what} ({' '.join(miss.requirements)}): {miss.expected}; {miss.happened}")


def _row(found: Following, ident: str) -> tuple[str, ...]:
    demanded, met = found.demanded[ident], found.met[ident]
    return (
        str(demanded),
        str(met),
        f"{met / demanded:.3f}" if demanded else "",
        str(found.texts[ident]),
        str(found.texts_met[ident]),
        str(found.bans[ident]),
        str(found.violated[ident]),
    )


def _as_json(found: Following) -> dict[str, object]:
    return {**asdict(found), "share": found.share}


def _side_by_side(name: str, root: Path) -> None:
    search = next((each for each in guided(root=root) if each.name == name), None)
    if search is None:
        raise SystemExit(f"there is no search {name}; there are {', '.join(each.name for each in guided(root=root))}")
    by_day = {preset: _by_day(search, play(search, preset)) for preset in PRESETS}
    days = sorted({day for cells in by_day.values() for day in cells})
    print(f"| {name} | {' | '.join(PRESETS)} |")
    print("|---" * (len(PRESETS) + 1) + "|")
    for day in days:
        cells = ("<br>".join(by_day[preset].get(day, ())) for preset in PRESETS)
        print(f"| {day:%a %d %b} | {' | '.join(cells)} |")


def _by_day(search: Guided, played: Played) -> dict[date, list[str]]:
    """Return what came into Drafts day by day, in the user's zone, in the order in which it came."""
    found: dict[date, Counter[str]] = {}
    for draft in sorted((each for each in played.drafts if each.queued_at), key=lambda each: (each.queued_at, each.interview)):
        if draft.queued_at:
            gone = ", withdrawn" if draft.state is DraftState.WITHDRAWN else ""
            day = draft.queued_at.astimezone(search.search.zone).date()
            found.setdefault(day, Counter())[f"{draft.interview}: {draft.kind}{gone}"] += 1
    return {day: [f"{what} ({count})" if count > 1 else what for what, count in cell.items()] for day, cell in found.items()}


if __name__ == "__main__":
    sys.exit(main())
