from dataclasses import dataclass

import pytest

from agent.signals import Label, Reading, read_message
from agent.signals.opinion import SUBJECT, Asked, Opinion, Trait, asked_of
from agent.signals.reading import Signal
from agent.signals.senders import Platform, PlatformKind, SenderBook
from agent.signals.sentences import Dots, sentences
from agent.signals.weighing import Verdict, joined, settled, weigh
from tests.signals.letters import event, letter, phrasebook

TEXT = "Dear Robin. We went another way in the end. All the best."
CUT = sentences(TEXT, Dots())
SUBJECT_LINE = "Your application"


def thinks(label: Label, likely: float, *, rest: Label = Label.OTHER, sentence: int = 1) -> Opinion:
    """An opinion of two labels: `label`, and `rest` for what remains."""
    return Opinion(likely={label: likely, rest: 1 - likely}, said_in={label: sentence})


def rules_say(label: Label | None, confidence: float = 0.0, *, abstained: bool = False) -> Verdict:
    signal = Signal(label=label or Label.OTHER, confidence=confidence, rule="en.test", quote="Dear Robin.", start=0, end=11)
    return Verdict(label=label, abstained=abstained, signals=(signal,) if label else ())


def weighed(rules: Verdict, opinion: Opinion | None, *, to_many: bool = False) -> Verdict:
    return weigh(rules, opinion, text=TEXT, subject=SUBJECT_LINE, sentences=CUT, to_many=to_many)


def labels(verdict: Verdict) -> list[tuple[Label, str]]:
    return [(signal.label, signal.rule) for signal in verdict.signals]


# The text has three sentences, so noise counts 1 + 3/5 = 1.6 times; a rule of weight w counts e^4w times.


def test_where_the_rules_are_silent_the_model_answers_with_the_sentence_as_evidence() -> None:
    verdict = weighed(rules_say(None), thinks(Label.REJECTION, 0.97))
    assert (verdict.label, verdict.abstained) == (Label.REJECTION, False)  # 0.97 against 0.03 * 1.6: 0.95
    (signal,) = verdict.signals
    assert (signal.rule, signal.confidence) == ("model.rejection", 0.95)
    assert signal.quote == "We went another way in the end." == TEXT[signal.start : signal.end]


def test_what_is_not_likely_enough_is_abstained_with_the_suspicion_named() -> None:
    verdict = weighed(rules_say(None), thinks(Label.REJECTION, 0.8))
    assert (verdict.label, verdict.abstained) == (Label.REJECTION, True)  # 0.8 against 0.2 * 1.6: 0.71, under 0.75
    assert labels(verdict) == [(Label.REJECTION, "model.rejection")]
    assert verdict.signals[0].confidence == 0.8


def test_news_that_ends_nothing_may_be_less_likely() -> None:
    verdict = weighed(rules_say(None), thinks(Label.INVITATION, 0.8))
    assert (verdict.label, verdict.abstained) == (Label.INVITATION, False)


def test_a_faint_thought_of_news_is_noise() -> None:
    verdict = weighed(rules_say(None), thinks(Label.REJECTION, 0.4))
    assert (verdict.label, verdict.abstained, verdict.signals) == (None, False, ())


def test_the_model_may_say_that_a_mail_is_noise() -> None:
    verdict = weighed(rules_say(None), thinks(Label.ALERT, 0.95))
    assert (verdict.label, verdict.abstained) == (Label.ALERT, False)
    nothing = weighed(rules_say(None), thinks(Label.OTHER, 0.95, rest=Label.ALERT))
    assert (nothing.label, nothing.abstained, nothing.signals) == (None, False, ())


def test_rules_and_model_are_joined_as_two_witnesses() -> None:
    chances = joined(rules_say(Label.HOLD, 0.5).signals, {Label.HOLD: 0.6, Label.OTHER: 0.4}, 5)
    assert chances[Label.HOLD] == pytest.approx(0.8471, abs=1e-4)  # 0.6 * e^2 against 0.4 * 2
    assert sum(chances.values()) == pytest.approx(1)


def test_a_suspicion_of_the_rules_that_the_model_shares_is_certain() -> None:
    verdict = weighed(rules_say(Label.HOLD, 0.5, abstained=True), thinks(Label.HOLD, 0.75))
    assert (verdict.label, verdict.abstained) == (Label.HOLD, False)
    assert labels(verdict) == [(Label.HOLD, "en.test"), (Label.HOLD, "model.hold")]


def test_rules_and_model_that_contradict_each_other_abstain_with_both_named() -> None:
    verdict = weighed(rules_say(Label.INVITATION, 0.8), thinks(Label.REJECTION, 0.97, rest=Label.INVITATION))
    assert (verdict.label, verdict.abstained) == (Label.REJECTION, True)  # 0.97 against 0.03 * e^3.2: 0.57
    assert labels(verdict) == [(Label.INVITATION, "en.test"), (Label.REJECTION, "model.rejection")]


def test_rules_that_the_model_only_doubts_stand() -> None:
    rules = rules_say(Label.INVITATION, 0.86)
    assert weighed(rules, thinks(Label.REJECTION, 0.5, rest=Label.INVITATION)) == rules


def test_in_mail_to_many_and_in_longer_mail_the_model_is_not_believed_alone() -> None:
    sure = thinks(Label.INVITATION, 0.99)
    assert weighed(rules_say(None), sure, to_many=True).label is None
    long = sentences("We went on. " * 9, Dots())
    assert weigh(rules_say(None), sure, text="We went on. " * 9, subject="", sentences=long).label is None


def test_an_end_that_the_model_alone_sees_in_a_longer_mail_is_asked_about() -> None:
    text = "We went on. " * 9
    verdict = weigh(rules_say(None), thinks(Label.REJECTION, 0.99), text=text, subject="", sentences=sentences(text, Dots()))
    assert (verdict.label, verdict.abstained) == (Label.REJECTION, True)


def test_rules_that_say_both_that_it_is_over_and_that_it_goes_on_stay_undecided() -> None:
    both = Verdict(
        label=Label.REJECTION,
        abstained=True,
        signals=(*rules_say(Label.REJECTION, 0.9).signals, *rules_say(Label.INVITATION, 0.9).signals),
    )
    assert weighed(both, thinks(Label.REJECTION, 0.99)) is both


def test_without_an_opinion_the_rules_stand() -> None:
    rules = rules_say(Label.INVITATION, 0.86)
    assert weighed(rules, None) is rules


def test_what_the_subject_alone_says_is_quoted_from_there() -> None:
    verdict = weighed(rules_say(None), thinks(Label.ALERT, 0.95, sentence=SUBJECT))
    (signal,) = verdict.signals
    assert (signal.quote, signal.start, signal.end) == (SUBJECT_LINE, 0, 0)


def test_only_certain_rules_settle_a_message() -> None:
    assert settled(rules_say(Label.REJECTION, 0.93), 3)
    assert not settled(rules_say(Label.REJECTION, 0.93), 31)
    assert not settled(rules_say(Label.INVITATION, 0.86), 3)
    assert not settled(rules_say(Label.INVITATION, 0.93, abstained=True), 3)
    assert not settled(rules_say(None), 3)
    twice = Verdict(label=Label.HOLD, abstained=False, signals=rules_say(Label.HOLD, 0.7).signals * 2)
    assert settled(twice, 3)  # 1 - 0.3 * 0.3 = 0.91


def test_a_long_text_in_which_no_rule_finds_anything_needs_no_model() -> None:
    assert settled(rules_say(None), 21)
    assert not settled(rules_say(Label.OFFER, 0.5, abstained=True), 21)
    assert not settled(rules_say(Label.OFFER, 0.86), 21)


@dataclass
class Remembers:
    """A model that always thinks the same, and keeps what it was asked."""

    answer: Opinion
    asked: list[Asked]

    def opinion(self, asked: Asked) -> Opinion | None:
        self.asked.append(asked)
        return self.answer


def read_with(model: Remembers, text: str, subject: str = "") -> Reading:
    return read_message(letter(text, subject=subject), phrasebook(), model)


def test_a_message_is_read_with_the_model_where_the_rules_say_nothing() -> None:
    model = Remembers(thinks(Label.HOLD, 0.95, sentence=0), [])
    reading = read_with(model, "The tulips on the terrace are late this year, and so are we. Yours, Dana", "Re: Tulips")
    assert (reading.label, reading.abstained) == (Label.HOLD, False)
    assert reading.primary is not None
    assert reading.primary.quote == "The tulips on the terrace are late this year, and so are we."
    (asked,) = model.asked
    assert asked.subject == "Tulips"
    assert asked.sentences == ("The tulips on the terrace are late this year, and so are we.", "Yours, Dana")


def test_the_model_is_not_asked_about_what_the_rules_settle() -> None:
    model = Remembers(thinks(Label.OFFER, 0.99), [])
    text = "Thank you for your time. We have decided to move forward with other candidates. Unfortunately, you were not selected."
    assert read_with(model, text).label is Label.REJECTION
    assert model.asked == []


def test_the_model_is_told_what_a_message_is_like_apart_from_its_words() -> None:
    senders = SenderBook(platforms=(Platform(domain="tracker.example", name="Tracker", kind=PlatformKind.ATS),))
    message = letter("Hello.", subject="Re: Hello", email="no-reply@mail.tracker.example", list_mail=True, calendar=(event(),))
    assert asked_of(message, ("Hello.",), senders) == Asked(
        subject="Hello",
        sentences=("Hello.",),
        traits=frozenset({Trait.ANSWER, Trait.TO_MANY, Trait.APPOINTMENT, Trait.BY_ATS}),
    )
