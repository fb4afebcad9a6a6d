"""The page of the status table: what each label does to each status, as a table and as a picture drawn from it."""

from collections.abc import Mapping
from html import escape

from agent.interviews.status import ENDED, Status, further
from agent.interviews.transitions import TRANSITIONS, WITH_TIME
from agent.signals.reading import OWN_LABELS, Label
from tests.project.reference.docstrings import table
from tests.project.reference.words import statuses, turns

_HEAD = """# Status table

Where a candidacy stands is computed from its history, by this one table. A status read from mail moves forward, or into an ended
state, or to `on_hold`. An ended state is left again only when you say so in review. What you set by hand stands until newer mail
says otherwise.

![The steps between the open states](status.svg)

An interview that is over leads from `scheduled` to `awaiting` by the clock. The picture leaves out what may come at any time: a
mail may lead from every open state to `on_hold`, to `offer` and to the ends, and from a later one back to a next round.

"""
_BESIDE = """
Beside it stand the round, the next fixed time, the day that was promised, and whose turn it is: {whose}.

## What a message does

Down the side stands what the message says, across the top the status before it; the cell is the status after it. An empty cell
changes nothing.

"""
_END = """
Labels that are not named here change no status.
"""
_OPEN = [status for status in Status if status not in ENDED]
_PLACES: Mapping[Status, tuple[int, int]] = {
    Status.APPLIED: (75, 170),
    Status.INVITED: (255, 170),
    Status.SCHEDULED: (435, 70),
    Status.ASSESSMENT: (435, 270),
    Status.AWAITING: (615, 170),
    Status.ON_HOLD: (615, 300),
    Status.OFFER: (785, 170),
}
_WIDE, _HIGH = 120, 44
_SVG_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 340" role="img" font-family="sans-serif" font-size="15">
<title>The steps between the open states</title>
<style>.box{fill:#e8eefc;stroke:#3f51b5}.arrow{stroke:#5c6bc0;fill:none;stroke-width:1.6}.name{fill:#1a237e}</style>
<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#5c6bc0"/></marker></defs>"""


def page() -> str:
    """Return the page."""
    whose = ", ".join(f"`{value}` ({meaning.rstrip('.').lower()})" if meaning else f"`{value}`" for value, meaning in turns())
    told = [(f"`{value}`", meaning, end) for value, meaning, end in statuses()]
    steps_by_label = table(("the message", *(f"`{status}`" for status in _OPEN)), list(_rows()))
    return f"{_HEAD}{table(('status', 'meaning', 'ended'), told)}{_BESIDE.format(whose=whose)}{steps_by_label}{_END}"


def _rows() -> list[tuple[str, ...]]:
    rows = []
    for label in Label:
        for name, row in ((f"`{label}` with a time", WITH_TIME.get(label)), (f"`{label}`", TRANSITIONS[label])):
            if row:
                cells = (row.get(status) for status in _OPEN)
                after = [f"`{each}`" if each and each is not status else "" for each, status in zip(cells, _OPEN, strict=True)]
                if any(after):
                    rows.append((name, *after))
    return rows


def steps() -> dict[tuple[Status, Status], list[str]]:
    """Return the steps forward between open states that mail makes, with the labels that make them; not `hold` and `offer`."""
    found: dict[tuple[Status, Status], list[str]] = {}
    for rows in (TRANSITIONS, WITH_TIME):
        for label, row in rows.items():
            for before, after in row.items():
                into_every = label in (Label.HOLD, Label.OFFER)
                if after in _OPEN and further(after, than=before) and not into_every:
                    name = "sent mail" if label in OWN_LABELS else label.value
                    names = found.setdefault((before, after), [])
                    if name not in names:
                        names.append(name)
    found[(Status.SCHEDULED, Status.AWAITING)] = ["the clock"]
    return found


def picture() -> str:
    """Return the picture as SVG: the open states and the steps between them."""
    parts = [_SVG_HEAD]
    for (before, after), labels in steps().items():
        parts.append(_arrow(before, after, ", ".join(labels)))
    # What `hold` and `offer` do from every state is shown once, from where they come most often.
    parts.append(_arrow(Status.AWAITING, Status.ON_HOLD, "hold"))
    parts.append(_arrow(Status.AWAITING, Status.OFFER, "offer"))
    for status, (x, y) in _PLACES.items():
        parts.append(
            f'<rect class="box" x="{x - _WIDE // 2}" y="{y - _HIGH // 2}" width="{_WIDE}" height="{_HIGH}" rx="8"/>'
            f'<text class="name" x="{x}" y="{y + 5}" text-anchor="middle">{status}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrow(before: Status, after: Status, labels: str) -> str:
    """Return a line between two boxes, bent away from the middle of the picture."""
    (x1, y1), (x2, y2) = _PLACES[before], _PLACES[after]
    dx, dy = x2 - x1, y2 - y1
    length = max((dx * dx + dy * dy) ** 0.5, 1)
    bend = (18 if length < 260 else 70) * (-1 if dy > 0 else 1)
    bx, by = (x1 + x2) / 2 + dy / length * bend, (y1 + y2) / 2 - dx / length * bend
    sx, sy = _edge((x1, y1), (bx, by))
    ex, ey = _edge((x2, y2), (bx, by))
    return (
        f'<path class="arrow" d="M{sx:.0f} {sy:.0f}Q{bx:.0f} {by:.0f} {ex:.0f} {ey:.0f}" marker-end="url(#end)">'
        f"<title>{escape(f'{before} to {after}: {labels}')}</title></path>"
    )


def _edge(middle: tuple[int, int], towards: tuple[float, float]) -> tuple[float, float]:
    """Return where a line from the middle of a box leaves it."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    share = min((_WIDE / 2 + 3) / abs(dx) if dx else 9e9, (_HIGH / 2 + 3) / abs(dy) if dy else 9e9)
    return middle[0] + dx * share, middle[1] + dy * share
