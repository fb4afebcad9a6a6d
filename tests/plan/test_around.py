"""What a draft is told of the other candidacies, and how the answers to an offer are put before the user."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.interviews import Event, EventKind, Interview
from agent.interviews.candidacy import Candidacy, Letter, candidacy_of
from agent.interviews.interview import Contact, Round
from agent.mailbox.memory import MemoryMailbox
from agent.messages import parse_message
from agent.plan.around import surroundings
from agent.plan.desk import Desk
from agent.plan.follow_up import follow_up
from agent.policy import DraftKind
from agent.signals import Label, Reading
from tests.daemon.scene import ACME, NOW, account
from tests.letters import letter

AHEAD = datetime(2026, 3, 30, 14, 0, tzinfo=UTC)
GLOBEX = Interview(
    id="globex-dev",
    company="Globex",
    aliases=("Globex Labs",),
    role="Developer",
    contacts=(Contact(name="Tom Weber", email="Tom@globex.example"), Contact(name="Jo", email="jo@globex.example")),
    rounds=(Round(at=AHEAD, minutes=45),),
)


def desk() -> Desk:
    acme = account(MemoryMailbox(), ACME)
    return desk_of(acme, Casebook(acme.ledger, NOW))


def as_of_now(interview: Interview, *events: Event, letters: tuple[Letter, ...] = ()) -> Candidacy:
    return candidacy_of(interview, events, letters, NOW)


def test_the_appointments_of_the_others_are_engagements_of_the_user() -> None:
    around = surroundings(as_of_now(ACME), [as_of_now(GLOBEX), as_of_now(ACME)], desk())
    assert [(each.interview, each.starts_at, each.ends_at) for each in around.engagements] == [
        ("globex-dev", AHEAD, AHEAD + timedelta(minutes=45))
    ]


def test_another_employer_is_known_by_its_names_and_its_people_in_full() -> None:
    (neighbour,) = surroundings(as_of_now(ACME), [as_of_now(GLOBEX)], desk()).neighbours
    assert neighbour.employers == ("Globex", "Globex Labs")
    assert neighbour.people == ("Tom Weber",)
    assert neighbour.addresses == {"tom@globex.example", "jo@globex.example"}


def test_another_position_at_the_same_employer_is_no_other_employer() -> None:
    sister = replace(ACME, id="acme-data", role="Data Engineer", rounds=(Round(at=AHEAD),))
    around = surroundings(as_of_now(ACME), [as_of_now(sister)], desk())
    assert around.neighbours == ()
    assert len(around.engagements) == 1


def test_the_answers_to_an_offer_are_put_before_the_user_as_a_choice() -> None:
    raw = letter(
        message_id="<offer@acme.example>",
        at=NOW - timedelta(hours=1),
        sender="Dana Cole <dana@acme.example>",
        subject="Your offer",
        body="We are pleased to offer you the position.",
    )
    message = parse_message(raw, received_at=NOW)
    offered = Event(
        interview=ACME.id,
        at=message.date,
        kind=EventKind.RECEIVED,
        id=1,
        message_id=message.message_id,
        label=Label.OFFER,
        correspondent="dana@acme.example",
    )
    reading = Reading(label=Label.OFFER, abstained=False, language="en")
    found = as_of_now(ACME, offered, letters=(Letter(own=False, message=message, reading=reading),))

    plan = follow_up(found, desk=desk(), contacted=(), drafts=(), earlier=(), now=NOW)

    offers = {draft.kind: draft for draft in plan.intended}
    assert offers.keys() == {
        DraftKind.OFFER_THANKS,
        DraftKind.OFFER_ACCEPT,
        DraftKind.OFFER_CLARIFY,
        DraftKind.OFFER_DECLINE,
    }
    assert all("choose which one you send" in draft.reason for draft in offers.values())
    assert len({draft.in_reply_to for draft in offers.values()}) == 1
    firsts = {draft.body.split("\n\n")[1].partition(". ")[0] for draft in offers.values()}
    assert len(firsts) == len(offers)
