"""Pure: which tracked interview a message belongs to, on what evidence, and who vouches for its sender."""

from agent.matching.match import Candidate, Certainty, Evidence, Match, Member

__all__ = ["Candidate", "Certainty", "Evidence", "Match", "Member"]
