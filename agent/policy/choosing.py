"""Which policy an interview follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.interviews.interview import Interview
from agent.policy.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """All policies that there are, the one of the configuration among them."""

    configured: Policy
    named: Mapping[str, Policy] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    """Name → what is wrong, a line a problem, for files that cannot be used."""

    def of(self, interview: Interview) -> Policy:
        """Return the policy that `interview` names; that of the configuration where it names none, or one that is not there."""
        return self.named.get(interview.policy, self.configured)

    def lacking(self, interview: Interview) -> str:
        """Return why `interview` cannot follow the policy that it names; empty where it can."""
        name = interview.policy
        if not name or name in self.named or name == self.configured.name:
            return ""
        if name in self.refused:
            return f"{interview.id} follows the policy `{name}`, which cannot be used: {self.refused[name]}"
        known = ", ".join(sorted({self.configured.name, *self.named}))
        return f"{interview.id} follows the policy `{name}`, which does not exist; choose one of: {known}"
