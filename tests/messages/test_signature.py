"""A signature that is not set off by `-- ` is no part of what was written."""

import pytest

from agent.messages.fresh import fresh_part

LETTERS = {
    "Best regards,": "Thank you for coming in on Tuesday, the team enjoyed it.",
    "Mit freundlichen Grüßen": "vielen Dank für das Gespräch am Dienstag, es hat uns gefreut.",
    "Cordialement,": "Nous vous remercions pour notre échange de mardi dernier.",
    "Un cordial saludo,": "Le agradecemos la conversación que tuvimos el martes pasado.",
    "Atenciosamente,": "Agradecemos a conversa que tivemos na última terça-feira.",
    "Distinti saluti": "La ringraziamo per il colloquio che abbiamo avuto martedì.",
    "Met vriendelijke groet,": "Hartelijk dank voor het prettige gesprek van afgelopen dinsdag.",
    "Med vänlig hälsning": "Tack för ett trevligt samtal i tisdags, vi uppskattade det mycket.",
    "Z poważaniem": "Dziękujemy za wtorkową rozmowę, było nam bardzo miło Panią poznać.",
}


@pytest.mark.parametrize("formula", LETTERS)
def test_what_stands_below_formula_and_name_is_left_out(formula: str) -> None:
    text = (
        f"{LETTERS[formula]}\n\n{formula}\nDana Cole\n\nTalent Partner | Acme Robotics\n+49 30 1234567\nhttps://book.example/dana"
    )
    assert fresh_part(text).text == f"{LETTERS[formula]}\n\n{formula}\nDana Cole"


def test_a_postscript_below_the_signature_stays() -> None:
    text = "Thank you for coming in on Tuesday, the team enjoyed it.\n\nBest,\nDana\nAcme Robotics\n\nP.S. We decide by Friday."
    assert fresh_part(text).text == (
        "Thank you for coming in on Tuesday, the team enjoyed it.\n\nBest,\nDana\n\nP.S. We decide by Friday."
    )


def test_sentences_below_a_formula_are_no_signature() -> None:
    text = "Please find the details of the role below.\n\nThanks,\nDana\n\nYour interview is on Tuesday at ten in our office."
    assert fresh_part(text).text == text


def test_a_mail_that_is_little_more_than_its_signature_stays_whole() -> None:
    text = "Hi Robin!\n\nBest,\nDana\nhttps://book.example/dana/phone-screen"
    assert fresh_part(text).text == text
