"""Every line of the hard cases, in both directions: what a message says, or that nobody can say."""

import pytest

from tests.signals.letters import says

CASES = [
    ("rescheduled", "Unfortunately Dana is ill today. Could we move our interview to Thursday at 2pm?"),
    ("hold", "Unfortunately the decision is taking longer than planned. We apologise for the delay."),
    ("info_request,other", "Unfortunately the link in my last mail has expired. Please use this one to upload your transcript."),
    (
        "acknowledged",
        (
            "Thank you for applying to Acme. We will review your application. If you are not selected for this "
            "position, keep an eye on our jobs page."
        ),
    ),
    (
        "acknowledged",
        "Thank you for your application. We received it today. If your profile does not match, we will let you know.",
    ),
    (
        "acknowledged",
        "We have received your application. We wish we could talk to everyone, but with so many applicants that is not possible.",
    ),
    ("role_closed", "I'm sorry to say the position has been filled."),
    ("hold", "The role has been put on hold because of a hiring freeze. It may reopen in spring."),
    ("rejection", "We are unable to offer you a place at this time."),
    ("rejection", "After the interview we have decided that we will not be sending an offer letter."),
    ("rejection", "Sadly we cannot offer you an interview."),
    (
        "rejection",
        (
            "Thank you for your interest in Acme! We loved your portfolio and your passion.\n\nWe have however "
            "decided to move ahead with\ncandidates whose experience is closer to our\nneeds."
        ),
    ),
    ("rejection", "Hi Alex,\nsorry, it's a no from the team this time.\nDana"),
    ("rejection", "Hi, the team went with someone else. Sorry! Dana"),
    ("rejection", "We won\u2019t be moving forward with your application at this time."),
    (
        "unsure",
        (
            "We will not be moving forward with your application for Senior Engineer. However, we would like to "
            "invite you to an interview for the Engineer role."
        ),
    ),
    ("acknowledged", "Thank you for applying. We expect to schedule interviews in the coming weeks."),
    (
        "acknowledged",
        "We have received your application. Next steps in the interview process will be shared if you are selected.",
    ),
    ("alert,other", "10 new jobs for you. Skills assessment required. Share your availability with the employer."),
    ("alert", "Join our mock interview course! Book a free session with our coach."),
    ("other", "Reminder of your appointment with the dentist on Tuesday at 3pm."),
    ("invitation", "Schedule your phone screen"),
    ("invitation", "Great talking! Can you do Tuesday?"),
    ("invitation", "https://calendly.com/dana-acme/30min"),
    ("offer", "The team loved you. Offer details follow after the background check."),
    ("offer", "As I told you on the phone, we would like to offer you the position!"),
    ("offer", "Your offer letter from Acme is ready for signature. Please review and sign by Friday."),
    ("offer", "We are delighted to offer you the role of Analyst. Please let us know by 20 March."),
    ("alert,other", "Special offer: 50% discount on our interview course, ends Friday."),
    ("outreach", "I came across your profile. We would like to offer you the chance to apply for this role."),
    ("other,info_request", "Please note that we cannot offer visa sponsorship."),
    ("scheduled", "Your interview is confirmed for Tuesday 16 March at 3pm CET."),
    ("scheduled", "Looking forward to speaking with you on Friday at 10:30."),
    ("scheduled", "This is a reminder of your interview tomorrow at 9am."),
    ("invitation", "Would Tuesday at 3pm or Wednesday at 10am work for you?"),
    ("invitation", "We'd like to invite you to a video interview. Please let us know your availability next week."),
    ("invitation", "Just following up: could you send me times that work for you this week?"),
    ("cancelled", "Unfortunately we have to cancel tomorrow's interview."),
    ("cancelled", "Your interview on Friday has been cancelled. We will be in touch to reschedule."),
    ("rescheduled", "I have to cancel our call tomorrow. Could we find another time next week?"),
    ("rescheduled", "Sorry we missed each other for our call today. Let's reschedule."),
    ("assessment", "Please complete the attached coding challenge within 5 days."),
    ("assessment", "You have been invited to take a HackerRank test for Acme."),
    ("assessment", "We invite you to record a one-way video interview."),
    ("info_request", "Could you please send us two references by Friday?"),
    ("info_request", "Your application is incomplete. Please finish your application."),
    ("timeline", "Thanks for coming in yesterday. We will get back to you by Friday."),
    ("timeline", "You can expect to hear from us within the next two weeks."),
    ("hold", "We haven't made a decision yet. You will hear from us by Friday."),
    ("acknowledged", "We received your application and will get back to you within two weeks."),
    ("withdrawal", "We confirm that your application has been withdrawn as you asked."),
    ("auto_reply,unsure", "I am out of the office until 12 March with limited access to email."),
    ("outreach", "Hi Alex, I came across your profile and have a role that might interest you. Are you open to a quick chat?"),
    ("outreach", "You applied with us last year. We would like to invite you to apply for our new Analyst role."),
    ("alert", "Please take our short survey about your candidate experience."),
    ("other", "Hi Alex, see you at grandma's on Sunday! Dad"),
    ("scheduled", "You're all set for your interview with Dana on Thursday, March 18 at 2:00 PM EST."),
    ("rejection", "While we were impressed, we have chosen not to progress your application."),
    ("rejection", "Your application has been unsuccessful on this occasion."),
    ("rejection", "We've reviewed your profile and will be pursuing other candidates."),
    ("rejection", "You have not been shortlisted for the role."),
    ("rejection", "I'm afraid we won't be taking you to the next round."),
    ("rejection", "The panel decided not to extend an offer."),
    ("rejection", "We chose a candidate with more experience in payments."),
    ("rejection", "Unfortunately, this time your application was not among those selected."),
    ("role_closed", "We have decided not to fill this role after all."),
    ("role_closed", "The client has withdrawn the vacancy."),
    ("offer", "Congratulations! You got the job."),
    ("offer", "We'd love for you to join the team as a Data Engineer. The contract is attached."),
    ("hold", "We are still interviewing other candidates and need a bit more time to decide."),
    ("acknowledged", "Your application was viewed by Acme."),
    ("invitation", "The next step is a 30 minute call with our CTO. Please pick a slot here: https://cal.com/acme"),
    (
        "invitation",
        (
            "We were impressed by your application and would love to get to know you better. When are you "
            "available for a short call?"
        ),
    ),
    ("invitation", "I'd like to arrange a chat with the hiring manager. How is your Thursday?"),
    ("timeline", "We expect to make a decision by the end of next week."),
    ("other", "Thanks for your message, I'll have a look."),
]


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_a_message_is_read_for_what_it_means(expected: str, text: str) -> None:
    assert says(text) in expected.split(",")
