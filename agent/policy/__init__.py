"""Pure: which follow-up is due when, what forbids it, and by which rule and guide requirement."""

from agent.policy.verdict import Assessment, Contacted, DraftKind, Due, Held, Suggestion

__all__ = ["Assessment", "Contacted", "DraftKind", "Due", "Held", "Suggestion"]
