"""Which interview a mail belongs to, where names, addresses and threads mislead."""

import email
import email.policy

import pytest

from agent.interviews import Interview
from tests.hard_cases.story import DANA, PRIYA, ROBIN, TOM, Story, acme, at, birch, contact, larch
from tests.letters import letter

REJECTS = (
    "Dear Robin,\n\nThank you for your interest. Unfortunately, we have decided not to move forward with your application.\n"
)
INVITES = "Hi Robin,\n\nwe would like to invite you to an interview. Could you let me know when you are free next week?\n"


# Tracking systems


def employer(name: str, role: str = "Backend Engineer", **more: object) -> Interview:
    return Interview(id=name.split()[0].lower(), company=name, role=role, **more)  # type: ignore[arg-type]


def test_one_relay_of_a_tracking_system_serves_three_employers_and_each_keeps_its_mail() -> None:
    story = Story(employer("Acme Robotics"), employer("Birch Analytics"), employer("Cedar Mutual"))
    for number, name in enumerate(("Acme Robotics", "Birch Analytics"), start=1):
        story.theirs(
            f"receipt-{number}",
            f"03-0{number + 1} 10:00",
            f"Hi Robin,\n\nThank you for applying to {name}. We have received your application for Backend Engineer.\n",
            sender="Workable <noreply@candidates.workablemail.com>",
            subject=f"Your application to {name}",
        )

    told = story.told("03-05 12:00")

    assert {each: told.messages(each) for each in ("acme", "birch", "cedar")} == {
        "acme": ["receipt-1"],
        "birch": ["receipt-2"],
        "cedar": [],
    }


def test_the_tracking_system_itself_is_never_the_employer() -> None:
    story = Story(employer("Acme Robotics"))
    story.theirs(
        "no",
        "03-10 10:00",
        REJECTS,
        sender="Greenhouse <no-reply@greenhouse-mail.io>",
        subject="An update on your application",
    )

    told = story.told("03-10 12:00")

    assert told.status() == "applied"
    assert told.drafts() == []


def test_a_rejection_through_a_tracking_system_finds_the_employer_that_it_names() -> None:
    story = Story(employer("Acme Robotics"), employer("Birch Analytics"))
    story.theirs(
        "no",
        "03-10 10:00",
        REJECTS,
        sender="Birch Analytics Hiring Team <no-reply@greenhouse-mail.io>",
        subject="Your application to Birch Analytics",
    )

    told = story.told("03-10 12:00")

    assert told.statuses() == {"acme": "applied", "birch": "rejected"}
    assert told.drafts() == []
    assert told.held() == ["birch: reply_rejection, no-reply"]


# Several roles at one employer


def test_a_role_that_is_closed_leaves_the_other_role_there_alive() -> None:
    story = Story(larch("Data Analyst"), larch("Platform Engineer"))
    story.theirs(
        "closed", "03-03 10:00", "Dear Robin,\n\nthe Data Analyst position has been filled internally.\n\nPriya\n",
        sender=PRIYA, subject="Data Analyst",
    )  # fmt: skip
    story.theirs("invite", "03-10 10:00", INVITES, sender=PRIYA, subject="Larch Health")

    told = story.told("03-10 12:00")

    assert told.statuses() == {"data-analyst": "closed", "platform-engineer": "invited"}
    assert told.messages("platform-engineer") == ["invite"]
    assert told.drafts() == ["reply_invitation to priya@larch.example, queued, answers invite"]


def test_roles_that_differ_by_seniority_only_are_told_apart() -> None:
    story = Story(larch("Data Analyst"), larch("Senior Data Analyst"))
    story.theirs(
        "senior", "03-10 10:00", f"{REJECTS}\nThis is about the Senior Data Analyst position.\n\nPriya\n", sender=PRIYA,
        subject="Senior Data Analyst",
    )  # fmt: skip

    told = story.told("03-10 12:00")

    assert told.statuses() == {"data-analyst": "applied", "senior-data-analyst": "rejected"}


def test_an_invitation_that_fits_two_live_roles_is_asked_about() -> None:
    story = Story(larch("Data Analyst"), larch("Senior Data Analyst"))
    story.theirs("invite", "03-10 10:00", INVITES, sender=PRIYA, subject="Your application")

    told = story.told("03-10 12:00")

    assert told.statuses() == {"data-analyst": "applied", "senior-data-analyst": "applied"}
    assert told.review() == ["match: invite (data-analyst, senior-data-analyst)"]
    assert told.drafts() == []


# Names that mislead

STRANGERS = {
    "hp-inside-php": (
        employer("HP"),
        "Sven <sven@webshop.example>",
        "PHP developer wanted",
        "Hi Robin,\n\nwe would like to invite you to an interview for our PHP team. When are you free?\n\nSven\n",
    ),
    "a-near-name": (
        employer("TeamEx"),
        "TeamViewer Recruiting <jobs@teamviewer.example>",
        "Your application to TeamViewer",
        (
            "Dear Robin,\n\nwe would like to invite you to an interview at TeamViewer for the Sales Manager "
            "role. When are you free?\n"
        ),
    ),
    "a-generic-signature": (
        employer("Talent Partners", role="Talent Acquisition Specialist"),
        "Kim Lee <kim@otherfirm.example>",
        "Interview",
        (
            "Hi Robin,\n\nwe would like to invite you to an interview. When are you free?\n\nKim Lee\nTalent "
            "Acquisition\nOther Firm\n"
        ),
    ),
    "an-unknown-employer": (
        employer("Unknown employer"),
        "Kim Lee <kim@otherfirm.example>",
        "Unknown employer",
        "Hi Robin,\n\nwe would like to invite you to an interview. When are you free?\n\nKim\n",
    ),
}


@pytest.mark.parametrize(("tracked", "sender", "subject", "body"), STRANGERS.values(), ids=STRANGERS)
def test_a_likeness_of_names_moves_nothing(tracked: Interview, sender: str, subject: str, body: str) -> None:
    story = Story(tracked)
    story.theirs("stranger", "03-10 10:00", body, sender=sender, subject=subject)

    told = story.told("03-10 12:00")

    assert told.status(tracked.id) == "applied"
    assert told.messages(tracked.id) == []
    assert told.drafts() == []


def test_a_brand_of_the_employer_is_known_by_its_alias() -> None:
    story = Story(acme(aliases=("Gripwell",), domains=(), contacts=()))
    story.theirs(
        "receipt",
        "03-10 10:00",
        "Hi Robin,\n\nWe have received your application for the Backend Engineer role at Gripwell.\n",
        sender="Gripwell Hiring Team <no-reply@hire.lever.co>",
        subject="Your application to Gripwell",
    )

    assert story.told("03-10 12:00").messages() == ["receipt"]


def test_a_recruiter_who_names_neither_employer_nor_role_is_known_by_address_and_thread() -> None:
    story = Story(acme(), birch())
    story.theirs("hello", "03-10 10:00", "Hi Robin, do you have half an hour for a call on Thursday?\n\nD.\n", subject="Hi")
    story.theirs(
        "again",
        "03-10 11:00",
        "Or Friday, if that is easier.\n",
        sender="Office <office@dana-cole.example>",
        subject="Re: Hi",
        answers="hello",
    )

    told = story.told("03-10 12:00")

    assert told.messages() == ["hello", "again"]
    assert told.status() == "invited"
    assert told.status("birch") == "applied"


# Agencies


def through(ident: str, company: str, role: str) -> Interview:
    return Interview(id=ident, company=company, role=role, via="Harbor Recruiting", contacts=(contact(TOM),))


def test_an_agency_with_two_clients_is_asked_about_until_it_says_which() -> None:
    story = Story(through("oak", "Oakfield Bank", "Risk Analyst"), through("pine", "Pine Logistics", "Fleet Planner"))
    story.theirs("which", "03-09 10:00", INVITES, sender=TOM, subject="Good news")
    story.theirs(
        "pine", "03-10 10:00", "Hi Robin,\n\nthe client would like to invite you to an interview for the Fleet Planner role. "
        "When are you free?\n\nTom\n", sender=TOM, subject="Interview",
    )  # fmt: skip

    told = story.told("03-10 12:00")

    assert told.statuses() == {"oak": "applied", "pine": "invited"}
    assert told.messages("pine") == ["pine"]
    assert [line for line in told.review() if "which" in line] == ["match: which (oak, pine)"]


def test_an_agency_with_one_client_need_not_name_it() -> None:
    story = Story(through("oak", "Oakfield Bank", "Risk Analyst"))
    story.theirs("invite", "03-09 10:00", INVITES, sender=TOM, subject="Good news")

    told = story.told("03-09 12:00")

    assert told.status("oak") == "invited"
    assert told.drafts() == ["reply_invitation to tom@harbor.example, queued, answers invite"]


# Broken and missing ids


def without(raw: bytes, *names: str) -> bytes:
    mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
    for name in names:
        del mail[name]
    return mail.as_bytes()


def test_a_mail_without_message_id_is_read_once() -> None:
    story = Story(acme())
    raw = without(
        letter(message_id="<x@acme.example>", at=at("03-10 10:00"), sender=DANA, subject="Hi", body=INVITES), "Message-ID"
    )
    story.arrives("03-10 10:00", raw)
    story.arrives("03-10 10:05", raw)

    told = story.told("03-10 12:00")

    assert told.status() == "invited"
    assert len(told.messages()) == 1
    assert len(told.drafts()) == 1


def test_two_different_mails_with_one_message_id_are_both_read() -> None:
    story = Story(acme())
    story.theirs("same", "03-09 10:00", INVITES)
    story.theirs("same", "03-10 10:00", "Hi Robin,\n\nyour interview is confirmed for Thursday, 12 March at 14:00 GMT.\n\nDana\n")

    told = story.told("03-10 12:00")

    assert told.status() == "scheduled"
    assert len(told.messages()) == 2


def test_references_carry_a_thread_whose_in_reply_to_another_client_has_rewritten() -> None:
    story = Story(acme())
    story.mine("first", "03-09 10:00", "Dear Dana,\n\nI would like to hear more about the role.\n\nRobin\n")
    story.theirs(
        "answer",
        "03-10 10:00",
        INVITES,
        sender="D. Cole <dcole@mailbox-of-her-own.example>",
        subject="RE:Backend Engineer",
        headers=(
            ("In-Reply-To", "<AM6PR01@rewritten.example>"),
            ("References", "<first@mailbox.example> <AM6PR01@rewritten.example>"),
        ),
    )

    told = story.told("03-10 12:00")

    assert told.messages() == ["first", "answer"]
    assert told.status() == "invited"
    assert told.drafts() == ["reply_invitation to dcole@mailbox-of-her-own.example, queued, answers answer"]


def test_an_answer_to_a_mail_that_belonged_to_nothing_is_asked_about() -> None:
    story = Story(birch(contacts=(), domains=()))
    story.mine(
        "first", "03-09 10:00", "Dear Ines,\n\nI would like to apply.\n", to="Ines <ines@birch-group.example>",
        subject="Data Engineer at Birch Analytics",
    )  # fmt: skip
    story.theirs(
        "answer",
        "03-10 10:00",
        INVITES,
        sender="Ines <ines@birch-group.example>",
        subject="Re: Data Engineer at Birch Analytics",
        answers="first",
    )

    told = story.told("03-10 12:00")

    assert told.status("birch") == "applied"
    assert told.review() == ["match: answer (birch)"]


def test_an_answer_whose_references_were_dropped_is_found_by_its_sender() -> None:
    story = Story(acme())
    story.mine("ask", "03-09 10:00", "Dear Dana,\n\nmay I ask whether there is any news?\n\nRobin\n")
    story.theirs("answer", "03-10 10:00", INVITES, subject="Re:Backend Engineer")

    told = story.told("03-10 12:00")

    assert told.messages() == ["ask", "answer"]
    assert told.status() == "invited"


def test_a_copy_that_the_user_forwards_to_himself_decides_nothing() -> None:
    story = Story(acme())
    story.theirs(
        "fwd",
        "03-10 10:00",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Dana Cole <dana@acme.example>\nSubject: Backend Engineer\n\n"
        "Dear Robin,\n\nunfortunately we have decided not to move forward with your application.\n\nDana\n",
        sender=ROBIN,
        to=ROBIN,
        subject="Fwd: Backend Engineer at Acme Robotics",
    )

    told = story.told("03-10 12:00")

    assert told.status() == "applied"
    assert told.drafts() == []


def test_the_users_mail_to_a_friend_about_the_interview_is_no_mail_to_the_employer() -> None:
    story = Story(acme())
    story.mine(
        "friend",
        "03-10 10:00",
        "Hey Sam, I withdraw my application at Acme Robotics, I think. Any news from you?\n",
        to="Sam <sam@friends.example>",
        subject="Acme Robotics",
    )

    told = story.told("03-10 12:00")

    assert told.status() == "applied"
    assert told.messages() == []
