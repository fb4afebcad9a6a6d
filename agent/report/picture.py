"""The drawing of the flow as SVG shapes: from left to right, or from top to bottom for a narrow page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.report.flow import Flow
from agent.report.layout import Bar, Drawing, Ribbon, Room, drawing_of
from agent.report.wording import stage_in_words

_WIDE = Room(length=827, breadth=420)
_WIDE_LEFT, _WIDE_TOP, _WIDE_WIDTH = 8, 34, 960
_TALL = Room(length=470, breadth=258, beginnings=92, apart=8, pitch=20)
_TALL_LEFT, _TALL_TOP, _TALL_BOTTOM, _TALL_WIDTH = 78, 24, 112, 340

_Place = Callable[[float, float], tuple[float, float]]
"""(along, across) → (x, y)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One bar or ribbon."""

    path: str
    css: str
    title: str
    opens: str
    """Id of the list of its interviews."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caption:
    """One label; a short text and its number."""

    x: float
    y: float
    text: str
    count: int
    place: str
    """`above`, `beside` or `below` its bar, or `left` of it on two lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One SVG."""

    name: str
    """`wide` or `tall`."""
    width: float
    height: float
    ribbons: tuple[Shape, ...]
    bars: tuple[Shape, ...]
    captions: tuple[Caption, ...]


def pictures_of(flow: Flow) -> tuple[Picture, ...]:
    """Return the flow for a wide page and for a narrow one; none where nothing flows."""
    return (_wide(flow), _tall(flow)) if flow.stages else ()


def node_id(key: str) -> str:
    """Return the id of the list of what passes a stage, or ends there."""
    return f"n-{key}"


def link_id(source: str, target: str) -> str:
    """Return the id of the list of what goes from one stage to another."""
    return f"f-{source}-{target}"


def _wide(flow: Flow) -> Picture:
    drawing = drawing_of(flow, _WIDE)
    ends = {node.key for node in flow.ends}
    captions = []
    for bar in drawing.bars:
        x, y = _WIDE_LEFT + bar.along, _WIDE_TOP + bar.across
        if bar.key in ends:
            captions.append(_caption(bar, x + _WIDE.bar + 6, y + bar.breadth / 2 + 5, "beside"))
        else:
            captions.append(_caption(bar, x, y - 8, "above"))
    return Picture(
        name="wide",
        width=_WIDE_WIDTH,
        height=round(_WIDE_TOP + drawing.breadth + 8),
        ribbons=_ribbons(drawing, lambda along, across: (_WIDE_LEFT + along, _WIDE_TOP + across)),
        bars=tuple(_bar(bar, _WIDE_LEFT + bar.along, _WIDE_TOP + bar.across, _WIDE.bar, bar.breadth) for bar in drawing.bars),
        captions=tuple(captions),
    )


def _tall(flow: Flow) -> Picture:
    drawing = drawing_of(flow, _TALL)
    ends = {node.key for node in flow.ends}
    beginnings = {node.key for node in flow.stages if flow.columns[node.key] == 0}
    captions = []
    for bar in drawing.bars:
        x, y = _TALL_LEFT + bar.across, _TALL_TOP + bar.along
        if bar.key in ends:
            captions.append(_caption(bar, x + bar.breadth / 2 - 4, y + _TALL.bar + 6, "below"))
        elif bar.key in beginnings:
            captions.append(_caption(bar, x, y - 8, "above"))
        else:
            captions.append(_caption(bar, _TALL_LEFT - 6, y + _TALL.bar / 2 - 2, "left"))
    return Picture(
        name="tall",
        width=max(_TALL_WIDTH, round(_TALL_LEFT + drawing.breadth + 4)),
        height=_TALL_TOP + _TALL.length + _TALL_BOTTOM,
        ribbons=_ribbons(drawing, lambda along, across: (_TALL_LEFT + across, _TALL_TOP + along)),
        bars=tuple(_bar(bar, _TALL_LEFT + bar.across, _TALL_TOP + bar.along, bar.breadth, _TALL.bar) for bar in drawing.bars),
        captions=tuple(captions),
    )


def _caption(bar: Bar, x: float, y: float, place: str) -> Caption:
    return Caption(x=round(x, 1), y=round(y, 1), text=stage_in_words(bar.key), count=bar.count, place=place)


def _bar(bar: Bar, x: float, y: float, width: float, height: float) -> Shape:
    path = f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z"
    title = f"{stage_in_words(bar.key)}: {bar.count}"
    return Shape(path=path, css=f"b {bar.key}", title=title, opens=node_id(bar.key))


def _ribbons(drawing: Drawing, at: _Place) -> tuple[Shape, ...]:
    return tuple(
        Shape(
            path=_ribbon(ribbon, at),
            css=f"r {ribbon.link.target}",
            title=f"{stage_in_words(ribbon.link.source)} → {stage_in_words(ribbon.link.target)}: {len(ribbon.link.names)}",
            opens=link_id(ribbon.link.source, ribbon.link.target),
        )
        for ribbon in drawing.ribbons
    )


def _ribbon(ribbon: Ribbon, at: _Place) -> str:
    """Return the outline: along the near edge, back along the far one."""
    near = [at(along, across) for along, across in ribbon.points]
    far = [at(along, across + ribbon.breadth) for along, across in reversed(ribbon.points)]
    flat = at(1, 0)[1] == at(0, 0)[1]
    start, turn = near[0], far[0]
    return f"M{_n(start[0])} {_n(start[1])}{_course(near, flat=flat)}L{_n(turn[0])} {_n(turn[1])}{_course(far, flat=flat)}z"


def _course(points: Sequence[tuple[float, float]], *, flat: bool) -> str:
    """Return the rest of a path through `points`; `flat` runs from left to right, else from top to bottom."""
    found = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if (y0 == y1) if flat else (x0 == x1):
            found.append(f"L{_n(x1)} {_n(y1)}")
        elif flat:
            middle = _n((x0 + x1) / 2)
            found.append(f"C{middle} {_n(y0)} {middle} {_n(y1)} {_n(x1)} {_n(y1)}")
        else:
            middle = _n((y0 + y1) / 2)
            found.append(f"C{_n(x0)} {middle} {_n(x1)} {middle} {_n(x1)} {_n(y1)}")
    return "".join(found)


def _n(number: float) -> str:
    """Return a number as short as it can be drawn."""
    return f"{number:.1f}".removesuffix(".0")
