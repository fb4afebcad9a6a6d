"""One pass after the other over a real mailbox on Dovecot."""

import email
from datetime import UTC, datetime

from agent.mailbox import FolderRole
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home

FOLDERS = {FolderRole.INBOX: "INBOX", FolderRole.SENT: "Sent", FolderRole.DRAFTS: "Drafts", FolderRole.JUNK: "Junk"}


def deliver(dovecot: Dovecot, user: MailboxUser, now: datetime) -> None:
    for number, (role, at, raw) in enumerate(search.messages(now)):
        dovecot.deliver(user, FOLDERS[role], raw, flags=["\\Seen"] if number % 2 else [], internaldate=at)


def test_three_passes_leave_one_draft_an_occasion_and_the_mailbox_as_it_was(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    flags_before, mail_before = dovecot.flags(mailbox_user, "INBOX"), dovecot.messages(mailbox_user, "INBOX")
    home.track(search.INTERVIEWS)

    passes = [home.run("once", "--json") for _ in range(3)]

    assert [each.status for each in passes] == [0, 0, 0], passes[0].err
    assert [len(each.json["queued"]) for each in passes] == [2, 0, 0]
    drafts = [email.message_from_bytes(raw) for raw in dovecot.messages(mailbox_user, "Drafts").values()]
    assert sorted((draft["To"], draft["In-Reply-To"]) for draft in drafts) == [
        ("Dana Cole <dana@acme.example>", "<invitation@acme.example>"),
        ("Ines Moreau <ines@birch.example>", "<rejection@birch.example>"),
    ]
    assert {draft["References"] for draft in drafts} == {"<invitation@acme.example>", "<rejection@birch.example>"}
    assert set(dovecot.flags(mailbox_user, "Drafts").values()) == {frozenset({"\\Draft", "\\Seen"})}
    assert dovecot.flags(mailbox_user, "INBOX") == flags_before
    assert dovecot.messages(mailbox_user, "INBOX") == mail_before


def test_the_board_after_a_pass_says_what_the_mail_says(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    home.run("once")

    board = home.run("status", "--json").json

    assert {each["id"]: (each["status"], each["turn"]) for each in board["interviews"]} == {
        "acme-backend": ("invited", "us"),
        "birch-data": ("rejected", "none"),
        "cedar-platform": ("applied", "them"),
    }


def test_a_forged_rejection_waits_in_review_until_the_user_says_so(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    home.run("once")

    (question,) = home.run("review", "--json").json
    assert question["message_id"] == "<forged@elsewhere.example>"
    assert question["candidates"] == ["cedar-platform"]
    assert "does not come from cedar.example" in question["reason"]

    dismissed = home.run("review", "dismiss", str(question["number"]))
    again = home.run("once", "--json")

    assert dismissed.status == 0
    assert again.json["review"] == []
    assert home.run("review", "--json").json == []
    board = home.run("status", "--json").json
    assert {each["status"] for each in board["interviews"] if each["id"] == "cedar-platform"} == {"applied"}


def test_accepting_a_question_does_what_was_asked_about(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    home.run("once")
    (question,) = home.run("review", "--json").json

    accepted = home.run("review", "accept", str(question["number"]))

    assert accepted.status == 0, accepted.err
    board = home.run("status", "--json").json
    assert {each["status"] for each in board["interviews"] if each["id"] == "cedar-platform"} == {"rejected"}


def test_why_shows_the_quoted_words_the_rule_and_the_requirement(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    home.run("once")

    why = home.run("why", "birch-data", "--json").json

    (entry,) = why["history"]
    assert entry["label"] == "rejection"
    assert "decided not to move forward" in entry["quote"]
    assert entry["rule"] != ""
    (draft,) = why["drafts"]
    assert draft["kind"] == "reply_rejection"
    assert "A9" in draft["requirements"]


def test_an_answer_that_has_come_meanwhile_stops_the_draft(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC)
    deliver(dovecot, mailbox_user, now)
    home.track(search.INTERVIEWS)
    fixed = search.calendar_invitation(start=now.replace(minute=0, second=0, microsecond=0), uid="fixed@acme.example", at=now)
    (home.folder / "late.eml").write_bytes(fixed)

    # The mail comes in after the plan was made and right before APPEND: `late_mail` delivers it at the first look for a draft.
    done = home.run(
        "once",
        "--json",
        program=(
            "-m",
            "tests.journeys.late_mail",
            str(home.folder / "late.eml"),
            dovecot.ca_file,
            str(dovecot.port),
            mailbox_user.name,
        ),
    )

    assert done.status == 0, done.err
    drafts = [email.message_from_bytes(raw)["To"] for raw in dovecot.messages(mailbox_user, "Drafts").values()]
    assert drafts == ["Ines Moreau <ines@birch.example>"]
    assert len(done.json["stopped"]) == 1


def test_mail_read_before_an_interview_was_tracked_is_matched_when_it_is(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    first = home.run("once", "--json")
    assert (first.json["read"], first.json["assigned"]) == (5, 0)

    home.track(search.INTERVIEWS)
    second = home.run("once", "--json")

    assert (second.json["read"], second.json["assigned"]) == (0, 3)
    assert len(second.json["queued"]) == 2
