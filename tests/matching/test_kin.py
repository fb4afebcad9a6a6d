"""What ties a message to an interview beside its References: the provider's thread, the subject, who wrote before."""

from collections.abc import Mapping

from agent.matching import Certainty, Match, Member
from agent.signals.reading import Label
from tests.matching.post import interview, mail, matched, says, tracked

ACME = interview("acme", contacts=("Dana Cole <dana@acme.example>",), requisition="R-1234", aliases=("Acme",))
NORTH = interview("north", "Northwind GmbH", "Data Analyst", domains=("northwind.example",))
BOTH = tracked(ACME, NORTH)


def certain(found: Match) -> str | None:
    assert found.certainty is Certainty.CERTAIN, found
    return found.interview


# Kin by other means than References


def test_the_providers_thread_holds_where_references_were_dropped() -> None:
    known = Member(message_id="<1@north.example>", interview="north", own=True)
    found = matched(mail("Ann <ann@elsewhere.example>", subject="Re: a word"), BOTH, provider=known)
    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "north")


def test_the_same_subject_alone_is_asked_about_for_an_answer_and_is_nothing_otherwise() -> None:
    answer = matched(mail("Ann <ann@elsewhere.example>", subject="Re: Tuesday at noon"), BOTH, subjects=("north",))
    assert (answer.certainty, answer.interview) == (Certainty.LIKELY, "north")
    other = matched(mail("Ann <ann@elsewhere.example>", subject="Tuesday at noon"), BOTH, subjects=("north",))
    assert other.certainty is Certainty.NONE


def test_the_same_subject_tells_two_roles_at_one_employer_apart() -> None:
    first = interview("first", "Acme Robotics", "Data Engineer", domains=("acme.example",))
    second = interview("second", "Acme Robotics", "Platform Engineer", domains=("acme.example",))
    found = matched(mail("Pia <pia@acme.example>", subject="Re: our talk"), tracked(first, second), subjects=("second",))
    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "second")


# Who wrote before


def test_who_wrote_before_is_known_in_a_new_thread_that_names_nothing() -> None:
    found = matched(
        mail("Jo <jo@freemail.example>", "Next week", "Can you do Tuesday?"), BOTH, correspondents=wrote("jo", "north")
    )
    assert certain(found) == "north"


def test_a_colleague_at_the_domain_of_who_wrote_before_is_known() -> None:
    before: Mapping[str, tuple[str, ...]] = {"@labs.example": ("acme",)}
    assert certain(matched(mail("Lee <lee@labs.example>", "Task", "The task."), BOTH, correspondents=before)) == "acme"


def test_the_other_role_of_that_employer_is_told_apart_by_its_title() -> None:
    known = tracked(ACME, interview("ml", role="Machine Learning Engineer"))
    before: Mapping[str, tuple[str, ...]] = {"@labs.example": ("acme",), "jo@labs.example": ("acme",)}
    about = mail("Jo <jo@labs.example>", "Hello", "It is about the Machine Learning Engineer role.")
    assert certain(matched(about, known, correspondents=before)) == "ml"


def test_a_machine_of_a_tracking_system_that_wrote_before_writes_for_others_too() -> None:
    before: Mapping[str, tuple[str, ...]] = {"support@tracker.example": ("acme",), "@tracker.example": ("acme",)}
    found = matched(mail("Tracker <support@tracker.example>", "Hello", "An update."), BOTH, correspondents=before)
    assert found.certainty is Certainty.NONE


def test_an_employers_event_for_many_is_no_invitation_to_talk() -> None:
    sent_to_many = mail("Jo <jo@freemail.example>", "Our exhibition", "We invite you to our exhibition.", list_mail=True)
    assert matched(sent_to_many, BOTH, correspondents=wrote("jo", "acme")).certainty is Certainty.LIKELY


def test_what_was_asked_about_is_certain_once_the_user_answers_it() -> None:
    asked = Member(message_id="<q@post.example>", interview=None, own=False, likely="north")
    answer = mail(
        "Me <me@freemail.example>", "Re: Hello", "Tuesday.", to=("jo@elsewhere.example",), parents=("<q@post.example>",)
    )
    assert certain(matched(answer, BOTH, says(Label.SENT_OTHER), members=(asked,), own=True)) == "north"
    assert matched(answer, BOTH, members=(asked,)).certainty is Certainty.NONE


def wrote(name: str, interview_id: str) -> Mapping[str, tuple[str, ...]]:
    return {f"{name}@freemail.example": (interview_id,)}


# What is handed on


def test_what_a_stranger_hands_on_is_asked_about() -> None:
    found = matched(mail("Me <me@other.example>", "Fwd: Your application", "About R-1234 at Acme Robotics."), BOTH)
    assert (found.certainty, found.interview) == (Certainty.LIKELY, "acme")


# Names


def test_a_letter_to_a_woman_names_the_role_in_its_feminine_form() -> None:
    lead = interview("lead", "Alpentech AG", "Projektleiter", domains=("alpentech.example",))
    adviser = interview("adviser", "Alpentech AG", "IT-Berater", domains=("alpentech.example",))
    letter = mail("Jobs <jobs@alpentech.example>", "Ihre Bewerbung", "Ihre Bewerbung als Projektleiterin ist eingegangen.")
    assert certain(matched(letter, tracked(lead, adviser))) == "lead"


def test_the_domain_of_an_agency_is_known_by_its_name() -> None:
    through = interview("vega", "Vega Freight", "Backend Developer", via="Stonebridge Partners")
    letter = mail("Lucy <lucy@stonebridge-partners.example>", "Backend Developer", "Your application is in.")
    assert certain(matched(letter, tracked(through, NORTH))) == "vega"


def test_an_ampersand_is_spelled_out_in_a_domain() -> None:
    holt = interview("holt", "Holt & Sons", "Site Manager")
    letter = mail("Pat <pat@holtandsons.example>", "Site Manager", "When can you come?")
    assert certain(matched(letter, tracked(holt, NORTH))) == "holt"
