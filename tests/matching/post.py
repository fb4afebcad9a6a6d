"""Mail and interviews for the tests of matching, made with a line each."""

from collections.abc import Mapping
from datetime import UTC, datetime

from agent.interviews import Contact, Interview
from agent.matching import Match, Member, Tracked, build_tracked
from agent.matching.assignment import match
from agent.matching.match import Ties
from agent.messages import Address, AuthenticationResult, Bounce, CalendarEvent, Message
from agent.rulebook.title_words import load_title_words
from agent.signals.reading import Label, Reading
from agent.signals.senders import Platform, PlatformKind, SenderBook

TITLE_WORDS = load_title_words(None)
NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
SENDERS = SenderBook(
    platforms=(
        Platform(domain="tracker.example", name="Tracker", kind=PlatformKind.ATS),
        Platform(domain="board.example", name="Board", kind=PlatformKind.JOB_BOARD),
        Platform(domain="freemail.example", name="Freemail", kind=PlatformKind.MAIL_PROVIDER),
        Platform(domain="sign.example", name="Sign", kind=PlatformKind.SIGNING),
    )
)


def address(text: str) -> Address:
    """`Dana Cole <dana@acme.example>` as an Address."""
    name, _, email = text.rpartition(" ")
    return Address(name=name, email=email.strip("<>"))


def mail(
    sender: str = "Dana Cole <dana@acme.example>",
    subject: str = "Hello",
    text: str = "Hello.",
    *,
    to: tuple[str, ...] = ("me@freemail.example",),
    cc: tuple[str, ...] = (),
    parents: tuple[str, ...] = (),
    reply_to: tuple[str, ...] = (),
    calendar: tuple[CalendarEvent, ...] = (),
    list_mail: bool = False,
    bounce: Bounce | None = None,
    authentication: tuple[AuthenticationResult, ...] = (),
    message_id: str = "<new@post.example>",
) -> Message:
    return Message(
        message_id=message_id,
        in_reply_to=parents[-1:],
        references=parents,
        date=NOW,
        received_at=NOW,
        sender=address(sender),
        reply_to=tuple(address(each) for each in reply_to),
        to=tuple(address(each) for each in to),
        cc=tuple(address(each) for each in cc),
        subject=subject,
        text=text,
        fresh=text,
        calendar=calendar,
        auto_submitted=False,
        list_mail=list_mail,
        bounce=bounce,
        authentication=authentication,
    )


def says(label: Label = Label.INVITATION, **more: object) -> Reading:
    return Reading(label=label, abstained=False, **more)  # type: ignore[arg-type]


def interview(
    name: str, company: str = "Acme Robotics", role: str = "Backend Engineer", *, contacts: tuple[str, ...] = (), **more: object
) -> Interview:
    people = tuple(Contact(name=each.name, email=each.email) for each in map(address, contacts))
    return Interview(id=name, company=company, role=role, contacts=people, **more)  # type: ignore[arg-type]


def tracked(*interviews: Interview, ended: tuple[str, ...] = (), expected: dict[str, datetime] | None = None) -> Tracked:
    return build_tracked(interviews, senders=SENDERS, title_words=TITLE_WORDS, ended=ended, expected=expected)


def matched(
    message: Message,
    known: Tracked,
    reading: Reading | None = None,
    *,
    members: tuple[Member, ...] = (),
    calendar_members: dict[str, str] | None = None,
    provider: Member | None = None,
    subjects: tuple[str, ...] = (),
    correspondents: Mapping[str, tuple[str, ...]] | None = None,
    own: bool = False,
) -> Match:
    return match(
        message,
        reading or says(),
        known,
        ties=Ties(
            members={each.message_id: each for each in members},
            appointments=calendar_members or {},
            provider=provider,
            subjects=subjects,
            correspondents=correspondents or {},
        ),
        own=own,
        now=NOW,
    )
