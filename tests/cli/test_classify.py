"""`classify`: every kind of source, the contract's keys, and one clear line for what is none."""

import json
import mailbox
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell, refused
from tests.journeys.home import Ran
from tests.letters import letter, request

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)

REJECTION = letter(
    message_id="<rejection@birch.example>",
    at=AT,
    sender="Ines Moreau <ines@birch.example>",
    subject="Data Engineer at Birch Analytics",
    body="Dear Robin,\n\nUnfortunately, we have decided not to move forward with your application.\n\nInes\n",
)
INVITATION = letter(
    message_id="<invitation@acme.example>",
    at=AT + timedelta(hours=1),
    sender="Dana Cole <dana@acme.example>",
    subject="Interview for Backend Engineer",
    body="Hi Robin,\n\nWe would like to invite you to an interview. Could you let me know your availability?\n\nDana\n",
)
KEYS = [
    "id", "label", "abstained", "signals", "company", "role", "round", "interview_at", "promised_by", "returns_on",
]  # fmt: skip


def lines(done: Ran) -> list[Any]:
    assert done.status == 0, done.err
    assert done.err == ""
    return [json.loads(line) for line in done.out.splitlines()]


def labels(done: Ran) -> list[tuple[str, str]]:
    return [(each["id"], each["label"]) for each in lines(done)]


def classify(shell: Shell, *words: str, stdin: bytes = b"") -> Ran:
    return shell.run("classify", *words, "--json", stdin=stdin, config=False)


def test_an_eml_file_gives_exactly_the_keys_of_the_contract(shell: Shell) -> None:
    (read,) = lines(classify(shell, shell.file("mail.eml", REJECTION)))

    assert list(read) == KEYS
    assert (read["id"], read["label"], read["abstained"]) == ("<rejection@birch.example>", "rejection", False)
    first = read["signals"][0]
    assert list(first) == ["label", "confidence", "rule", "quote", "start", "end"]
    assert first["quote"] == "Unfortunately, we have decided not to move forward with your application."
    assert "Dear Robin,\n\nUnfortunately"[first["start"] :] == "Unfortunately"
    assert first["end"] - first["start"] == len(first["quote"])


def test_times_are_iso_8601_with_their_offset(shell: Shell) -> None:
    start = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
    raw = letter(
        message_id="<fixed@acme.example>",
        at=AT,
        sender="Dana Cole <dana@acme.example>",
        subject="Invitation",
        body="Hi Robin,\n\nsee the invitation. You will hear from us by Friday, 4 December.\n\nDana\n",
        calendar=request(
            uid="u1", start=start, end=start + timedelta(hours=1), summary="Interview", organizer="dana@acme.example"
        ),
    )

    (read,) = lines(classify(shell, shell.file("mail.eml", raw)))

    assert datetime.fromisoformat(read["interview_at"]) == start
    assert read["interview_at"].endswith("+00:00")
    assert read["promised_by"] == "2026-12-04"


def test_sources_of_all_kinds_are_read_in_the_order_in_which_they_are_named(shell: Shell) -> None:
    eml = shell.file("mail.eml", REJECTION)
    mbox = mailbox.mbox(shell.folder / "mail")
    mbox.add(INVITATION)
    mbox.add(REJECTION)
    mbox.close()
    maildir = mailbox.Maildir(shell.folder / "Maildir")
    maildir.add(INVITATION)
    jsonl = shell.file("mail.jsonl", '{"id": "j1", "subject": "x", "html": "<p>We are pleased to offer you the position.</p>"}\n')

    read = labels(classify(shell, jsonl, "Maildir", "mail", eml, "-", stdin=b'{"id":"s1","body":"Hello"}\n'))

    assert read == [
        ("j1", "offer"),
        ("<invitation@acme.example>", "invitation"),
        ("<invitation@acme.example>", "invitation"),
        ("<rejection@birch.example>", "rejection"),
        ("<rejection@birch.example>", "rejection"),
        ("s1", "other"),
    ]


def test_a_line_of_json_may_hold_a_whole_mail_with_bytes_that_are_no_utf_8(shell: Shell) -> None:
    raw = REJECTION.replace(b"Dear Robin", "Dear Zoë".encode("latin-1"))
    line = json.dumps({"id": "j1", "eml": raw.decode("utf-8", "surrogateescape")}) + "\n\n"

    assert labels(classify(shell, "-", stdin=line.encode())) == [("j1", "rejection")]


def test_lines_without_an_id_are_known_by_their_number_and_odd_values_do_no_harm(shell: Shell) -> None:
    text = '{"body": "Hello"}\n\n'
    text += '{"id": 7, "from": ["a"], "date": 17, "body": {"a": 1}, "more": null}\n{"id": "h\\ud800", "body": "\\ud800"}\n'

    assert labels(classify(shell, "-", stdin=text.encode())) == [("1", "other"), ("7", "other"), ("h\ufffd", "other")]


def test_a_line_separator_inside_a_line_of_json_ends_nothing(shell: Shell) -> None:
    text = '{"id": "a", "body": "one\u2028two"}\r\n{"id": "b"}'

    assert [each["id"] for each in lines(classify(shell, "-", stdin=text.encode()))] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'{"id": "a"}\n{"id": \n', "standard input:2:8: is not JSON"),
        (b'{"id": "a"}\n\n[1]\n', "standard input:3:1: is no JSON object"),
        (b'{"id": "a"}\n' + b"[" * 100_000, "standard input:2:1: is JSON beyond all measure"),
        (b'{"id": "a"}\n\xff\xfe\n', "standard input:2:1: is not JSON"),
    ],
)
def test_a_broken_line_is_told_with_its_place_after_the_lines_before_it(shell: Shell, text: bytes, place: str) -> None:
    done = classify(shell, "-", stdin=text)

    refused(done, place)
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["a"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("none.eml", "none.eml: cannot be read (No such file or directory); check the path"),
        ("folder", "folder: is a folder but no Maildir (it has no cur/)"),
    ],
)
def test_what_is_no_source_is_refused(shell: Shell, source: str, told: str) -> None:
    (shell.folder / "folder" / "new").mkdir(parents=True)

    refused(classify(shell, source), told)


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.mbox"])
def test_an_empty_file_of_messages_has_none(shell: Shell, name: str) -> None:
    assert lines(classify(shell, shell.file(name, b""))) == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x9c" * 500, b"From \xff\n\n\xfe", b"Subject: \xff\xfe\n\n\xe9"])
def test_bytes_that_are_no_text_are_a_message_that_says_nothing(shell: Shell, content: bytes) -> None:
    (read,) = lines(classify(shell, shell.file("mail.eml", content)))

    assert (read["label"], read["signals"]) == ("other", [])


def test_only_an_envelope_begins_a_message_of_an_mbox(shell: Shell) -> None:
    head = b"From ines@birch.example Fri Nov 20 10:00:00 2026\nFrom: ines@birch.example\nMessage-ID: <%d@birch.example>\n\n"
    body = b"Hello,\nFrom now on you write to me.\n\nFrom the desk of Ines\n>From here quoted\n\n"
    # Some writers put no empty line before the next envelope, others have no ASCII in it.
    text = head % 1 + body.rstrip() + b"\n" + head % 2 + body + b"From Zo\xc3\xab Fri Nov 20\n" + head[49:] % 3 + body

    read = [each["id"] for each in lines(classify(shell, shell.file("mail", text)))]

    assert read == ["<1@birch.example>", "<2@birch.example>", "<3@birch.example>"]


def test_a_pipe_can_be_a_source(shell: Shell) -> None:
    read, write = os.pipe()
    os.write(write, REJECTION)
    os.close(write)

    assert labels(classify(shell, f"/dev/fd/{read}")) == [("<rejection@birch.example>", "rejection")]
    os.close(read)


def test_mail_from_the_users_own_address_is_read_as_theirs(shell: Shell) -> None:
    raw = letter(
        message_id="<own@mailbox.example>",
        at=AT,
        sender="Robin Hale <Robin.Hale@mailbox.example>",
        to="ines@birch.example",
        subject="Thank you",
        body="Dear Ines,\n\nThank you for taking the time to talk with me on Friday.\n\nRobin\n",
    )
    source = shell.file("mail.eml", raw)

    assert labels(classify(shell, source, "--me", "Robin <robin.hale@MAILBOX.example>"))[0][1] == "sent_thank_you"
    refused(classify(shell, source, "--me", "robin"), "--me 'robin' is no mail address")


def test_the_users_own_rules_are_laid_over_the_shipped_ones(shell: Shell) -> None:
    rules = shell.folder / "mine" / "signals" / "en"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text(
        "language: en\nlabel: rejection\nrules:\n  - id: bird\n    says: the bird has flown\n    confidence: 0.95\n"
        "    any: ['the bird has flown']\n    matches: [The bird has flown.]\n"
    )
    source = shell.file("mail.jsonl", '{"id": "a", "body": "The bird has flown."}')

    assert labels(classify(shell, source)) == [("a", "other")]
    assert labels(classify(shell, source, "--rules", "mine")) == [("a", "rejection")]
    refused(classify(shell, source, "--rules", "yours"), "--rules yours: there is no such folder")


def test_in_words_a_message_is_its_label_its_subject_and_the_quote(shell: Shell) -> None:
    done = shell.run("classify", shell.file("mail.eml", REJECTION), config=False)

    assert done.out.splitlines()[:2] == [
        "rejection: Data Engineer at Birch Analytics",
        "    “Unfortunately, we have decided not to move forward with your application.” en.rejection.not-forward",
    ]


def test_neither_a_configuration_nor_a_state_is_needed_or_made(shell: Shell) -> None:
    (shell.folder / "config.toml").unlink()

    classify(shell, shell.file("mail.eml", REJECTION))

    assert sorted(path.name for path in Path(shell.folder).iterdir()) == ["mail.eml", "password"]
