"""The same mail played back from an mbox, and read by `once` from Dovecot, gives the same interviews and drafts."""

import email
import json
import mailbox
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver

ME = "Robin Hale <robin.hale@mailbox.example>"


def as_mbox(path: Path, now: datetime) -> Path:
    box = mailbox.mbox(path)
    for _, _, raw in search.messages(now):
        box.add(raw)
    box.close()
    return path


def replayed(home: Home, now: datetime) -> Any:
    (home.folder / "interviews.yaml").write_text(search.INTERVIEWS)
    done = home.run(
        "replay",
        str(as_mbox(home.folder / "mail.mbox", now)),
        "--interviews",
        str(home.folder / "interviews.yaml"),
        "--me",
        ME,
        "--as-of",
        now.isoformat(),
        "--json",
        config=False,
    )
    assert done.status == 0, done.err
    return done.json


def test_replay_gives_the_keys_of_the_contract(home: Home) -> None:
    played = replayed(home, datetime.now(UTC))

    assert set(played) == {"as_of", "interviews", "drafts", "held", "review"}
    assert {frozenset(each) for each in played["interviews"]} == {
        frozenset({"id", "company", "role", "status", "round", "next_at", "promised_by", "turn", "messages", "history"})
    }
    assert {frozenset(entry) for each in played["interviews"] for entry in each["history"]} == {
        frozenset({"at", "status", "message_id", "label", "rule", "quote"})
    }
    assert {frozenset(each) for each in played["drafts"]} == {
        frozenset(
            {
                "interview",
                "kind",
                "queued_at",
                "state",
                "to",
                "subject",
                "in_reply_to",
                "references",
                "body",
                "requirements",
            }
        )
    }
    assert {frozenset(each) for each in played["review"]} == {frozenset({"message_id", "reason", "candidates"})}


def test_replay_and_once_agree_on_interviews_and_drafts(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC)
    played = replayed(home, now)
    deliver(dovecot, mailbox_user, now)
    home.track(search.INTERVIEWS)
    assert home.run("once").status == 0

    shown_board = home.run("status", "--json")
    assert shown_board.status == 0, shown_board.err
    board = {each["id"]: each for each in shown_board.json["interviews"]}
    for interview in played["interviews"]:
        asked = home.run("why", interview["id"], "--json")
        assert asked.status == 0, asked.err
        why = asked.json
        shown = {
            key: board[interview["id"]][key] for key in ("company", "role", "status", "round", "next_at", "promised_by", "turn")
        }
        assert shown == {key: interview[key] for key in shown}
        assert [
            {key: entry[key] for key in entry if key not in ("refused", "evidence", "event", "from", "subject")}
            for entry in why["history"]
        ] == interview["history"]
    drafts = [email.message_from_bytes(raw) for raw in dovecot.messages(mailbox_user, "Drafts").values()]
    real = sorted((each["To"].split("<")[1][:-1], each["Subject"], each["In-Reply-To"], _body(each)) for each in drafts)
    assert sorted((each["to"][0], each["subject"], each["in_reply_to"], each["body"]) for each in played["drafts"]) == real


def test_replay_needs_no_configuration_and_leaves_no_state(home: Home) -> None:
    home.config.unlink()

    replayed(home, datetime.now(UTC))

    assert not home.state.exists()
    assert not (home.folder / ".local").exists()


def test_lines_of_json_are_played_back_like_mail(home: Home) -> None:
    now = datetime.now(UTC)
    (home.folder / "interviews.yaml").write_text(search.INTERVIEWS)
    line = {
        "id": "<invitation@acme.example>",
        "from": "Dana Cole <dana@acme.example>",
        "to": "robin.hale@mailbox.example",
        "date": now.isoformat(),
        "subject": "Interview for Backend Engineer",
        "body": "Hi Robin,\n\nwe would like to invite you to an interview. Could you let me know your availability?\n\nDana",
    }

    done = home.run(
        "replay",
        "-",
        "--interviews",
        str(home.folder / "interviews.yaml"),
        "--me",
        ME,
        "--as-of",
        now.isoformat(),
        "--json",
        stdin=json.dumps(line),
        config=False,
    )

    assert done.status == 0, done.err
    acme = next(each for each in done.json["interviews"] if each["id"] == "acme-backend")
    assert (acme["status"], acme["messages"]) == ("invited", ["<invitation@acme.example>"])


def _body(draft: email.message.Message) -> str:
    payload = draft.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")
