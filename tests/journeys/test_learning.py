"""A correction learned, a candidacy found and an entry taken back, as a user does it over a real mailbox on Dovecot."""

from datetime import UTC, datetime, timedelta

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.letters import letter

WRITES = "Hi Robin,\n\nAcme Robotics would like to invite you to an interview. When would suit you?\n\nAnn\n"
REJECTS = "Hi Robin,\n\nThank you for your time. We have decided to move forward with other candidates.\n\nAnn\n"
RECEIVED = (
    "Dear Robin,\n\nThank you for applying for the Data Analyst role at Dell Foods. We have received your application.\n\nLea\n"
)
ANN = "Ann Lee <ann.lee@freemail.example>"


def arrive(
    dovecot: Dovecot, user: MailboxUser, number: int, sender: str, body: str, at: datetime, subject: str = "Hello"
) -> None:
    raw = letter(message_id=f"<{number}@post.example>", at=at, sender=sender, subject=subject, body=body)
    dovecot.deliver(user, "INBOX", raw, internaldate=at)


def status(home: Home, interview: str) -> str:
    return next(str(each["status"]) for each in home.run("status", "--json").json["interviews"] if each["id"] == interview)


def test_a_confirmed_stranger_is_known_from_then_on_and_what_she_said_can_be_taken_back(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    home.track(search.INTERVIEWS)
    arrive(dovecot, mailbox_user, 1, ANN, WRITES, now - timedelta(hours=5))
    home.run("once")
    (question,) = home.run("review", "--json").json
    assert (question["kind"], question["candidates"]) == ("match", ["acme-backend"])

    accepted = home.run("review", "accept", str(question["number"]))

    assert "Learned for acme-backend: the contact Ann Lee <ann.lee@freemail.example>." in accepted.out
    assert status(home, "acme-backend") == "invited"
    contacts = home.run("interviews", "show", "acme-backend", "--json").json["contacts"]
    assert [contact["email"] for contact in contacts] == ["dana@acme.example", "ann.lee@freemail.example"]

    arrive(dovecot, mailbox_user, 2, ANN, REJECTS, now - timedelta(hours=2))
    home.run("once")
    assert home.run("review", "--json").json == []
    assert status(home, "acme-backend") == "rejected"

    entry = next(each for each in home.run("why", "acme-backend", "--json").json["history"] if each["status"] == "rejected")
    undone = home.run("undo", str(entry["event"]))
    assert undone.out.startswith(f"{entry['event']}: is taken back. acme-backend is invited.")
    assert home.run("once").status == 0
    assert status(home, "acme-backend") == "invited"


def test_a_candidacy_that_nobody_tracks_is_proposed_and_tracked_with_its_history(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    home.track(search.INTERVIEWS)
    arrive(dovecot, mailbox_user, 1, "Lea Marsh <lea@dellfoods.example>", RECEIVED, now - timedelta(hours=5))
    home.run("once")
    (question,) = home.run("review", "--json").json
    assert question["kind"] == "discovered"
    assert (question["proposed"]["company"], question["proposed"]["role"]) == ("Dell Foods", "Data Analyst")

    accepted = home.run("review", "accept", str(question["number"]))

    assert accepted.out.startswith(f"{question['number']}: dell-foods-data-analyst is tracked.")
    history = home.run("why", "dell-foods-data-analyst", "--json").json["history"]
    assert [(entry["label"], entry["message_id"]) for entry in history] == [("acknowledged", "<1@post.example>")]
