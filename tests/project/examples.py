"""One draft of each kind in three languages, as a mail client shows it.

`python -m tests.project.examples` writes them into docs/drafts.md.
"""

import email
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.drafts import Draft, User, compose, draft_bytes
from agent.drafts.surroundings import Engagement, Surroundings
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.interview import Contact, ContactRole, Interview
from agent.interviews.status import HeldRound, State, Status, Turn
from agent.messages.message import Address, Message
from agent.policy.office_hours import CountryHolidays, Office
from agent.policy.policy import ANSWERS, TO_USER
from agent.policy.verdict import DraftKind, Due
from agent.rulebook.templates import load_templates
from agent.signals.reading import Label, Reading

DOCUMENT = Path(__file__).parents[2] / "docs" / "drafts.md"
NOW = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
USER = User(name="Robin Hale", addresses=("robin.hale@mailbox.example",), timezone=BERLIN, phone="+49 30 1234567")
OFFICE = Office(zone=BERLIN, country="DE", holidays=CountryHolidays(), closed=frozenset(), opens=time(9), closes=time(17))
ELSEWHERE = datetime(2026, 3, 25, 9, 30, tzinfo=BERLIN)
"""Another interview, with which one of the proposed times collides."""
AROUND = Surroundings(
    office=OFFICE,
    engagements=(Engagement(interview="birch", starts_at=ELSEWHERE, ends_at=ELSEWHERE + timedelta(hours=1)),),
)
REFERRER = Address(name="Alan Boyd", email="alan@friends.example")
HEAD = """# One draft of each kind

`make examples` writes this page: each kind of draft in English, German and French, as a mail client shows it. Robin Hale was
interviewed on Tuesday, 10 March by Dana Cole, and has another interview on Wednesday, 25 March at 9:30; which wording is taken,
and which facts stand in it, follows from the occasion and from what is known.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What a conversation in one language is about."""

    code: str
    name: str
    role: str
    subject: str
    notes: str


SCENES = (
    Scene(
        code="en",
        name="English",
        role="Backend Engineer",
        subject="Your interview at Acme Robotics",
        notes="topic: how on-call is shared\nmaterial: my portfolio\nquestion: when the contract would begin\n"
        "agreed: 2026-03-24 by phone",
    ),
    Scene(
        code="de",
        name="German",
        role="Backend-Entwicklung",
        subject="Ihr Gespräch bei Acme Robotics",
        notes="topic: die Aufteilung der Bereitschaft\nmaterial: mein Portfolio\nquestion: wann der Vertrag beginnen würde\n"
        "agreed: 2026-03-24 by phone",
    ),
    Scene(
        code="fr",
        name="French",
        role="Développement backend",
        subject="Votre entretien chez Acme Robotics",
        notes="topic: la répartition des astreintes\nmaterial: mon portfolio\nquestion: la date de début du contrat\n"
        "agreed: 2026-03-24 by phone",
    ),
)


def page() -> str:
    """Return the page as it should be."""
    return HEAD + "".join(_part(scene) for scene in SCENES)


def drafts(scene: Scene) -> list[Draft]:
    """Return a draft of each kind; none repeats a sentence of those before."""
    made: list[Draft] = []
    for kind in DraftKind:
        draft = compose(
            _due(kind, scene),
            _candidacy(kind, scene),
            user=USER,
            templates=load_templates(None),
            earlier=[each.body for each in made if each.kind not in TO_USER],
            now=NOW,
            around=AROUND,
        )
        if not isinstance(draft, Draft):
            raise TypeError(f"{scene.code} {kind}: {draft.reason}")
        made.append(draft)
    return made


def _part(scene: Scene) -> str:
    return f"\n## {scene.name}\n" + "".join(
        f"\n### {draft.kind.value}\n\n```text\n{_shown(draft)}```\n" for draft in drafts(scene)
    )


def _shown(draft: Draft) -> str:
    """Return what a client shows of the bytes that go into Drafts."""
    mail = email.message_from_bytes(draft_bytes(draft, date=NOW), policy=default)
    header = "".join(f"{name}: {mail[name]}\n" for name in ("From", "To", "Subject"))
    return f"{header}\n{mail.get_content()}".replace("\r\n", "\n")


def _due(kind: DraftKind, scene: Scene) -> Due:
    answers = kind in ANSWERS or kind in (DraftKind.STATUS_CHECK, DraftKind.FINAL_NOTE)
    to = Address(name=USER.name, email=USER.address) if kind in TO_USER else _dana()
    to = REFERRER if kind is DraftKind.REFERRER_UPDATE else to
    return Due(
        interview="acme",
        kind=kind,
        occasion=f"round-1:{to.email}",
        due_at=NOW,
        until=None,
        to=(to,),
        parent=_letter(kind, scene) if answers else None,
        rule="example",
        requirements=(),
        reason="",
        round=_held(),
        person=_dana() if kind is DraftKind.CALL_SHEET else None,
    )


def _dana() -> Address:
    return Address(name="Dana Cole", email="dana@acme.example")


def _held() -> HeldRound:
    at = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
    return HeldRound(number=1, starts_at=at, ends_at=at + timedelta(hours=1), with_=("dana@acme.example",), message_id=None)


def _letter(kind: DraftKind, scene: Scene) -> Letter:
    at = NOW - timedelta(hours=20)
    times = tuple(datetime(2026, 3, day, hour, 0, tzinfo=BERLIN) for day, hour in ((24, 14), (25, 10)))
    message = Message(
        message_id="<4711@acme.example>",
        in_reply_to=(),
        references=(),
        date=at,
        received_at=at,
        sender=_dana(),
        reply_to=(),
        to=(Address(name=USER.name, email=USER.address),),
        cc=(),
        subject=scene.subject,
        text="",
        fresh="",
        calendar=(),
        auto_submitted=False,
        list_mail=False,
        bounce=None,
        authentication=(),
    )
    reading = Reading(label=Label.OTHER, abstained=False, language=scene.code)
    if kind is DraftKind.REPLY_INVITATION:
        reading = replace(reading, label=Label.INVITATION, proposed=times)
    if kind is DraftKind.REPLY_RESCHEDULE:
        reading = replace(reading, label=Label.RESCHEDULED, interview_at=times[0])
    return Letter(own=False, message=message, reading=reading)


def _candidacy(kind: DraftKind, scene: Scene) -> Candidacy:
    ended = {
        DraftKind.REPLY_REJECTION: Status.REJECTED,
        DraftKind.WITHDRAW: Status.WITHDRAWN,
        DraftKind.REFERRER_UPDATE: Status.OFFER,
    }
    status = Status.OFFER if kind.value.startswith("offer_") else ended.get(kind, Status.AWAITING)
    known_day = kind in (DraftKind.REPLY_HOLD, DraftKind.THANK_YOU)
    return Candidacy(
        interview=Interview(
            id="acme",
            company="Acme Robotics",
            role=scene.role,
            timezone="Europe/Berlin",
            language=scene.code,
            contacts=(
                Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.HIRING_MANAGER, phone="+49 30 7654321"),
                Contact(name=REFERRER.name, email=REFERRER.email, role=ContactRole.REFERRER),
            ),
            notes=scene.notes,
        ),
        events=(),
        letters=(),
        state=State(
            status=status,
            since=NOW - timedelta(days=1),
            round=1,
            next_at=None,
            promised_by=date(2026, 3, 27) if known_day else None,
            promised_in=None,
            turn=Turn.THEM,
            rounds=(_held(),),
            history=(),
        ),
    )


def main() -> int:
    """Write the page; return 0."""
    DOCUMENT.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
