"""How well mail is read, by the rules, by the model and by both."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agent.signals import Label, Phrasebook, Reading, read_message
from agent.signals.opinion import NOISE, SentenceModel
from training.material import Item

_STILL = frozenset({*NOISE, Label.AUTO_REPLY, Label.TIMELINE, Label.BOUNCE})
"""Labels that move no status."""
_DECISIONS = frozenset({Label.REJECTION, Label.OFFER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What was made of one message."""

    item: Item
    rules: Reading
    both: Reading
    model: Label | None
    """What the model thinks likeliest."""


def answered(items: Sequence[Item], model: SentenceModel, phrasebook: Phrasebook) -> list[Answered]:
    """Return what is made of each message."""
    found = []
    for item in items:
        if item.message is None:
            raise ValueError("only whole messages can be read")
        opinion = model.opinion(item.asked)
        found.append(
            Answered(
                item=item,
                rules=read_message(item.message, phrasebook),
                both=read_message(item.message, phrasebook, model),
                model=opinion.best if opinion else None,
            )
        )
    return found


def unsafe(told: Label, reading: Reading) -> bool:
    """Whether a reading is wrong in a way that a user must never see."""
    if reading.abstained or reading.label is told:
        return False
    if reading.label in _DECISIONS:
        return True
    receipt_for_invitation = told is Label.ACKNOWLEDGED and reading.label is Label.INVITATION
    return receipt_for_invitation or (told in NOISE and reading.label not in _STILL)


def macro_f1(pairs: Sequence[tuple[Label, Label | None]]) -> float:
    """Return the mean F1 over the labels that occur; None is an abstention: no answer, and nothing found."""
    told, said = Counter(label for label, _ in pairs), Counter(answer for _, answer in pairs)
    right = Counter(label for label, answer in pairs if label is answer)
    return sum(2 * right[label] / (told[label] + said[label]) for label in told) / len(told)


def answer(reading: Reading) -> Label | None:
    """Return the label, None when it abstains."""
    return None if reading.abstained else reading.label


def rows(found: Sequence[Answered]) -> list[tuple[str, int, list[str]]]:
    """Return the lines of the table: name, number of messages, and the figures for rules, model and both."""
    lines = [("all", list(found))]
    lines += [(f"{label}", [each for each in found if each.item.label is label]) for label in Label]
    lines += [(f"in {code}", [each for each in found if each.item.language == code]) for code in _languages(found)]
    return [(name, len(some), _figures(some)) for name, some in lines if some]


HEAD = ("right: rules", "model", "both", "abstained: rules", "both", "unsafe: rules", "both")


def _figures(some: Sequence[Answered]) -> list[str]:
    def share(count: int) -> str:
        return f"{count / len(some):.2f}"

    return [
        share(sum(answer(each.rules) is each.item.label for each in some)),
        share(sum(each.model is each.item.label for each in some)),
        share(sum(answer(each.both) is each.item.label for each in some)),
        share(sum(each.rules.abstained for each in some)),
        share(sum(each.both.abstained for each in some)),
        str(sum(each.item.label is not None and unsafe(each.item.label, each.rules) for each in some)),
        str(sum(each.item.label is not None and unsafe(each.item.label, each.both) for each in some)),
    ]


def summary(found: Sequence[Answered]) -> str:
    """Return macro-F1 of rules, model and both in one line."""
    known = [(each.item.label, each) for each in found if each.item.label is not None]
    by_rules = macro_f1([(label, answer(each.rules)) for label, each in known])
    by_model = macro_f1([(label, each.model) for label, each in known])
    by_both = macro_f1([(label, answer(each.both)) for label, each in known])
    return f"macro-F1: rules {by_rules:.3f}, model alone {by_model:.3f}, both {by_both:.3f}"


def table(found: Sequence[Answered]) -> str:
    """Return the figures as a table in Markdown, macro-F1 below it."""
    lines = ["| | n | " + " | ".join(HEAD) + " |", "|---|" + "---|" * (len(HEAD) + 1)]
    lines += [f"| {name} | {count} | " + " | ".join(figures) + " |" for name, count, figures in rows(found)]
    return "\n".join([*lines, "", summary(found)])


def _languages(found: Sequence[Answered]) -> list[str]:
    return sorted({each.item.language for each in found})
