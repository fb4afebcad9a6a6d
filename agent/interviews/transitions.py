"""The one table of what a message does to a status, and `step`, which reads it.

A status read from mail moves forward, or into an ended state, or to `on_hold`; an ended state is left again only through review.
Everything about which status may follow which stands in this file; what follows from times and calendars is in `fold`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agent.interviews.status import ENDED, Status
from agent.signals.reading import OWN_LABELS, Label

_OPEN = tuple(status for status in Status if status not in ENDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A step that the table does not allow; nothing changes."""

    status: Status
    """The status that stays."""
    label: Label
    reason: str
    """One sentence for the user."""
    ask: bool
    """Whether the user would want to be asked about it: False where it merely repeats or follows from the end."""


def _from_every(target: Status) -> Mapping[Status, Status]:
    return MappingProxyType(dict.fromkeys(_OPEN, target))


WITH_TIME: Mapping[Label, Mapping[Status, Status]] = MappingProxyType(
    {
        Label.SCHEDULED: {
            Status.APPLIED: Status.SCHEDULED,
            Status.INVITED: Status.SCHEDULED,
            Status.SCHEDULED: Status.SCHEDULED,
            Status.ASSESSMENT: Status.SCHEDULED,
            Status.AWAITING: Status.SCHEDULED,
            Status.ON_HOLD: Status.SCHEDULED,
            Status.OFFER: Status.OFFER,
        },
        Label.RESCHEDULED: {
            Status.APPLIED: Status.SCHEDULED,
            Status.INVITED: Status.SCHEDULED,
            Status.SCHEDULED: Status.SCHEDULED,
            Status.ASSESSMENT: Status.SCHEDULED,
            Status.AWAITING: Status.SCHEDULED,
            Status.ON_HOLD: Status.SCHEDULED,
            Status.OFFER: Status.OFFER,
        },
    }
)
"""label → status before → status after, for a message that fixes a time."""

TRANSITIONS: Mapping[Label, Mapping[Status, Status]] = MappingProxyType(
    {
        Label.ACKNOWLEDGED: {Status.APPLIED: Status.APPLIED},
        Label.INVITATION: {
            Status.APPLIED: Status.INVITED,
            Status.INVITED: Status.INVITED,
            Status.SCHEDULED: Status.SCHEDULED,
            Status.ASSESSMENT: Status.INVITED,
            Status.AWAITING: Status.INVITED,
            Status.ON_HOLD: Status.INVITED,
            Status.OFFER: Status.OFFER,
        },
        Label.SCHEDULED: {
            Status.APPLIED: Status.INVITED,
            Status.INVITED: Status.INVITED,
            Status.SCHEDULED: Status.SCHEDULED,
            Status.ASSESSMENT: Status.INVITED,
            Status.AWAITING: Status.INVITED,
            Status.ON_HOLD: Status.INVITED,
            Status.OFFER: Status.OFFER,
        },
        Label.RESCHEDULED: {
            Status.APPLIED: Status.INVITED,
            Status.INVITED: Status.INVITED,
            Status.SCHEDULED: Status.INVITED,
            Status.ASSESSMENT: Status.INVITED,
            Status.AWAITING: Status.INVITED,
            Status.ON_HOLD: Status.INVITED,
            Status.OFFER: Status.OFFER,
        },
        Label.CANCELLED: {Status.SCHEDULED: Status.INVITED},
        Label.ASSESSMENT: {
            Status.APPLIED: Status.ASSESSMENT,
            Status.INVITED: Status.ASSESSMENT,
            Status.SCHEDULED: Status.ASSESSMENT,
            Status.ASSESSMENT: Status.ASSESSMENT,
            Status.AWAITING: Status.ASSESSMENT,
            Status.ON_HOLD: Status.ASSESSMENT,
            Status.OFFER: Status.OFFER,
        },
        Label.INFO_REQUEST: {},
        Label.TIMELINE: {},
        Label.HOLD: _from_every(Status.ON_HOLD),
        Label.REJECTION: _from_every(Status.REJECTED),
        Label.ROLE_CLOSED: _from_every(Status.CLOSED),
        Label.OFFER: _from_every(Status.OFFER),
        Label.WITHDRAWAL: _from_every(Status.WITHDRAWN),
        Label.AUTO_REPLY: {},
        Label.BOUNCE: {},
        Label.OUTREACH: {},
        Label.ALERT: {},
        Label.OTHER: {},
        Label.SENT_THANK_YOU: {Status.ASSESSMENT: Status.AWAITING},
        Label.SENT_FOLLOW_UP: {Status.ASSESSMENT: Status.AWAITING},
        Label.SENT_OTHER: {Status.ASSESSMENT: Status.AWAITING},
        Label.SENT_ACCEPTANCE: {Status.ASSESSMENT: Status.AWAITING, Status.OFFER: Status.ACCEPTED},
        Label.SENT_DECLINE: _from_every(Status.DECLINED),
        Label.SENT_WITHDRAWAL: _from_every(Status.WITHDRAWN),
    }
)
"""label → status before → status after; a status that is not named stays. Ended states are not named: only review leaves them."""

AS_IF: Mapping[Status, Status] = MappingProxyType(dict.fromkeys(ENDED, Status.AWAITING))
"""The row that a message confirmed in review is read in, for each ended state."""

UNSURPRISING: Mapping[Status, frozenset[Label]] = MappingProxyType(
    {
        Status.ACCEPTED: frozenset({Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT, Label.OFFER}),
        Status.DECLINED: frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.HOLD}),
        Status.REJECTED: frozenset({Label.REJECTION, Label.ROLE_CLOSED}),
        Status.CLOSED: frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.HOLD}),
        Status.WITHDRAWN: frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.HOLD}),
        Status.MOVED_ON: frozenset({Label.HOLD}),
    }
)
"""ended state → what may still come without a question: onboarding after an acceptance, a form letter after the end."""


def step(status: Status, label: Label, *, has_time: bool = False, confirmed: bool = False) -> Status | Refusal:
    """Return the status after a message that says `label`, or why it may not change it.

    `has_time`: the message fixes a time. `confirmed`: the user accepted it in review, the only way out of an ended state.
    """
    if status in ENDED:
        after = step(AS_IF[status], label, has_time=has_time, confirmed=True)
        if after in (AS_IF[status], status):
            return status
        if confirmed:
            return after
        return Refusal(
            status=status,
            label=label,
            reason=f"It is {status.value.replace('_', ' ')}, and an ended candidacy is opened again only by you.",
            ask=label not in UNSURPRISING[status] and label not in OWN_LABELS,
        )
    row = (WITH_TIME if has_time and label in WITH_TIME else TRANSITIONS)[label]
    if label is Label.SENT_ACCEPTANCE and status not in row:
        if confirmed:
            return Status.ACCEPTED
        return Refusal(
            status=status, label=label, reason="This accepts an offer, and no offer is known.", ask=status is not Status.APPLIED
        )
    return row.get(status, status)
