"""What matching costs: the same for ten interviews as for thousands, and no text makes it slow."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.matching import Certainty, Tracked
from agent.matching.tracked import Names
from agent.signals.reading import Label
from tests.matching.post import interview, mail, matched, says, tracked

ACME = interview("acme", contacts=("Dana Cole <dana@acme.example>",), requisition="R-1234", aliases=("Acme",))
NORTH = interview("north", "Northwind GmbH", "Data Analyst", domains=("northwind.example",))
BOTH = tracked(ACME, NORTH)


class Counted(dict[object, object]):
    """A dict that counts how often it is asked."""

    def __init__(self, inside: Mapping[object, object]) -> None:
        super().__init__(inside)
        self.asked = 0

    def get(self, key: object, default: object = None) -> object:
        self.asked += 1
        return super().get(key, default)

    def __getitem__(self, key: object) -> object:
        self.asked += 1
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)

    def __iter__(self) -> Iterator[object]:
        raise AssertionError("matching went through all that is tracked")


def counted(known: Tracked) -> tuple[Tracked, list[Counted]]:
    counts: list[Counted] = []

    def count(inside: Mapping[object, object]) -> Counted:
        counts.append(Counted(inside))
        return counts[-1]

    changed: dict[str, object] = {}
    for field in fields(known):
        value = getattr(known, field.name)
        if isinstance(value, dict):
            changed[field.name] = count(value)
        elif isinstance(value, Names):
            changed[field.name] = Names(
                **{part.name: count(getattr(value, part.name)) for part in fields(value)}  # type: ignore[arg-type]
            )
    return replace(known, **changed), counts  # type: ignore[arg-type]


def test_the_cost_does_not_grow_with_the_number_of_interviews() -> None:
    message = mail("Northwind Careers <no-reply@tracker.example>", "Northwind: Data Analyst", "Dear candidate. " * 50)
    asked = []
    for size in (10, 2000):
        others = (
            interview(
                f"i{number}", f"Company {number}", "Data Analyst", contacts=(f"x <x@company{number}.example>",), via="Harbor"
            )
            for number in range(size)
        )
        known, counts = counted(tracked(NORTH, *others))
        assert matched(message, known, says(Label.REJECTION)).interview == "north"
        asked.append(sum(each.asked for each in counts))
    assert asked[0] == asked[1] > 0


@pytest.mark.parametrize("piece", ["(m  ", "id ", "id" + " " * 50, "R-1", "Acme ", "(", " from ", "a.b.", "ア"])
def test_no_text_makes_matching_slow(piece: str) -> None:
    text = piece * 20_000
    matched(mail(f"{text[:5000]} <x@tracker.example>", text, text), BOTH, says(company=text[:5000], role=text[:5000]))


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=30), st.sampled_from(Label))
def test_every_message_gets_a_verdict_that_agrees_with_itself(text: str, subject: str, sender: str, label: Label) -> None:
    for body in (text, f"{text} Acme Robotics {subject} Northwind Data Analyst"):
        found = matched(mail(f"{sender} <a@tracker.example>", subject, body), BOTH, says(label))
        assert (found.certainty is Certainty.CERTAIN) <= (found.interview is not None)
        assert (found.certainty is Certainty.NONE) <= (found.interview is None)
        assert len({each.interview for each in found.candidates}) == len(found.candidates)
