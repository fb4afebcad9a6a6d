"""Which language a text is in, and that what nobody reads is said to be so."""

import pytest

from agent.signals.language import spoken
from tests.signals.letters import letter, phrasebook, read

READ = {
    "en": "Hi Alex, thanks for the call, see you on Thursday in our office!",
    "de": "Sehr geehrte Frau Hale, leider haben wir uns für eine andere Person entschieden.",
    "fr": "Bonjour, nous avons le plaisir de vous inviter à un entretien la semaine prochaine.",
    "es": "Hola, nos gustaría invitarte a una entrevista con el equipo la próxima semana.",
    "pt": "Olá, gostaríamos de convidar você para uma entrevista com a equipe na próxima semana.",
    "it": "Il team ha deciso di proseguire con altri candidati, grazie per il tempo dedicato.",
    "nl": "Helaas hebben wij besloten om verder te gaan met een andere kandidaat voor deze functie.",
    "pl": "Dziękujemy za rozmowę, niestety wybraliśmy innego kandydata na to stanowisko.",
    "sv": "Tack för ditt intresse, men vi har tyvärr valt att gå vidare med en annan kandidat.",
    "ja": "慎重に検討いたしました結果、今回は採用を見送らせていただくことになりました。",
    "zh": "很遗憾地通知您,经过慎重考虑,我们决定录用另一位候选人。",
}
NOT_READ = [
    "Hyvä hakija, valitettavasti emme valinneet sinua haastatteluun tällä kertaa, kiitos mielenkiinnosta.",
    "Tisztelt Jelentkező! Sajnálattal értesítjük, hogy az állásra másik pályázót választottunk.",
    "Başvurunuz için teşekkür ederiz, ancak maalesef başka bir adayla ilerlemeye karar verdik.",
    "Děkujeme za Váš zájem, bohužel jsme se rozhodli pro jiného uchazeče o tuto pozici.",
    "Спасибо за интерес к вакансии, к сожалению, мы выбрали другого кандидата.",
    "תודה על פנייתך, לצערנו החלטנו להתקדם עם מועמדים אחרים לתפקיד.",
]
SHORT = ["Vielen Dank!", "", "Quick one: third floor.", "OK, 14:00."]


@pytest.mark.parametrize("language", READ)
def test_each_language_is_known_by_a_sentence(language: str) -> None:
    found = spoken(READ[language], phrasebook())
    assert (found.books[0].language, found.foreign, found.sure) == (language, False, True)
    assert read(letter(READ[language])).language == language


@pytest.mark.parametrize("text", SHORT)
def test_a_text_that_is_too_short_to_tell_is_not_foreign(text: str) -> None:
    assert not spoken(text, phrasebook()).foreign


@pytest.mark.parametrize("text", NOT_READ)
def test_a_text_in_a_language_without_rules_is_foreign_and_abstained_on(text: str) -> None:
    assert spoken(text, phrasebook()).foreign
    reading = read(letter(text))
    assert (reading.foreign, reading.abstained, reading.language) == (True, True, None)


def test_a_notice_in_another_language_below_the_mail_does_not_hide_the_mail() -> None:
    text = f"{READ['de']}\n\nThis mailbox is not read. Please do not answer to this message, and thank you for your interest."
    assert {book.language for book in spoken(text, phrasebook()).books} == {"de", "en"}
    assert read(letter(text)).language in ("de", "en")


def test_a_subject_in_another_language_than_the_text_is_read_too() -> None:
    reading = read(
        letter(
            "Vielen Dank für das Gespräch am Dienstag, es hat uns sehr gefreut.", subject="Your application was not successful"
        )
    )
    assert reading.language == "de"
