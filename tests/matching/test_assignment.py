"""Which interview a message belongs to; each line of the list of hard cases has its test."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agent.interviews import Contact, ContactRole
from agent.matching import Certainty, Match, Member
from agent.messages import Bounce, CalendarEvent
from agent.signals.reading import Label
from tests.matching.post import interview, mail, matched, says, tracked

ACME = interview("acme", contacts=("Dana Cole <dana@acme.example>",), requisition="R-1234", aliases=("Acme",))
NORTH = interview("north", "Northwind GmbH", "Data Analyst", domains=("northwind.example",))
BOTH = tracked(ACME, NORTH)


def certain(found: Match) -> str | None:
    assert found.certainty is Certainty.CERTAIN, found
    return found.interview


def kinds(found: Match) -> set[str]:
    return {evidence.kind for evidence in found.candidates[0].evidence}


def is_none(found: Match) -> bool:
    return found.certainty is Certainty.NONE and found.interview is None


# Threads, calendars, addresses


def test_an_answer_in_a_known_thread_is_certain_whatever_it_says() -> None:
    found = matched(
        mail("Someone <x@elsewhere.example>", "Re: Hello", "Can you do Tuesday?", parents=("<a@x>", "<b@x>")),
        BOTH,
        members=(Member(message_id="<a@x>", interview="north", own=True),),
    )
    assert certain(found) == "north"
    assert kinds(found) == {"thread"}


def test_the_nearest_known_parent_counts() -> None:
    found = matched(
        mail("Someone <x@elsewhere.example>", parents=("<a@x>", "<b@x>")),
        BOTH,
        members=(
            Member(message_id="<a@x>", interview="north", own=False),
            Member(message_id="<b@x>", interview="acme", own=False),
        ),
    )
    assert certain(found) == "acme"


def test_a_calendar_part_with_a_known_uid_is_certain() -> None:
    event = CalendarEvent(
        method="CANCEL",
        uid="uid-7",
        sequence=2,
        status="CANCELLED",
        starts_at=None,
        ends_at=None,
        zone_certain=True,
        summary="",
        organizer="",
        attendees=(),
        location="",
        recurrence_id="",
    )
    found = matched(mail("Bot <calendar@freemail.example>", calendar=(event,)), BOTH, calendar_members={"uid-7": "north"})
    assert certain(found) == "north"


def test_a_known_contact_is_certain_without_the_employer_being_named() -> None:
    found = matched(mail("Dana Cole <dana@acme.example>", "Quick question", "Great talking! Can you do Tuesday?"), BOTH)
    assert certain(found) == "acme"
    assert "contact" in kinds(found)


def test_the_recruiter_from_a_private_address_that_is_known_is_certain() -> None:
    known = tracked(interview("acme", contacts=("Dana <dana.cole@freemail.example>",)), NORTH)
    assert certain(matched(mail("Dana <dana.cole@freemail.example>", "Tuesday?"), known)) == "acme"


def test_the_recruiter_from_an_unknown_private_address_is_asked_about() -> None:
    found = matched(
        mail("Dana <dana.cole@freemail.example>", "Next steps", "Dana from Acme Robotics here, about the Backend Engineer role."),
        BOTH,
    )
    assert found.certainty is Certainty.LIKELY
    assert found.interview == "acme"


def test_a_colleague_at_the_employers_domain_in_a_new_thread_is_certain() -> None:
    assert certain(matched(mail("Ravi <ravi@eu.northwind.example>", "Your availability"), BOTH)) == "north"


def test_a_bounce_of_the_users_mail_belongs_where_the_mail_belonged() -> None:
    bounce = Bounce(permanent=True, recipients=("dana@acme.example",), original_message_id="<sent@me>")
    found = matched(
        mail("Mailer <mailer-daemon@freemail.example>", "Undelivered", bounce=bounce),
        BOTH,
        says(Label.BOUNCE),
        members=(Member(message_id="<sent@me>", interview="acme", own=True),),
    )
    assert certain(found) == "acme"


def test_a_contact_of_another_employer_in_a_thread_is_asked_about() -> None:
    # A mail client that takes up the wrong mail to answer, or a user who wrote to Dana in Ines's thread.
    known = tracked(
        interview("acme", contacts=("Dana Cole <dana@acme.example>",)),
        interview("birch", company="Birch Analytics", role="Data Engineer", contacts=("Ines <ines@birch.example>",)),
    )
    members = (Member(message_id="<ours@post.example>", interview="birch", own=True),)

    found = matched(mail("Dana Cole <dana@acme.example>", parents=("<ours@post.example>",)), known, members=members)

    assert found.certainty is Certainty.LIKELY
    assert {each.interview for each in found.candidates} == {"acme", "birch"}


def test_a_thread_that_turns_to_the_role_of_another_candidacy_is_asked_about() -> None:
    known = tracked(ACME, interview("acme-data", role="Data Analyst"))
    found = matched(
        mail(
            "Dana Cole <dana@acme.example>",
            "Re: hello",
            "One more thing: the Data Analyst position at Acme Robotics.",
            parents=("<a@x>",),
        ),
        known,
        members=(Member(message_id="<a@x>", interview="acme", own=False),),
    )
    assert found.certainty is Certainty.LIKELY
    assert {each.interview for each in found.candidates} == {"acme", "acme-data"}


# Tracking systems and job boards


def test_a_relay_with_the_company_as_display_name_is_certain() -> None:
    found = matched(
        mail("Northwind Hiring Team <no-reply@eu.tracker.example>", "Your application"), BOTH, says(Label.ACKNOWLEDGED)
    )
    assert certain(found) == "north"
    assert "display_name" in kinds(found)


def test_a_relay_that_shows_only_its_own_name_belongs_to_nobody() -> None:
    assert is_none(matched(mail("Tracker <no-reply@tracker.example>", "Your application"), BOTH, says(Label.ACKNOWLEDGED)))


def test_many_employers_behind_one_relay_stay_apart() -> None:
    companies = ["Acme Robotics", "Northwind", "Fabrikon", "Ostara", "Linden Works"]
    known = tracked(*(interview(f"i{index}", name) for index, name in enumerate(companies)))
    for index, name in enumerate(companies):
        message = mail("Tracker <no-reply@tracker.example>", f"Thank you for applying to {name}")
        assert certain(matched(message, known, says(Label.ACKNOWLEDGED))) == f"i{index}"


def test_a_relay_address_among_the_contacts_is_no_identity() -> None:
    known = tracked(interview("acme", contacts=("Tracker <no-reply@tracker.example>",)), NORTH)
    assert is_none(
        matched(mail("Tracker <no-reply@tracker.example>", "Your application to Ostara"), known, says(Label.ACKNOWLEDGED))
    )


def test_the_tenant_in_a_relay_address_names_the_company() -> None:
    message = mail("no-reply@northwind.tracker.example", "Update on your application")
    assert certain(matched(message, BOTH, says(Label.REJECTION))) == "north"


def test_a_relays_domain_listed_by_the_user_is_not_the_employers() -> None:
    known = tracked(interview("acme", domains=("tracker.example",)))
    assert is_none(matched(mail("Ostara <no-reply@tracker.example>", "Your application to Ostara"), known, says(Label.REJECTION)))


def test_a_job_boards_alert_that_names_the_company_belongs_to_nobody() -> None:
    message = mail("Board <alerts@board.example>", "Acme Robotics is hiring: Backend Engineer")
    assert is_none(matched(message, BOTH, says(Label.ALERT)))


def test_a_company_named_in_passing_behind_a_relay_of_another_is_nothing() -> None:
    message = mail("Tracker <no-reply@tracker.example>", "Thanks for applying", "Ostara competes with Acme Robotics.")
    assert is_none(matched(message, BOTH, says(Label.REJECTION, company="Ostara")))


# Several roles at one employer

BACKEND = interview("backend", contacts=("Dana <dana@acme.example>",), requisition="R-1")
SENIOR = interview("senior", role="Senior Backend Engineer", contacts=("Dana <dana@acme.example>",), requisition="R-2002")


def test_roles_that_differ_by_seniority_only_are_told_apart() -> None:
    known = tracked(BACKEND, SENIOR)
    assert certain(matched(mail(subject="Senior Backend Engineer: next steps"), known)) == "senior"
    assert certain(matched(mail(subject="Backend Engineer: next steps"), known)) == "backend"


def test_two_roles_and_no_word_that_tells_them_apart_are_asked_about_together() -> None:
    found = matched(mail(subject="Next steps"), tracked(BACKEND, SENIOR))
    assert found.certainty is Certainty.LIKELY
    assert found.interview is None
    assert [each.interview for each in found.candidates] == ["backend", "senior"]


def test_a_requisition_tells_two_roles_apart() -> None:
    assert certain(matched(mail(subject="Update (R-2002)"), tracked(BACKEND, SENIOR))) == "senior"


def test_the_reply_goes_to_the_live_one_of_two_roles() -> None:
    assert certain(matched(mail(subject="Next steps"), tracked(BACKEND, SENIOR, ended=("senior",)))) == "backend"


def test_a_message_that_names_the_closed_role_is_asked_about() -> None:
    found = matched(mail(subject="Senior Backend Engineer"), tracked(BACKEND, SENIOR, ended=("senior",)))
    assert found.certainty is Certainty.LIKELY
    assert {each.interview for each in found.candidates} == {"backend", "senior"}


def test_a_word_that_only_one_of_the_roles_has_tells_them_apart() -> None:
    known = tracked(
        interview("backend", domains=("acme.example",)),
        interview("frontend", role="Frontend Engineer", domains=("acme.example",)),
    )
    message = mail("Ravi <ravi@acme.example>", "Next steps", "We would like to go on with the frontend role.")
    assert certain(matched(message, known)) == "frontend"


def test_another_role_at_the_only_tracked_employer_is_asked_about() -> None:
    message = mail("Ravi <ravi@northwind.example>", "Warehouse Planner", "About your application as Warehouse Planner.")
    found = matched(message, BOTH, says(Label.REJECTION, role="Warehouse Planner"))
    assert found.certainty is Certainty.LIKELY


# Names


@pytest.mark.parametrize(
    ("company", "subject"),
    [
        ("HP", "Your PHP course starts today"),
        ("HP", "Your application at hp-printers-fan.example"),
        ("TeamViewer", "Your application at TeamEx"),
        ("Square", "Your application at Squarespace"),
        ("Unknown employer", "Your application at unknown employer"),
        ("Confidential", "Confidential: your application"),
        ("Talent Acquisition", "Talent Acquisition at Ostara"),
    ],
)
def test_a_name_inside_a_word_or_near_another_or_of_nobody_matches_nothing(company: str, subject: str) -> None:
    known = tracked(interview("one", company))
    assert is_none(matched(mail("Talent Acquisition <no-reply@tracker.example>", subject), known, says(Label.ACKNOWLEDGED)))


def test_hp_as_a_word_is_found() -> None:
    known = tracked(interview("one", "HP Inc."))
    assert certain(matched(mail("no-reply@tracker.example", "Your application at HP"), known, says(Label.REJECTION))) == "one"


def test_a_common_word_in_lower_case_is_not_the_company() -> None:
    known = tracked(interview("one", "Target"))
    assert is_none(matched(mail("no-reply@tracker.example", "Reach your target"), known, says(Label.ACKNOWLEDGED)))


@pytest.mark.parametrize("written", ["Northwind", "NORTHWIND", "Northwind GmbH & Co. KG", "Northwind S.A."])
def test_legal_forms_do_not_matter(written: str) -> None:
    message = mail("no-reply@tracker.example", f"Your application at {written}")
    assert certain(matched(message, BOTH, says(Label.REJECTION))) == "north"


def test_a_brand_counts_as_the_company_when_it_is_an_alias() -> None:
    known = tracked(interview("one", "Globus Holding", aliases=("Ostara",)))
    assert certain(matched(mail("Ostara Careers <no-reply@tracker.example>"), known, says(Label.REJECTION))) == "one"


def test_a_japanese_company_is_found_in_running_text() -> None:
    known = tracked(interview("one", "株式会社アクメ", "エンジニア"))
    assert certain(matched(mail("no-reply@tracker.example", "アクメ選考結果のご連絡"), known, says(Label.REJECTION))) == "one"


def test_an_employer_that_is_not_tracked_attracts_nothing() -> None:
    message = mail("Ostara Careers <careers@ostara.example>", "Backend Engineer at Ostara", "We would like to meet you.")
    assert is_none(matched(message, BOTH, says(company="Ostara", role="Backend Engineer")))


def test_a_domain_spelled_like_the_company_needs_the_company_in_the_message() -> None:
    known = tracked(interview("one", "Ostara Energy"))
    message = mail("Kim <kim@ostara-energy.example>", "Interview", "Ostara Energy would like to meet you.")
    assert certain(matched(message, known)) == "one"
    assert matched(mail("Kim <kim@ostara-energy.example>", "Hi", "Hi."), known).certainty is Certainty.LIKELY


def test_the_employers_newsletter_belongs_to_no_candidacy() -> None:
    message = mail("Northwind <news@northwind.example>", "Northwind in September", list_mail=True)
    assert is_none(matched(message, BOTH, says(Label.OTHER)))


# Agencies

VIA_ACME = interview("via-acme", via="Harbor Recruiting", contacts=("Lee <lee@harbor.example>",))
VIA_NORTH = interview("via-north", "Northwind", "Data Analyst", via="Harbor Recruiting", contacts=("Lee <lee@harbor.example>",))


def test_one_agency_with_two_clients_is_told_apart_by_the_role() -> None:
    message = mail("Lee <lee@harbor.example>", "Data Analyst: feedback")
    assert certain(matched(message, tracked(VIA_ACME, VIA_NORTH))) == "via-north"


def test_one_agency_with_two_clients_is_told_apart_by_the_client() -> None:
    message = mail("Lee <lee@harbor.example>", "Feedback from Northwind")
    assert certain(matched(message, tracked(VIA_ACME, VIA_NORTH))) == "via-north"


def test_an_agency_that_names_neither_is_asked_about() -> None:
    found = matched(mail("Lee <lee@harbor.example>", "Feedback"), tracked(VIA_ACME, VIA_NORTH))
    assert found.certainty is Certainty.LIKELY
    assert found.interview is None


def test_a_colleague_at_the_agency_is_certain_only_with_the_role() -> None:
    known = tracked(VIA_ACME)
    assert certain(matched(mail("Pat <pat@harbor.example>", "Backend Engineer: times"), known)) == "via-acme"
    assert matched(mail("Pat <pat@harbor.example>", "Hello"), known).certainty is Certainty.LIKELY


# Ended candidacies, noise, own mail


def test_an_ended_candidacy_does_not_attract_new_mail_by_habit() -> None:
    message = mail("Northwind Careers <no-reply@tracker.example>", "Thank you for applying")
    assert is_none(matched(message, tracked(ACME, NORTH, ended=("north",)), says(Label.ACKNOWLEDGED)))


def test_a_thread_leads_to_an_ended_candidacy_all_the_same() -> None:
    found = matched(
        mail(parents=("<a@x>",)),
        tracked(ACME, NORTH, ended=("north",)),
        members=(Member(message_id="<a@x>", interview="north", own=True),),
    )
    assert found.interview == "north"


def test_a_strangers_mail_belongs_to_nobody() -> None:
    assert is_none(matched(mail("Dentist <desk@teeth.example>", "Your appointment on Tuesday"), BOTH, says(Label.OTHER)))


def test_the_referrers_private_mail_belongs_to_nobody() -> None:
    friend = Contact(name="Ana", email="ana@freemail.example", role=ContactRole.REFERRER)
    known = tracked(replace(ACME, contacts=(*ACME.contacts, friend)), NORTH)
    assert is_none(matched(mail("Ana <ana@freemail.example>", "Dinner?"), known, says(Label.OTHER)))


def test_the_users_own_mail_to_a_contact_belongs_to_the_interview() -> None:
    message = mail("Me <me@freemail.example>", "Thank you", to=("Dana <dana@acme.example>",))
    assert certain(matched(message, BOTH, says(Label.SENT_THANK_YOU), own=True)) == "acme"


def test_the_users_own_mail_that_names_company_and_role_to_a_stranger_is_asked_about() -> None:
    message = mail("Me <me@freemail.example>", "Backend Engineer at Acme Robotics", to=("x@freemail.example",))
    found = matched(message, BOTH, says(Label.SENT_FOLLOW_UP), own=True)
    assert found.certainty is Certainty.LIKELY
    assert found.interview == "acme"


def test_the_users_other_mail_belongs_to_nobody() -> None:
    message = mail("Me <me@freemail.example>", "Dinner with the Acme people?", to=("x@freemail.example",))
    assert is_none(matched(message, BOTH, says(Label.SENT_OTHER), own=True))


def test_a_message_at_exactly_the_expected_time_is_asked_about() -> None:
    at = datetime(2026, 9, 17, 12, tzinfo=UTC)
    found = matched(
        mail("Bot <bot@booking.example>", "Reminder"),
        tracked(ACME, NORTH, expected={"north": at}),
        says(Label.SCHEDULED, interview_at=at),
    )
    assert found.certainty is Certainty.LIKELY
    assert found.interview == "north"


def test_every_candidate_says_why() -> None:
    found = matched(mail(subject="Backend Engineer (R-1234)"), BOTH)
    assert [(each.kind, each.detail) for each in found.candidates[0].evidence] == [
        ("requisition", "R-1234"),
        ("contact", "dana@acme.example"),
        ("domain", "acme.example"),
        ("role", "Backend Engineer"),
    ]


def test_a_bare_number_is_a_requisition_only_where_it_is_called_one() -> None:
    known = tracked(interview("one", "Ostara", requisition="2026"))
    assert is_none(matched(mail("x@tracker.example", "Trends in 2026"), known, says(Label.OTHER)))
    assert certain(matched(mail("x@tracker.example", "Job number: 2026"), known)) == "one"
