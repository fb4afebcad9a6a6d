"""Looking back over mail: which candidacies it tells of, and what comes of those that the user chooses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.found import decline
from agent.daemon.look_back import Found, LookedBack, look_back, siblings, track
from agent.daemon.one_pass import run_pass
from agent.interviews import Interview, Status
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from tests.daemon.scene import ACME, ME, NOW, account, receive, send
from tests.letters import letter, request

DAY = timedelta(days=1)
RECEIVED = "Dear Robin,\n\nThank you for applying for the Data Analyst role at Cedar Foods. We have received your application.\n"
INVITED = "Hi Robin,\n\nWe would like to invite you to an interview for the Data Analyst role. When would suit you?\n\nLea\n"
LEA = "Lea Marsh <lea@cedar.example>"
REJECTED = "Dear Robin,\n\nUnfortunately, we will not be moving forward with your application for {} at {}.\n"
CHOSEN = "Hi Robin,\n\nYour interview for the Buyer role at Elm Telecom is confirmed for Thursday, 12 March 2026 at 14:00 GMT.\n"


def looked(acme: Account, mailbox: MemoryMailbox, *, days: int = 90, more: Sequence[MemoryMailbox] = ()) -> LookedBack:
    return look_back(acme, mailbox, NOW, days=days, progress=lambda done, of: None, more=more)


def shown(found: Sequence[Found]) -> list[tuple[str, Status, int]]:
    return [(each.interview.id, each.status, each.messages) for each in found]


def mailbox_of_a_search() -> MemoryMailbox:
    """Return a mailbox with one candidacy in four mails, one that is over, a newsletter, a cold letter and a friend's mail."""
    mailbox = MemoryMailbox(clock=lambda: NOW)
    receive(mailbox, "<1@cedar.example>", RECEIVED, at=NOW - 30 * DAY, sender="Cedar Foods <no-reply@cedar.example>")
    receive(mailbox, "<2@cedar.example>", INVITED, at=NOW - 20 * DAY, sender=LEA)
    send(
        mailbox,
        "<3@mailbox.example>",
        "Dear Lea, Monday at ten suits me.",
        at=NOW - 19 * DAY,
        to=LEA,
        in_reply_to="<2@cedar.example>",
    )
    fixed = "Hi Robin,\n\nYour interview is confirmed for Monday, 16 March 2026 at 10:00 GMT.\n\nLea\n"
    receive(mailbox, "<4@cedar.example>", fixed, at=NOW - 18 * DAY, sender=LEA, in_reply_to="<3@mailbox.example>")
    receive(
        mailbox,
        "<5@dune.example>",
        REJECTED.format("Office Manager", "Dune Energy"),
        at=NOW - 40 * DAY,
        sender="Dune Energy <jobs@dune.example>",
    )
    alert = "Backend Engineer at Acme Robotics, Data Analyst at Cedar Foods. See all jobs.\n"
    for number in range(3):
        receive(
            mailbox, f"<n{number}@jobs.example>", alert, at=NOW - number * DAY, sender="Jobs <alerts@jobs.example>",
            headers=(("List-Unsubscribe", "<https://jobs.example/off>"),),
        )  # fmt: skip
    cold = (
        "Hi Robin,\n\nI came across your profile and think you would be a great fit for a Platform Engineer role. Interested?\n"
    )
    receive(mailbox, "<6@agency.example>", cold, at=NOW - 3 * DAY, sender="Max Berg <max@agency.example>")
    receive(mailbox, "<7@friends.example>", "Shall we have lunch on Friday?\n", at=NOW - DAY, sender="Ada <ada@friends.example>")
    return mailbox


def test_a_company_s_mails_are_one_candidacy_and_what_is_over_stands_apart() -> None:
    mailbox = mailbox_of_a_search()

    back = looked(account(mailbox), mailbox)

    assert shown(back.found) == [("cedar-foods-data-analyst", Status.SCHEDULED, 4)]
    (cedar,) = back.found
    assert (cedar.interview.company, cedar.interview.role, cedar.interview.applied_on) == (
        "Cedar Foods",
        "Data Analyst",
        date(2026, 2, 8),
    )
    assert (cedar.first, cedar.last, cedar.words) == (
        NOW - 30 * DAY,
        NOW - 18 * DAY,
        "Your interview is confirmed for Monday, 16 March 2026 at 10:00 GMT.",
    )
    assert shown(back.ended) == [("dune-energy-office-manager", Status.REJECTED, 1)]
    assert back.read == 10


def test_nothing_is_written_by_looking() -> None:
    mailbox = mailbox_of_a_search()
    acme = account(mailbox, ACME)
    version = acme.ledger.version()

    looked(acme, mailbox)

    assert acme.ledger.version() == version
    assert mailbox.listing(FolderRole.DRAFTS).uids == ()


def test_what_is_chosen_stands_where_the_mail_says_and_the_next_pass_knows_its_mail() -> None:
    mailbox = mailbox_of_a_search()
    acme = account(mailbox)

    assert track(acme, looked(acme, mailbox).found, NOW) == ["cedar-foods-data-analyst"]

    candidacy = Casebook(acme.ledger, NOW).candidacy("cedar-foods-data-analyst")
    assert (candidacy.state.status, len(candidacy.letters)) == (Status.SCHEDULED, 4)
    assert "lea@cedar.example" in {contact.email for contact in candidacy.interview.contacts}
    history = [(entry.message_id, entry.status) for entry in candidacy.state.history]
    report = run_pass(acme, NOW)
    again = Casebook(acme.ledger, NOW).candidacy("cedar-foods-data-analyst")
    assert [(entry.message_id, entry.status) for entry in again.state.history] == history
    assert (report.assigned, report.queued, len(again.letters)) == (0, [], 4)
    assert shown(looked(acme, mailbox).found) == []


def test_what_was_tracked_already_is_not_found_again_and_its_older_mail_is_offered() -> None:
    mailbox = mailbox_of_a_search()
    cedar = Interview(id="mine", company="Cedar Foods", role="Data Analyst", domains=("cedar.example",))
    acme = account(mailbox, cedar)

    back = looked(acme, mailbox)

    assert (shown(back.found), shown(back.known)) == ([], [("mine", Status.SCHEDULED, 4)])
    assert track(acme, back.known, NOW) == ["mine"]
    assert Casebook(acme.ledger, NOW).candidacy("mine").state.status is Status.SCHEDULED
    assert acme.ledger.interviews() == [cedar]
    assert looked(acme, mailbox).known == ()


def test_a_question_that_a_pass_has_asked_is_settled_by_the_choice() -> None:
    mailbox = mailbox_of_a_search()
    acme = account(mailbox)
    run_pass(acme, NOW)
    assert [review.question.kind for review in acme.ledger.reviews()] == ["discovered", "discovered"]

    track(acme, looked(acme, mailbox).found, NOW)

    assert acme.ledger.reviews() == []
    assert Casebook(acme.ledger, NOW).candidacy("cedar-foods-data-analyst").state.status is Status.SCHEDULED


def test_of_what_is_long_past_nothing_is_drafted() -> None:
    mailbox, files = MemoryMailbox(clock=lambda: NOW), MemoryMailbox(clock=lambda: NOW)
    held = "Hi Robin,\n\nYour interview at Cedar Foods is confirmed for Monday, 15 September 2025 at 10:00 BST.\n\nLea\n"
    receive(files, "<1@cedar.example>", RECEIVED, at=NOW - 200 * DAY, sender=LEA)
    receive(files, "<2@cedar.example>", held, at=NOW - 180 * DAY, sender=LEA, subject="Your interview")
    acme = account(mailbox)

    track(acme, looked(acme, files, days=365).found, NOW)
    reports = [run_pass(acme, NOW + hours * timedelta(hours=1)) for hours in (0, 24, 72)]

    assert [report.queued for report in reports] == [[], [], []]
    assert Casebook(acme.ledger, NOW).candidacy("cedar-foods-data-analyst").state.status is Status.AWAITING


def test_what_the_mail_does_not_name_is_asked_for_and_not_guessed() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    invites = "Hi Robin,\n\nWe would like to invite you to an interview. When would suit you?\n\nAnn\n"
    raw = letter(
        message_id="<1@elm.example>", at=NOW - DAY, sender="Ann Lee <ann@elm.example>", subject="Elm Telecom", body=invites
    )
    raw = raw.replace(b"Elm Telecom", b"Your application to Elm Telecom")
    mailbox.deliver(FolderRole.INBOX, raw, NOW - DAY)
    acme = account(mailbox)

    (found,) = looked(acme, mailbox).found

    assert (found.complete, found.interview.company, found.interview.role) == (False, "Elm Telecom", "?")
    with pytest.raises(ValueError, match="company and role must be named"):
        track(acme, [found], NOW)
    assert track(acme, [found.named(role="Buyer")], NOW) == [found.interview.id]
    (tracked,) = acme.ledger.interviews()
    assert (tracked.company, tracked.role) == ("Elm Telecom", "Buyer")


def test_what_turns_out_to_be_one_candidacy_becomes_one() -> None:
    mailbox = mailbox_of_a_search()
    acme = account(mailbox)
    (cedar,) = looked(acme, mailbox).found
    twin = replace(cedar, interview=replace(cedar.interview, id="twin", role="Data Analyst (m/f/d)"), records=(), events=())

    assert track(acme, [cedar, twin], NOW) == ["cedar-foods-data-analyst"]
    assert [interview.id for interview in acme.ledger.interviews()] == ["cedar-foods-data-analyst"]


def test_a_forgery_begins_nothing_and_ends_nothing() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    receive(mailbox, "<1@elm.example>", CHOSEN, at=NOW - DAY, sender="Elm Telecom <jobs@elm.example>", vouched="fail")
    receive(
        mailbox,
        "<2@dune.example>",
        REJECTED.format("Office Manager", "Dune Energy"),
        at=NOW - DAY,
        sender="Dune Energy <jobs@dune-mail.example>",
        vouched=None,
    )

    back = looked(account(mailbox), mailbox)

    assert (back.found, back.ended) == ((), ())


def test_a_stranger_s_rejection_does_not_end_what_goes_on() -> None:
    mailbox = mailbox_of_a_search()
    text = REJECTED.format("Data Analyst", "Cedar Foods")
    receive(mailbox, "<8@cedar-careers.example>", text, at=NOW - DAY, sender="HR <hr@cedar-careers.example>")

    back = looked(account(mailbox), mailbox)

    assert shown(back.found) == [("cedar-foods-data-analyst", Status.SCHEDULED, 4)]
    assert [each.interview.company for each in back.ended] == ["Dune Energy"]


def test_another_role_at_the_employer_comes_along_so_that_its_mail_is_not_taken_for_the_chosen_one_s() -> None:
    mailbox = mailbox_of_a_search()
    over = REJECTED.format("Office Manager", "Cedar Foods")
    receive(mailbox, "<8@cedar.example>", over, at=NOW - 2 * DAY, sender="Cedar Foods <no-reply@cedar.example>")
    acme = account(mailbox)
    back = looked(acme, mailbox)
    assert [each.interview.company for each in back.ended] == ["Cedar Foods", "Dune Energy"]

    along = siblings(back.found, back)
    track(acme, [*back.found, *along], NOW)
    run_pass(acme, NOW)

    board = {each.interview.id: each.state.status for each in Casebook(acme.ledger, NOW).candidacies()}
    assert board == {"cedar-foods-data-analyst": Status.SCHEDULED, "cedar-foods-office-manager": Status.REJECTED}


def test_several_sources_are_read_as_one() -> None:
    inbox, archive = MemoryMailbox(clock=lambda: NOW), MemoryMailbox(clock=lambda: NOW)
    receive(inbox, "<2@cedar.example>", INVITED, at=NOW - 20 * DAY, sender=LEA)
    receive(archive, "<1@cedar.example>", RECEIVED, at=NOW - 30 * DAY, sender=LEA)

    back = looked(account(inbox), inbox, more=[archive])

    assert shown(back.found) == [("cedar-foods-data-analyst", Status.INVITED, 2)]
    assert back.read == 2


def test_progress_is_told_and_older_mail_is_left_alone() -> None:
    mailbox = mailbox_of_a_search()
    told: list[tuple[int, int | None]] = []

    back = look_back(account(mailbox), mailbox, NOW, days=25, progress=lambda done, of: told.append((done, of)))

    assert told[-1] == (8, 10)
    assert [each.first for each in back.found] == [NOW - 20 * DAY]


def later(at: datetime) -> datetime:
    return at + timedelta(hours=1)


def test_mail_that_comes_after_the_choice_goes_on_from_there() -> None:
    mailbox = mailbox_of_a_search()
    acme = account(mailbox)
    track(acme, looked(acme, mailbox).found, NOW)
    gone = "Hi Robin,\n\nUnfortunately, we have decided not to move forward with your application.\n\nLea\n"
    receive(mailbox, "<9@cedar.example>", gone, at=NOW, sender=LEA, subject="Our decision", in_reply_to="<3@mailbox.example>")

    report = run_pass(acme, later(NOW))

    assert [(change.interview, change.after) for change in report.changes] == [("cedar-foods-data-analyst", "rejected")]
    assert ME not in {contact.email for interview in acme.ledger.interviews() for contact in interview.contacts}


def test_a_person_whom_the_interview_is_with_is_no_employer() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    begins = NOW + 3 * DAY
    entry = request(
        uid="1@cedar.example", start=begins, end=begins + timedelta(hours=1), summary="Interview", organizer="tom@cedar.example"
    ).replace("ORGANIZER:", "ORGANIZER;CN=Beatrix Owusu:")
    raw = letter(
        message_id="<1@cedar.example>",
        at=NOW - DAY,
        sender="Lea Marsh <lea@cedar.example>",
        subject="Data Engineer: your interview with Beatrix Owusu",
        body="Robin,\n\nas agreed, your interview with Beatrix is fixed. The entry below has the time.\n\nLea\n",
        calendar=entry,
    )
    mailbox.deliver(FolderRole.INBOX, raw, NOW - DAY)

    assert [each.interview.company for each in looked(account(mailbox), mailbox).found] == []


def test_what_was_declined_is_not_asked_about_by_the_next_pass() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    receive(mailbox, "<1@cedar.example>", RECEIVED, at=NOW - 30 * DAY, sender="Cedar Foods <no-reply@cedar.example>")
    acme = account(mailbox)
    back = looked(acme, mailbox)
    assert shown(back.found) == [("cedar-foods-data-analyst", Status.APPLIED, 1)]

    decline(acme, back.found, NOW)
    run_pass(acme, NOW)

    assert acme.ledger.reviews() == []
    assert "cedar-foods-data-analyst" not in {interview.id for interview in acme.ledger.interviews()}
