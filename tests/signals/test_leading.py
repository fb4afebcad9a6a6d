"""What a text that fixes a time says of those who will lead the interview. The messages are of Wednesday 10 March 2027."""

import pytest

from tests.signals.letters import letter, read

WITH_THE_WRITER = [
    "Great, I will call you on Thursday, March 11 at 11 am. Erin",
    "Confirmed: Wednesday 17 March at 11:00 with me.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. The panel will be Priya Nair, Luis Ortega and me.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. Priya Nair will join me.",
    "Super, dann rufe ich Sie am Donnerstag, 18. März um 14 Uhr an.",
    "Hiermit bestätige ich den Termin am Donnerstag, 18. März um 14 Uhr mit mir.",
    "C'est noté, je vous appellerai jeudi 18 mars à 14h.",
    "Votre entretien est confirmé pour le jeudi 18 mars à 14h avec Luis Ortega et moi.",
    "Perfecto, te llamaré el jueves 18 de marzo a las 14:00.",
    "Tu entrevista está confirmada para el jueves 18 de marzo a las 14:00 conmigo.",
    "A sua entrevista está confirmada para quinta-feira, 18 de março, às 14h, comigo.",
    "Perfetto, la chiamerò giovedì 18 marzo alle 14:00.",
    "Il colloquio è confermato per giovedì 18 marzo alle 14:00 con me.",
    "Je gesprek is bevestigd op donderdag 18 maart om 14.00 uur met mij.",
    "Ik bel je donderdag 18 maart om 14.00 uur.",
]
WITHOUT_A_WORD_OF_THE_WRITER = [
    "Your interview is confirmed for Thursday, March 18 at 2 pm.",
    "Thursday, March 18 at 2 pm is confirmed, and I will send you the link.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. I will call you on Wednesday to prepare.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. I will call you afterwards.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. If anything comes up, I will call you.",
    "Your interview is confirmed for Thursday, March 18 at 2 pm. Please stay in touch with me.",
    "Donnerstag, 18. März um 14 Uhr ist bestätigt, und ich sende Ihnen den Link.",
    "Votre entretien est confirmé pour le jeudi 18 mars à 14h. N'hésitez pas à m'écrire.",
    "La entrevista está confirmada para el jueves 18 de marzo a las 14:00 y yo te enviaré el enlace.",
    "Je gesprek is bevestigd op donderdag 18 maart om 14.00 uur en ik stuur je de link.",
]


@pytest.mark.parametrize("text", WITH_THE_WRITER)
def test_a_writer_who_says_so_leads_the_interview(text: str) -> None:
    reading = read(letter(text))
    assert (reading.interview_at is not None, reading.with_writer) == (True, True)


@pytest.mark.parametrize("text", WITHOUT_A_WORD_OF_THE_WRITER)
def test_a_writer_who_arranges_or_calls_about_something_else_does_not_lead_it(text: str) -> None:
    reading = read(letter(text))
    assert (reading.interview_at is not None, reading.with_writer) == (True, False)


def test_the_words_that_name_people_are_kept_with_their_capitals_up_to_the_time() -> None:
    reading = read(letter("Your interview with Luis Ortega on Thursday, March 18 at 2 pm is confirmed."))
    assert reading.meets == ("Luis Ortega on",)


def test_those_who_will_join_stand_before_the_words_that_say_so() -> None:
    reading = read(letter("Your interview is confirmed for Thursday, March 18 at 2 pm. Priya Nair and Luis Ortega will join."))
    assert reading.leads == ("Priya Nair and Luis Ortega",)


def test_where_no_time_is_fixed_nobody_leads() -> None:
    reading = read(letter("Would Thursday at 2 pm or Friday at 3 pm work for an interview with me and Luis Ortega?"))
    assert (reading.interview_at, reading.with_writer, reading.meets, reading.leads) == (None, False, (), ())
