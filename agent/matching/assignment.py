"""Which interview a message belongs to: `match`, the verdict on the evidence.

Likeness of names alone never decides. What is certain is acted on; what is likely, or tied between several, is asked about.
"""

import re
from collections.abc import Collection
from datetime import datetime

from agent.matching.evidence import NAMES, Kind, candidate
from agent.matching.findings import Findings, find
from agent.matching.match import Candidate, Certainty, Match, Ties
from agent.matching.names import company_name
from agent.matching.tracked import CARRIERS, Tracked, automatic, requisition_key
from agent.messages.message import Message
from agent.messages.subject import is_forward, without_prefixes
from agent.signals.reading import ENDINGS, Label, Reading
from agent.signals.senders import PlatformKind

_NOISE = frozenset({Label.ALERT, Label.OUTREACH})
_SAYS_LITTLE = _NOISE | {Label.OTHER, Label.AUTO_REPLY, Label.BOUNCE}
_COUNTER = re.compile(
    r"(?:customer|kunden|member|client|guest|patient)?[-_.]?(?:service|support|orders?|shop|store|billing|invoices?|sales|tickets?|"
    r"booking|reservations?|delivery|shipping|account|accounts|rechnung|bestellung|kundenservice|termine|events?|commandes?|"
    r"facturation|pedidos|press|presse|webinars?|kundendienst|clientes)",
    re.IGNORECASE,
)
"""Local parts of addresses that write to customers."""
_SAME_NUMBER = 3
"""Characters of a requisition that must be there to be found as the end of another ('R-1234', '1234')."""


def match(
    message: Message,
    reading: Reading,
    tracked: Tracked,
    *,
    ties: Ties,
    own: bool,
    now: datetime,
) -> Match:
    """Return the interview that `message` belongs to, with all candidates and their evidence.

    `ties`: what is known of its thread and its appointments. `own`: the user wrote it. `now`: appointments that lie far from it
    are no evidence.
    """
    found = find(message, reading, tracked, ties=ties, own=own, now=now)
    return _Verdict(message, reading, tracked, found, own=own).reached()


class _Verdict:
    """The evidence of one message, weighed."""

    def __init__(self, message: Message, reading: Reading, tracked: Tracked, found: Findings, *, own: bool) -> None:
        self.message, self.reading, self.tracked, self.found, self.own = message, reading, tracked, found, own
        machine = message.list_mail or automatic(message.sender.email)
        self.noise = not own and (reading.label in _NOISE or (reading.label is Label.OTHER and machine))
        platform = tracked.senders.platform(message.sender.domain)
        self.carrier = platform.kind if platform is not None and not own and platform.kind in CARRIERS else None

    def having(self, *kinds: Kind, ended: bool = False) -> list[str]:
        """Return the interviews with any of `kinds`; the ended ones only when asked for."""
        return [
            interview
            for interview, evidence in self.found.items()
            if evidence.keys() & set(kinds) and (ended or interview not in self.tracked.ended)
        ]

    def reached(self) -> Match:
        """Return the verdict: by identity, then by person, then by the employer's own domain, then by name."""
        if not self.found:
            return Match(certainty=Certainty.NONE, interview=None)
        return (
            self.by_identity()
            or self.by_contact()
            or self.by_correspondent()
            or self.by_domain()
            or self.by_carrier()
            or self.by_domain_name()
            or self.by_agency()
            or self.by_likeness()
            or self.by_ended()
            or Match(certainty=Certainty.NONE, interview=None, candidates=self.candidates())
        )

    def by_identity(self) -> Match | None:
        """Decide by thread, calendar UID and requisition, which hold for ended candidacies too."""
        tied = set(self.having(Kind.THREAD, Kind.CALENDAR_UID, ended=True))
        numbered = self.having(Kind.REQUISITION, ended=True)
        if not tied and len(numbered) > 1:
            return self.told_apart(numbered)
        tied |= set(numbered) if len(numbered) == 1 else set()
        if not tied:
            return None
        if len(tied) > 1:
            return self.likely(tied)
        (chosen,) = tied
        if self.handed_on(chosen):
            return self.likely([chosen])
        if Kind.REQUISITION in self.found[chosen]:
            named_another = not (self.found[chosen].keys() - {Kind.REQUISITION}) and self.names_another(chosen)
            return self.likely([chosen]) if named_another else self.certain(chosen)
        if elsewhere := self.contacts_elsewhere(chosen):
            return self.likely([chosen, *elsewhere])
        # What names another role in passing stays in its thread; what would end the candidacy must be about it.
        ends = self.reading.label in ENDINGS and bool(self.another_named(chosen))
        return self.likely([chosen]) if ends else self.unless_others_role(chosen)

    def by_contact(self) -> Match | None:
        """Decide by a known address; one that several interviews share leaves it to other evidence."""
        known = self.having(Kind.CONTACT)
        if not known or self.reading.label is Label.ALERT:
            return None
        if self.noise or self.to_many(*known):
            return self.likely(known)
        return self.only_or_told_apart(known)

    def by_correspondent(self) -> Match | None:
        """Decide by an address that was there before; the other roles of its employer or agency have to be told apart."""
        known = self.having(Kind.CORRESPONDENT)
        if not known or self.noise:
            return None
        if self.to_many(*known):
            return self.likely(known)
        there = dict.fromkeys((*known, *self.having(Kind.DOMAIN, Kind.AGENCY)))
        return self.only_or_told_apart(list(there))

    def by_domain(self) -> Match | None:
        """Decide by the employer's own domain."""
        there = self.having(Kind.DOMAIN)
        if not there:
            return None
        if self.noise:
            named = [interview for interview in there if Kind.ROLE in self.found[interview]]
            return self.likely(named) if named and self.reading.label not in _SAYS_LITTLE else None
        if self.to_many(*there) or self.from_the_counter(*there):
            return self.likely(there) if self.reading.label not in _SAYS_LITTLE else None
        return self.only_or_told_apart(there)

    def by_carrier(self) -> Match | None:
        """Decide by a tracking system or job board that brings mail of a company named exactly."""
        if self.carrier is None or self.noise:
            return None
        named = self.having(Kind.DISPLAY_NAME, Kind.COMPANY)
        if not named:
            named = [interview for interview in self.having(Kind.MENTION) if not self.names_another(interview)]
            if named and (self.carrier is PlatformKind.JOB_BOARD or self.reading.label in _SAYS_LITTLE):
                return self.likely(named)
        if not named:
            named = [
                each for each in self.having(Kind.NAME_PART) if Kind.ROLE in self.found[each] and not self.names_another(each)
            ]
        if not named:
            return None
        if len(named) == 1 and self.names_another(named[0]) and not self.is_misread(named[0]):
            return self.likely(named)
        return self.only_or_told_apart(named)

    def by_domain_name(self) -> Match | None:
        """Decide by a domain that is spelled as the company is, and the company or the role in the message."""
        spelled = self.having(Kind.DOMAIN_NAME) or self.having(Kind.DOMAIN_PART)
        if not spelled or self.noise:
            return None
        backed = [
            each for each in spelled if self.found[each].keys() & {Kind.COMPANY, Kind.MENTION, Kind.DISPLAY_NAME, Kind.ROLE}
        ]
        if self.own:
            backed = self.having(Kind.DOMAIN_NAME) or backed
        if not backed or self.message.list_mail or (self.reading.label in _SAYS_LITTLE and not self.own):
            return self.likely(backed or spelled) if self.reading.label not in _SAYS_LITTLE else None
        return self.only_or_told_apart(backed)

    def by_agency(self) -> Match | None:
        """Decide by the agency's domain, when the role or the client says which of its candidacies."""
        through = self.having(Kind.AGENCY)
        if not through or self.noise:
            return None
        for kinds in ({Kind.ROLE}, NAMES):
            told = [interview for interview in through if self.found[interview].keys() & kinds]
            if len(told) == 1 and not self.another_named(told[0]):
                return self.certain(told[0])
        return self.likely(through)

    def by_likeness(self) -> Match | None:
        """Ask where names are all that ties the message to a candidacy."""
        if self.noise or self.reading.label in _NOISE or (self.message.list_mail and self.carrier is None):
            return None
        likely = []
        for interview in (each for each in self.found if each not in self.tracked.ended):
            kinds = self.found[interview].keys()
            by_name = kinds & NAMES
            with_role = Kind.ROLE in kinds and kinds & (NAMES | {Kind.NAME_PART, Kind.VIA, Kind.COPIED, Kind.EXPECTED})
            clear = not self.own and self.reading.label not in _SAYS_LITTLE
            if with_role or (clear and (by_name or kinds & {Kind.COPIED, Kind.EXPECTED, Kind.SUBJECT})):
                likely.append(interview)
        likely = [each for each in likely if self.carrier is None or not self.names_another(each)]
        return self.likely(likely) if likely else None

    def by_ended(self) -> Match | None:
        """Ask about candidacies that are over, where a person or the very role speaks for them."""
        if self.noise or self.own or self.reading.label in _SAYS_LITTLE:
            return None
        over = [
            interview
            for interview, evidence in self.found.items()
            if interview in self.tracked.ended
            and (
                evidence.keys() & {Kind.CONTACT, Kind.CORRESPONDENT}
                or (Kind.ROLE in evidence and evidence.keys() & {Kind.DOMAIN, Kind.AGENCY, Kind.DISPLAY_NAME, Kind.COMPANY})
            )
        ]
        return self.likely(over) if over else None

    def unless_another_role(self, chosen: str) -> Match:
        """Return `chosen`, unless the message names a role, tracked or not, that is another than its own."""
        return self.likely([chosen]) if self.another_named(chosen) else self.unless_others_role(chosen)

    def unless_others_role(self, chosen: str) -> Match:
        """Return `chosen`, unless the message names the role of another candidacy and not its own."""
        if Kind.ROLE in self.found[chosen]:
            return self.certain(chosen)
        others = [interview for interview in self.having(Kind.ROLE, ended=True) if interview != chosen]
        return self.likely([chosen, *others]) if others else self.certain(chosen)

    def handed_on(self, chosen: str) -> bool:
        """Whether it is a forward, by somebody of whom nothing is known or to such a one: what it holds is another's mail."""
        if not is_forward(self.message.subject):
            return False
        theirs = {Kind.CONTACT, Kind.CORRESPONDENT, Kind.DOMAIN, Kind.AGENCY, Kind.DOMAIN_NAME}
        return not self.found[chosen].keys() & (theirs if self.own else theirs | {Kind.THREAD})

    def contacts_elsewhere(self, chosen: str) -> list[str]:
        """Return the interviews at other employers whose contact wrote this, when nothing but the thread speaks for `chosen`."""
        if self.own or not self.found[chosen].keys() <= {Kind.THREAD}:
            return []
        mine = self.tracked.by_id[chosen]
        known = (self.tracked.by_id[interview] for interview in self.having(Kind.CONTACT))
        return [
            each.interview.id
            for each in known
            if each.company.isdisjoint(mine.company) and not (each.via and each.via == mine.via)
        ]

    def only_or_told_apart(self, there: Collection[str]) -> Match:
        """Return the only interview there, or the one that the role tells apart."""
        (first, *others) = there
        if others:
            return self.told_apart(there)
        return self.unless_another_role(first)

    def told_apart(self, tied: Collection[str]) -> Match:
        """Return the one of several that more evidence speaks for: client, role, a word of the role, the expected time."""
        left = list(tied)
        for kinds in (
            {Kind.REQUISITION},
            {Kind.CONTACT},
            NAMES,
            {Kind.ROLE},
            {Kind.ROLE_WORD},
            {Kind.EXPECTED},
            {Kind.CORRESPONDENT},
            {Kind.SUBJECT},
        ):
            with_it = [interview for interview in left if self.found[interview].keys() & kinds]
            left = with_it or left
        live = [interview for interview in left if interview not in self.tracked.ended]
        if len(left) == 1 and live:
            return self.unless_another_role(left[0])
        if len(left) > 1 and len(live) == 1:
            return self.unless_another_role(live[0])
        return self.likely(tied)

    def names_another(self, interview: str) -> bool:
        """Whether the message was read as being from another company."""
        said = company_name(self.reading.company or "")
        known = self.tracked.by_id[interview]
        return bool(said) and not any(name[: len(said)] == said for name in (*known.company, known.via))

    def is_misread(self, interview: str) -> bool:
        """Whether company and role stand there in full, and what was read as the company has nothing in common with it."""
        said = set(company_name(self.reading.company or ""))
        return {Kind.COMPANY, Kind.ROLE} <= self.found[interview].keys() and not any(
            said & set(name) for name in self.tracked.by_id[interview].company
        )

    def to_many(self, *interviews: str) -> bool:
        """Whether it is mail to many that names none of the roles: an employer's events and news go to applicants too."""
        about = {Kind.ROLE, Kind.REQUISITION, Kind.THREAD}
        listed = self.message.list_mail and not self.own and self.carrier is None
        return listed and not any(self.found[each].keys() & about for each in interviews)

    def from_the_counter(self, *interviews: str) -> bool:
        """Whether it comes from where the employer serves its customers, and names none of the roles."""
        counter = _COUNTER.fullmatch(self.message.sender.email.rpartition("@")[0]) is not None
        about = {Kind.ROLE, Kind.REQUISITION, Kind.THREAD, Kind.CORRESPONDENT}
        return counter and not self.own and not any(self.found[each].keys() & about for each in interviews)

    def another_named(self, interview: str) -> str:
        """Return the role or requisition that the message names where that is another than this one's; else an empty string."""
        known, found = self.tracked.by_id[interview], self.found[interview]
        number, own_number = self.reading.requisition or "", known.interview.requisition or ""
        if Kind.REQUISITION in found:
            return ""
        if number and own_number and _differ(requisition_key(number), requisition_key(own_number)):
            return number
        role = self.reading.role or self.title()
        if Kind.ROLE in found or not role or not self.tracked.titles.differ(role, known.interview.role):
            return ""
        return role

    def title(self) -> str:
        """Return the subject where it is the title of a role and nothing else."""
        subject = without_prefixes(self.message.subject)
        return subject if self.tracked.titles.is_title(subject) else ""

    def candidates(self, first: Collection[str] = ()) -> tuple[Candidate, ...]:
        """Return all candidates, those of `first` before the rest, each group best first."""
        ranked = [candidate(interview, evidence.values()) for interview, evidence in self.found.items()]
        return tuple(sorted(ranked, key=lambda each: (each.interview not in first, -each.score, each.interview)))

    def certain(self, interview: str) -> Match:
        """Return a match to act on."""
        return Match(certainty=Certainty.CERTAIN, interview=interview, candidates=self.candidates([interview]))

    def likely(self, interviews: Collection[str]) -> Match:
        """Return a match to ask about; it names one only where one is ahead of all others."""
        ranked = self.candidates(interviews)
        asked = [each for each in ranked if each.interview in interviews]
        ahead = len(asked) == 1 or asked[0].score > asked[1].score
        others = [self.another_named(each.interview) for each in asked]
        return Match(
            certainty=Certainty.LIKELY,
            interview=asked[0].interview if ahead else None,
            candidates=ranked,
            names=others[0] if all(others) else "",
        )


def _differ(one: str, other: str) -> bool:
    """Whether two requisitions are two: the one is not the end of the other, as a number without its letters is."""
    shorter, longer = sorted((one, other), key=len)
    return not (longer.endswith(shorter) and len(shorter) >= _SAME_NUMBER)
