"""Pure: which tracked interview a message belongs to, on what evidence, and who vouches for its sender.

`assignment.match` gives the verdict on one message against a `Tracked` index; `trust.vouch` says who vouches for its sender.
"""

from agent.matching.match import Candidate, Certainty, Evidence, Match, Member
from agent.matching.tracked import Tracked, build_tracked
from agent.matching.trust import Doubt, Unvouched, Vouched, usual_authserv_id, vouch

__all__ = [
    "Candidate",
    "Certainty",
    "Doubt",
    "Evidence",
    "Match",
    "Member",
    "Tracked",
    "Unvouched",
    "Vouched",
    "build_tracked",
    "usual_authserv_id",
    "vouch",
]
