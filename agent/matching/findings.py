"""What in one message speaks for which tracked interview: evidence only, no verdict."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from agent.matching.evidence import Kind, piece
from agent.matching.match import Evidence, Member, Ties
from agent.matching.names import Words, company_name, display_names, role_at, role_words, telling_words, vocabulary, words
from agent.matching.tracked import CARRIERS, Known, Tracked, automatic, domain_label, minute, registrable, requisition_key
from agent.messages.message import Address, Message
from agent.messages.subject import base_subject, is_answer
from agent.signals.reading import Reading
from agent.signals.senders import PlatformKind

Findings = dict[str, dict[Kind, Evidence]]
"""Interview id → its evidence by kind."""

READ = 12_000
"""Characters of the text in which names are looked for."""

SOON = timedelta(days=60)
"""A fixed time farther away than this is no evidence."""

_WITH_DIGITS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_/.](?=[A-Za-z0-9])){2,39}")
_DIGIT = re.compile(r"\d")
_APART = re.compile(r"\b([A-Za-z]{1,4})[ #:]{1,2}(\d{3,12})\b")
_NUMBERED = re.compile(
    r"(?:\b(?:req(?:uisition)?|job|position|posting|vacancy|reference|ref|kennziffer|stellen\w*|referenz\w*|offre|oferta|vaga|"
    r"vacature|id|no|nr|num(?:ber|mer|ero|éro)?)\b[\s.:#-]{0,4}){1,3}(\d{3,12})\b|#(\d{3,12})\b",
    re.IGNORECASE,
)
_POSITION_WORDS = vocabulary(
    "role position job opening vacancy team stelle position rolle poste puesto vaga functie ruolo posizione interview"
)


def find(
    message: Message,
    reading: Reading,
    tracked: Tracked,
    *,
    ties: Ties,
    own: bool,
    now: datetime,
) -> Findings:
    """Return all evidence in `message`, by interview; the cost does not depend on how many are tracked."""
    search = _Search(message, reading, tracked)
    search.threads(ties, own=own)
    search.calendars(ties.appointments)
    search.requisitions()
    search.addresses(ties.correspondents, own=own)
    search.names(own=own)
    search.expected(now)
    search.subjects(ties.subjects)
    search.roles()
    return search.found


def near_parent(message: Message, members: Mapping[str, Member]) -> Member | None:
    """Return the nearest message of the thread (or the one that bounced) that is known and assigned."""
    parents = message.parent_ids
    if message.bounce is not None and message.bounce.original_message_id:
        parents = (message.bounce.original_message_id, *parents)
    known = (members.get(parent) for parent in parents)
    return next((member for member in known if member is not None and member.interview is not None), None)


class _Search:
    """One message being searched."""

    def __init__(self, message: Message, reading: Reading, tracked: Tracked) -> None:
        self.message, self.reading, self.tracked = message, reading, tracked
        self.found: Findings = {}

    def add(self, interviews: Iterable[str], kind: Kind, detail: str) -> None:
        for interview in interviews:
            if interview in self.tracked.by_id:
                self.found.setdefault(interview, {}).setdefault(kind, piece(kind, detail))

    def threads(self, ties: Ties, *, own: bool) -> None:
        parent = near_parent(self.message, ties.members) or ties.provider
        if parent is not None and parent.interview is not None:
            self.add([parent.interview], Kind.THREAD, parent.message_id)
            return
        # What was only asked about is confirmed by the user who answers it.
        asked = (ties.members.get(each) for each in self.message.parent_ids[:1] if own)
        for member in asked:
            if member is not None and member.likely is not None:
                self.add([member.likely], Kind.THREAD, f"you answered {member.message_id}")

    def calendars(self, appointments: Mapping[str, str]) -> None:
        for event in self.message.calendar:
            interview = appointments.get(event.uid) if event.uid else None
            if interview is not None:
                self.add([interview], Kind.CALENDAR_UID, event.uid)

    def requisitions(self) -> None:
        index = self.tracked.requisitions
        if not index:
            return
        if self.reading.requisition:
            self.add(index.get(requisition_key(self.reading.requisition), ()), Kind.REQUISITION, self.reading.requisition)
        text = f"{self.message.subject}\n{self.message.fresh[:READ]}"
        for written in _WITH_DIGITS.findall(text):
            if _DIGIT.search(written) and not (written.isdigit() and len(written) < 6):
                self.add(index.get(requisition_key(written), ()), Kind.REQUISITION, written)
        for letters, digits in _APART.findall(text):
            self.add(index.get(requisition_key(letters + digits), ()), Kind.REQUISITION, f"{letters} {digits}")
        for one, other in _NUMBERED.findall(text):
            self.add(index.get(one or other, ()), Kind.REQUISITION, one or other)

    def addresses(self, correspondents: Mapping[str, tuple[str, ...]], *, own: bool) -> None:
        message, tracked = self.message, self.tracked
        theirs: list[Address] = list(message.recipients) if own else [message.sender, *message.reply_to]
        organizers = () if own else tuple(event.organizer for event in message.calendar if event.organizer)
        for email in dict.fromkeys([*(address.email for address in theirs), *organizers]):
            self.add(tracked.contacts.get(email, ()), Kind.CONTACT, email)
        if not own:
            for address in message.recipients:
                self.add(tracked.contacts.get(address.email, ()), Kind.COPIED, address.email)
        if message.bounce is not None:
            for email in message.bounce.recipients:
                self.add(tracked.contacts.get(email, ()), Kind.CONTACT, email)
        for address in theirs:
            if not address.domain:
                continue
            platform = tracked.senders.platform(address.domain)
            if platform is None or platform.kind is PlatformKind.MAIL_PROVIDER:
                self.add(correspondents.get(address.email, ()), Kind.CORRESPONDENT, address.email)
            if platform is None:
                self.domain(registrable(address.domain), correspondents)
            elif platform.kind in CARRIERS:
                self.tenant(address)

    def domain(self, domain: str, correspondents: Mapping[str, tuple[str, ...]]) -> None:
        """Note whose domain it is: as listed, or as the mail so far shows; all roles of that employer or agency share it."""
        tracked = self.tracked
        listed = tracked.domains.get(domain, ())
        through = tracked.agencies.get(domain, ())
        for interview in correspondents.get(f"@{domain}", ()):
            known = tracked.by_id.get(interview)
            if known is None:
                continue
            if known.via and interview not in listed:
                through += (interview, *tracked.vias.owners.get(known.via, ()))
            else:
                listed += (interview,)
        same = tuple(
            other
            for interview in listed
            for name in tracked.by_id[interview].company
            for other in tracked.companies.owners.get(name, ())
            if not tracked.by_id[other].via or tracked.by_id[interview].via
        )
        self.add((*listed, *same), Kind.DOMAIN, domain)
        self.add(through, Kind.AGENCY, domain)
        label = domain_label(domain)
        self.add(tracked.joined_vias.get(label, ()), Kind.AGENCY, domain)
        spelled = tracked.joined.get(label, ())
        self.add((each for each in spelled if each not in listed), Kind.DOMAIN_NAME, domain)
        self.add((each for each in tracked.parts.get(label, ()) if each not in listed), Kind.DOMAIN_PART, domain)

    def tenant(self, address: Address) -> None:
        """Look for the company in the address that a tracking system gives its customer."""
        local = address.email.rpartition("@")[0].partition("+")[0]
        for part in (local, *address.domain.split(".")[:-2]):
            plain = part.replace("-", "").replace("_", "").replace(".", "")
            for name in dict.fromkeys((plain, plain.removesuffix("jobs"), plain.removesuffix("careers"))):
                if len(name) > 3 and not automatic(f"{part}@"):
                    self.add(self.tracked.joined.get(name, ()), Kind.DISPLAY_NAME, address.email)

    def names(self, *, own: bool) -> None:
        message, companies = self.message, self.tracked.companies
        subject = words(message.subject)
        text = words(message.text[:READ])
        for interview, written in companies.found_in(subject).items():
            self.add([interview], Kind.COMPANY, written)
        if self.reading.company:
            self.add(companies.owners.get(company_name(self.reading.company), ()), Kind.COMPANY, self.reading.company)
        for interview, written in companies.found_in(text).items():
            self.add([interview], Kind.MENTION, written)
        for interview, written in {**self.tracked.vias.found_in(text), **self.tracked.vias.found_in(subject)}.items():
            self.add([interview], Kind.VIA, written)
        self.parts(subject)
        if own:
            return
        for name in display_names(message.sender.name):
            self.add(companies.owners.get(name, ()), Kind.DISPLAY_NAME, message.sender.name)
            self.add(self.tracked.vias.owners.get(name, ()), Kind.VIA, message.sender.name)
            self.add(self.tracked.parts.get(name[0], ()) if len(name) == 1 else (), Kind.NAME_PART, message.sender.name)

    def parts(self, subject: Words) -> None:
        """Look for the first word of longer names where the whole name is not there."""
        said = words(self.reading.company or "")
        for text in (subject, said):
            for index, word in enumerate(text.folded):
                if text.written[index][0].isupper():
                    for interview in self.tracked.parts.get(word, ()):
                        if not self.found.get(interview, {}).keys() & {Kind.COMPANY, Kind.MENTION}:
                            self.add([interview], Kind.NAME_PART, text.written[index])

    def expected(self, now: datetime) -> None:
        if self.reading.interview_at is not None and abs(self.reading.interview_at - now) < SOON:
            at = minute(self.reading.interview_at)
            self.add(self.tracked.expected.get(at, ()), Kind.EXPECTED, at.isoformat())

    def subjects(self, interviews: Iterable[str]) -> None:
        """Note the same subject: beside other evidence, or alone for an answer, whose references may have been dropped."""
        alone = is_answer(self.message.subject)
        self.add((each for each in interviews if alone or each in self.found), Kind.SUBJECT, base_subject(self.message.subject))

    def roles(self) -> None:
        """Look for the roles of the interviews found so far, and for the words that tell one from another."""
        candidates = {
            interview: self.tracked.by_id[interview] for interview, kinds in self.found.items() if kinds.keys() != {Kind.SUBJECT}
        }
        if not candidates:
            return
        subject = role_words(self.message.subject)
        text = role_words(self.message.fresh[:READ])
        said = role_words(self.reading.role or "")
        there: dict[str, str] = {}
        for interview, known in candidates.items():
            for place in (subject, said, text):
                index = role_at(place, known.role)
                if index is not None:
                    there[interview] = " ".join(place.written[index : index + len(known.role)])
                    break
        longest = _without_shorter(there, candidates, (subject, said, text))
        for interview, written in longest.items():
            self.add([interview], Kind.ROLE, written)
        if not longest and len(candidates) > 1:
            self.role_word(candidates, subject, text)

    def role_word(self, candidates: Mapping[str, Known], subject: Words, text: Words) -> None:
        for interview, known in candidates.items():
            others = [other.role for other in candidates.values() if other is not known]
            for word in telling_words(known.role, others):
                if word in subject.folded or any(
                    _POSITION_WORDS & set(text.folded[index + 1 : index + 3]) for index in text.find((word,))
                ):
                    self.add([interview], Kind.ROLE_WORD, word)


def _without_shorter(there: dict[str, str], candidates: Mapping[str, Known], places: tuple[Words, ...]) -> dict[str, str]:
    """Leave out a title that stands only inside a longer one which is tracked too."""
    kept = {}
    for interview, written in there.items():
        role = candidates[interview].role
        longer = [candidates[other].role for other in there if len(candidates[other].role) > len(role)]
        inside = sum(len(place.find(other)) for other in longer for place in places if _holds(other, role))
        if sum(len(place.find(role)) for place in places) > inside:
            kept[interview] = written
    return kept


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return any(longer[start : start + len(shorter)] == shorter for start in range(len(longer) - len(shorter) + 1))
