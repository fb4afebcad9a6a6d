"""What looks like an interview and is none; invitations that say little; appointments in calendars; several rounds."""

import pytest

from tests.hard_cases.story import Story, acme, at, birch, calendar, held

ALERTS = (("List-Unsubscribe", "<https://jobs.example/u>"),)


# Looks like an interview, is none


def test_a_receipt_that_describes_the_process_invites_to_nothing() -> None:
    story = Story(acme())
    story.theirs(
        "receipt",
        "03-10 10:00",
        "Dear Robin,\n\nThank you for applying! We expect to schedule interviews in the coming weeks.\n"
        "Next steps in the interview process: a phone screen with a recruiter, a coding exercise, and a day on site.\n\nDana\n",
    )

    told = story.told("03-11 12:00")

    assert told.status() == "applied"
    assert told.messages() == ["receipt"]
    assert told.quiet


NOISE = {
    "a-digest-with-job-descriptions": (
        "Job Alerts <alerts@jobs.example>",
        "14 new jobs for you",
        (
            "Backend Engineer at Acme Robotics: you will complete a skills assessment. Share your availability with the employer.\n"
            "Data Engineer at Birch Analytics: schedule your interview today.\n\nUnsubscribe\n"
        ),
        ALERTS,
    ),
    "a-mock-interview-course": (
        "Interview Heroes <coach@heroes.example>",
        "Your interview is confirmed... is what you want to read, right?",
        (
            "Hi Robin,\n\nBook your free mock interview with one of our coaches: https://calendly.com/heroes/free\n"
            "Thursday, 12 March at 14:00 is still free!\n"
        ),
        (("List-Unsubscribe", "<https://heroes.example/u>"),),
    ),
    "interview-tips": (
        "Career Weekly <weekly@career.example>",
        "Ten interview tips for your next interview",
        "Tip 3: when they ask when you are available, answer the same day. Join our webinar on Thursday at 5pm.\n",
        (("List-Unsubscribe", "<https://career.example/u>"),),
    ),
    "a-seller-with-a-booking-link": (
        "Max Berg <max@sales.example>",
        "Quick call, Robin?",
        (
            "Hi Robin,\n\nI'd love to show you a demo of our payroll product. Pick a time that works for you: "
            "https://calendly.com/max/15\n\nMax\n"
        ),
        (),
    ),
    "the-dentist": (
        "Dr. Lane <desk@lane.example>",
        "Reminder: your appointment",
        "Dear Robin Hale,\n\nthis is a reminder of your check-up appointment with Dr. Lane on Thursday, 12 March at 14:00.\n",
        (),
    ),
}


@pytest.mark.parametrize(("sender", "subject", "body", "headers"), NOISE.values(), ids=NOISE)
def test_noise_with_the_words_of_an_invitation_belongs_to_no_interview(
    sender: str, subject: str, body: str, headers: tuple[tuple[str, str], ...]
) -> None:
    story = Story(acme(), birch())
    story.theirs("noise", "03-10 10:00", body, sender=sender, subject=subject, headers=headers)

    told = story.told("03-11 12:00")

    assert told.statuses() == {"acme": "applied", "birch": "applied"}
    assert told.messages("acme") == told.messages("birch") == []
    assert told.quiet


def test_the_employers_own_newsletter_moves_nothing() -> None:
    story = Story(acme())
    story.theirs(
        "news",
        "03-10 10:00",
        "Hi,\n\nAcme Robotics is hiring! Join our open day on Thursday at 5pm, meet the team and book a slot "
        "for a mock interview.\n\n"
        "Unsubscribe\n",
        sender="Acme Careers <careers@acme.example>",
        subject="Open day at Acme Robotics",
        headers=(("List-Unsubscribe", "<https://acme.example/u>"),),
    )

    told = story.told("03-11 12:00")

    assert told.status() == "applied"
    assert told.drafts() == []


# Is an interview, says little

LITTLE = {
    "a-phone-screen-to-be-booked": "Hi Robin,\n\nSchedule your phone screen\n\nDana\n",
    "only-a-booking-link": "https://calendly.com/dana-cole/phone-screen\n",
    "can-you-do-tuesday": "Great talking just now! Can you do Tuesday?\n\nD\n",
}


@pytest.mark.parametrize("body", LITTLE.values(), ids=LITTLE)
def test_an_invitation_that_says_little_is_one_when_a_contact_writes_it(body: str) -> None:
    story = Story(acme())
    story.theirs("call", "03-10 10:00", body, subject="Hello")

    told = story.told("03-10 12:00")

    assert told.status() == "invited"
    assert told.state().turn == "us"
    assert told.drafts() == ["reply_invitation to dana@acme.example, queued, answers call"]


def test_a_phone_screen_with_no_employer_and_no_role_is_given_to_nobody() -> None:
    story = Story(acme(), birch())
    story.theirs(
        "call",
        "03-10 10:00",
        "Hi Robin,\n\nSchedule your phone screen: https://calendly.com/r/30\n",
        sender="Scheduling <no-reply@greenhouse-mail.io>",
        subject="Schedule your phone screen",
    )

    told = story.told("03-10 12:00")

    assert told.statuses() == {"acme": "applied", "birch": "applied"}
    assert told.drafts() == []


def test_a_calendar_part_alone_fixes_an_interview() -> None:
    story = Story(acme())
    story.theirs(
        "ics",
        "03-09 10:00",
        "\n",
        subject="Invitation: Robin / Dana",
        calendar=calendar("DTSTART:20260312T140000Z", "DTEND:20260312T144500Z"),
    )

    told = story.told("03-11 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 14:00")
    assert told.state().round == 1
    assert told.drafts() == []
    # 2 hours after its end at 14:45.
    assert story.told("03-13 12:00").made("thank_you") == ["03-12 16:45"]


# Who writes, and where


def test_a_recruiter_s_private_address_is_followed_through_the_thread() -> None:
    story = Story(acme())
    story.mine(
        "hello", "03-09 10:00", "Dear Dana,\n\nit was good to meet you at the fair. I would be glad to hear more.\n\nRobin\n"
    )
    story.theirs(
        "private",
        "03-09 20:00",
        "Hi Robin, writing from my phone. Could you do a call on Wednesday or Thursday afternoon?\n",
        sender="Dana <dc1987@gmail.com>",
        subject="Re: Backend Engineer",
        answers="hello",
    )

    told = story.told("03-09 21:00")

    assert told.messages() == ["hello", "private"]
    assert told.status() == "invited"
    assert told.drafts() == ["reply_invitation to dc1987@gmail.com, queued, answers private"]


def test_an_answer_from_another_address_than_the_one_written_to_joins_its_thread() -> None:
    story = Story(acme())
    story.mine(
        "ask", "03-09 10:00", "Hello,\n\nis the Backend Engineer position still open?\n\nRobin\n", to="Jobs <jobs@acme.example>"
    )
    story.theirs(
        "answer",
        "03-09 15:00",
        "Hi Robin, it is! Would you have time for a short call this week?\n\nJonas\n",
        sender="Jonas Weber <jonas.weber@acme-group.example>",
        subject="Re: Backend Engineer",
        answers="ask",
    )

    told = story.told("03-09 16:00")

    assert told.messages() == ["ask", "answer"]
    assert told.status() == "invited"
    assert told.drafts() == ["reply_invitation to jonas.weber@acme-group.example, queued, answers answer"]


def test_a_colleague_s_new_thread_with_a_new_subject_is_found_by_the_employer_s_domain() -> None:
    story = Story(acme())
    story.theirs(
        "invite", "03-09 10:00", "Hi Robin,\n\nwe would like to invite you to an interview. When are you free?\n\nDana\n"
    )
    story.mine("yes", "03-09 11:00", "Dear Dana,\n\nThursday afternoon would suit me well.\n\nRobin\n", answers="invite")
    story.theirs(
        "colleague",
        "03-10 09:00",
        "Hello Robin,\n\nI look after Dana's calendar. Your interview is confirmed for Thursday, 12 March at 14:00 GMT.\n\nLea\n",
        sender="Lea Brandt <lea.brandt@acme.example>",
        subject="Thursday",
    )

    told = story.told("03-10 12:00")

    assert told.messages() == ["invite", "yes", "colleague"]
    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 14:00")
    assert told.drafts() == ["reply_invitation to dana@acme.example, sent, answers invite"]


# A whole search

ROUNDS = (
    (
        "invite-1",
        "03-02 10:00",
        "Hi Robin,\n\nwe would like to invite you to a first interview. When are you free this week?\n\nDana\n",
        None,
    ),
    (
        "fixed-1",
        "03-03 10:00",
        "Perfect. Your interview is confirmed for Thursday, 5 March 2026 at 10:00 GMT.\n\nDana\n",
        "yes-1",
    ),
    (
        "invite-2",
        "03-09 10:00",
        (
            "Hi Robin,\n\nthe team enjoyed meeting you! We would like to invite you to a second interview. "
            "Could you send me your availability?\n\nDana\n"
        ),
        "fixed-1",
    ),
    ("fixed-2", "03-10 10:00", "Your second interview is confirmed for Friday, 13 March 2026 at 15:00 GMT.\n\nDana\n", "yes-2"),
)


def several_rounds() -> Story:
    story = Story(acme())
    for name, moment, body, answers in ROUNDS:
        story.senders.update({"yes-1": "mailbox.example", "yes-2": "mailbox.example"})
        story.theirs(name, moment, body, answers=answers)
    story.mine("yes-1", "03-02 12:00", "Dear Dana,\n\nThursday at ten would be perfect.\n\nRobin\n", answers="invite-1")
    story.mine("yes-2", "03-09 12:00", "Dear Dana,\n\nFriday afternoon works well for me.\n\nRobin\n", answers="invite-2")
    return story


def test_several_rounds_in_one_thread_are_counted_and_each_is_thanked_for() -> None:
    told = several_rounds().told("03-14 12:00")

    assert told.messages() == ["invite-1", "yes-1", "fixed-1", "invite-2", "yes-2", "fixed-2"]
    assert (told.status(), told.state().round, told.state().turn) == ("awaiting", 2, "them")
    assert told.state().next_at is None
    # An invitation to the next round makes no thanks pointless: an unsent thank-you stays until the end.
    assert told.drafts() == [
        "reply_invitation to dana@acme.example, sent, answers invite-1",
        "thank_you to dana@acme.example, queued, answers fixed-1",
        "reply_invitation to dana@acme.example, sent, answers invite-2",
        "thank_you to dana@acme.example, queued, answers fixed-2",
    ]
    # Interviews of an hour: 5 March until 11:00, 13 March until 16:00.
    assert told.made("thank_you") == ["03-05 13:00", "03-13 18:00"]


def test_between_the_rounds_it_is_their_turn_and_then_the_time_of_the_next_stands() -> None:
    story = several_rounds()

    between, before = story.told("03-06 12:00"), story.told("03-12 12:00")

    assert (between.status(), between.state().round) == ("awaiting", 1)
    assert (before.status(), before.state().round, before.state().next_at) == ("scheduled", 2, at("03-13 15:00"))


def test_two_interviewers_get_two_different_thank_yous() -> None:
    story = Story(acme(rounds=(held("03-12 10:00", "dana@acme.example", "marek@acme.example"),)))

    told = story.told("03-12 14:00")

    assert told.drafts() == [
        "thank_you to dana@acme.example, queued, new thread",
        "thank_you to marek@acme.example, queued, new thread",
    ]
    first, second = told.bodies("thank_you")
    paragraphs = [set(body.split("\n\n")[1:-1]) for body in (first, second)]
    assert not paragraphs[0] & paragraphs[1]
