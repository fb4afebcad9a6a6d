"""What a template may know: facts of one candidacy that are certain, as words, each left out where it is not known."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agent.drafts.draft import User
from agent.drafts.markup import Field, render
from agent.drafts.names import greeting_name, names_a_person
from agent.drafts.templates import Forms
from agent.drafts.topics import topic
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import ContactRole, Interview
from agent.interviews.status import HeldRound
from agent.policy.verdict import DraftKind, Due

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "agency": Field(about="the agency between the user and the employer"),
        "agreed_date": Field(about="day agreed for the next contact, today or ahead: Tuesday, 17 March"),
        "answer_by": Field(about="day by which an answer would help, a good week ahead: Friday, 20 March"),
        "asked_for": Field(about="their words for what they ask for, for `before_sending` only"),
        "attempt": Field(about="which call it would be, from the second on: second"),
        "booking_link": Field(about="yes when the invitation offers a link to choose a time with", flag=True),
        "by_phone": Field(about="yes when a call was agreed", flag=True),
        "clashing_times": Field(about="proposed times that collide with other interviews, for `before_sending` only"),
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
_MARK = re.compile(
    r"\[[^\[\]]*\]|\((?:all genders|[a-z*]{1,2}(?:\s?[/|,]\s?[a-z*]{1,2}){1,3})\)|\b[mfdwx](?:/[mfdwx]){2}\b", re.IGNORECASE
)
_FAR = 180


def facts(
    due: Due, candidacy: Candidacy, *, user: User, sender: str, forms: Forms, earlier: Sequence[str], now: datetime
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
        "topic": topic(due, candidacy, held=held, forms=forms, earlier=earlier),
        "interviewer": _interviewers(held, due, candidacy, forms),
    }
    if held is not None:
        known["interview_date"] = written(held.starts_at.astimezone(zone).date(), forms, now=now, zone=zone)
        known["met"] = "yes" if recipient in {email.lower() for email in held.with_} else ""
        known["round"] = forms.ordinals[held.number - 1] if 2 <= held.number <= len(forms.ordinals) else ""
    known.update(_dates(due, candidacy, forms=forms, zone=zone, now=now))
    known.update(_invitation(due, forms))
    return {name: value for name, value in known.items() if value}


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters, surrogates and marks that turn the direction of writing."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else char for char in text)
    return " ".join("".join(kept).translate(_TURNS).split())


_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF))


def known_name(text: str, forms: Forms) -> str:
    """Return a name on one line; empty when it only says that the name is not known."""
    name = one_line(text)
    return "" if name.casefold().strip(" .?[](){}<>") in ("", *forms.unknown) else name


def known_role(text: str, forms: Forms) -> str:
    """Return the position as one says it: without '(m/f/d)', '[Remote]' and the like."""
    return known_name(_MARK.sub(" ", one_line(text)), forms).strip(" ,;-–—|/")


def written(day: date, forms: Forms, *, now: datetime, zone: ZoneInfo) -> str:
    """Return a day as a person writes it, with the year only when it is more than half a year away."""
    far = abs((day - now.astimezone(zone).date()).days) > _FAR
    parts = {
        "weekday": forms.weekdays[day.weekday()],
        "day": str(day.day),
        "month": forms.months[day.month - 1],
        "year": str(day.year),
        **({"first": "yes"} if day.day == 1 else {}),
    }
    return render(forms.date_with_year if far else forms.date, parts)


def organisations(interview: Interview) -> tuple[str, ...]:
    """Return all names of the employer and the agency: none of them is a person's."""
    return tuple(name for name in (interview.company, *interview.aliases, interview.via) if name)


def display_names(email: str, due: Due, candidacy: Candidacy) -> tuple[str, ...]:
    """Return the names that an address is known by: the user's own word first, then the mail to be sent, then their mail."""
    contacts = [contact.name for contact in candidacy.interview.contacts if contact.email.lower() == email.lower()]
    addressed = [address.name for address in due.to if address.email == email]
    wrote = [letter.message.sender.name for letter in reversed(candidacy.letters) if letter.message.sender.email == email]
    return tuple(dict.fromkeys(name for name in map(one_line, (*contacts, *addressed, *wrote)) if name))


def recipient_name(due: Due, candidacy: Candidacy, forms: Forms) -> str | None:
    """Return the name for the greeting; None for several recipients and for one who is not known by a person's name."""
    if len(due.to) != 1:
        return None
    names = (
        greeting_name(name, forms.names, organisations(candidacy.interview))
        for name in display_names(due.to[0].email, due, candidacy)
    )
    return next((name for name in names if name), None)


def _last_held(candidacy: Candidacy, now: datetime) -> HeldRound | None:
    return next((held for held in reversed(candidacy.state.rounds) if held.ends_at <= now), None)


def _interviewers(held: HeldRound | None, due: Due, candidacy: Candidacy, forms: Forms) -> str:
    """Return the names of those who asked, when none of them is written to and all are known."""
    if held is None or not held.with_ or {address.email.lower() for address in due.to} & {email.lower() for email in held.with_}:
        return ""
    names = []
    for email in held.with_:
        displays = display_names(email, due, candidacy)
        person = next(
            filter(None, (names_a_person(name, forms.names, organisations(candidacy.interview)) for name in displays)), None
        )
        if person is None:
            return ""
        names.append(person)
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} {forms.conjunction} {names[-1]}" if len(names) <= 3 else ""


def _dates(due: Due, candidacy: Candidacy, *, forms: Forms, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    promised = candidacy.state.promised_by
    if promised is not None:
        text = written(promised, forms, now=now, zone=zone)
        if promised < now.astimezone(zone).date():
            found["overdue_date"] = text
        elif due.kind is not DraftKind.THANK_YOU or _agreed_with_recipient(due, candidacy):
            found["promised_date"] = text
    fixed = due.parent.reading.interview_at if due.parent is not None and not due.parent.own else None
    if fixed is not None and fixed > now:
        found["next_date"] = written(fixed.astimezone(zone).date(), forms, now=now, zone=zone)
    return found


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


def _invitation(due: Due, forms: Forms) -> dict[str, str]:
    if due.kind is not DraftKind.REPLY_INVITATION or due.parent is None or due.parent.reading.interview_at is not None:
        return {}
    text = " ".join(due.parent.message.fresh.casefold().split())
    if any(phrase in text for phrase in forms.booking):
        return {"booking_link": "yes"}
    return {"proposed_times": "yes"} if len(_CLOCK.findall(text)) >= 2 else {}
