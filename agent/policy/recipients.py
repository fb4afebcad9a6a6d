"""Whom a follow-up goes to, and whose thread it continues."""

from collections.abc import Iterator

from agent.interviews.candidacy import Letter
from agent.interviews.interview import ContactRole
from agent.interviews.status import HeldRound
from agent.interviews.telephone import direct_number
from agent.messages.message import Address
from agent.policy.correspondence import Correspondence
from agent.policy.no_reply import takes_no_mail
from agent.policy.policy import Policy, Recipient


class Recipients:
    """The people of one candidacy, as its contacts and its mail name them."""

    def __init__(self, mail: Correspondence, policy: Policy) -> None:
        """Look at the people in `mail`; the policy says which addresses take none."""
        self.mail = mail
        self.policy = policy
        self.names = self._names()

    def writable(self, address: Address) -> bool:
        """Whether mail to `address` reaches somebody."""
        return address.email not in self.mail.blocked and not self._robot(address)

    def named(self, email: str) -> Address:
        """Return `email` with the name that the contacts give it, else the mail."""
        return Address(name=self.names.get(email, ""), email=email)

    def interviewers(self, held: HeldRound) -> list[Address]:
        """Return those who led the interview; rooms, robots and the user are left out."""
        emails = dict.fromkeys(email.lower() for email in held.with_)
        return [
            self.named(email)
            for email in emails
            if email not in self.mail.own and not takes_no_mail(email, self.policy.never_write_to)
        ]

    def referrers(self) -> list[Address]:
        """Return those who put in a word for the user."""
        return [address for address in self._contacts(ContactRole.REFERRER) if address.email not in self.mail.own]

    def primary(self) -> Address | None:
        """Return the one contact of the candidacy (B9)."""
        return self.first((Recipient.PRIMARY_CONTACT,), None, "")

    def callee(self, wanted: tuple[Recipient, ...]) -> Address | None:
        """Return the first of `wanted` whose direct number is known, else the first; None where nobody is known."""
        found = [
            self.named(address.email) if address.email in self.names else address
            for recipient in wanted
            for address in self._candidates(recipient, None, "")
            if address.email and address.email not in self.mail.own and not self._robot(address)
        ]
        return next((each for each in found if self.number(each)), found[0] if found else None)

    def number(self, person: Address | None) -> str:
        """Return the direct number of `person`, or the one noted for nobody in particular; empty where none is known."""
        return direct_number(self.mail.candidacy, person.email if person else "")

    def first(self, wanted: tuple[Recipient, ...], letter: Letter | None, correspondent: str) -> Address | None:
        """Return the first of `wanted` that can be written to, else the first that is known at all, else None.

        `letter` is the message that is answered, `correspondent` its sender's address where the message itself is not at hand.
        """
        known: Address | None = None
        for recipient in wanted:
            for address in self._candidates(recipient, letter, correspondent):
                if not address.email or address.email in self.mail.own:
                    continue
                if self.writable(address):
                    return self.named(address.email) if address.email in self.names else address
                known = known or address
        return known

    def _robot(self, address: Address) -> bool:
        return takes_no_mail(address.email, self.policy.never_write_to)

    def _candidates(self, recipient: Recipient, letter: Letter | None, correspondent: str) -> Iterator[Address]:
        match recipient:
            case Recipient.SENDER:
                if letter is not None:
                    yield letter.message.answer_to
                    yield letter.message.sender
                elif correspondent:
                    yield self.named(correspondent)
            case Recipient.HIRING_MANAGER:
                yield from self._contacts(ContactRole.HIRING_MANAGER)
            case Recipient.PRIMARY_CONTACT:
                yield from self._primary()
            case Recipient.EACH_INTERVIEWER | Recipient.EACH_REFERRER | Recipient.USER:
                return

    def _primary(self) -> Iterator[Address]:
        """Yield who may be the one contact of the candidacy (B9), the likeliest first.

        Whoever was asked before; who scheduled the last interview; the hiring manager; a recruiter; any contact but a referrer;
        who wrote last.
        """
        for follow_up in reversed(self.mail.follow_ups):
            yield from follow_up.to[:1]
        for held in reversed(self.mail.rounds()):
            letter = self.mail.by_id.get(held.message_id or "")
            if letter is not None and not letter.own:
                yield letter.message.answer_to
                yield letter.message.sender
                for event in letter.message.calendar:
                    yield self.named(event.organizer)
        yield from self._contacts(ContactRole.HIRING_MANAGER, ContactRole.RECRUITER, ContactRole.INTERVIEWER)
        for letter in reversed(self.mail.letters):
            if not letter.own and not letter.message.list_mail:
                yield letter.message.answer_to

    def _contacts(self, *roles: ContactRole) -> Iterator[Address]:
        for role in roles:
            for contact in self.mail.interview.contacts:
                if contact.role is role:
                    yield Address(name=contact.name, email=contact.email.lower())

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for letter in self.mail.letters:
            message = letter.message
            listed = (address for event in message.calendar for address in event.named)
            for address in (*listed, *message.recipients, *message.reply_to, message.sender):
                if address.name:
                    names[address.email] = address.name
        names.update({contact.email.lower(): contact.name for contact in self.mail.interview.contacts if contact.name})
        return names
