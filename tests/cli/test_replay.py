"""`replay`: old mail on a simulated clock, each draft followed to its end, and wrong arguments told in one line."""

import json
import mailbox
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.shell import Shell, refused
from tests.journeys.home import Ran
from tests.letters import letter

ME = "Robin Hale <robin.hale@mailbox.example>"
TRACKED = """
- id: acme-backend
  company: Acme Robotics
  domains: [acme.example]
  role: Backend Engineer
  timezone: Europe/London
  contacts: [{name: Dana Cole, email: dana@acme.example, role: recruiter}]
"""
THURSDAY = datetime(2026, 11, 19, 10, tzinfo=UTC)
AS_OF = "2026-11-20T16:00+00:00"

INVITED = letter(
    message_id="<invitation@acme.example>",
    at=THURSDAY,
    sender="Dana Cole <dana@acme.example>",
    subject="Interview for Backend Engineer",
    body="Hi Robin,\n\nWe would like to invite you to an interview for the Backend Engineer role. "
    "Could you let me know your availability next week?\n\nBest\nDana\n",
)
ANSWERED = letter(
    message_id="<answer@mailbox.example>",
    at=THURSDAY + timedelta(hours=2),
    sender=ME,
    to="Dana Cole <dana@acme.example>",
    subject="Re: Interview for Backend Engineer",
    body="Dear Dana,\n\nWednesday at three would suit me well.\n\nRobin\n",
    in_reply_to="<invitation@acme.example>",
)
FIXED = letter(
    message_id="<fixed@acme.example>",
    at=THURSDAY + timedelta(hours=5),
    sender="Dana Cole <dana@acme.example>",
    subject="Re: Interview for Backend Engineer",
    body="Hi Robin,\n\nYour interview is confirmed for Wednesday, 25 November 2026 at 15:00.\n\nDana\n",
    in_reply_to="<invitation@acme.example>",
)


def play(shell: Shell, *mail: bytes, as_of: str = AS_OF, words: tuple[str, ...] = ()) -> Ran:
    """Play mail back, given as lines that hold whole mails."""
    text = "\n".join(json.dumps({"id": str(number), "eml": raw.decode()}) for number, raw in enumerate(mail))
    return play_source(shell, "-", as_of=as_of, words=("--json", *words), stdin=text.encode())


def play_source(
    shell: Shell, *sources: str, as_of: str = AS_OF, me: str = ME, words: tuple[str, ...] = (), stdin: bytes = b""
) -> Ran:
    tracked = shell.file("interviews.yaml", TRACKED)
    return shell.run(
        "replay", *sources, "--interviews", tracked, "--me", me, "--as-of", as_of, *words, stdin=stdin, config=False
    )  # fmt: skip


def standing(played: Any) -> tuple[str, str]:
    (interview,) = played["interviews"]
    return interview["status"], interview["turn"]


def drafted(played: Any) -> list[tuple[str, str]]:
    return [(draft["kind"], draft["state"]) for draft in played["drafts"]]


def test_a_draft_that_nothing_followed_is_queued(shell: Shell) -> None:
    played = play(shell, INVITED).json

    assert list(played) == ["as_of", "interviews", "drafts", "held", "review"]
    assert (played["as_of"], played["held"], played["review"]) == ("2026-11-20T16:00:00+00:00", [], [])
    (draft,) = played["drafts"]
    assert list(draft) == [
        "interview", "kind", "queued_at", "state", "to", "subject", "in_reply_to", "references", "body", "requirements",
    ]  # fmt: skip
    assert (draft["interview"], draft["kind"], draft["state"]) == ("acme-backend", "reply_invitation", "queued")
    assert (draft["to"], draft["subject"]) == (["dana@acme.example"], "Re: Interview for Backend Engineer")
    assert (draft["in_reply_to"], draft["references"]) == ("<invitation@acme.example>", ["<invitation@acme.example>"])
    assert datetime.fromisoformat(draft["queued_at"]) == THURSDAY
    assert "Robin Hale" in draft["body"]
    assert standing(played) == ("invited", "us")


def test_a_draft_that_the_users_own_mail_answers_is_sent(shell: Shell) -> None:
    played = play(shell, INVITED, ANSWERED).json

    assert drafted(played) == [("reply_invitation", "sent")]
    assert standing(played) == ("invited", "them")
    assert played["interviews"][0]["messages"] == ["<invitation@acme.example>", "<answer@mailbox.example>"]


def test_a_draft_that_later_news_made_pointless_is_withdrawn(shell: Shell) -> None:
    played = play(shell, INVITED, FIXED).json

    assert drafted(played) == [("reply_invitation", "withdrawn")]
    assert standing(played)[0] == "scheduled"
    assert datetime.fromisoformat(played["interviews"][0]["next_at"]) == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_the_order_of_the_source_does_not_matter(shell: Shell) -> None:
    assert play(shell, FIXED, ANSWERED, INVITED).json == play(shell, INVITED, ANSWERED, FIXED).json


def test_history_has_the_keys_of_the_contract(shell: Shell) -> None:
    (interview,) = play(shell, INVITED).json["interviews"]

    assert list(interview) == [
        "id", "company", "role", "status", "round", "next_at", "promised_by", "turn", "messages", "history",
    ]  # fmt: skip
    (entry,) = interview["history"]
    assert list(entry) == ["at", "status", "message_id", "label", "rule", "quote"]
    assert (entry["message_id"], entry["label"], entry["status"]) == ("<invitation@acme.example>", "invitation", "invited")


def test_mail_after_the_moment_is_not_played(shell: Shell) -> None:
    played = play(shell, INVITED, FIXED, as_of="2026-11-19T12:00+00:00").json

    assert drafted(played) == [("reply_invitation", "queued")]
    assert played["interviews"][0]["messages"] == ["<invitation@acme.example>"]
    assert standing(play(shell, INVITED, as_of="2026-11-19T09:00+00:00").json) == ("applied", "them")


def test_no_mail_at_all_leaves_everything_as_it_was_tracked(shell: Shell) -> None:
    played = play(shell).json

    assert standing(played) == ("applied", "them")
    assert (played["drafts"], played["held"], played["review"]) == ([], [], [])


def test_all_kinds_of_sources_together(shell: Shell) -> None:
    mbox = mailbox.mbox(shell.folder / "mail")
    mbox.add(INVITED)
    mbox.close()
    mailbox.Maildir(shell.folder / "Maildir").add(ANSWERED)
    eml = shell.file("fixed.eml", FIXED)

    played = play_source(shell, eml, "Maildir", "mail", words=("--json",)).json

    assert played["interviews"][0]["messages"] == [
        "<invitation@acme.example>",
        "<answer@mailbox.example>",
        "<fixed@acme.example>",
    ]
    assert drafted(played) == [("reply_invitation", "sent")]


def test_fields_of_a_line_are_a_mail_whose_message_id_is_the_id(shell: Shell) -> None:
    line = {
        "id": "m-1",
        "from": "Dana Cölé <dana@acme.example>",
        "to": "robin.hale@mailbox.example",
        "date": "2026-11-19T10:00:00+01:00",
        "subject": "Interview,\nfor you",
        "body": "We would like to invite you to an interview. Could you let me know your availability?",
    }

    played = play_source(shell, "-", words=("--json",), stdin=json.dumps(line).encode()).json

    assert played["interviews"][0]["messages"] == ["<m-1>"]
    assert played["interviews"][0]["history"][0]["at"] == "2026-11-19T10:00:00+01:00"
    assert played["drafts"][0]["subject"] == "Re: Interview, for you"


@pytest.mark.parametrize(
    ("me", "signed"),
    [(ME, "Robin Hale"), ("ROBIN.hale@mailbox.example", "Robin Hale"), ("Rob <robin.hale@mailbox.example>", "Rob")],
)
def test_me_may_be_bare_or_with_a_name(shell: Shell, me: str, signed: str) -> None:
    played = play_source(shell, shell.file("mail.eml", INVITED), me=me, words=("--json",)).json

    assert played["drafts"][0]["body"].splitlines()[-2] == signed


@pytest.mark.parametrize(
    ("as_of", "shown"),
    [
        ("2026-11-20T16:00", "2026-11-20T16:00:00+00:00"),
        ("2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("2026-11-20T16:00+05:30", "2026-11-20T16:00:00+05:30"),
        ("2026-11-20T16:00-08:00", "2026-11-20T16:00:00-08:00"),
    ],
)
def test_the_moment_is_utc_where_it_has_no_offset(shell: Shell, as_of: str, shown: str) -> None:
    assert play(shell, as_of=as_of).json["as_of"] == shown


@pytest.mark.parametrize("as_of", ["", "yesterday", "2026-13-01", "9999-12-31", "0001-01-01", "2026-11-20T16:00+20:00"])
def test_a_moment_that_is_none_is_refused(shell: Shell, as_of: str) -> None:
    refused(play(shell, INVITED, as_of=as_of), "--as-of", "2026-03-20T12:00+01:00")


@pytest.mark.parametrize("me", ["robin", "", "@mailbox.example", "Robin Hale"])
def test_an_address_that_is_none_is_refused(shell: Shell, me: str) -> None:
    refused(play_source(shell, "-", me=me), f"--me {me!r} is no mail address")


@pytest.mark.parametrize("preset", ["nosuch", "../default", ""])
def test_an_unknown_policy_is_answered_with_those_that_there_are(shell: Shell, preset: str) -> None:
    refused(play(shell, INVITED, words=("--policy", preset)), f"there is no policy `{preset}`", "default")


def test_files_that_are_not_there_are_told(shell: Shell) -> None:
    refused(play_source(shell, "none"), "none: cannot be read (No such file or directory)")
    refused(play(shell, INVITED, words=("--rules", "none")), "--rules none: there is no such folder")
    refused(
        shell.run("replay", "-", "--interviews", "none.yaml", "--me", ME, "--as-of", AS_OF, config=False),
        "none.yaml: cannot be read (No such file or directory)",
    )
    refused(shell.run("replay", "-", config=False), "--interviews", "--me", "--as-of")


def test_in_words_the_sections_that_are_empty_are_left_out(shell: Shell) -> None:
    out = play_source(shell, shell.file("mail.eml", INVITED)).out

    assert out.splitlines()[0].split() == ["INTERVIEW", "COMPANY", "ROLE", "STATUS", "ROUND", "TURN", "NEXT", "PROMISED", "BY"]
    assert (
        "\nDRAFTS\n  acme-backend: reply_invitation to dana@acme.example\n    put into Drafts Thu 19 Nov 10:00; now queued\n"
        in out
    )
    assert "HELD" not in out
    assert "REVIEW" not in out


def test_nothing_is_left_behind(shell: Shell) -> None:
    (shell.folder / "config.toml").unlink()

    play(shell, INVITED)

    assert sorted(path.name for path in shell.folder.iterdir()) == ["interviews.yaml", "password"]
