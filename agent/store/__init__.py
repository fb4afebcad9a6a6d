"""Edge: what outlives a pass, in one SQLite file: what is tracked, what was read, what was decided, what was intended."""

from agent.store.answers import AnswerRecord
from agent.store.ledger import Ledger
from agent.store.records import Fact, MessageRecord, Review, SeenPlace, SettledRecord
from agent.store.sqlite import StoreProblem

__all__ = ["AnswerRecord", "Fact", "Ledger", "MessageRecord", "Review", "SeenPlace", "SettledRecord", "StoreProblem"]
