"""Pure: which follow-up is due when, what forbids it, and by which rule and guide requirement."""

from agent.policy.assessment import assess
from agent.policy.choosing import Policies
from agent.policy.no_reply import takes_no_mail
from agent.policy.office_hours import CountryHolidays, HolidayCalendar
from agent.policy.policy import ANSWERS, FOLLOW_UPS, TO_USER, Policy
from agent.policy.verdict import Assessment, Contacted, DraftKind, Due, Held, Suggestion

__all__ = [
    "ANSWERS",
    "FOLLOW_UPS",
    "TO_USER",
    "Assessment",
    "Contacted",
    "CountryHolidays",
    "DraftKind",
    "Due",
    "Held",
    "HolidayCalendar",
    "Policies",
    "Policy",
    "Suggestion",
    "assess",
    "takes_no_mail",
]
