from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agent.drafts import draft_bytes
from agent.interviews.event import Event, EventKind
from agent.interviews.interview import Contact, ContactRole
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from agent.signals.reading import Label
from tests.drafts.scene import (
    DANA,
    INTERVIEW,
    NOW,
    ROUND,
    USER,
    candidacy,
    draft_of,
    due,
    letter,
    message,
    only,
    refusal_of,
    state,
)

SIGNED = "Kind regards,\nRobin Lee\n+49 30 1234567\nrobin@home.example\n"
SAM = Address(name="Sam Okafor", email="sam@acme.example")


def test_a_thank_you_reads_as_written() -> None:
    noted = replace(INTERVIEW, notes="Went well.\ntopic: Moving the ledger to events.\n")
    user = replace(USER, strengths="ten years of running payment systems.")
    draft = draft_of(due(DraftKind.THANK_YOU), candidacy(noted), user=user, using=only(DraftKind.THANK_YOU, "clear-picture"))
    assert draft.subject == "Thank you for the Backend Engineer interview"
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "Thank you for taking the time to talk with me on Tuesday, 10 March. I enjoyed the conversation and came away "
        "with a clear "
        "picture of what the Backend Engineer position involves.\n"
        "\n"
        "What was said about moving the ledger to events has stayed with me. This is what I can bring to the work: ten years of "
        "running payment systems. I would be very glad to join Acme Robotics.\n"
        "\n" + SIGNED
    )


def test_a_status_check_opens_with_who_writes() -> None:
    draft = draft_of(
        due(DraftKind.STATUS_CHECK),
        candidacy(at=state(promised_by=date(2026, 3, 9))),
        using=only(DraftKind.STATUS_CHECK, "how-things-stand"),
    )
    assert draft.subject == "Follow-up regarding Backend Engineer interview"
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "I am Robin Lee, and I interviewed for the Backend Engineer position at Acme Robotics on Tuesday, 10 March. It "
        "was helpful "
        "to know that news was to be expected around Monday, 9 March. May I ask how things stand?\n"
        "\n"
        "I remain very interested. If there is anything further that I can send you, please let me know. Thank you for your time "
        "and your consideration.\n"
        "\n" + SIGNED
    )


def test_a_status_check_before_any_interview_speaks_of_the_application() -> None:
    using = only(DraftKind.STATUS_CHECK, "how-things-stand")
    draft = draft_of(due(DraftKind.STATUS_CHECK, held=None), candidacy(at=state(Status.APPLIED, rounds=())), using=using)
    assert draft.subject == "Follow-up regarding Backend Engineer application"
    assert "I am Robin Lee, and I applied for the Backend Engineer position at Acme Robotics." in draft.body
    assert "interview" not in draft.body


def test_a_final_note_is_short() -> None:
    draft = draft_of(due(DraftKind.FINAL_NOTE), using=only(DraftKind.FINAL_NOTE, "last-short-note"))
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "A last short note from me: my interest in the Backend Engineer role at Acme Robotics has not changed. If more "
        "information is "
        "useful, I will provide it gladly.\n"
        "\n" + SIGNED
    )


def test_a_rejection_is_answered_with_thanks_and_a_request_for_feedback() -> None:
    said_no = letter(message("We chose someone else.", subject="Your application"), Label.REJECTION)
    draft = draft_of(
        due(DraftKind.REPLY_REJECTION, parent=said_no, held=None),
        candidacy(at=state(Status.REJECTED)),
        using=only(DraftKind.REPLY_REJECTION, "thank-you-for-telling"),
    )
    assert draft.subject == "Re: Your application"
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "Thank you for letting me know, and for the time that you and your colleagues gave me. I am sorry that it did "
        "not work out, "
        "and I respect your choice.\n"
        "\n"
        "If you have a moment, I would be grateful for any feedback on my interview; it would help me to improve. I "
        "think highly of "
        "Acme Robotics and would be glad to stay in touch.\n"
        "\n" + SIGNED
    )


def test_a_rejection_before_any_interview_is_not_thanked_for_an_interview() -> None:
    said_no = letter(message("We chose someone else."), Label.REJECTION)
    draft = draft_of(
        due(DraftKind.REPLY_REJECTION, parent=said_no, held=None),
        candidacy(at=state(Status.REJECTED, rounds=())),
        using=only(DraftKind.REPLY_REJECTION, "thank-you-for-telling"),
    )
    assert "interview" not in draft.body
    assert "the time that went into my application" in draft.body


def test_an_invitation_is_accepted_without_a_time_and_the_reason_says_what_to_add() -> None:
    asked = letter(message("When would you be free next week?", subject="Interview at Acme Robotics"))
    draft = draft_of(
        due(DraftKind.REPLY_INVITATION, parent=asked, held=None),
        candidacy(at=state(Status.INVITED, rounds=())),
        using=only(DraftKind.REPLY_INVITATION, "glad-to-come"),
    )
    assert draft.subject == "Re: Interview at Acme Robotics"
    assert draft.reason == (
        "It is time. Before you send it, add two or three times that suit you if they ask for your availability."
    )
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "Thank you very much for your invitation. I am glad to hear from you, and I would like to take part.\n"
        "\n"
        "The Backend Engineer position interests me greatly, as does the work of Acme Robotics. I am happy to arrange a "
        "time that suits "
        "you, and will confirm it promptly.\n"
        "\n" + SIGNED
    )


@pytest.mark.parametrize(
    ("said", "variants"),
    [
        (
            "Please pick a time that suits you: https://calendly.com/acme/30",
            {"through-the-link", "booking", "own-choice-of-time"},
        ),
        ("Could you do Tuesday at 10:00 or Thursday at 3 pm?", {"one-of-the-times", "choose-from-yours"}),
        ("Please tell us when you are free.", {"glad-to-come", "with-pleasure", "yes-with-thanks", "keen-to-meet"}),
        ("We are 24 people. Call 10:00 if lost.", {"glad-to-come", "with-pleasure", "yes-with-thanks", "keen-to-meet"}),
    ],
)
def test_the_answer_fits_what_the_invitation_offers(said: str, variants: set[str]) -> None:
    draft = draft_of(due(DraftKind.REPLY_INVITATION, parent=letter(message(said)), held=None))
    assert draft.template.rpartition("/")[2] in variants


def test_a_time_that_they_fixed_is_confirmed_by_its_day_in_the_zone_of_the_interview() -> None:
    fixed = letter(
        message("10:00 to 11:00; to move it, pick a time."),
        Label.SCHEDULED,
        interview_at=datetime(2026, 3, 12, 23, 30, tzinfo=UTC),
    )
    draft = draft_of(due(DraftKind.REPLY_INVITATION, parent=fixed, held=None), using=only(DraftKind.REPLY_INVITATION, "noted"))
    assert "Friday, 13 March at 0:30" in draft.body


def test_an_offer_is_thanked_for_and_not_answered() -> None:
    offered = letter(message("We would like to offer you the position.", subject="Your offer"), Label.OFFER)
    draft = draft_of(
        due(DraftKind.OFFER_THANKS, parent=offered, held=None),
        candidacy(at=state(Status.OFFER)),
        using=only(DraftKind.OFFER_THANKS, "delighted"),
    )
    assert draft.reason == "It is time. It neither accepts nor declines the offer."
    assert draft.body == (
        "Dear Dana,\n"
        "\n"
        "Thank you very much for the offer of the Backend Engineer position. I am delighted, and I appreciate the "
        "confidence that "
        "Acme Robotics places in me.\n"
        "\n"
        "I will go through everything with care and come back to you soon.\n"
        "\n" + SIGNED
    )


def test_the_same_occasion_gives_the_same_draft_and_another_one_another_id() -> None:
    one, two = draft_of(due(DraftKind.THANK_YOU)), draft_of(due(DraftKind.THANK_YOU))
    other = draft_of(due(DraftKind.THANK_YOU, occasion="round-2:dana@acme.example"))
    assert one == two
    assert draft_bytes(one, date=NOW) == draft_bytes(two, date=NOW)
    assert other.message_id != one.message_id


def test_interviewers_get_different_texts() -> None:
    panel = [Address(name=f"{name} Park", email=f"{name}@acme.example".lower()) for name in ("Ann", "Ben", "Cy", "Di", "Ed")]
    held = replace(ROUND, with_=tuple(address.email for address in panel))
    bodies: list[str] = []
    for person in panel:
        wanted = due(DraftKind.THANK_YOU, to=(person,), occasion=f"round-1:{person.email}", held=held)
        bodies.append(draft_of(wanted, candidacy(at=state(rounds=(held,))), earlier=tuple(bodies)).body)
    middles = [paragraph for body in bodies for paragraph in body.split("\n\n")[1:-1]]
    assert len(middles) == len(set(middles))


def test_a_copy_of_an_earlier_draft_is_refused() -> None:
    using = only(DraftKind.THANK_YOU, "clear-picture")
    first = draft_of(due(DraftKind.THANK_YOU), using=using)
    refused = refusal_of(due(DraftKind.THANK_YOU, occasion="round-2:x"), using=using, earlier=(first.body,))
    assert refused.check == "repeated_sentence"
    assert "D2" in refused.requirements


def test_another_date_does_not_make_another_sentence() -> None:
    using = only(DraftKind.STATUS_CHECK, "short-update")
    first = draft_of(due(DraftKind.STATUS_CHECK), using=using)
    later = replace(ROUND, number=2, starts_at=ROUND.starts_at + timedelta(days=7), ends_at=ROUND.ends_at + timedelta(days=7))
    refused = refusal_of(due(DraftKind.STATUS_CHECK, occasion="round-2", held=later), using=using, earlier=(first.body,))
    assert refused.check == "repeated_sentence"


def test_greeting_closing_and_signature_may_be_repeated() -> None:
    using = only(DraftKind.FINAL_NOTE, "once-more")
    earlier = "Dear Dana,\n\nSomething else.\n\nKind regards,\nRobin Lee\n+49 30 1234567\nrobin@home.example\n"
    assert draft_of(due(DraftKind.FINAL_NOTE), using=using, earlier=(earlier,)).template == "en/final_note/once-more"


def test_the_date_agreed_with_the_one_who_decides_is_named_in_the_thank_you() -> None:
    using = only(DraftKind.THANK_YOU, "clear-picture")
    agreed = candidacy(at=state(promised_by=date(2026, 3, 20)))
    assert (
        "As we agreed, I look forward to hearing from you by Friday, 20 March."
        in draft_of(due(DraftKind.THANK_YOU), agreed, using=using).body
    )
    held = replace(ROUND, with_=(SAM.email,))
    to_another = draft_of(due(DraftKind.THANK_YOU, to=(SAM,), held=held), agreed, using=using)
    assert "20 March" not in to_another.body


def test_one_who_was_not_in_the_interview_is_not_thanked_for_talking() -> None:
    held = replace(ROUND, with_=(SAM.email,))
    known = replace(
        INTERVIEW, contacts=(*INTERVIEW.contacts, Contact(name="Sam Okafor", email=SAM.email, role=ContactRole.INTERVIEWER))
    )
    draft = draft_of(due(DraftKind.THANK_YOU, held=held), candidacy(known), using=only(DraftKind.THANK_YOU, "clear-picture"))
    assert "Thank you for the interview on Tuesday, 10 March. I enjoyed the conversation with Sam Okafor and" in draft.body


def test_a_note_of_the_second_interview_is_not_used_for_the_first() -> None:
    second = replace(ROUND, number=2, starts_at=ROUND.starts_at + timedelta(days=7), ends_at=ROUND.ends_at + timedelta(days=7))
    noted = Event(
        interview="acme-backend",
        at=second.ends_at,
        kind=EventKind.NOTE,
        note="topic: how on-call is shared\n",
    )
    found = replace(candidacy(at=state(rounds=(ROUND, second))), events=(noted,))
    assert "on-call" not in draft_of(due(DraftKind.THANK_YOU), found).body
    assert "on-call" in draft_of(due(DraftKind.THANK_YOU, occasion="round-2:dana", held=second), found).body


def test_nobody_is_told_a_topic_that_was_discussed_with_another() -> None:
    noted = replace(INTERVIEW, notes="topic (Sam): testing robots\ntopic (Dana): the road map")
    held = replace(ROUND, with_=(DANA.email, SAM.email))
    assert "the road map" in draft_of(due(DraftKind.THANK_YOU, held=held), candidacy(noted)).body
    assert "testing robots" in draft_of(due(DraftKind.THANK_YOU, to=(SAM,), held=held), candidacy(noted)).body


def test_without_a_role_nothing_is_left_blank() -> None:
    bare = replace(INTERVIEW, role="TBD", company="unknown")
    draft = draft_of(due(DraftKind.STATUS_CHECK), candidacy(bare), using=only(DraftKind.STATUS_CHECK, "may-remember"))
    assert draft.subject == "Follow-up regarding my interview"
    assert draft.body.startswith(
        "Dear Dana,\n\nYou may remember me, Robin Lee, as a candidate for the open position, with an interview on "
        "Tuesday, 10 March."
    )


def test_a_posting_mark_is_no_part_of_the_position() -> None:
    posted = replace(INTERVIEW, role="Backend Engineer (m/f/d) [Remote]")
    assert draft_of(due(DraftKind.STATUS_CHECK), candidacy(posted)).subject == "Follow-up regarding Backend Engineer interview"


def test_the_greeting_names_the_team_where_no_person_is_known() -> None:
    desk = Address(name="Acme Hiring Team", email="jobs@acme.example")
    assert draft_of(due(DraftKind.STATUS_CHECK, to=(desk,))).body.startswith("Dear Acme Robotics team,\n")


def test_an_agency_is_not_greeted_as_the_employer() -> None:
    through = replace(INTERVIEW, via="Harbor Recruiting")
    desk = Address(name="Harbor Recruiting", email="desk@harbor.example")
    assert draft_of(due(DraftKind.STATUS_CHECK, to=(desk,)), candidacy(through)).body.startswith("Hello,\n")


def test_the_draft_comes_from_the_address_that_was_written_to() -> None:
    asked = message("When are you free?")
    to_old = replace(asked, to=(Address(name="", email="robin.lee@old.example"),))
    draft = draft_of(due(DraftKind.REPLY_INVITATION, parent=letter(to_old), held=None))
    assert draft.sender == Address(name="Robin Lee", email="robin.lee@old.example")
    assert draft.body.endswith("robin.lee@old.example\n")
    assert draft.message_id == draft_of(due(DraftKind.REPLY_INVITATION, parent=letter(asked), held=None)).message_id


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Interview at Acme", "Re: Interview at Acme"),
        ("RE: re:Interview at Acme", "Re: Interview at Acme"),
        ("AW: Interview at Acme", "Re: Interview at Acme"),
        ("Re: [Ticket 4711] Your application", "Re: [Ticket 4711] Your application"),
        ("URGENT: salary [final] <x>", "Re: URGENT: salary [final] <x>"),
        ("", "Interview for the Backend Engineer position"),
    ],
)
def test_an_answer_keeps_the_subject_of_the_thread(theirs: str, ours: str) -> None:
    parent = letter(message("When are you free?", subject=theirs))
    assert draft_of(due(DraftKind.REPLY_INVITATION, parent=parent, held=None)).subject == ours


def test_a_day_far_away_is_written_with_its_year() -> None:
    long_ago = replace(ROUND, starts_at=datetime(2025, 3, 10, 13, tzinfo=UTC), ends_at=datetime(2025, 3, 10, 14, tzinfo=UTC))
    assert "Monday, 10 March 2025" in draft_of(due(DraftKind.STATUS_CHECK, held=long_ago)).body


def test_the_requirements_are_those_of_rule_template_and_wording() -> None:
    draft = draft_of(due(DraftKind.FINAL_NOTE))
    assert draft.requirements == ("B1", "A7", "B7", "B8", "B10")


def test_the_user_is_asked_for_a_point_of_the_conversation_where_none_is_noted() -> None:
    noted = candidacy(replace(INTERVIEW, notes="point: the road map"))
    assert draft_of(due(DraftKind.THANK_YOU)).reason.startswith(
        "It is time. Before you send it, add one point of your conversation;"
    )
    assert draft_of(due(DraftKind.THANK_YOU), noted).reason == "It is time."
