"""What looks like a rejection and is none, and what is one and looks like something else."""

from dataclasses import replace

import pytest

from tests.hard_cases.story import INES, PRIYA, Story, acme, birch, held, larch

# Looks like a rejection, is none

APOLOGIES = {
    "the-first-time-did-not-suit": (
        (
            "Hi Robin,\n\nunfortunately Marek is ill, so I have moved your interview to Monday, 16 March at 11:00 GMT.\n"
            "Sorry for the trouble!\n\nDana\n"
        ),
        "scheduled",
    ),
    "the-answer-takes-longer": (
        (
            "Dear Robin,\n\nUnfortunately things here move more slowly than I had hoped and the panel has not "
            "reached a decision yet.\n"
            "I am sorry for the long wait.\n\nDana\n"
        ),
        "on_hold",
    ),
    "the-link-has-expired": (
        (
            "Hello Robin,\n\nunfortunately the link in my mail of yesterday has expired. Could you please upload your references "
            "with the new one?\n\nDana\n"
        ),
        "applied",
    ),
    "people-were-laid-off-elsewhere": (
        (
            "Dear Robin,\n\nYou may have seen in the news that Acme Robotics has regrettably had to announce redundancies in its "
            "Leeds warehouse.\nThis has no effect on the engineering roles, and your application is being "
            "reviewed as planned.\n\nDana\n"
        ),
        "applied",
    ),
}


@pytest.mark.parametrize(("body", "status"), APOLOGIES.values(), ids=APOLOGIES)
def test_an_unfortunately_about_something_else_rejects_nobody(body: str, status: str) -> None:
    story = Story(acme())
    story.theirs("sorry", "03-10 10:00", body)

    told = story.told("03-11 12:00")

    assert told.status() == status
    assert told.messages() == ["sorry"]
    assert told.review() == []
    assert told.made("reply_rejection") == []


RECEIPTS = {
    "if-you-are-not-selected": (
        "Dear Robin,\n\nThank you for applying for the Backend Engineer position. We have received your application.\n"
        "If you are not selected for this role, keep an eye on our jobs page: new openings appear every "
        "week.\n\nAcme Talent Team\n"
    ),
    "if-your-profile-does-not-match": (
        "Dear Robin,\n\nyour application has reached us and we will read it carefully. Should your profile not match what we are "
        "looking for,\nwe will let you know.\n\nAcme Talent Team\n"
    ),
    "we-cannot-talk-to-everyone": (
        "Hi Robin,\n\nThanks so much for applying! We received your application today. We wish we could speak with everybody who "
        "writes to us,\nbut with four hundred applications a month we unfortunately can't.\n\nAcme Talent Team\n"
    ),
    "how-long-data-are-kept": (
        "Dear Robin,\n\nWe have received your application for Backend Engineer.\n\n"
        "Privacy: data of applicants who were rejected are deleted six months after the rejection. If you withdraw your "
        "application, we delete\nthem at once.\n"
    ),
}


@pytest.mark.parametrize("body", RECEIPTS.values(), ids=RECEIPTS)
def test_conditional_words_in_a_receipt_reject_nobody(body: str) -> None:
    story = Story(acme())
    story.theirs(
        "receipt", "03-10 10:00", body, sender="Acme Talent Team <talent@acme.example>", subject="We got your application"
    )

    told = story.told("03-11 12:00")

    assert told.status() == "applied"
    assert told.messages() == ["receipt"]
    assert told.quiet


def test_a_newsletter_about_layoffs_is_nobodys_rejection() -> None:
    story = Story(acme())
    story.theirs(
        "news",
        "03-10 06:00",
        "Good morning!\n\nAcme Robotics lays off 300 people and has decided not to move forward with its plant in Ohio.\n"
        "Thousands of candidates were rejected across the sector this quarter.\n\nUnsubscribe\n",
        sender="The Tech Breakfast <hello@techbreakfast.example>",
        subject="Layoffs at Acme Robotics, and what they mean for you",
        headers=(("List-Unsubscribe", "<https://techbreakfast.example/u>"),),
    )

    told = story.told("03-11 12:00")

    assert told.status() == "applied"
    assert told.messages() == []
    assert told.quiet


def test_a_filled_role_is_closed_and_no_judgement() -> None:
    story = Story(acme())
    story.theirs(
        "filled",
        "03-10 10:00",
        "Dear Robin,\n\nI wanted to let you know that the Backend Engineer position has been filled before we got to your "
        "application.\n\nBest wishes\nDana\n",
    )

    told = story.told("03-11 12:00")

    assert told.status() == "closed"
    assert told.drafts() == []


def test_a_frozen_role_is_on_hold_and_comes_alive_again() -> None:
    story = Story(acme())
    story.theirs(
        "freeze",
        "02-10 10:00",
        "Hi Robin,\n\nbad news, I'm afraid: there is a hiring freeze across the company and the Backend "
        "Engineer role has been put "
        "on hold.\nIt may well reopen in spring.\n\nDana\n",
    )
    frozen = story.told("02-11 12:00")
    story.theirs(
        "thaw",
        "03-10 10:00",
        "Hi Robin,\n\ngood news, the freeze is over! We would like to invite you to an interview. When would "
        "you have time?\n\nDana\n",
    )

    assert frozen.status() == "on_hold"
    assert frozen.drafts() == ["reply_hold to dana@acme.example, queued, answers freeze"]
    assert frozen.held() == frozen.review() == []
    told = story.told("03-10 12:00")
    assert told.status() == "invited"
    assert told.drafts()[1:] == ["reply_invitation to dana@acme.example, queued, answers thaw"]


QUOTES = {
    "with-angle-brackets": (
        "Hi Robin,\n\nsomebody dropped out, so here we are again: we would like to invite you to an interview after all.\n"
        "Could you let me know when you are free next week?\n\nDana\n\n"
        "On Tue, 10 Feb 2026 at 09:12, Dana Cole <dana@acme.example> wrote:\n"
        "> Dear Robin,\n>\n> unfortunately we have decided not to move forward with your application.\n>\n> Dana\n"
    ),
    "below-a-copied-header": (
        "Hi Robin,\n\nsomebody dropped out, so here we are again: we would like to invite you to an interview after all.\n"
        "Could you let me know when you are free next week?\n\nDana\n\n"
        "From: Dana Cole <dana@acme.example>\nSent: Tuesday, February 10, 2026 9:12 AM\nTo: Robin Hale\n"
        "Subject: Backend Engineer\n\nDear Robin,\n\nunfortunately we have decided not to move forward with "
        "your application.\n\nDana\n"
    ),
}


@pytest.mark.parametrize("body", QUOTES.values(), ids=QUOTES)
def test_an_old_rejection_quoted_below_good_news_is_not_read_again(body: str) -> None:
    story = Story(acme())
    story.theirs("again", "03-10 10:00", body, subject="Re: Backend Engineer")

    told = story.told("03-10 12:00")

    assert told.status() == "invited"
    assert told.review() == []
    assert told.drafts() == ["reply_invitation to dana@acme.example, queued, answers again"]


def test_good_news_after_a_real_rejection_waits_for_the_user() -> None:
    # The candidacy has ended: only review opens it again. The reply to the rejection was drafted and waits.
    story = Story(acme())
    story.theirs(
        "no", "03-03 10:00", "Dear Robin,\n\nunfortunately we have decided not to move forward with your application.\n\nDana\n"
    )
    story.theirs(
        "again",
        "03-10 10:00",
        "Hi Robin,\n\nsomebody dropped out: we would like to invite you to an interview after all. When are you free?\n\nDana\n",
        answers="no",
    )

    told = story.told("03-11 12:00")

    assert told.status() == "rejected"
    assert told.review() == ["refused: again (acme)"]
    assert told.made("reply_invitation") == []


# Is a rejection, looks like something else

PRAISE = (
    "Thank you so much for the time that you gave us over the past weeks. Everybody who met you came "
    "away impressed: by the way in "
    "which you took our case apart, by the care of your drawings, by your questions about our customers, "
    "and not least by your good "
    "humour when the projector failed. The team still talks about your idea of testing the grippers with eggs.\n\n"
)

REFUSALS = {
    "unable-to-offer": "Dear Robin,\n\nAfter careful thought we are unable to offer you the position.\n\nDana\n",
    "no-offer-letter": "Dear Robin,\n\nI have to tell you that we will not be sending an offer letter.\n\nDana\n",
    "no-interview": "Dear Robin,\n\nwe have read your papers and regret that we cannot offer you an interview.\n\nDana\n",
    "praise-before-the-sentence": (
        f"Dear Robin,\n\n{PRAISE * 6}It was a close thing. In the end, however, we decided to go with a "
        f"candidate who has worked on "
        "grippers before.\n\nDana\n"
    ),
    "two-lines-no-phrase": "Hi Robin,\nI'm afraid it's a no from us this time, sorry!\nDana\n",
    "somebody-else": "Robin, quick one: the team has gone with somebody else. Sorry, I know you were keen. D.\n",
    "others-fitted-better": (
        "Hi Robin,\n\nI'm sorry to be the bearer of bad news, but the hiring manager felt that others were a better fit.\n\nDana\n"
    ),
    "the-answer-is-no": "Dear Robin,\n\nthe panel met this morning. Sadly the answer is no.\n\nDana\n",
    "it-will-not-work-out": "Hi Robin,\n\nit's not going to work out this time, I'm afraid. Sorry!\n\nDana\n",
    "wrapped-with-curly-apostrophes": (
        "Dear Robin,\n\nthank you for your patience. I\u2019m sorry to say that we\nwon\u2019t\u00a0be moving\u00a0forward\n"
        "with your\napplication at this\u00a0time.\n\nDana\n"
    ),
}


@pytest.mark.parametrize("body", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_in_other_words_is_a_rejection_and_gets_one_gracious_reply(body: str) -> None:
    story = Story(acme())
    story.theirs("no", "03-10 10:00", body)

    told = story.told("03-10 12:00")

    assert told.status() == "rejected"
    assert told.messages() == ["no"]
    assert told.drafts() == ["reply_rejection to dana@acme.example, queued, answers no"]


def test_the_subject_of_the_receipt_does_not_hide_the_rejection_below_it() -> None:
    story = Story(acme())
    subject = "Thank you for your interest in Acme Robotics"
    story.theirs(
        "receipt",
        "03-02 10:00",
        "Dear Robin,\n\nWe have received your application and will review it.\n\nDana\n",
        subject=subject,
    )
    story.theirs(
        "no",
        "03-10 10:00",
        "Dear Robin,\n\nThank you for your interest in Acme Robotics and for applying for the Backend Engineer position.\n"
        "We received a large number of strong applications, and yours was not among those selected.\n\nDana\n",
        subject=subject,
    )

    told = story.told("03-10 12:00")

    assert told.status() == "rejected"
    assert told.messages() == ["receipt", "no"]
    assert told.drafts() == ["reply_rejection to dana@acme.example, queued, answers no"]


def test_a_rejection_that_stands_in_html_only_is_read() -> None:
    story = Story(acme())
    story.theirs(
        "no",
        "03-10 10:00",
        "",
        html="<html><body><p>Dear Robin,</p><p>Thank you for coming in. We&rsquo;re sorry to tell you that, after much\n"
        "thought, we have decided&nbsp;<b>not</b> to move\nforward with your application.</p><p>Dana</p></body></html>",
    )

    told = story.told("03-10 12:00")

    assert told.status() == "rejected"
    assert told.drafts() == ["reply_rejection to dana@acme.example, queued, answers no"]


def test_a_short_reply_in_the_users_own_thread_is_a_rejection() -> None:
    story = Story(replace(acme(), rounds=(held("03-03 14:00"),)))
    story.mine("ask", "03-13 09:30", "Dear Dana,\n\nI wanted to ask whether there is any news about my interview.\n\nRobin\n")
    story.theirs("no", "03-13 15:00", "Hi Robin,\nsorry, they picked someone else in the end.\nD\n", answers="ask")

    told = story.told("03-13 17:00")

    assert told.status() == "rejected"
    assert told.messages() == ["ask", "no"]
    assert told.made("reply_rejection") == ["03-13 15:00"]


# One of two roles

BOTH = (
    "Dear Robin,\n\nThank you for applying to Larch Health twice. For the Data Analyst position we have "
    "decided to go with another "
    "candidate.\nFor the Clinical Data Manager position, however, we would like to invite you to an "
    "interview. When would suit you?\n\n"
    "Priya\n"
)


def test_a_mail_that_rejects_one_role_and_invites_for_the_other_is_asked_about() -> None:
    story = Story(larch("Data Analyst"), larch("Clinical Data Manager"))
    story.theirs("both", "03-10 10:00", BOTH, sender=PRIYA, subject="Your applications")

    told = story.told("03-11 12:00")

    assert told.statuses() == {"data-analyst": "applied", "clinical-data-manager": "applied"}
    assert [line.partition(": ")[2].partition(" (")[0] for line in told.review()] == ["both"]
    assert told.drafts() == []


def test_a_rejection_for_one_of_two_roles_leaves_the_other_alone() -> None:
    story = Story(larch("Data Analyst"), larch("Clinical Data Manager"))
    story.theirs(
        "no",
        "03-10 10:00",
        "Dear Robin,\n\nunfortunately we will not be taking your application for the Data Analyst position "
        "any further.\n\nPriya\n",
        sender=PRIYA,
        subject="Your application",
    )

    told = story.told("03-10 12:00")

    assert told.statuses() == {"data-analyst": "rejected", "clinical-data-manager": "applied"}
    assert told.messages("data-analyst") == ["no"]
    assert told.drafts("clinical-data-manager") == []


def test_a_rejection_that_names_neither_role_ends_neither() -> None:
    story = Story(larch("Data Analyst"), larch("Clinical Data Manager"))
    story.theirs(
        "no",
        "03-10 10:00",
        "Dear Robin,\n\nunfortunately we have decided not to move forward with your application.\n\nPriya\n",
        sender=PRIYA,
        subject="Your application",
    )

    told = story.told("03-10 12:00")

    assert told.statuses() == {"data-analyst": "applied", "clinical-data-manager": "applied"}
    assert told.review() == ["match: no (clinical-data-manager, data-analyst)"]
    assert told.drafts() == []


def test_a_no_to_a_question_is_no_rejection() -> None:
    story = Story(birch(rounds=(held("03-05 10:00"),)))
    story.theirs(
        "no-remote",
        "03-09 10:00",
        "Hi Robin,\n\nto your question: unfortunately we can't offer you a fully remote contract or visa "
        "sponsorship, two days a week "
        "in the office are\nneeded. I hope that still works for you!\n\nInes\n",
        sender=INES,
        subject="Re: Data Engineer",
    )

    told = story.told("03-09 12:00")

    assert told.status("birch") == "awaiting"
    assert told.made("reply_rejection") == []
