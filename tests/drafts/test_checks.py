from dataclasses import replace

import pytest

from agent.drafts import Templates
from agent.interviews.candidacy import Letter
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from agent.signals.reading import Label
from tests.drafts.scene import (
    DANA,
    INTERVIEW,
    USER,
    candidacy,
    draft_of,
    due,
    letter,
    message,
    only,
    refusal_of,
    state,
    templates,
)


def saying(body: str, kind: DraftKind = DraftKind.STATUS_CHECK, *, subject: str = "A subject") -> Templates:
    """Return templates with one wording of `kind`."""
    english = templates().languages["en"]
    template = english.templates[kind]
    variant = replace(template.variants[0], id="mine", needs=(), body=body, subject=None)
    changed = replace(template, variants=(variant,), subject=subject)
    return Templates(
        languages={"en": replace(english, templates={**english.templates, kind: changed})}, checks=templates().checks
    )


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("Dear [Name], how are things?", "placeholder"),
        ("I write about the <position>.", "placeholder"),
        ("I write about XXX.", "placeholder"),
        ("The position is TBD.", "placeholder"),
        ("I write about the ____ position.", "placeholder"),
        ("What salary do you pay for this?", "salary"),
        ("Which Benefits are there?", "salary"),
        ("Hey, I wanted to ask.", "tone"),
        ("I expect an answer, please.", "tone"),
        ("I am desperate for this position.", "tone"),
        ("I still haven’t heard from you.", "tone"),
        ("Please find my portfolio here.", "attachment"),
        ("My references are attached.", "attachment"),
        ("word " * 200, "length"),
        ("{% if topic %}About {{ topic }}.{% endif %}", "empty_text"),
    ],
)
def test_a_text_that_must_not_go_out_is_refused_by_name(body: str, check: str) -> None:
    refused = refusal_of(due(DraftKind.STATUS_CHECK), using=saying(body))
    assert refused.check == check
    assert refused.requirements
    assert refused.reason.endswith(".")


@pytest.mark.parametrize(
    "body",
    ["When will you reach a decision, please.", "Is there an update.", "I would like to know the next steps.", "Was it fine?"],
)
def test_a_thank_you_that_asks_is_refused(body: str) -> None:
    assert refusal_of(due(DraftKind.THANK_YOU), using=saying(body, DraftKind.THANK_YOU)).check == "thanks_only"


def test_a_status_check_may_ask() -> None:
    assert draft_of(due(DraftKind.STATUS_CHECK), using=saying("Is there an update on the decision?"))


@pytest.mark.parametrize("status", [Status.OFFER, Status.ACCEPTED])
def test_pay_may_be_spoken_of_after_an_offer(status: Status) -> None:
    assert draft_of(due(DraftKind.STATUS_CHECK), candidacy(at=state(status)), using=saying("May I ask about the salary?"))


@pytest.mark.parametrize(
    "role", ["Urgent Care Nurse", "Compensation and Benefits Analyst", "Attachment Designer", "Decision Scientist"]
)
@pytest.mark.parametrize("kind", [DraftKind.THANK_YOU, DraftKind.STATUS_CHECK, DraftKind.FINAL_NOTE])
def test_the_name_of_a_position_may_hold_any_word(role: str, kind: DraftKind) -> None:
    assert role in draft_of(due(kind), candidacy(replace(INTERVIEW, role=role))).subject


def test_a_note_about_pay_does_not_get_into_a_thank_you() -> None:
    noted = candidacy(replace(INTERVIEW, notes="topic: the salary range"))
    using = only(DraftKind.THANK_YOU, "clear-picture")
    assert refusal_of(due(DraftKind.THANK_YOU), noted, using=using).check == "salary"


@pytest.mark.parametrize(
    ("to", "check"),
    [
        ((), "no_recipient"),
        ((Address(name="Acme", email="no-reply@acme.example"),), "no_reply"),
        ((Address(name="Acme", email="donotreply@acme.example"),), "no_reply"),
        ((Address(name="Acme", email="jobs+noreply@acme.example"),), "no_reply"),
        ((Address(name="Acme", email="acme-noreply2@ats.example"),), "no_reply"),
        ((DANA, Address(name="", email="notifications@ats.example")), "no_reply"),
        ((Address(name="Robin Lee", email="robin.lee@old.example"),), "own_address"),
        ((Address(name="Dana", email=""),), "recipient_address"),
        ((Address(name="Dana", email="dana"),), "recipient_address"),
        ((Address(name="Dana", email="dana@acme.example, x@y.example"),), "recipient_address"),
        ((Address(name="Dana", email="dänа@acme.example"),), "recipient_address"),
    ],
)
def test_nothing_is_written_to_whom_it_cannot_reach(to: tuple[Address, ...], check: str) -> None:
    assert refusal_of(due(DraftKind.STATUS_CHECK, to=to)).check == check


@pytest.mark.parametrize("email", ["noreen@acme.example", "bouncer@acme.example", "renoreply@acme.example"])
def test_a_person_whose_name_looks_like_it_is_written_to(email: str) -> None:
    assert draft_of(due(DraftKind.STATUS_CHECK, to=(Address(name="Noreen Reply", email=email),)))


def test_no_draft_in_another_language() -> None:
    refused = refusal_of(due(DraftKind.STATUS_CHECK), candidacy(replace(INTERVIEW, language="sv")))
    assert refused.check == "language"
    assert "templates/sv" in refused.reason


def test_a_region_is_no_other_language() -> None:
    assert draft_of(due(DraftKind.STATUS_CHECK), candidacy(replace(INTERVIEW, language="en-GB")))


def test_a_kind_without_a_template_is_refused() -> None:
    english = templates().languages["en"]
    few = dict(english.templates)
    del few[DraftKind.OFFER_DECLINE]
    using = Templates(languages={"en": replace(english, templates=few)}, checks=templates().checks)
    assert refusal_of(due(DraftKind.OFFER_DECLINE), using=using).check == "template"


def test_nothing_is_signed_without_a_name() -> None:
    assert refusal_of(due(DraftKind.STATUS_CHECK), user=replace(USER, name=" ")).check == "full_name"


def test_a_template_cannot_greet_another_person() -> None:
    using = saying("I wanted to ask how things stand.")
    english = using.languages["en"]
    wrong = Templates(
        languages={"en": replace(english, forms=replace(english.forms, greet_person="Dear Chris,"))}, checks=using.checks
    )
    assert refusal_of(due(DraftKind.STATUS_CHECK), using=wrong).check == "greeting_name"


# What the guides ask of single kinds


@pytest.mark.parametrize("kind", [DraftKind.STATUS_CHECK, DraftKind.CLOSE_LOOP])
@pytest.mark.parametrize("body", ["Please answer by Friday, otherwise I decline.", "If I do not hear from you, I am gone."])
def test_a_follow_up_sets_no_ultimatum(kind: DraftKind, body: str) -> None:
    refused = refusal_of(due(kind), using=saying(body, kind))
    assert refused.check == "ultimatum"
    assert refused.requirements == ("E7",)


@pytest.mark.parametrize("kind", [DraftKind.SEND_MATERIAL, DraftKind.REPLY_INFO_REQUEST])
def test_what_the_user_is_to_attach_is_told_and_the_draft_is_made(kind: DraftKind) -> None:
    using = saying("Please find it attached.", kind)
    english = using.languages["en"]
    bare = replace(english.templates[kind], before_sending="")
    using = replace(using, languages={"en": replace(english, templates={**english.templates, kind: bare})})
    assert draft_of(due(kind), using=using).reason == ("It is time. The text speaks of an attachment: add it before you send it.")


def follow_up_of(words: int) -> Letter:
    """Return the user's own follow-up of so many words."""
    mine = replace(letter(message("word " * words)), own=True)
    return replace(mine, reading=replace(mine.reading, label=Label.SENT_FOLLOW_UP))


@pytest.mark.parametrize(("before", "check"), [(40, "shorter"), (53, None), (52, "shorter"), (5, None)])
def test_a_final_note_is_shorter_than_what_it_follows_unless_that_was_one_line(before: int, check: str | None) -> None:
    using = saying("word " * 50, DraftKind.FINAL_NOTE)
    wanted = due(DraftKind.FINAL_NOTE, parent=follow_up_of(before))
    if check is None:
        assert draft_of(wanted, using=using)
    else:
        assert refusal_of(wanted, using=using).check == check


@pytest.mark.parametrize(
    "body", ["One. Two. Three. Four.", "One thing.\n\nAnother thing."], ids=["four sentences", "two paragraphs"]
)
def test_a_brief_mail_has_three_sentences_in_one_paragraph(body: str) -> None:
    using = styled(saying(body), "brief")
    assert refusal_of(replace(due(DraftKind.STATUS_CHECK), style="brief"), using=using).check == "brief"


def test_a_wording_may_be_held_to_fewer_words_than_its_kind() -> None:
    using = saying("word " * 60)
    english = using.languages["en"]
    template = english.templates[DraftKind.STATUS_CHECK]
    short = replace(template, variants=(replace(template.variants[0], max_words=50),))
    using = replace(using, languages={"en": replace(english, templates={**english.templates, DraftKind.STATUS_CHECK: short})})
    assert refusal_of(due(DraftKind.STATUS_CHECK), using=using).reason == (
        "The draft has 60 words, more than the 50 that its kind allows."
    )


def test_what_is_for_the_users_own_eyes_may_speak_of_anything_but_holds_no_gap() -> None:
    robin = Address(name="Robin Lee", email="robin@home.example")
    wanted = due(DraftKind.CALL_SHEET, to=(robin,), occasion="agreed-2026-03-17")
    assert draft_of(wanted, using=saying("Hey, do not ask about the salary asap. " + "word " * 390, DraftKind.CALL_SHEET))
    assert refusal_of(wanted, using=saying("Call [Name].", DraftKind.CALL_SHEET)).check == "placeholder"


# Whom it goes to


def test_a_follow_up_goes_to_one_person_only() -> None:
    sam = Address(name="Sam Okafor", email="sam@acme.example")
    assert refusal_of(due(DraftKind.STATUS_CHECK, to=(DANA, sam), occasion="after-round-1")).check == "primary_contact"


@pytest.mark.parametrize("kind", [DraftKind.THANK_YOU, DraftKind.REFERRER_UPDATE])
def test_what_is_meant_for_one_person_goes_to_no_other(kind: DraftKind) -> None:
    occasion = "round-1:sam@acme.example" if kind is DraftKind.THANK_YOU else "outcome-offer:sam@acme.example"
    refused = refusal_of(due(kind, occasion=occasion))
    assert refused.check == "primary_contact"
    assert "dana@acme.example" in refused.reason


def styled(using: Templates, style: str) -> Templates:
    """Return the templates with `style` on every status check."""
    english = using.languages["en"]
    template = english.templates[DraftKind.STATUS_CHECK]
    marked = replace(template, variants=tuple(replace(variant, style=style) for variant in template.variants))
    return replace(using, languages={"en": replace(english, templates={**english.templates, DraftKind.STATUS_CHECK: marked})})
