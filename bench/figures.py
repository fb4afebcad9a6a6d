"""Figures of a run: precision and recall, unsafe errors, abstention, names and dates."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.signals import Label, Reading
from agent.signals.folding import fold
from bench.records import Record

NOISE = frozenset({Label.OTHER, Label.ALERT, Label.OUTREACH})
MINOR = NOISE | {Label.BOUNCE, Label.AUTO_REPLY}
"""What the user loses nothing by, when it is not read for sure."""


class Unsafe(StrEnum):
    """Errors that make the user switch the agent off."""

    MIXED = "rejection and offer mixed up"
    REJECTION = "taken for a rejection"
    OFFER = "taken for an offer"
    RECEIPT = "a receipt taken for an invitation"
    NOISE = "noise taken for news of a candidacy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """One record and what was read in it."""

    record: Record
    reading: Reading

    @property
    def said(self) -> Label | None:
        """The label that was read; None when it abstained. Where several are right, any of them is the record's own."""
        if self.reading.abstained:
            return None
        return self.record.label if self.reading.label in self.record.right else self.reading.label

    @property
    def is_right(self) -> bool:
        """Whether it was read, and rightly."""
        return self.said is self.record.label

    @property
    def unsafe(self) -> Unsafe | None:
        """The kind of unsafe error, if it is one; each message counts once."""
        said, label = self.said, self.record.label
        if said is None or said is label or self.record.own:
            return None
        if {said, label} == {Label.REJECTION, Label.OFFER}:
            return Unsafe.MIXED
        if said in (Label.REJECTION, Label.OFFER):
            return Unsafe.REJECTION if said is Label.REJECTION else Unsafe.OFFER
        if label is Label.ACKNOWLEDGED and said is Label.INVITATION:
            return Unsafe.RECEIPT
        return Unsafe.NOISE if label in NOISE and said not in MINOR else None


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelFigures:
    """How one label was read."""

    label: Label
    there: int
    """Messages that have it."""
    said: int
    """Messages in which it was read."""
    right: int

    @property
    def precision(self) -> float:
        """Of those read as it, the part that is."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Of those that are it, the part that was read so."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / (self.there + self.said) if self.right else 0.0


def of_labels(scored: Iterable[Scored]) -> list[LabelFigures]:
    """Return the figures of every label that is there or was read, in the order of the contract.

    What was abstained on counts as missed, not as said wrongly.
    """
    pairs = [(each.record.label, each.said) for each in scored]
    there = Counter(label for label, _ in pairs)
    said = Counter(label for _, label in pairs if label)
    right = Counter(label for label, read in pairs if label is read)
    return [
        LabelFigures(label=label, there=there[label], said=said[label], right=right[label])
        for label in Label
        if there[label] or said[label]
    ]


def macro_f1(scored: Iterable[Scored]) -> float:
    """Return the mean F1 over the labels that are there, each weighing the same."""
    found = [figures.f1 for figures in of_labels(scored) if figures.there]
    return sum(found) / len(found) if found else 0.0


def unsafe_errors(scored: Iterable[Scored]) -> Counter[Unsafe]:
    """Return how many unsafe errors of each kind there are."""
    return Counter(each.unsafe for each in scored if each.unsafe)


def abstention(scored: Sequence[Scored], *, that_matters: bool = False) -> float:
    """Return the part that was abstained on, of all or of what matters."""
    asked = [each for each in scored if not that_matters or each.record.label not in MINOR]
    return sum(each.reading.abstained for each in asked) / len(asked) if asked else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """How one fact was found."""

    fact: str
    there: int
    """Messages that give it."""
    found: int
    """Of these, the messages in which something was found."""
    right: int
    false: int
    """Messages that do not give it, in which something was found all the same."""


def of_dates(scored: Iterable[Scored]) -> list[Found]:
    """Return how the dates were read, of the records that say what they are."""
    known = [(each.record.dates, each.reading) for each in scored if each.record.dates is not None and not each.record.own]
    results = []
    for fact in ("promised_by", "interview_at", "returns_on"):
        pairs = [(dates.get(fact), getattr(reading, fact)) for dates, reading in known]
        results.append(
            Found(
                fact=fact,
                there=sum(wanted is not None for wanted, _ in pairs),
                found=sum(wanted is not None and read is not None for wanted, read in pairs),
                right=sum(wanted is not None and _same_time(wanted, read) for wanted, read in pairs),
                false=sum(wanted is None and read is not None for wanted, read in pairs),
            )
        )
    return results


def _same_time(wanted: object, read: object) -> bool:
    """Whether both are the same; moments count, whatever their zone."""
    if isinstance(wanted, datetime) and wanted.tzinfo is None and isinstance(read, datetime):
        return wanted == read.replace(tzinfo=None)
    return wanted == read


def of_names(scored: Iterable[Scored]) -> list[Found]:
    """Return how company and role were found, of the records that say what they are."""
    known = [(each.record.names, each.reading) for each in scored if each.record.names is not None]
    results = []
    for fact in ("company", "role"):
        pairs = [(names.get(fact), getattr(reading, fact)) for names, reading in known]
        wanted = [(name, read) for name, read in pairs if name]
        results.append(
            Found(
                fact=fact,
                there=len(wanted),
                found=sum(read is not None for _, read in wanted),
                right=sum(read is not None and _plain(read) == _plain(name) for name, read in wanted),
                false=sum(name is None and read is not None for name, read in pairs),
            )
        )
    return results


_LEGAL_FORMS = frozenset(
    [
        "gmbh",
        "ag",
        "kg",
        "co",
        "mbh",
        "ug",
        "ev",
        "se",
        "inc",
        "ltd",
        "llc",
        "plc",
        "corp",
        "bv",
        "nv",
        "sa",
        "sas",
        "sarl",
        "spa",
        "srl",
        "sl",
        "ab",
        "oy",
        "as",
        "lda",
        "ltda",
    ]
)


def _plain(name: str) -> str:
    """Return a name without what does not make another of it: case, marks, brackets such as (m/f/d), a legal form at its end."""
    words = re.sub(r"[^\w ]", " ", re.sub(r"\([^()]*\)", " ", fold(name).replace(".", ""))).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)
