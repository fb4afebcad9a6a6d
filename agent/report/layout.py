"""Where the flow is drawn: a layout of its own for stages that grow fewer and ends that are fed from all of them.

It is computed along and across the flow, so that the same layout is drawn from left to right on a wide page and from top to
bottom on a phone. Stages stand at the near edge. Each end has a lane of its own beyond them, as far across as the end itself:
what ends leaves its stage into its lane, joins what is there already and runs straight on. No ribbon crosses a stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.report.flow import Flow, Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """The measures of a drawing, in its units."""

    length: float
    """Along the flow, from the first stage to the far side of the ends."""
    breadth: float
    """The most that the drawing takes up across, as far as the ends leave it room."""
    thickest: float = 22
    """The most that one candidacy takes up across."""
    beginnings: float = 0
    """Least distance across between the near edges of the two beginnings, so that their labels have room."""
    apart: float = 26
    """Least distance across between the two beginnings themselves."""
    bar: float = 14
    """Thickness of a stage along the flow."""
    pitch: float = 22
    """Least distance between the middles of two ends, so that their labels have room."""
    gap: float = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One stage or end."""

    key: str
    count: int
    along: float
    across: float
    breadth: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Ribbon:
    """What goes from one to another: through `points`, each (along, across) of the near edge; straight where across stays."""

    link: Link
    points: tuple[tuple[float, float], ...]
    breadth: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """All bars and ribbons."""

    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]
    length: float
    breadth: float


def drawing_of(flow: Flow, room: Room) -> Drawing:
    """Return where everything is drawn; nothing where nothing flows."""
    if not flow.stages:
        return Drawing(bars=(), ribbons=(), length=room.length, breadth=0)
    drawing = _Layout(flow, room, room.thickest).drawing()
    if drawing.breadth <= room.breadth:
        return drawing
    fits, too_wide = _THINNEST, room.thickest
    for _ in range(_TRIES):
        unit = (fits + too_wide) / 2
        if _Layout(flow, room, unit).drawing().breadth <= room.breadth:
            fits = unit
        else:
            too_wide = unit
    return _Layout(flow, room, fits).drawing()


_THINNEST = 0.25
"""What one candidacy takes up across at least, even where the drawing then grows beyond its breadth."""
_TRIES = 12
"""Halvings by which the breadth of one candidacy is found."""


class _Layout:
    """One drawing while it is laid out."""

    def __init__(self, flow: Flow, room: Room, unit: float) -> None:
        self.flow, self.room, self.unit = flow, room, unit
        self.columns = flow.columns
        self.last = max(self.columns.values())
        self.step = (room.length - room.bar) / self.last
        self.ends = frozenset(node.key for node in flow.ends)
        self.place = {node.key: number for number, node in enumerate((*flow.stages, *flow.ends))}

    def drawing(self) -> Drawing:
        bars, passing, deepest = self._stages()
        lanes, breadth = self._lanes(deepest)
        bars |= lanes
        breadth = max(breadth, *(bar.across + bar.breadth for bar in bars.values()))
        leaves = self._slots(bars, arriving=False)
        arrives = self._slots(bars, arriving=True)
        ribbons = tuple(self._ribbon(link, leaves[id(link)], arrives[id(link)], passing) for link in self.flow.links)
        return Drawing(bars=tuple(bars.values()), ribbons=ribbons, length=self.room.length, breadth=breadth)

    def _stages(self) -> tuple[dict[str, Bar], Mapping[tuple[int, int], float], float]:
        """Return the stages, where what passes a column lies in it, and how far across all this reaches behind the first."""
        bars: dict[str, Bar] = {}
        passing: dict[tuple[int, int], float] = {}
        deepest = 0.0
        for column in range(self.last):
            across = 0.0
            for node in self.flow.stages:
                if self.columns[node.key] == column:
                    breadth = len(node.names) * self.unit
                    bars[node.key] = self._bar(node.key, len(node.names), column, across)
                    across += breadth + self.room.gap if column else max(breadth + self.room.apart, self.room.beginnings)
            for link in self._between_stages():
                if self.columns[link.source] < column < self.columns[link.target]:
                    passing[id(link), column] = across
                    across += len(link.names) * self.unit
            if column or self.last == 1:
                deepest = max(deepest, across)
        return bars, passing, deepest

    def _between_stages(self) -> list[Link]:
        """Return the links between stages, those from the nearest source first."""
        links = [link for link in self.flow.links if link.target not in self.ends]
        return sorted(links, key=lambda link: (-self.columns[link.source], self.place[link.source]))

    def _lanes(self, deepest: float) -> tuple[dict[str, Bar], float]:
        """Return the ends, each with room for its label, and how far across they reach."""
        bars: dict[str, Bar] = {}
        across = deepest + self.room.pitch / 2 if self.last > 1 else 0.0
        for node in self.flow.ends:
            breadth = len(node.names) * self.unit
            room = max(breadth + self.room.gap, self.room.pitch)
            bars[node.key] = self._bar(node.key, len(node.names), self.last, across + (room - breadth) / 2)
            across += room
        return bars, across

    def _bar(self, key: str, count: int, column: int, across: float) -> Bar:
        return Bar(key=key, count=count, along=column * self.step, across=across, breadth=count * self.unit)

    def _slots(self, bars: Mapping[str, Bar], *, arriving: bool) -> dict[int, float]:
        """Return link → where across it leaves its source, or arrives at its target: beside each other, without crossing."""
        used = {key: bar.across for key, bar in bars.items()}
        slots: dict[int, float] = {}
        if arriving:
            links = sorted(self.flow.links, key=lambda link: (-self.columns[link.source], self.place[link.source]))
        else:
            links = sorted(self.flow.links, key=lambda link: (self.columns[link.target], self.place[link.target]))
        for link in links:
            key = link.target if arriving else link.source
            slots[id(link)] = used[key]
            used[key] += len(link.names) * self.unit
        return slots

    def _ribbon(self, link: Link, start: float, end: float, passing: Mapping[tuple[int, int], float]) -> Ribbon:
        first, last = self.columns[link.source], self.columns[link.target]
        points = [(first * self.step + self.room.bar, start)]
        for column in range(first + 1, last):
            across = passing.get((id(link), column), end)
            points += [(column * self.step, across), (column * self.step + self.room.bar, across)]
        points.append((last * self.step, end))
        return Ribbon(link=link, points=tuple(points), breadth=len(link.names) * self.unit)
