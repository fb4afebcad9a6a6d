"""Drafts over weeks: one for each occasion, none too many, none too early, none to the wrong address.

The interview of most stories is on Thursday, 5 March 2026, from 10:00 to 11:00. The thank-you for it lies in Drafts from 13:00
on, the status check is due 7 business days later, on Monday the 16th at 11:00.
"""

import pytest

from agent.interviews import ContactRole
from agent.mailbox import FolderRole
from tests.hard_cases.story import DANA, PRIYA, ROBIN, Story, acme, at, contact, held, larch

INVITES = "Hi Robin,\n\nwe would like to invite you to an interview. Could you let me know when you are free next week?\n\nDana\n"
ASKS = "Dear Dana,\n\nI wanted to ask whether there is any news about my interview.\n\nKind regards\nRobin\n"


def interviewed(**more: object) -> Story:
    return Story(acme(rounds=(held("03-05 10:00", "dana@acme.example"),), **more))


# A promise kept, then broken, and silence after that


def a_promise_kept_and_then_broken() -> Story:
    story = Story(acme(rounds=(held("02-05 10:00", "dana@acme.example"),)))
    story.theirs(
        "thanks", "02-06 10:00", "Hi Robin,\n\nthank you for coming in! We will get back to you by Friday, 13 February.\n\nDana\n"
    )
    story.theirs(
        "delay",
        "02-13 15:00",
        "Hi Robin,\n\nas promised, a word from me: we have not made a decision yet. You will hear from us by "
        "Friday, 20 February.\n\n"
        "Dana\n",
        answers="thanks",
    )
    return story


def test_a_promise_that_was_kept_moves_the_check_behind_the_new_one() -> None:
    # Kept on Friday the 13th; broken on Friday the 20th; Monday the 23rd is the full business day.
    told = a_promise_kept_and_then_broken().told("02-28 12:00")

    assert told.status() == "on_hold"
    assert told.made("status_check") == ["02-24 09:00"]
    assert told.drafts() == [
        "thank_you to dana@acme.example, queued, new thread",
        "reply_hold to dana@acme.example, withdrawn, answers thanks",
        "reply_hold to dana@acme.example, queued, answers delay",
        "status_check to dana@acme.example, queued, answers delay",
    ]


def test_two_unanswered_follow_ups_bring_the_advice_to_move_on_and_nothing_more() -> None:
    story = a_promise_kept_and_then_broken()
    story.mine("check", "02-24 10:00", ASKS, answers="delay")
    story.mine("final", "03-03 12:00", "Dear Dana,\n\njust following up once more on my interview.\n\nRobin\n", answers="check")

    before, after, much_later = story.told("03-10 11:00"), story.told("03-10 13:00"), story.told("06-01 12:00")

    assert before.review() == []
    assert after.review() == much_later.review() == ["suggestion: - (acme)"]
    assert after.drafts() == much_later.drafts()
    assert [each for each in after.drafts() if not each.startswith("reply_hold")] == [
        "thank_you to dana@acme.example, queued, new thread",
        "status_check to dana@acme.example, sent, answers delay",
        "final_note to dana@acme.example, sent, answers check",
    ]
    assert after.made("final_note") == ["03-03 10:00"]
    assert much_later.status() == "on_hold"


def test_an_answer_after_the_final_note_brings_the_candidacy_back_to_life() -> None:
    story = a_promise_kept_and_then_broken()
    story.mine("check", "02-24 10:00", ASKS, answers="delay")
    story.theirs("invite", "02-25 10:00", INVITES, answers="check")

    told = story.told("04-01 12:00")

    assert told.status() == "invited"
    assert told.review() == []
    assert told.made("final_note") == []
    assert told.drafts()[-1] == "reply_invitation to dana@acme.example, queued, answers invite"


# The user writes himself


def test_the_users_own_follow_up_takes_the_place_of_ours_for_a_week() -> None:
    story = interviewed()
    story.mine("own", "03-13 15:00", ASKS)

    told = story.told("03-31 12:00")

    assert told.made("status_check") == []
    assert told.made("final_note") == ["03-20 15:00"]


def test_any_mail_of_the_users_keeps_ours_back_for_a_week() -> None:
    story = interviewed()
    story.mine("own", "03-13 15:00", "Dear Dana,\n\nhere is the link to my portfolio that I mentioned.\n\nRobin\n")

    assert story.told("03-16 12:00").held() == ["acme: status_check, one-a-week"]
    assert story.told("03-31 12:00").made("status_check") == ["03-20 15:00"]


def test_a_draft_that_the_user_rewrote_and_sent_is_known_as_sent() -> None:
    story = interviewed()
    story.mine("thanks", "03-05 18:00", "Dear Dana,\n\nthank you so much for the interview this morning!\n\nRobin\n")

    told = story.told("03-06 12:00")

    assert told.drafts() == ["thank_you to dana@acme.example, sent, new thread"]


def test_an_interviewer_whom_the_user_thanked_at_once_is_not_thanked_again() -> None:
    story = Story(acme(rounds=(held("03-05 10:00", "dana@acme.example", "marek@acme.example"),)))
    story.mine("thanks", "03-05 11:30", "Dear Marek,\n\nthank you for the conversation this morning!\n\nRobin\n",
               to="Marek <marek@acme.example>")  # fmt: skip

    assert story.told("03-06 12:00").drafts() == ["thank_you to dana@acme.example, queued, new thread"]


# Addresses


def dsn(message_id: str, moment: str, recipient: str, original: str) -> bytes:
    """Return a delivery failure (RFC 3464)."""
    return "\r\n".join(
        [
            "From: Mail Delivery Subsystem <mailer-daemon@mailbox.example>",
            f"To: {ROBIN}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Date: {at(moment):%a, %d %b %Y %H:%M:%S +0000}",
            f"Message-ID: <{message_id}@mailbox.example>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "Your message could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mailbox.example",
            "",
            f"Final-Recipient: rfc822; {recipient}",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b",
            "Content-Type: message/rfc822-headers",
            "",
            f"Message-ID: <{original}@mailbox.example>",
            f"From: {ROBIN}",
            f"To: {recipient}",
            "Subject: Re: Backend Engineer",
            "",
            "--b--",
            "",
        ]
    ).encode()


def test_an_address_that_bounced_is_never_written_to_again() -> None:
    story = interviewed()
    story.mine("own", "03-13 10:00", ASKS)
    story.arrives("03-13 10:01", dsn("bounce", "03-13 10:01", "dana@acme.example", "own"))

    told = story.told("03-31 12:00")

    assert told.status() == "awaiting"
    assert told.messages() == ["own", "bounce"]
    assert told.made("status_check") == told.made("final_note") == []
    assert told.held() == ["acme: status_check, bounced"]
    assert told.review() == ["bounced: bounce (acme)"]


def test_after_a_bounce_the_next_contact_is_asked() -> None:
    # The mail of the 13th reached nobody, but counts for the limit of one message a week.
    story = interviewed(contacts=(contact(DANA), contact("Marek Nowak <marek@acme.example>", ContactRole.HIRING_MANAGER)))
    story.mine("own", "03-13 10:00", ASKS)
    story.arrives("03-13 10:01", dsn("bounce", "03-13 10:01", "dana@acme.example", "own"))

    told = story.told("03-31 12:00")

    assert [line for line in told.drafts() if "status_check" in line] == [
        "status_check to marek@acme.example, queued, new thread"
    ]
    assert told.made("status_check") == ["03-20 10:00"]


def test_a_draft_to_an_address_that_takes_no_mail_is_held() -> None:
    story = Story(acme(contacts=()))
    story.theirs("invite", "03-10 10:00", INVITES, sender="Acme Robotics <no-reply@acme.example>", subject="Interview")

    told = story.told("03-10 12:00")

    assert told.status() == "invited"
    assert told.drafts() == []
    assert told.held() == ["acme: reply_invitation, no-reply"]


def test_no_draft_is_written_in_another_language_than_that_of_the_interview() -> None:
    story = Story(acme(language="sv"))
    story.theirs("invite", "03-10 10:00", INVITES)

    told = story.told("03-10 12:00")

    assert told.status() == "invited"
    assert told.drafts() == []
    assert told.held() == ["acme: reply_invitation, check language"]


# The thread moves on


def test_a_draft_is_taken_back_when_the_answer_comes() -> None:
    story = Story(acme())
    story.theirs("invite", "03-09 10:00", INVITES)
    story.theirs(
        "fixed", "03-10 10:00", "Hi Robin,\n\nyour interview is confirmed for Thursday, 12 March at 14:00 GMT.\n\nDana\n"
    )

    told = story.told("03-10 12:00")

    assert told.status() == "scheduled"
    assert told.drafts() == ["reply_invitation to dana@acme.example, withdrawn, answers invite"]


def test_a_status_check_is_taken_back_when_news_comes() -> None:
    story = interviewed()
    story.theirs(
        "no", "03-17 10:00", "Dear Robin,\n\nunfortunately we have decided not to move forward with your application.\n\nDana\n"
    )

    told = story.told("03-17 12:00")

    assert told.drafts() == [
        "thank_you to dana@acme.example, withdrawn, new thread",
        "status_check to dana@acme.example, withdrawn, new thread",
        "reply_rejection to dana@acme.example, queued, answers no",
    ]


def test_the_agents_own_draft_in_another_folder_is_no_news() -> None:
    story = Story(acme())
    story.theirs("invite", "03-09 10:00", INVITES)
    (draft,) = story.told("03-09 11:00").played.drafts
    for number in range(4):
        story.arrives(f"03-09 1{number + 1}:00", draft.raw, role=FolderRole.ARCHIVE)

    told = story.told("03-12 12:00")

    assert told.drafts() == ["reply_invitation to dana@acme.example, queued, answers invite"]
    assert told.status() == "invited"
    assert told.state().turn == "us"


def test_a_copy_to_oneself_in_the_inbox_does_not_hide_the_mail_in_sent() -> None:
    # With a blind copy to oneself the inbox has it first. The status check would be due on the 16th at 11:00.
    story = interviewed()
    for moment, role in (("03-13 15:00", FolderRole.INBOX), ("03-13 15:01", FolderRole.SENT)):
        story.theirs("own", moment, ASKS, sender=ROBIN, to=DANA, role=role, vouched=None)

    told = story.told("03-19 12:00")

    assert told.messages() == ["own"]
    assert told.made("status_check") == []


def test_a_second_rejection_gets_no_second_reply() -> None:
    story = Story(acme())
    no = "Dear Robin,\n\nunfortunately we have decided not to move forward with your application.\n"
    story.theirs("no", "03-09 10:00", no)
    story.theirs(
        "form", "03-11 10:00", no, sender="Acme Robotics <jobs@acme.example>", subject="Re: Your application", answers="no"
    )

    told = story.told("03-20 12:00")

    assert told.messages() == ["no", "form"]
    assert told.drafts() == ["reply_rejection to dana@acme.example, queued, answers no"]
    assert told.review() == []


# Holds and limits


def test_a_hold_without_a_date_keeps_the_agent_quiet_for_two_weeks() -> None:
    story = interviewed()
    story.theirs("hold", "03-10 10:00", "Hi Robin,\n\nthe role has been put on hold for the time being. Sorry!\n\nDana\n")

    assert story.told("03-20 12:00").status() == "on_hold"
    assert story.told("03-20 12:00").held() == ["acme: status_check, on-hold"]
    assert story.told("04-10 12:00").made("status_check") == ["03-24 10:00"]


def test_two_roles_at_one_employer_share_one_message_a_week() -> None:
    story = Story(
        larch("Data Analyst", rounds=(held("03-05 10:00", "priya@larch.example"),)),
        larch("Platform Engineer", rounds=(held("03-05 12:00", "priya@larch.example"),)),
    )

    told = story.told("03-31 12:00")

    # Due on the 16th at 11:00 and at 13:00: the second one has to wait for a week after the first.
    assert sorted(told.made("status_check")) == ["03-16 11:00", "03-23 11:00"]
    assert story.told("03-16 14:00").held() == ["platform-engineer: status_check, one-a-week"]
    assert {line.split(",")[0] for line in told.drafts() if "status_check" in line} == {"status_check to priya@larch.example"}


def test_an_automatic_receipt_is_no_answer_to_a_follow_up() -> None:
    story = interviewed()
    story.mine("own", "03-13 10:00", ASKS)
    story.theirs(
        "receipt",
        "03-13 10:01",
        "This is an automatic reply. We have received your message and will answer as soon as we can.\n",
        subject="Automatic reply: Backend Engineer",
        answers="own",
        headers=(("Auto-Submitted", "auto-replied"),),
    )

    assert story.told("03-31 12:00").made("final_note") == ["03-20 10:00"]


@pytest.mark.parametrize("status", ["rejected", "closed", "withdrawn"])
def test_after_the_end_no_follow_up_is_ever_drafted(status: str) -> None:
    endings = {
        "rejected": "unfortunately we have decided not to move forward with your application.",
        "closed": "I have to tell you that the position has been cancelled.",
        "withdrawn": "as you asked, we have withdrawn your application.",
    }
    story = interviewed()
    story.theirs("end", "03-06 12:00", f"Dear Robin,\n\n{endings[status]}\n\nDana\n")

    told = story.told("06-01 12:00")

    assert told.status() == status
    assert told.made("status_check") == told.made("final_note") == []
    assert told.review() == []


def test_thanks_are_given_once_where_a_calendar_and_a_text_tell_of_the_same_interview() -> None:
    story = interviewed()
    story.theirs(
        "fixed",
        "03-02 10:00",
        "Hi Robin,\n\nyour interview is confirmed for Thursday, 5 March at 10:00 GMT.\n\nDana\n",
        sender=DANA,
    )

    assert story.told("03-06 12:00").made("thank_you") == ["03-05 13:00"]


def test_two_interviews_at_one_employer_on_one_day_are_thanked_for_in_different_words() -> None:
    story = Story(
        larch("Data Analyst", rounds=(held("03-05 10:00", "priya@larch.example"),)),
        larch("Platform Engineer", rounds=(held("03-05 12:00", "omar@larch.example"),)),
    )
    story.theirs("hi", "03-02 10:00", "Hi Robin, see you on Thursday!\n", sender=PRIYA, subject="Larch Health")

    bodies = story.told("03-06 09:00").bodies("thank_you")

    assert len(bodies) == 2
    assert not set(bodies[0].split("\n\n")[1:-1]) & set(bodies[1].split("\n\n")[1:-1])
