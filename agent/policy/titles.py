"""What the user calls each kind of draft."""

from collections.abc import Mapping
from types import MappingProxyType

from agent.policy.verdict import DraftKind

TITLES: Mapping[DraftKind, str] = MappingProxyType(
    {
        DraftKind.THANK_YOU: "Thank-you",
        DraftKind.STATUS_CHECK: "Status check",
        DraftKind.TIMELINE_REQUEST: "Question about the time",
        DraftKind.FINAL_NOTE: "Final note",
        DraftKind.CLOSE_LOOP: "Closing message",
        DraftKind.REPLY_INVITATION: "Answer to the invitation",
        DraftKind.REPLY_RESCHEDULE: "Answer to the move",
        DraftKind.REPLY_INFO_REQUEST: "Answer to their request",
        DraftKind.SEND_MATERIAL: "Promised material",
        DraftKind.REPLY_HOLD: "Answer to the delay",
        DraftKind.REPLY_REJECTION: "Answer to the rejection",
        DraftKind.OFFER_THANKS: "Thanks for the offer",
        DraftKind.OFFER_ACCEPT: "Acceptance of the offer",
        DraftKind.OFFER_CLARIFY: "Questions about the offer",
        DraftKind.OFFER_DECLINE: "Refusal of the offer",
        DraftKind.WITHDRAW: "Withdrawal",
        DraftKind.REFERRER_UPDATE: "Word to your referrer",
        DraftKind.DEBRIEF: "Debrief, to you",
        DraftKind.CALL_SHEET: "Call sheet, to you",
    }
)
"""Kind of draft → its name at the beginning of a line."""
