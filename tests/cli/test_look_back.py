"""`look-back` as a user calls it, on files of mail."""

import mailbox as boxes
from datetime import UTC, datetime, timedelta

from tests.cli.shell import Shell, refused
from tests.letters import letter

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def mail() -> list[bytes]:
    """Return a receipt and an invitation of one candidacy, an invitation that names no role, and one that is over."""
    lea, over = "Lea Marsh <lea@cedar.example>", "we will not be moving forward with your application"
    invites = "We would like to invite you to an interview. When would suit you?"
    told = [
        (30, lea, "Your application", "Thank you for applying for the Data Analyst role at Cedar Foods."),
        (20, lea, "Data Analyst", invites),
        (10, "Ann Lee <ann@elm.example>", "Your application to Elm Telecom", invites),
        (
            5,
            "Dune Energy <jobs@dune.example>",
            "Your application",
            f"Unfortunately, {over} for the Office Manager role at Dune Energy.",
        ),
    ]
    return [
        letter(
            message_id=f"<{number}@mail.example>",
            at=NOW - days * DAY,
            sender=sender,
            subject=subject,
            body=f"Hi Robin,\n\n{text}\n",
        )
        for number, (days, sender, subject, text) in enumerate(told)
    ]


def board(shell: Shell) -> dict[str, str]:
    return {each["id"]: each["status"] for each in shell.run("interviews", "list", "--json").json}


def mbox(shell: Shell) -> str:
    box = boxes.mbox(shell.folder / "takeout.mbox")
    for raw in mail():
        box.add(raw.replace(b"\r\n", b"\n"))
    box.close()
    return "takeout.mbox"


def test_the_user_chooses_and_is_asked_for_what_the_mail_does_not_name(shell: Shell) -> None:
    done = shell.run("look-back", mbox(shell), stdin=b"1 2\nBuyer\n")

    assert done.status == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "Looked at 4 messages of the last 365 days."
    assert "  1  Elm Telecom, a role it does not name: invited" in lines
    assert "  2  Cedar Foods, Data Analyst: invited" in lines
    assert lines[lines.index("These are over:") + 1] == "  3  Dune Energy, Office Manager: rejected"
    assert board(shell) == {"cedar-foods-data-analyst": "invited", "elm-telecom": "invited"}

    again = shell.run("look-back", "takeout.mbox", "--json").json
    assert (again["found"], [each["id"] for each in again["ended"]], again["tracked"]) == ([], ["dune-energy-office-manager"], [])


def test_what_the_user_does_not_know_either_is_left_out(shell: Shell) -> None:
    done = shell.run("look-back", mbox(shell), stdin=b"1 2\n\n")

    assert done.status == 0, done.err
    assert "  1 is left out. `interview-agent look-back` finds it again." in done.out.splitlines()
    assert board(shell) == {"cedar-foods-data-analyst": "invited"}


def test_a_script_names_what_is_tracked(shell: Shell) -> None:
    file = mbox(shell)
    found = shell.run("look-back", file, "--json").json
    assert [(each["id"], each["company"], each["role"], each["status"]) for each in found["found"]] == [
        ("elm-telecom", "Elm Telecom", None, "invited"),
        ("cedar-foods-data-analyst", "Cedar Foods", "Data Analyst", "invited"),
    ]
    refused(shell.run("look-back", file, "--track", "birch"), "was not found", "cedar-foods-data-analyst")
    refused(shell.run("look-back", file, "--track", "elm-telecom"), "does not name company and role")
    refused(shell.run("look-back", file), "--track")
    refused(shell.run("look-back", file, "--days", "0"), "--days 0")
    refused(shell.run("look-back", "nowhere.mbox"), "there is no such file")
    assert board(shell) == {}

    assert shell.run("look-back", file, "--track", "none").status == 0
    assert board(shell) == {}
    done = shell.run("look-back", file, "--track", "all", "--json").json
    assert done["tracked"] == ["cedar-foods-data-analyst"]
    shell.run("look-back", file, "--track", "dune-energy-office-manager")
    assert board(shell) == {"cedar-foods-data-analyst": "invited", "dune-energy-office-manager": "rejected"}


def test_a_maildir_and_a_folder_of_mails_are_read_and_left_as_they_were(shell: Shell) -> None:
    box = boxes.Maildir(shell.folder / "Mail")
    for raw in mail()[:1]:
        box.add(raw)
    (shell.folder / "eml").mkdir()
    for number, raw in enumerate(mail()[1:]):
        (shell.folder / "eml" / f"{number}.eml").write_bytes(raw)
    before = sorted(path.relative_to(shell.folder) for path in shell.folder.rglob("*") if "state" not in path.parts)

    done = shell.run("look-back", "Mail", "eml", "--track", "all")

    assert (done.status, board(shell)) == (0, {"cedar-foods-data-analyst": "invited"}), done.err
    assert sorted(path.relative_to(shell.folder) for path in shell.folder.rglob("*") if "state" not in path.parts) == before
