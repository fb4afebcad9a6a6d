"""One candidacy at Acme Robotics, as the tests of drafts need it: interviewed on Tuesday, 10 March 2026, by Dana Cole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from agent.drafts import Draft, Refused, Templates, User, compose
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.interview import Contact, ContactRole, Interview
from agent.interviews.status import HeldRound, State, Status, Turn
from agent.messages.message import Address, Message
from agent.policy.verdict import DraftKind, Due
from agent.rulebook.templates import load_templates
from agent.signals.reading import Label, Reading

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
DANA = Address(name="Dana Cole", email="dana@acme.example")
USER = User(
    name="Robin Lee",
    addresses=("robin@home.example", "robin.lee@old.example"),
    timezone=ZoneInfo("Europe/Berlin"),
    phone="+49 30 1234567",
)
INTERVIEW = Interview(
    id="acme-backend",
    company="Acme Robotics",
    role="Backend Engineer",
    domains=("acme.example",),
    timezone="Europe/Berlin",
    contacts=(Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.HIRING_MANAGER),),
)
ROUND = HeldRound(
    number=1,
    starts_at=datetime(2026, 3, 10, 13, 0, tzinfo=UTC),
    ends_at=datetime(2026, 3, 10, 14, 0, tzinfo=UTC),
    with_=("dana@acme.example",),
    message_id="<invite@acme.example>",
)


@cache
def templates() -> Templates:
    """Return the shipped templates."""
    return load_templates(None)


def only(kind: DraftKind, variant: str) -> Templates:
    """Return the shipped templates with one wording of `kind` and one closing, so that the text is known beforehand."""
    english = templates().languages["en"]
    template = english.templates[kind]
    kept = tuple(found for found in template.variants if found.id == variant)
    assert kept, variant
    forms = replace(english.forms, closings=("Kind regards,",))
    return Templates(
        languages={"en": replace(english, forms=forms, templates={**english.templates, kind: replace(template, variants=kept)})},
        checks=templates().checks,
    )


def state(
    status: Status = Status.AWAITING, *, promised_by: date | None = None, rounds: tuple[HeldRound, ...] = (ROUND,)
) -> State:
    """Return where the candidacy stands."""
    return State(
        status=status,
        since=None,
        round=1,
        next_at=None,
        promised_by=promised_by,
        promised_in=None,
        turn=Turn.THEM,
        rounds=rounds,
        history=(),
    )


def message(fresh: str = "", *, subject: str = "Interview at Acme Robotics", sender: Address = DANA) -> Message:
    """Return a message of theirs to the user."""
    at = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    return Message(
        message_id="<invite@acme.example>",
        in_reply_to=(),
        references=(),
        date=at,
        received_at=at,
        sender=sender,
        reply_to=(),
        to=(Address(name="Robin Lee", email="robin@home.example"),),
        cc=(),
        subject=subject,
        text=fresh,
        fresh=fresh,
        calendar=(),
        auto_submitted=False,
        list_mail=False,
        bounce=None,
        authentication=(),
    )


def letter(found: Message, label: Label = Label.INVITATION, *, interview_at: datetime | None = None) -> Letter:
    """Return a message of theirs with what it says."""
    return Letter(own=False, message=found, reading=Reading(label=label, abstained=False, interview_at=interview_at))


def candidacy(interview: Interview = INTERVIEW, *, at: State | None = None) -> Candidacy:
    """Return the candidacy."""
    return Candidacy(interview=interview, events=(), letters=(), state=at or state())


def due(
    kind: DraftKind,
    *,
    to: tuple[Address, ...] = (DANA,),
    parent: Letter | None = None,
    occasion: str | None = None,
    held: HeldRound | None = ROUND,
) -> Due:
    """Return a follow-up that is due now."""
    return Due(
        interview="acme-backend",
        kind=kind,
        occasion=occasion if occasion is not None else f"round-1:{to[0].email if to else ''}",
        due_at=NOW - timedelta(hours=1),
        until=None,
        to=to,
        parent=parent,
        rule="a-rule",
        requirements=("B1",),
        reason="It is time.",
        round=held,
    )


def draft_of(
    wanted: Due,
    found: Candidacy | None = None,
    *,
    user: User = USER,
    using: Templates | None = None,
    earlier: tuple[str, ...] = (),
) -> Draft:
    """Return the draft; fail when it is refused."""
    made = compose(wanted, found or candidacy(), user=user, templates=using or templates(), earlier=earlier, now=NOW)
    assert isinstance(made, Draft), made
    return made


def refusal_of(
    wanted: Due,
    found: Candidacy | None = None,
    *,
    user: User = USER,
    using: Templates | None = None,
    earlier: tuple[str, ...] = (),
) -> Refused:
    """Return the refusal; fail when there is a draft."""
    made = compose(wanted, found or candidacy(), user=user, templates=using or templates(), earlier=earlier, now=NOW)
    assert isinstance(made, Refused), made
    return made
