"""Edge: the learned model that reads wording which no rule foresaw.

`LearnedModel` costs nothing until it is asked; then it loads numpy, the sentence encoder and the weights that lie beside it.
`card.md` says what it learned from and how well it reads.
"""

from agent.learned.model import LearnedModel, missing

__all__ = ["LearnedModel", "missing"]
