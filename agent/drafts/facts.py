"""What a template may know: facts of one candidacy that are certain, as words, each left out where it is not known."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agent.drafts.course import answered_since, asked_for, attempt, last_follow_up, outcome
from agent.drafts.draft import User
from agent.drafts.lines import known_name, known_role, one_line
from agent.drafts.markup import Field
from agent.drafts.noted import noted
from agent.drafts.people import full_name, interviewers, recipient_name
from agent.drafts.surroundings import Surroundings
from agent.drafts.templates import Forms
from agent.drafts.times import ABOUT_A_TIME, answer_by, choice, clock, in_their_words, moments, written
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import ContactRole
from agent.interviews.status import HeldRound
from agent.interviews.telephone import direct_number
from agent.policy.verdict import DraftKind, Due

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "agency": Field(about="the agency between the user and the employer"),
        "agreed_date": Field(about="day agreed for the next contact, today or ahead: Tuesday, 17 March"),
        "answer_by": Field(about="day by which an answer would help, a good week ahead: Friday, 20 March"),
        "asked_for": Field(about="their words for what they ask for, for `before_sending` only", hint=True),
        "attempt": Field(about="which call it would be, from the second on: second"),
        "booking_link": Field(about="yes when the invitation offers a link to choose a time with", flag=True),
        "by_phone": Field(about="yes when a call was agreed", flag=True),
        "clashing_times": Field(about="proposed times that collide with other interviews, for `before_sending` only", hint=True),
        "closes": Field(about="end of their office hours: 17:00"),
        "company": Field(about="the employer"),
        "contact_name": Field(about="full name of whom the call is for"),
        "contact_phone": Field(about="their direct number"),
        "decline_reason": Field(about="the user's reason to decline, to follow 'because of': a longer commute"),
        "free_times": Field(
            about="the proposed times that collide with no other interview: Tuesday, 10 March at 14:00 or Friday, 13 March at 9"
        ),
        "got_offer": Field(about="yes when there is an offer, for a referrer", flag=True),
        "greeting_name": Field(about="the recipient as in the greeting: Dana"),
        "interview_date": Field(about="day of the interview that this is about: Tuesday, 10 March"),
        "interviewer": Field(about="full names of the interviewers, where the recipient is none of them: Sam Okafor and Li Wei"),
        "last_written": Field(about="day of the user's last follow-up: Monday, 9 March"),
        "material": Field(about="what was promised, in the user's own words, to follow 'here is/are': my portfolio"),
        "met": Field(about="yes when the recipient is known to have been in the interview", flag=True),
        "next_date": Field(about="day of the interview that their message fixes: Thursday, 12 March"),
        "next_time": Field(about="time of day of the interview that their message fixes: 14:00"),
        "opens": Field(about="beginning of their office hours: 9:00"),
        "overdue_date": Field(about="day by which they had said that news would come, now past"),
        "promised_date": Field(about="day by which they said that news will come, today or ahead"),
        "proposed_times": Field(about="yes when the invitation names times to choose from", flag=True),
        "questions": Field(about="what the user wants to know about the offer, in the user's own words, after a colon"),
        "rejected": Field(about="yes when they chose someone else, for a referrer", flag=True),
        "role": Field(about="the position: Backend Engineer"),
        "role_gone": Field(about="yes when the position was closed, for a referrer", flag=True),
        "round": Field(about="which interview it was, from the second on: second"),
        "second_topic": Field(about="another point of the conversation, where there are two"),
        "strengths": Field(about="what the user brings, in the user's own words: ten years of running payment systems"),
        "topic": Field(
            about="a point of the conversation, from the user's notes, to follow 'about': moving the ledger to events"
        ),
        "took_it": Field(about="yes when the user accepted the offer, for a referrer", flag=True),
        "unanswered": Field(about="yes when an earlier follow-up of the user has had no answer", flag=True),
        "unsaid": Field(
            about="what the user did not get to say, in the user's own words, as a sentence: I have also led a team of five"
        ),
        "user_address": Field(about="the address the mail is sent from", always=True),
        "user_name": Field(about="the user's full name", always=True),
        "user_phone": Field(about="the user's phone number"),
    }
)
"""All fields of the texts. A template that uses another name is refused when it is loaded."""

DATE_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        **{name: Field(about=name, always=True) for name in ("weekday", "day", "month", "year")},
        "first": Field(about="yes on the first day of a month, which some languages write in another way", flag=True),
    }
)
"""The fields of the forms of a date."""

MOMENT_FIELDS: Mapping[str, Field] = MappingProxyType({name: Field(about=name, always=True) for name in ("date", "clock")})
"""The fields of the form of a day with a time of day."""

_CLOCK = re.compile(r"(?<![\d:])\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\b|(?<![\d:])[012]?\d:[0-5]\d\b", re.IGNORECASE)


def facts(
    due: Due,
    candidacy: Candidacy,
    *,
    user: User,
    sender: str,
    forms: Forms,
    earlier: Sequence[str],
    now: datetime,
    around: Surroundings,
) -> dict[str, str]:
    """Return the facts that are known, by the names of `FIELDS`; a flag that holds has the value `yes`."""
    interview = candidacy.interview
    zone = interview.zone(user.timezone)
    held = due.round or _last_held(candidacy, now)
    recipient = due.to[0].email.lower()
    known = {
        "agency": known_name(interview.via or "", forms),
        "company": known_name(interview.company, forms),
        "greeting_name": recipient_name(due, candidacy, forms) or "",
        "role": known_role(interview.role, forms),
        "strengths": one_line(user.strengths).rstrip(" .!?"),
        "user_address": sender,
        "user_name": one_line(user.name),
        "user_phone": one_line(user.phone),
        "interviewer": interviewers(held, due, candidacy, forms),
        "attempt": attempt(due, candidacy, forms),
        "asked_for": asked_for(due),
    }
    if held is not None:
        known["interview_date"] = written(held.starts_at.astimezone(zone).date(), forms, now=now, zone=zone)
        known["met"] = "yes" if recipient in {email.lower() for email in held.with_} else ""
        known["round"] = forms.ordinals[held.number - 1] if 2 <= held.number <= len(forms.ordinals) else ""
    known.update(noted(due, candidacy, held=held, forms=forms, earlier=earlier, now=now, zone=zone))
    known.update(_dates(due, candidacy, forms=forms, zone=zone, now=now))
    known.update(_written_before(candidacy, forms=forms, zone=zone, now=now))
    known.update(_times(due, candidacy, around, forms=forms, zone=zone, now=now))
    known.update(_call(due, candidacy, around, forms=forms))
    known.update(outcome(due, candidacy))
    if due.kind is DraftKind.CLOSE_LOOP and around.office is not None:
        day = answer_by(around.office, now)
        known["answer_by"] = written(day, forms, now=now, zone=zone) if day else ""
    return {name: value for name, value in known.items() if value}


def _last_held(candidacy: Candidacy, now: datetime) -> HeldRound | None:
    return next((held for held in reversed(candidacy.state.rounds) if held.ends_at <= now), None)


def _dates(due: Due, candidacy: Candidacy, *, forms: Forms, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    promised = candidacy.state.promised_by
    if promised is None:
        return {}
    text = written(promised, forms, now=now, zone=zone)
    if promised < now.astimezone(zone).date():
        return {"overdue_date": text}
    return {"promised_date": text} if due.kind is not DraftKind.THANK_YOU or _agreed_with_recipient(due, candidacy) else {}


def _agreed_with_recipient(due: Due, candidacy: Candidacy) -> bool:
    """Whether the date was given by the recipient, or the recipient is the one who decides (E2)."""
    recipient = due.to[0].email.lower()
    if any(
        contact.email.lower() == recipient and contact.role is ContactRole.HIRING_MANAGER
        for contact in candidacy.interview.contacts
    ):
        return True
    promised_in = candidacy.state.promised_in
    return promised_in is not None and any(
        letter.message.message_id == promised_in and letter.message.sender.email == recipient for letter in candidacy.letters
    )


def _written_before(candidacy: Candidacy, *, forms: Forms, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    last = last_follow_up(candidacy, now)
    if last is None:
        return {}
    day = written(last[0].astimezone(zone).date(), forms, now=now, zone=zone)
    return {"last_written": day, "unanswered": "" if answered_since(candidacy, last[0]) else "yes"}


def _times(
    due: Due, candidacy: Candidacy, around: Surroundings, *, forms: Forms, zone: ZoneInfo, now: datetime
) -> dict[str, str]:
    """Return the times of the message that is answered: the fixed one, or those to choose from."""
    if due.parent is None or due.parent.own:
        return {}
    found: dict[str, str] = {}
    times = choice(due, candidacy, around.engagements, zone=zone, now=now)
    found["free_times"] = moments(times.free, forms, now=now)
    found["clashing_times"] = moments(times.clashing, forms, now=now)
    fixed = due.parent.reading.interview_at
    if fixed is not None and fixed > now and due.kind in ABOUT_A_TIME:
        there = in_their_words(fixed, due.parent.message, candidacy.interview, zone)
        found["next_date"] = written(there.date(), forms, now=now, zone=zone)
        found["next_time"] = clock(there.time())
    if due.kind is DraftKind.REPLY_INVITATION and fixed is None:
        text = " ".join(due.parent.message.fresh.casefold().split())
        if any(phrase in text for phrase in forms.booking):
            found["booking_link"] = "yes"
        elif due.parent.reading.proposed or len(_CLOCK.findall(text)) >= 2:
            found["proposed_times"] = "yes"
    return found


def _call(due: Due, candidacy: Candidacy, around: Surroundings, *, forms: Forms) -> dict[str, str]:
    if due.kind is not DraftKind.CALL_SHEET:
        return {}
    found: dict[str, str] = {}
    if around.office is not None:
        found["opens"], found["closes"] = clock(around.office.opens), clock(around.office.closes)
    if due.person is not None:
        found["contact_name"] = full_name(due.person.email, due, candidacy, forms)
        found["contact_phone"] = one_line(direct_number(candidacy, due.person.email))
    return found
