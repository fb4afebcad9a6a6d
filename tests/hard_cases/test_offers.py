"""Offers in every shape, what is none, and what the user answers."""

import pytest

from tests.hard_cases.story import DANA, Story, acme, held

OFFERS = {
    "details-follow-after-the-background-check": (
        "Hi Robin,\n\nthe team loved you! The details of your offer will follow after the background check.\n\nDana\n"
    ),
    "spoken-offer-announced-by-mail": (
        "Hi Robin,\n\nlovely to speak with you this morning. As I said on the phone, we would like to offer you the position!\n"
        "The paperwork comes next week.\n\nDana\n"
    ),
    "offer-with-a-deadline": (
        "Dear Robin,\n\nWe are delighted to offer you the role of Backend Engineer. Please let us know by "
        "Friday, 20 March whether "
        "you accept.\n\nDana\n"
    ),
    "letter-attached": "Dear Robin,\n\nplease find attached your offer letter. We would be so happy to have you.\n\nDana\n",
}


ANSWERS = ["offer_accept", "offer_clarify", "offer_decline", "offer_thanks"]


def answers_to(offer: str, state: str) -> list[str]:
    """Return the thanks and the three answers to choose from, made together."""
    return [f"{kind} to dana@acme.example, {state}, answers {offer}" for kind in ANSWERS]


@pytest.mark.parametrize("body", OFFERS.values(), ids=OFFERS)
def test_an_offer_is_an_offer_and_gets_prompt_thanks(body: str) -> None:
    story = Story(acme(rounds=(held("03-05 10:00"),)))
    story.mine("ty", "03-05 12:00", "Dear Dana,\n\nthank you for the interview this morning.\n\nRobin\n")
    story.theirs("offer", "03-12 10:00", body)

    told = story.told("03-12 12:00")

    assert (told.status(), told.state().turn) == ("offer", "us")
    assert told.drafts() == answers_to("offer", "queued")


def test_the_day_by_which_an_offer_must_be_answered_is_no_promise_of_theirs() -> None:
    story = Story(acme())
    story.theirs("offer", "03-12 10:00", OFFERS["offer-with-a-deadline"])

    assert story.told("03-12 12:00").state().promised_by is None


def test_the_letter_after_a_spoken_offer_is_the_same_offer_and_thanked_for_once() -> None:
    story = Story(acme())
    story.theirs("spoken", "03-12 10:00", OFFERS["spoken-offer-announced-by-mail"])
    story.theirs("letter", "03-13 10:00", OFFERS["letter-attached"], answers="spoken")

    told = story.told("03-13 12:00")

    assert told.status() == "offer"
    assert told.drafts() == answers_to("spoken", "queued")


def test_the_letter_from_a_signing_service_is_asked_about() -> None:
    # Anybody can have a letter sent by a signing service: nobody vouches for what it says.
    story = Story(acme())
    story.theirs(
        "sign",
        "03-12 10:00",
        "Robin Hale,\n\nAcme Robotics has sent you a document to review and sign: Offer Letter Backend Engineer.\n\n"
        "Your offer letter from Acme Robotics is ready to sign.\n",
        sender="Acme Robotics via DocuSign <dse@docusign.net>",
        subject="Please sign: Offer letter, Backend Engineer at Acme Robotics",
    )

    told = story.told("03-12 12:00")

    assert told.status() == "applied"
    assert told.review() == ["unvouched: sign (acme)"]
    assert told.drafts() == []


def test_the_letter_of_a_signing_service_that_follows_an_offer_changes_nothing() -> None:
    story = Story(acme())
    story.theirs("spoken", "03-12 10:00", OFFERS["spoken-offer-announced-by-mail"])
    story.theirs(
        "sign",
        "03-13 10:00",
        "Acme Robotics has sent you a document to review and sign. Your offer letter is ready to sign.\n",
        sender="Acme Robotics via DocuSign <dse@docusign.net>",
        subject="Please sign: Offer letter, Backend Engineer at Acme Robotics",
    )

    told = story.told("03-13 12:00")

    assert told.status() == "offer"
    assert told.made("offer_thanks") == ["03-12 10:00"]


# No offers

NO_OFFERS = {
    "a-discount": "Hi Robin,\n\na special offer for candidates: 20% discount in our shop until Friday.\n\nAcme\n",
    "a-chance-to-apply": (
        "Hi Robin,\n\nwe would like to offer you the chance to apply for our Senior Backend Engineer role as well.\n\nDana\n"
    ),
    "a-course": "Hi Robin,\n\nwe are pleased to offer you a free place in our course on motion planning.\n\nDana\n",
    "no-visa": "Hi Robin,\n\nplease note that we cannot offer visa sponsorship for this role. Is that a problem?\n\nDana\n",
    "an-offer-that-may-come": (
        "Hi Robin,\n\nif all goes well on Thursday, you will receive an offer letter within a week of the interview.\n\nDana\n"
    ),
    "other-offers": "Hi Robin,\n\nquick question from the team: do you have any other offers at the moment?\n\nDana\n",
}


@pytest.mark.parametrize("body", NO_OFFERS.values(), ids=NO_OFFERS)
def test_what_is_offered_besides_the_job_is_no_offer(body: str) -> None:
    story = Story(acme())
    story.theirs("mail", "03-12 10:00", body)

    told = story.told("03-12 12:00")

    assert told.status() == "applied"
    assert told.made("offer_thanks") == []


# What the user does


def offered() -> Story:
    story = Story(acme())
    story.theirs("offer", "03-12 10:00", OFFERS["offer-with-a-deadline"])
    return story


def test_an_offer_that_the_user_accepts_is_accepted_and_nothing_more_is_drafted() -> None:
    story = offered()
    story.mine(
        "yes", "03-13 10:00", "Dear Dana,\n\nI am delighted to accept your offer. See you in April!\n\nRobin\n", answers="offer"
    )
    story.theirs(
        "onboarding",
        "03-16 10:00",
        "Welcome to the team, Robin! We have scheduled a call with IT for Thursday, 19 March at 10:00.\n\nDana\n",
        answers="yes",
    )

    told = story.told("05-01 12:00")

    assert told.status() == "accepted"
    assert told.messages() == ["offer", "yes", "onboarding"]
    assert [each.partition(" ")[0] for each in told.drafts()] == ANSWERS
    assert [each for each in told.drafts() if "queued" in each] == []
    assert told.held() == told.review() == []


def test_an_offer_that_the_user_declines_is_declined_and_nothing_more_is_drafted() -> None:
    story = offered()
    story.mine(
        "no",
        "03-13 10:00",
        "Dear Dana,\n\nthank you for the trust. After much thought I have decided to decline your offer.\n\nRobin\n",
        answers="offer",
    )
    story.theirs("pity", "03-13 15:00", "What a pity, Robin. All the best for your future!\n\nDana\n", answers="no")

    told = story.told("05-01 12:00")

    assert told.status() == "declined"
    assert [each.partition(" ")[0] for each in told.drafts()] == ANSWERS
    assert [each for each in told.drafts() if "queued" in each] == []
    assert told.held() == told.review() == []


def test_an_offer_and_then_silence_brings_one_thank_you_and_no_pressing() -> None:
    told = offered().told("05-01 12:00")

    assert (told.status(), told.state().turn) == ("offer", "us")
    assert told.drafts() == answers_to("offer", "queued")
    assert told.review() == []


def test_a_candidate_who_withdraws_is_withdrawn_and_their_confirmation_asks_nothing() -> None:
    story = Story(acme(rounds=(held("03-05 10:00", "dana@acme.example"),)))
    story.mine(
        "out", "03-06 09:00", "Dear Dana,\n\nI have taken a job elsewhere and would like to withdraw my application.\n\nRobin\n"
    )
    story.theirs(
        "confirmed", "03-06 10:00", "Hi Robin,\n\nthank you for letting us know. Your application has been withdrawn.\n\nDana\n",
        answers="out",
    )  # fmt: skip

    told = story.told("05-01 12:00")

    assert told.status() == "withdrawn"
    assert told.messages() == ["out", "confirmed"]
    assert told.made("status_check") == []
    assert told.review() == []


def test_an_offer_that_is_withdrawn_again_is_no_offer_any_more() -> None:
    story = offered()
    story.theirs(
        "sorry",
        "03-16 10:00",
        "Dear Robin,\n\nI am terribly sorry: the budget was cut and the position has been cancelled, so we "
        "have to take our offer "
        "back.\n\nDana\n",
        sender=DANA,
        answers="offer",
    )

    told = story.told("03-16 12:00")

    assert told.status() == "closed"
    assert told.drafts() == answers_to("offer", "withdrawn")
