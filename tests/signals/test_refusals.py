"""A rejection is known in many wordings, and what only sounds like one is not taken for it."""

import pytest

from agent.signals import Label
from tests.signals.letters import letter, read, says

REFUSALS = [
    "We have concluded that other applicants are better suited for this position.",
    "Your qualifications, while strong, are not quite what we are looking for.",
    "We will be moving on with other applicants.",
    "We have narrowed our search to candidates with more experience in retail.",
    "We will not be advancing your application.",
    "We have decided to consider other candidates for this role.",
    "At this time we are considering other candidates whose skills better match our needs.",
    "You will not be moving forward in the process.",
    "You are not being considered further.",
    "Your application will not be considered further.",
    "We do not have a role for you at this time.",
    "There isn't a position that matches your background right now.",
    "We cannot proceed with your application.",
    "We have closed your application for this role.",
    "We've elected to move in another direction.",
    "Your background does not meet our current needs.",
    "We won't be able to offer you a position.",
    "We have chosen to go forward with someone whose profile is closer.",
    "We must decline your application.",
    "We have made the difficult decision to not move you forward.",
    "You have been removed from consideration for this role.",
    "We are not able to move you to the next stage.",
    "The hiring team has decided to continue with other people.",
    "Your profile was not selected for the next step.",
    "Your skills do not align with what the team needs today.",
    "We received many strong applications and yours was not selected.",
    "We have many qualified applicants and have decided to move forward with those who best fit the role.",
    "We're sorry, but we have filled the role with another applicant.",
    "We have offered the position to another candidate, who accepted.",
    "Unfortunately, your application was not successful.",
    "The outcome of your application is unsuccessful.",
    "We've decided to end our conversation here.",
    "Sorry to say you didn't get the job.",
    "It was a close call, but you came second.",
    "The panel preferred another candidate.",
    "We're going to stop here with your application.",
    "We had candidates who are further along and will proceed with them.",
    "We have elected to pursue other applicants at this time.",
    "we are unable to consider you for the position",
    "We regret that we cannot take your application further.",
    "We were looking for someone with deeper knowledge of finance.",
    "I'm sorry that this isn't better news: the client said no.",
    "It is with regret that we must inform you that you have not been successful.",
    "Not selected",
    "Your application status: No longer under consideration",
    "This application has been declined.",
    "Your candidacy for this job will not be pursued.",
    "Thank you, but we have decided that we won't continue.",
    "The team feels you're not the right fit at this point.",
    "We found your experience less relevant than that of other applicants.",
    "You were a strong candidate but we could only choose one person.",
    "We only move forward with a small number of applicants, and yours was not one of them.",
]
SOUNDS_LIKE_ONE = [
    "We are considering all candidates and will decide soon.",
    "We are still talking to other candidates.",
    "We would like to move forward with your application.",
    "We may decide to move forward with other candidates.",
    "We are not able to give feedback before all interviews are done.",
    "Not all candidates are selected for an interview.",
    "You do not need to do anything at this time.",
    "You will not be charged.",
    "We have not yet decided whether to move forward.",
    "We cannot guarantee that we will contact all applicants.",
    "We will not share your data with others.",
    "You have not completed your application.",
    "Your application is not complete.",
    "Please do not reply to this message.",
    "Only candidates selected for an interview will be contacted.",
    "Did you not get the job? Our coaches can help.",
    "If we choose another candidate, we will tell you within two weeks.",
    "You won't be disappointed with our offer of free shipping.",
    "We don't want to miss out on you.",
    "Unfortunately, I have a conflict on Tuesday. Could you do another day?",
    "We are not going to wait: when can you start the interviews?",
    "We could not be happier to move forward with you!",
    "Don't hesitate to move forward with your application.",
    "No other candidates match your profile: we want to meet you.",
    "Your application will be considered by our team.",
    "I'm not in the office tomorrow.",
    "We have more than one role that might fit your background.",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_a_rejection(text: str) -> None:
    assert says(text) == "rejection"


@pytest.mark.parametrize("text", SOUNDS_LIKE_ONE)
def test_what_sounds_like_a_refusal_ends_nothing(text: str) -> None:
    ending = [
        signal for signal in read(letter(text)).signals if signal.label in (Label.REJECTION, Label.ROLE_CLOSED, Label.OFFER)
    ]
    assert ending == []


def test_a_filled_role_with_a_refusal_beside_it_is_a_rejection() -> None:
    assert says("We have filled this position. We will not be moving forward with your application.") == "rejection"


@pytest.mark.parametrize("role", ["Coffee Buyer", "Restaurant Manager", "the position of Patients Coordinator"])
def test_a_position_named_like_another_matter_is_refused_all_the_same(role: str) -> None:
    text = f"We regret to inform you that you have not been selected for {role}."
    assert read(letter(text)).label is Label.REJECTION
