"""Which of the proposed times the user's own answer takes. The mails are of Wednesday 10 March 2027."""

import datetime as dt

import pytest

from agent.signals.agreeing import agreed_time
from tests.signals.letters import letter, phrasebook

MONDAY = dt.datetime(2027, 3, 15, 15, 30, tzinfo=dt.UTC)
TUESDAY = dt.datetime(2027, 3, 16, 10, 0, tzinfo=dt.UTC)
WEDNESDAY = dt.datetime(2027, 3, 17, 14, 0, tzinfo=dt.UTC)

TAKES_MONDAY_OF_THREE = [
    "Hi Dana,\n\nYes, Monday 15 March at 15:30 works for me.\n\nBest,\nAlex",
    "Monday at 3:30 pm works perfectly. Looking forward to it.",
    "Thanks for the options! I'll take Monday.",
    "That sounds great. See you on Monday at 15:30.",
    "Tuesday and Wednesday are impossible, unfortunately. Monday at 15:30 is fine.",
    "Of the three, Monday works best for me. If anything changes, let me know.",
    "der Montag, 15. März um 15:30 Uhr passt mir gut. Ich freue mich auf das Gespräch.",
    "Vielen Dank! Gerne nehme ich den Termin am Montag um 15:30 Uhr.",
    "Le lundi 15 mars à 15h30 me convient parfaitement.",
    "El lunes 15 de marzo a las 15:30 me viene bien.",
    "Lunedì 15 marzo alle 15:30 va benissimo.",
    "Segunda-feira, 15 de março, às 15:30 funciona para mim.",
    "Maandag 15 maart om 15:30 uur schikt mij goed.",
]
TAKES_THE_ONLY_ONE = [
    "Yes, that works for me. Thank you!",
    "Perfect, see you then.",
    "Yes, Monday 15 at 15:30 works.",
    "Ja, das passt. Bis dann!",
    "C'est parfait, merci.",
    "Va benissimo, grazie.",
    "Perfeito, combinado.",
    "Dat is prima, tot dan.",
]
TAKES_NONE = [
    "Monday or Tuesday would be great.",
    "Both Monday at 15:30 and Tuesday at 10:00 work for me.",
    "I am afraid Monday does not work for me.",
    "Unfortunately none of these times works for me.",
    "Does Monday at 15:30 still work?",
    "Could we do Monday at 16:00 instead?",
    "Thursday at 9:00 works for me.",
    "Thank you for the invitation. I will get back to you about Monday.",
    "Leider passt mir der Montag nicht.",
    "Le lundi ne me convient pas, malheureusement.",
    "El lunes no me viene bien.",
    "Lunedì purtroppo non va bene.",
    "Maandag schikt mij helaas niet.",
]


@pytest.mark.parametrize("text", TAKES_MONDAY_OF_THREE)
def test_the_time_that_an_answer_takes_is_told_from_the_others(text: str) -> None:
    assert agreed_time(letter(text), phrasebook(), [MONDAY, TUESDAY, WEDNESDAY]) == MONDAY


@pytest.mark.parametrize("text", TAKES_THE_ONLY_ONE)
def test_where_one_time_was_proposed_a_yes_takes_it(text: str) -> None:
    assert agreed_time(letter(text), phrasebook(), [MONDAY]) == MONDAY


@pytest.mark.parametrize("text", TAKES_NONE)
def test_what_leaves_a_choice_or_does_not_suit_takes_nothing(text: str) -> None:
    assert agreed_time(letter(text), phrasebook(), [MONDAY, TUESDAY, WEDNESDAY]) is None


@pytest.mark.parametrize(
    "text", ["I am afraid Monday does not work for me.", "Could we find another time?", "Why not, if I get the day off?"]
)
def test_a_single_time_that_does_not_suit_is_not_taken(text: str) -> None:
    assert agreed_time(letter(text), phrasebook(), [MONDAY]) is None


def test_a_short_answer_is_read_in_the_language_of_the_proposal() -> None:
    assert agreed_time(letter("Perfecto, nos vemos."), phrasebook(), [MONDAY], language="es") == MONDAY


def test_a_sentence_that_refuses_one_time_and_takes_another_is_left_to_their_confirmation() -> None:
    mixed = letter("Unfortunately I cannot make Tuesday, but Monday at 15:30 is fine.")
    assert agreed_time(mixed, phrasebook(), [MONDAY, TUESDAY]) is None


def test_the_clock_of_either_side_may_be_meant() -> None:
    berlin = dt.timezone(dt.timedelta(hours=1))
    answer = letter("Monday at 16:30 works for me.", date=dt.datetime(2027, 3, 10, 11, 0, tzinfo=berlin))
    assert agreed_time(answer, phrasebook(), [MONDAY, TUESDAY]) == MONDAY
