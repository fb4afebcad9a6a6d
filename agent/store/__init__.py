"""Edge: what outlives a pass, in one SQLite file: what is tracked, what was read, what was decided, what was intended.

Names are imported when they are asked for: who only looks at answers that are kept (`agent.store.kept`) need not wait for the
rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.store.answers import AnswerRecord
    from agent.store.ledger import Ledger
    from agent.store.records import Fact, MessageRecord, Review, SeenPlace, SettledRecord
    from agent.store.sqlite import StoreProblem

__all__ = ["AnswerRecord", "Fact", "Ledger", "MessageRecord", "Review", "SeenPlace", "SettledRecord", "StoreProblem"]

_FROM = {"AnswerRecord": "answers", "Ledger": "ledger", "StoreProblem": "sqlite"}
"""Name → the module of this room that has it; the others are records."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM.get(name, 'records')}"), name)
