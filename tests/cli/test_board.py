"""`status`, `why` and `review` over one small search: what a user lives with, in words and as JSON."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.mailbox import FolderRole
from tests.cli.shell import Shell, configure, read_mail, refused
from tests.journeys import search
from tests.letters import letter


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def state_after_a_pass(now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched")
    read_mail(configure(folder), search.messages(now), now=now, tracked=search.INTERVIEWS)
    return folder / "state"


@pytest.fixture
def searched(shell: Shell, state_after_a_pass: Path) -> Shell:
    """Give a shell in which three interviews are tracked and their mail is read; one message is a forged rejection."""
    shutil.copytree(state_after_a_pass, shell.state)
    return shell


def test_the_board_shows_first_what_waits_for_the_user(searched: Shell) -> None:
    head, *rows = searched.run("status").out.splitlines()

    assert head.split() == ["INTERVIEW", "COMPANY", "ROLE", "ROUND", "STATUS", "NEXT", "TURN", "SINCE"]
    assert [row.split()[0] for row in rows[:3]] == ["acme-backend", "cedar-platform", "birch-data"]
    assert " ".join(rows[0].split()).startswith("acme-backend Acme Robotics Backend Engineer 1 invited 1 draft to send yours ")
    assert rows[3:] == [
        "",
        "1 question in review: `interview-agent review`",
        "2 drafts in Drafts: acme-backend, birch-data",
    ]


def test_the_board_as_json_is_in_the_order_of_ids(searched: Shell, now: datetime) -> None:
    board = searched.run("status", "--json").json

    assert list(board) == ["as_of", "last_pass", "problem", "warning", "interviews", "review"]
    assert datetime.fromisoformat(board["last_pass"]) == now
    assert (board["problem"], board["review"]) == ("", 1)
    assert list(board["interviews"][0]) == [
        "id", "company", "role", "status", "since", "round", "next_at", "promised_by", "turn", "drafts", "held", "next_draft",
    ]  # fmt: skip
    assert [(each["id"], each["status"], each["round"], each["turn"], each["drafts"]) for each in board["interviews"]] == [
        ("acme-backend", "invited", 1, "us", 1),
        ("birch-data", "rejected", None, "none", 1),
        ("cedar-platform", "applied", None, "them", 0),
    ]
    assert datetime.fromisoformat(board["interviews"][0]["since"]) == now - timedelta(hours=6)


HELD_SOON = """
- id: acme-backend
  company: Acme Robotics
  role: Backend Engineer
  timezone: Europe/London
  contacts:
    - {{name: Dana Cole, email: dana@acme.example, role: recruiter}}
  rounds:
    - {{at: {at}, with: [dana@acme.example]}}
"""


def test_the_board_tells_the_next_follow_up_of_an_interview(shell: Shell, now: datetime) -> None:
    start = (now + timedelta(days=3)).replace(minute=0, second=0)
    shell.track(HELD_SOON.format(at=start.isoformat()))

    (row,) = shell.run("status", "--json").json["interviews"]

    # An hour long; the debrief is asked for when it is over, the thank-you is written two hours later.
    over = start + timedelta(hours=1)
    assert row["next_draft"]["state"] == "planned"
    assert (row["next_draft"]["kind"], datetime.fromisoformat(row["next_draft"]["due_at"])) == ("debrief", over)
    assert "; debrief " in shell.run("status").out


def test_what_is_held_for_good_is_the_next_where_nothing_else_is(shell: Shell, now: datetime) -> None:
    start = (now - timedelta(days=15)).replace(minute=0, second=0)
    shell.track(HELD_SOON.format(at=start.isoformat()).replace("dana@acme.example", "no-reply@acme.example"))

    following = shell.run("status", "--json").json["interviews"][0]["next_draft"]

    assert (following["kind"], following["state"]) == ("status_check", "held")


def test_the_board_is_shown_even_where_the_policy_cannot_be_read(searched: Shell) -> None:
    searched.configure(more=f'[rules]\nfolder = "{searched.folder / "mine"}"')
    (searched.folder / "mine" / "policies").mkdir(parents=True)
    searched.file("mine/policies/default.yaml", "about: nothing\n")

    done = searched.run("status")

    assert done.status == 0
    assert "acme-backend" in done.out
    assert "What is due next cannot be told, for the rules cannot be read:" in done.out
    assert "mine/policies/default.yaml" in done.out
    assert {each["next_draft"] for each in searched.run("status", "--json").json["interviews"]} == {None}


def test_why_tells_what_follows_if_they_stay_silent(shell: Shell, now: datetime) -> None:
    start = (now + timedelta(days=3)).replace(minute=0, second=0)
    shell.track(HELD_SOON.format(at=start.isoformat()))

    out = shell.run("why", "acme-backend").out
    why = shell.run("why", "acme-backend", "--json").json

    planned, _, then = out.partition("\nTHEN, if they stay silent\n")
    assert "\n  status_check to dana@acme.example on " in planned
    lines = then.splitlines()
    assert lines[0].startswith("  final_note to dana@acme.example on ")
    assert lines[0].endswith(", if you send the status check and nobody answers")
    assert lines[2].startswith("    rule final-note; guides B7")
    assert lines[3].startswith("  moved_on is suggested to you on ")
    assert [(each["kind"], each["status"], each["state"]) for each in why["outlook"]] == [
        ("debrief", None, "planned"),
        ("thank_you", None, "planned"),
        ("status_check", None, "planned"),
        ("final_note", None, "then"),
        (None, "moved_on", "then"),
    ]
    assert list(why["outlook"][3]) == [
        "kind", "status", "due_at", "to", "depends", "reason", "rule", "requirements", "state",
    ]  # fmt: skip
    days = [datetime.fromisoformat(each["due_at"]) for each in why["outlook"]]
    assert days == sorted(days)
    assert timedelta(days=7) <= days[3] - days[2] <= timedelta(days=11)


def test_why_tells_until_when_a_follow_up_is_held_and_by_which_requirement(shell: Shell, now: datetime) -> None:
    start = (now - timedelta(hours=30)).replace(minute=0, second=0)
    shell.track(HELD_SOON.format(at=start.isoformat()))

    held = shell.run("why", "acme-backend", "--json").json["held"]

    assert [(each["kind"], each["rule"], each["requirements"], each["until"]) for each in held] == [
        ("thank_you", "too-late", ["B1"], None)
    ]
    assert "\nHELD\n  thank_you, due since " in shell.run("why", "acme-backend").out
    assert "rule too-late; guides B1" in shell.run("why", "acme-backend").out


def test_an_empty_board_says_how_to_begin_and_a_new_one_that_nothing_was_read(shell: Shell) -> None:
    assert shell.run("status").out.startswith("Nothing is tracked yet.")
    assert shell.run("status", "--json").json["interviews"] == []

    shell.track(search.INTERVIEWS)

    assert shell.run("status").out.splitlines()[-1].startswith("No mail was read yet")


def test_the_board_tells_fixed_times_and_promises(shell: Shell, now: datetime) -> None:
    start = (now + timedelta(days=3)).replace(minute=0, second=0)
    day = (now + timedelta(days=9)).date()
    shell.configure(user="")
    shell.track(search.INTERVIEWS)
    mail = search.calendar_invitation(start=start, uid="fixed@acme.example", at=now - timedelta(hours=1))
    promise = letter(
        message_id="<promise@cedar.example>",
        at=now - timedelta(hours=2),
        sender="Tom Okafor <tom@cedar.example>",
        subject="Platform Engineer",
        body=f"Dear Robin,\n\nYou will hear from us by {day.day} {day:%B %Y}.\n\nTom\n",
    )
    shell.read_mail([(FolderRole.INBOX, now, mail), (FolderRole.INBOX, now, promise)], now=now)

    out = shell.run("status").out
    board = {each["id"]: each for each in shell.run("status", "--json").json["interviews"]}

    assert datetime.fromisoformat(board["acme-backend"]["next_at"]) == start
    assert board["cedar-platform"]["promised_by"] == day.isoformat()
    assert "scheduled" in out
    assert f"news due by {day:%a %d %b}" in out


def test_why_tells_each_mail_what_it_says_and_what_it_changed(searched: Shell) -> None:
    out = searched.run("why", "birch-data").out

    first, second, *rest = out.splitlines()
    assert first == "Data Engineer at Birch Analytics (birch-data)"
    assert second.startswith("rejected since ")
    assert "→ rejected. From Ines Moreau: Data Engineer at Birch Analytics" in out
    assert (
        "rejection “Unfortunately, we have decided not to move forward with your application for the Data Engineer role.”" in out
    )
    assert "belongs here by contact ines@birch.example, domain birch.example" in out
    draft = rest.index("DRAFTS")
    assert rest[draft + 1].startswith("  reply_rejection to ines@birch.example: in Drafts since ")
    assert rest[draft + 3] == "    rule reply-to-rejection; guides A9, D6, D10, A7, B10"


def test_why_as_json_has_quotes_rules_evidence_and_requirements(searched: Shell) -> None:
    why = searched.run("why", "birch-data", "--json").json

    assert {"history", "drafts", "due", "held", "planned", "review"} < set(why)
    (entry,) = why["history"]
    assert (entry["label"], entry["rule"], entry["message_id"]) == (
        "rejection",
        "en.rejection.not-forward",
        "<rejection@birch.example>",
    )
    assert entry["evidence"][0] == "contact: ines@birch.example"
    (draft,) = why["drafts"]
    assert (draft["kind"], draft["state"], draft["to"]) == ("reply_rejection", "queued", ["ines@birch.example"])
    assert draft["requirements"] == ["A9", "D6", "D10", "A7", "B10"]


def test_why_shows_what_waits_in_review_and_how_to_answer_it(searched: Shell) -> None:
    out = searched.run("why", "cedar-platform").out

    assert "\nIN REVIEW\n  1: It reads as rejection" in out
    assert "interview-agent review accept 1   or   interview-agent review dismiss 1" in out


def test_a_silence_is_explained(shell: Shell) -> None:
    shell.track(search.INTERVIEWS)
    shell.run("interviews", "edit", "birch-data", "--status", "moved_on")

    assert shell.run("why", "acme-backend").out.splitlines()[-1] == (
        "Nothing is due: the status is applied, and no rule of the policy asks for a follow-up from there."
    )
    assert shell.run("why", "birch-data").out.splitlines()[-1] == "Nothing is due: the candidacy is moved_on."


def test_why_tells_what_is_due_before_a_pass_has_drafted_it(searched: Shell) -> None:
    searched.run("review", "accept", "1")

    why = searched.run("why", "cedar-platform", "--json").json

    assert [(each["kind"], each["rule"]) for each in why["due"]] == [("reply_rejection", "reply-to-rejection")]
    assert "\nDUE NOW: the next pass drafts it\n  reply_rejection to tom@cedar" in searched.run("why", "cedar-platform").out


def test_an_unknown_interview_is_answered_with_those_that_are_known(searched: Shell) -> None:
    refused(searched.run("why", "acme"), "no interview 'acme' is tracked; tracked are: acme-backend, birch-data, cedar-platform")
    refused(searched.run("why"), "INTERVIEW")


def test_review_lists_the_question_with_its_mail(searched: Shell) -> None:
    out = searched.run("review").out

    assert out == searched.run("review", "list").out
    lines = out.splitlines()
    assert lines[0].startswith("1: It reads as rejection (“We regret to inform you")
    assert lines[1].endswith(" from tom@cedar.example: Platform Engineer")
    assert lines[2:] == [
        "   For: cedar-platform",
        "   Yes counts the mail as rejection in cedar-platform.",
        "   interview-agent review accept 1   or   interview-agent review dismiss 1",
    ]


@pytest.mark.parametrize("words", [("review", "--json"), ("review", "list", "--json"), ("review", "--json", "list")])
def test_review_as_json(searched: Shell, words: tuple[str, ...]) -> None:
    (question,) = searched.run(*words).json

    assert list(question) == ["message_id", "reason", "candidates", "number", "kind", "asked_at", "proposed"]
    assert (question["message_id"], question["candidates"]) == ("<forged@elsewhere.example>", ["cedar-platform"])
    assert (question["number"], question["kind"]) == (1, "unvouched")


def test_an_accepted_question_changes_the_status_once(searched: Shell) -> None:
    done = searched.run("review", "accept", "1")

    assert (done.status, done.out) == (0, "1: accepted for cedar-platform. The next pass goes on from there.\n")
    assert searched.run("review", "--json").json == []
    assert searched.run("interviews", "list", "--json").json[2]["status"] == "rejected"
    refused(searched.run("review", "accept", "1"), "question 1 was accepted already")
    refused(searched.run("review", "dismiss", "1"), "question 1 was accepted already")


def test_a_dismissed_question_changes_nothing(searched: Shell) -> None:
    assert searched.run("review", "dismiss", "1").status == 0

    assert searched.run("review").out == "Nothing waits for an answer.\n"
    assert searched.run("interviews", "list", "--json").json[2]["status"] == "applied"
    refused(searched.run("review", "accept", "1"), "question 1 was dismissed already")


def test_a_question_can_be_accepted_for_another_interview(searched: Shell) -> None:
    refused(searched.run("review", "accept", "1", "--interview", "acme"), "no interview 'acme' is tracked")

    assert searched.run("review", "accept", "1", "--interview", "acme-backend").status == 0

    board = {each["id"]: each["status"] for each in searched.run("interviews", "list", "--json").json}
    assert (board["acme-backend"], board["cedar-platform"]) == ("rejected", "applied")


def test_with_several_candidates_the_user_must_say_which(shell: Shell, now: datetime) -> None:
    shell.track(
        "- {id: acme-a, company: Acme Robotics, role: Backend Engineer, domains: [acme.example]}\n"
        "- {id: acme-b, company: Acme Robotics, role: Data Engineer, domains: [acme.example]}\n"
    )
    mail = letter(
        message_id="<which@acme.example>",
        at=now,
        sender="Dana Cole <dana@acme.example>",
        subject="Your application",
        body="Hi Robin,\n\nWe would like to invite you to an interview. Could you let me know your availability?\n\nDana\n",
    )
    shell.read_mail([(FolderRole.INBOX, now, mail)], now=now)
    (question,) = shell.run("review", "--json").json
    assert sorted(question["candidates"]) == ["acme-a", "acme-b"]
    assert "review accept 1 --interview ID" in shell.run("review").out

    refused(shell.run("review", "accept", "1"), "say which interview it belongs to")
    assert shell.run("review", "accept", "1", "--interview", "acme-b").status == 0

    board = {each["id"]: each["status"] for each in shell.run("interviews", "list", "--json").json}
    assert board == {"acme-a": "applied", "acme-b": "invited"}


@pytest.mark.parametrize("number", ["2", "0", "-1", "one"])
def test_a_question_that_is_none(searched: Shell, number: str) -> None:
    done = searched.run("review", "accept", number)

    refused(done)
    assert done.out == ""
