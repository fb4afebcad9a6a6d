"""What holds for every reading: quotes, offsets, order, subject, auto-replies, names, the user's own mail."""

import datetime as dt
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.messages.message import Bounce
from agent.signals import Label
from agent.signals.sentences import Dots, sentences
from tests.signals.letters import letter, own, phrasebook, read, says

REJECTION = "Thank you for your time. We have decided not to move\nforward with your application. Kind regards"


def test_a_quote_is_the_text_between_its_offsets_across_wrapped_lines() -> None:
    message = letter(REJECTION)
    signal = read(message).signals[0]
    assert signal.label is Label.REJECTION
    assert signal.quote == "We have decided not to move\nforward with your application."
    assert message.fresh[signal.start : signal.end] == signal.quote


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([REJECTION, "We’ll be in touch", " \u00a0", "\n\n", "Dr. Who? ", "🙂", "a" * 50, "\u200b", "İ", ". "])
    )
)
def test_every_quote_stands_where_it_says(parts: list[str]) -> None:
    message = letter("".join(parts))
    for signal in read(message).signals:
        assert (signal.start, signal.end) == (0, 0) or message.fresh[signal.start : signal.end] == signal.quote


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_sentences_lie_in_order_and_do_not_overlap(text: str) -> None:
    pieces = sentences(text, Dots())
    assert all(one.end <= two.start for one, two in pairwise(pieces))
    assert all(text[piece.start : piece.end].strip() == text[piece.start : piece.end] for piece in pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str, subject: str) -> None:
    assert read(letter(text, subject=subject)).label in Label


@pytest.mark.parametrize("piece", ["not ", "if ", "a.", "\n", "by friday ", "we will not be ", "3pm - ", '"', "((("])
def test_a_hostile_megabyte_is_read_in_a_second(piece: str) -> None:
    message = letter(piece * (1_000_000 // len(piece)))
    start = time.process_time()
    read(message)
    assert time.process_time() - start < 1.0


def test_the_subject_alone_can_say_it_but_weaker() -> None:
    reading = read(letter("See above.", subject="Re: Your interview has been cancelled"))
    assert reading.label is Label.CANCELLED
    assert (reading.signals[0].start, reading.signals[0].end) == (0, 0)
    assert reading.signals[0].confidence < 0.9


def test_a_subject_that_names_the_application_says_nothing() -> None:
    assert read(letter("Please see our portal.", subject="Your application to Acme")).signals == ()


def test_a_rejection_under_the_subject_of_a_receipt_is_a_rejection() -> None:
    reading = read(letter(REJECTION, subject="Thank you for applying to Acme"))
    assert (reading.label, reading.abstained) == (Label.REJECTION, False)


def test_several_statements_stand_beside_the_primary_one() -> None:
    reading = read(letter("We have received your application. You will hear from us within two weeks."))
    assert [signal.label for signal in reading.signals] == [Label.ACKNOWLEDGED, Label.TIMELINE]


def test_one_role_rejected_and_one_alive_is_for_the_user_to_decide() -> None:
    text = "We will not be moving forward with you for Senior Engineer. We would like to invite you to an interview for Engineer."
    reading = read(letter(text))
    assert (reading.label, reading.abstained) == (Label.REJECTION, True)


def test_praise_before_the_sentence_that_matters_does_not_hide_it() -> None:
    praise = "It was a joy to read about your work and the team was full of praise. " * 30
    assert says(praise + "In the end, however, we went with another candidate.") == "rejection"


def test_a_bounce_is_a_bounce_whatever_it_quotes() -> None:
    bounce = Bounce(permanent=True, recipients=("dana@acme.example",), original_message_id="")
    assert read(letter(REJECTION, bounce=bounce)).label is Label.BOUNCE


def test_an_absence_says_when_the_writer_is_back() -> None:
    text = "I am out of the office and will be back on Monday 15 March."
    reading = read(letter(text, subject="Automatic reply: Your interview", auto_submitted=True))
    assert (reading.label, reading.returns_on) == (Label.AUTO_REPLY, dt.date(2027, 3, 15))


def test_out_until_the_twelfth_is_read() -> None:
    reading = read(letter("I am out of the office until the 12th.", auto_submitted=True))
    assert (reading.label, reading.returns_on) == (Label.AUTO_REPLY, dt.date(2027, 3, 12))


def test_a_decision_that_a_tracking_system_sends_is_no_auto_reply() -> None:
    reading = read(letter(REJECTION, email="no-reply@us.greenhouse-mail.io", auto_submitted=True))
    assert reading.label is Label.REJECTION


def test_a_receipt_from_an_autoreply_address_is_a_receipt() -> None:
    reading = read(letter("We have received your application.", email="acme+autoreply@talent.icims.com", auto_submitted=True))
    assert reading.label is Label.ACKNOWLEDGED


def test_list_mail_that_says_nothing_is_an_alert() -> None:
    assert read(letter("Hello, our spring collection is here.", list_mail=True)).label is Label.ALERT


def test_company_role_and_requisition_are_read_where_they_are_named() -> None:
    reading = read(letter("Hello.", subject="Your application for Data Analyst at Harbor Labs (Job ID 48213)"))
    assert (reading.company, reading.role, reading.requisition) == ("Harbor Labs", "Data Analyst", "48213")


def test_a_team_names_its_company() -> None:
    assert read(letter("Hello.", name="Harbor Labs Hiring Team", email="no-reply@ashbyhq.com")).company == "Harbor Labs"


def test_a_tracking_system_is_no_employer() -> None:
    assert read(letter("Hello.", name="Workable", email="noreply@candidates.workablemail.com")).company is None


def test_a_person_is_no_company() -> None:
    reading = read(letter("Hello, how are you?", name="Dana Cole", email="notifications@app.bamboohr.com"))
    assert reading.company is None


def test_the_round_is_read() -> None:
    assert read(letter("We would like to invite you to a second interview.")).round == 2


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("sent_thank_you", "Dear Dana, thank you for taking the time to speak with me yesterday."),
        ("sent_follow_up", "Dear Dana, I wanted to follow up on my interview and ask whether there is any news."),
        ("sent_acceptance", "Dear Dana, I am delighted to accept your offer."),
        ("sent_decline", "Dear Dana, after long thought I have decided to decline the offer."),
        ("sent_withdrawal", "Dear Dana, I would like to withdraw my application, as I have accepted another offer."),
        ("sent_other", "Dear Dana, Tuesday at three works well for me."),
        ("sent_other", "Dear Dana, thank you for the invitation. It will be a pleasure to speak with you about the role."),
        ("sent_thank_you", "Dear Dana, thank you for our conversation today. It is good to know that news may come by Friday."),
        ("sent_other", "Before I accept the offer, I have two questions."),
    ],
)
def test_the_users_own_mail_is_read(expected: str, text: str) -> None:
    assert own(text) == expected


def test_the_writer_is_back_on_the_working_day_after_the_last_of_the_absence() -> None:
    away = "I am out of the office through Friday, March 19 with limited access to email."
    reading = read(letter(away, auto_submitted=True))
    assert (reading.label, reading.returns_on) == (Label.AUTO_REPLY, dt.date(2027, 3, 22))


def test_a_cancelled_interview_that_is_to_be_made_up_is_moved() -> None:
    assert read(letter("I have to cancel our interview tomorrow. When could you talk next week?")).label is Label.RESCHEDULED


CUTS = {
    "Wir verlegen das Gespräch vom 27.04. auf den 29.04. um 13 Uhr. Passt das?": 2,
    "Das Gespräch ist am 14. März um 10 Uhr. Bitte bringen Sie z. B. Zeugnisse mit.": 2,
    "Wir sehen derzeit leider keine\nMöglichkeit, Ihnen eine Stelle anzubieten.": 1,
    "So geht es weiter:\n1. Wir lesen Ihre Unterlagen.\n2. Wir laden Sie zum Gespräch ein.": 3,
    "We met on March 14. Thank you for coming.": 2,
    "Best regards\nDana Cole\nAcme Robotics": 3,
    "面接は3月5日です。よろしくお願いいたします。": 2,
}


@pytest.mark.parametrize("text", CUTS)
def test_dots_and_line_ends_cut_where_a_reader_would(text: str) -> None:
    assert len(sentences(text, phrasebook().dots)) == CUTS[text]


def test_the_company_is_what_is_spelled_as_the_senders_own_domain() -> None:
    said = "Dear Alex, please find the details below.\n\nDana Cole\nAcme Robotics GmbH, Berlin"
    assert read(letter(said, email="dana@mail.acme-robotics.co.uk")).company == "Acme Robotics"
    assert read(letter("Dear Alex, please find the details below.", email="dana@acme-robotics.example")).company is None
