"""The flow of all candidacies through the stages: what passes where, and nothing is lost on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from agent.report.course import APPLIED, ENDS, FOUND, Course, stage_order

Name = tuple[str, str]
"""Account and id of an interview."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One stage, or one end."""

    key: str
    names: tuple[Name, ...]
    """The interviews that pass it, or end there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """What goes from one stage to the next, or to an end."""

    source: str
    target: str
    names: tuple[Name, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """All stages that anything passes, and all ways between them."""

    stages: tuple[Node, ...]
    """In their order; the first one or two are where candidacies begin."""
    ends: tuple[Node, ...]
    links: tuple[Link, ...]
    """By source, then by target, in the order of stages and ends."""

    @property
    def columns(self) -> Mapping[str, int]:
        """Stage → its column, counted from 0; both beginnings share the first, all ends the last."""
        column: dict[str, int] = {}
        for node in self.stages:
            column[node.key] = 0 if node.key in (APPLIED, FOUND) else max(column.values(), default=0) + 1
        last = max(column.values(), default=0) + 1
        return {**column, **{node.key: last for node in self.ends}}


def flow_of(courses: Iterable[tuple[Name, Course]]) -> Flow:
    """Return the flow of these courses: what flows into a stage flows out of it, to another or to an end."""
    nodes: dict[str, list[Name]] = {}
    links: dict[tuple[str, str], list[Name]] = {}
    for name, course in courses:
        way = (*course.stages, course.end)
        for key in way:
            nodes.setdefault(key, []).append(name)
        for step in pairwise(way):
            links.setdefault(step, []).append(name)
    keys = (*stage_order(), *ENDS)
    place = {key: number for number, key in enumerate(keys)}
    return Flow(
        stages=tuple(Node(key=key, names=tuple(nodes[key])) for key in stage_order() if key in nodes),
        ends=tuple(Node(key=key, names=tuple(nodes[key])) for key in ENDS if key in nodes),
        links=tuple(
            Link(source=source, target=target, names=tuple(links[source, target]))
            for source, target in sorted(links, key=lambda pair: (place[pair[0]], place[pair[1]]))
        ),
    )
