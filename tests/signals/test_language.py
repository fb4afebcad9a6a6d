"""Whether a text is in a language that there are rules for."""

import pytest

from agent.signals.language import spoken
from tests.signals.letters import letter, phrasebook, read

READ = [
    "Hi Alex, thanks for the call, see you on Thursday!",
    "Software Engineer, Berlin. Please find the link to the room below.",
    "Quick one: the meeting room is on the third floor.",
    "Vielen Dank!",
    "",
]
NOT_READ = [
    "Sehr geehrte Frau Hale, leider haben wir uns für eine andere Person entschieden.",
    "Bonjour, nous avons le plaisir de vous inviter à un entretien la semaine prochaine.",
    "Dziękujemy za rozmowę, niestety wybraliśmy innego kandydata na to stanowisko.",
    "Il team ha deciso di proseguire con altri candidati, grazie per il tempo dedicato.",
    "慎重に検討いたしました結果、今回は採用を見送らせていただくことになりました。",
    "תודה על פנייתך, לצערנו החלטנו להתקדם עם מועמדים אחרים לתפקיד.",
]


@pytest.mark.parametrize("text", READ)
def test_a_text_in_a_known_language_or_too_short_to_tell_is_not_foreign(text: str) -> None:
    assert not spoken(text, phrasebook()).foreign


@pytest.mark.parametrize("text", NOT_READ)
def test_a_text_in_a_language_without_rules_is_foreign_and_abstained_on(text: str) -> None:
    assert spoken(text, phrasebook()).foreign
    reading = read(letter(text))
    assert (reading.foreign, reading.abstained) == (True, True)
