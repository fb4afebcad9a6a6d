"""A draft is in the language of the conversation, unless the user named another one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.drafts import Draft, Refused, compose
from agent.drafts.surroundings import Surroundings
from agent.drafts.templates import Templates
from agent.interviews.candidacy import Letter
from agent.messages.message import Address
from agent.policy.verdict import DraftKind, Due
from agent.rulebook.phrases import load_phrasebook
from tests.drafts.scene import INTERVIEW, NOW, USER, candidacy, due, letter, message, templates
from tests.drafts.test_checks import saying


def written(language: str | None, *, days: int = 0, sender: str = "dana@acme.example") -> Letter:
    found = letter(message("x", sender=Address(name="Dana Cole", email=sender)))
    later = replace(found.message, date=found.message.date + timedelta(days=days), message_id=f"<{days}@acme.example>")
    return replace(found, message=later, reading=replace(found.reading, language=language))


def made(wanted: Due, *letters: Letter, language: str = "", own: str = "en", using: Templates | None = None) -> Draft | Refused:
    return compose(
        wanted,
        replace(candidacy(replace(INTERVIEW, language=language)), letters=letters),
        user=replace(USER, language=own),
        templates=using or templates(),
        earlier=(),
        now=NOW,
        around=Surroundings(phrasebook=load_phrasebook(None)),
    )


def language_of(draft: Draft | Refused) -> str:
    assert isinstance(draft, Draft), draft
    return draft.template.partition("/")[0]


def test_the_users_word_goes_first() -> None:
    wanted = due(DraftKind.REPLY_INVITATION, parent=written("de"), held=None)
    assert language_of(made(wanted, language="es")) == "es"


def test_an_answer_is_in_the_language_of_the_message() -> None:
    wanted = due(DraftKind.REPLY_INVITATION, parent=written("de"), held=None)
    assert language_of(made(wanted, written("en"))) == "de"


def test_else_it_is_that_of_their_latest_mail_the_recipients_first() -> None:
    letters = (written("es", days=0), written("de", days=1), written("en", days=2, sender="sam@acme.example"))
    assert language_of(made(due(DraftKind.STATUS_CHECK), *letters)) == "de"


def test_where_none_shows_it_is_the_users_own() -> None:
    assert language_of(made(due(DraftKind.STATUS_CHECK), written(None), own="de")) == "de"


def test_a_conversation_in_a_language_without_templates_is_left_to_the_user() -> None:
    wanted = due(DraftKind.REPLY_INVITATION, parent=written("sv"), held=None)
    refused = made(wanted, written("sv"))
    assert isinstance(refused, Refused)
    assert refused.check == "wrong_language"
    assert "'en'" in refused.reason
    assert "'sv'" in refused.reason
    assert language_of(made(wanted, written("sv"), language="en")) == "en"
    assert language_of(made(wanted, written("sv"), written("en", days=1))) == "en"


GERMAN = "Ich wollte fragen, wie es um die Stelle steht und ob es schon etwas Neues für mich gibt."


@pytest.mark.parametrize(("language", "check"), [("", "wrong_language"), ("en", None)])
def test_a_text_in_another_language_is_refused_unless_the_user_named_it(language: str, check: str | None) -> None:
    found = made(due(DraftKind.STATUS_CHECK), language=language, using=saying(GERMAN))
    assert (found.check if isinstance(found, Refused) else None) == check


@pytest.mark.parametrize("code", sorted(templates().languages))
@pytest.mark.parametrize("kind", [DraftKind.THANK_YOU, DraftKind.STATUS_CHECK, DraftKind.FINAL_NOTE, DraftKind.CLOSE_LOOP])
def test_every_language_that_ships_is_known_as_itself(code: str, kind: DraftKind) -> None:
    assert language_of(made(due(kind), written(code))) == code
