"""`interviews`: what a user types comes back as written, and what is wrong is told by the option that is wrong."""

import pytest

from tests.cli.shell import Shell, refused

ADD = ("interviews", "add", "acme", "--company", "Acme Robotics", "--role", "Backend Engineer")

EXPORTED = """\
- id: acme
  company: Acme Robotics
  aliases:
  - Acme
  domains:
  - acme.example
  role: Backend Engineer
  requisition: R-1234
  via: Harbor Recruiting
  applied_on: 2026-09-01
  country: DE
  timezone: Europe/Berlin
  contacts:
  - name: Dana Cole
    email: dana@acme.example
    role: recruiter
  - email: lee@acme.example
    role: interviewer
  rounds:
  - at: 2026-09-10T14:00+02:00
    minutes: 45
    with:
    - dana@acme.example
  notes: a note
"""


def test_all_that_the_options_say_is_in_the_export(shell: Shell) -> None:
    done = shell.run(
        *ADD, "--alias", "Acme", "--domain", "acme.example", "--requisition", "R-1234", "--via", "Harbor Recruiting",
        "--applied-on", "2026-09-01", "--country", "de", "--timezone", "Europe/Berlin", "--notes", "a note",
        "--contact", "Dana Cole <Dana@acme.example> recruiter", "--contact", "lee@acme.example interviewer",
        "--round", "2026-09-10T14:00+02:00 45 dana@acme.example",
    )  # fmt: skip

    assert (done.status, done.out.split(":")[0]) == (0, "acme")
    assert shell.run("interviews", "export").out == EXPORTED
    assert shell.run("interviews", "show", "acme").out == EXPORTED


def test_an_export_that_is_imported_elsewhere_exports_the_same(shell: Shell) -> None:
    shell.track(EXPORTED)
    assert shell.run("interviews", "export", "all.yaml").out == ""
    shell.configure(state=shell.folder / "other")

    done = shell.run("interviews", "import", "all.yaml")

    assert (done.status, done.out) == (0, "Took 1 interview from all.yaml.\n")
    assert shell.run("interviews", "export").out == EXPORTED


def test_an_import_replaces_what_has_the_same_id(shell: Shell) -> None:
    shell.track(EXPORTED)

    shell.track("- {id: acme, company: Acme, role: Data Engineer}\n- {id: birch, company: Birch, role: Analyst}\n")

    listed = shell.run("interviews", "list", "--json").json
    assert [(each["id"], each["role"], each["status"]) for each in listed] == [
        ("acme", "Data Engineer", "applied"),
        ("birch", "Analyst", "applied"),
    ]


def test_show_as_json_has_the_keys_of_the_file(shell: Shell) -> None:
    shell.track(EXPORTED)

    shown = shell.run("interviews", "show", "acme", "--json").json

    assert shown["applied_on"] == "2026-09-01"
    assert shown["contacts"][1] == {"email": "lee@acme.example", "role": "interviewer"}
    assert shown["rounds"] == [{"at": "2026-09-10T14:00+02:00", "minutes": 45, "with": ["dana@acme.example"]}]


def test_an_interview_keeps_a_language_of_its_own_only_where_the_user_named_one(shell: Shell) -> None:
    shell.configure(user='language = "de"')
    shell.run("interviews", "add", "birch", "--company", "Birch", "--role", "Analyst", "--language", "fr")
    shell.run("interviews", "import", "-", stdin=b"- {id: cedar, company: Cedar, role: Clerk}")

    shown = {name: shell.run("interviews", "show", name, "--json").json for name in ("birch", "cedar")}

    assert shown["birch"]["language"] == "fr"
    assert "language" not in shown["cedar"]


def test_calendar_and_policy_of_an_interview_can_be_told_by_options(shell: Shell) -> None:
    told = ("--country", "DE", "--region", "BY", "--closed", "2026-12-28", "--policy", "two-touch")
    shell.run("interviews", "add", "birch", "--company", "Birch", "--role", "Analyst", *told)
    shell.run("interviews", "edit", "birch", "--contact", "Dana Cole <dana@birch.example> recruiter +49 30 1234567")

    shown = shell.run("interviews", "show", "birch", "--json").json

    assert (shown["region"], shown["closed"], shown["policy"]) == ("BY", ["2026-12-28"], "two-touch")
    assert shown["contacts"][0]["phone"] == "+49 30 1234567"


def test_a_byte_order_mark_does_no_harm(shell: Shell) -> None:
    done = shell.run("interviews", "import", "-", stdin=b"\xef\xbb\xbf- {id: acme, company: Acme, role: Clerk}\n")

    assert (done.status, done.out) == (0, "Took 1 interview from standard input.\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- id: a\n  company: A\n   role: C\n", "bad.yaml:3:8: this is not YAML"),
        ("- {id: a, company: A, role: B, colour: red}\n", "bad.yaml:1:32: `0.colour` is not a known key"),
        ("- id: a\n  company: A\n", "bad.yaml:1:3: `0.role` is missing"),
        ("id: a\n", "bad.yaml:1:1: the file is no list of interviews"),
        ("- {id: a, company: A, role: B}\n- {id: a, company: A, role: B}\n", "bad.yaml:2:4: `a` is the id of two interviews"),
        (b"\xff\xfe\x00", "bad.yaml: is not UTF-8 text"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place_and_nothing_is_tracked(
    shell: Shell, text: str | bytes, told: str
) -> None:
    shell.file("bad.yaml", text)

    refused(shell.run("interviews", "import", "bad.yaml"), told)

    assert shell.run("interviews", "list", "--json").json == []


def test_files_that_are_not_there_are_told(shell: Shell) -> None:
    refused(shell.run("interviews", "import", "none.yaml"), "none.yaml: cannot be read (No such file or directory)")
    refused(shell.run("interviews", "import", "-", stdin=b"\xff"), "standard input: is not UTF-8 text")
    failed = shell.run("interviews", "export", "none/all.yaml")
    assert (failed.status, failed.out) == (1, "")
    assert "none/all.yaml: cannot be written (No such file or directory)" in failed.err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--contact", "", "--contact '' has no address"),
        ("--contact", "Dana Cole", "--contact: this is no mail address; this stands here now: 'Dana'"),
        ("--contact", "Dana <dana@acme.example> boss", "--contact: input should be 'recruiter', 'hiring_manager'"),
        ("--round", "tomorrow", "--round: a time is written as 2026-09-10T14:00+02:00"),
        ("--round", "2026-09-10T14:00", "2026-09-10T14:00 does not say in which zone"),
        ("--round", "2026-09-10T14:00Z 0", "--round: input should be greater than or equal to 1"),
        ("--round", "2026-09-10T14:00Z dana", "--round: this is no mail address"),
        ("--applied-on", "1.9.2026", "--applied-on: a date is written as 2026-09-01"),
        ("--timezone", "Mars", "--timezone: this is no time zone; it is written as Europe/Berlin"),
        ("--country", "UK", "--country: this is no country; it is written with two letters, as DE; the United Kingdom is GB"),
        ("--language", "deutsch", "--language: this is no language"),
        ("--domain", "https://acme.example", "--domain: this is no domain"),
        ("--requisition", "", "--requisition: it is empty"),
    ],
)
def test_an_option_that_is_wrong_is_named(shell: Shell, option: str, value: str, told: str) -> None:
    values = [value, "lee@acme.example"] if (option, value) == ("--contact", "") else [value]

    refused(shell.run(*ADD, *(word for each in values for word in (option, each))), f"interview-agent: {told}")

    assert shell.run("interviews", "list", "--json").json == []


def test_an_id_has_a_form_and_is_given_once(shell: Shell) -> None:
    refused(shell.run("interviews", "add", "Acme!", "--company", "A", "--role", "B"), "ID: an id has only the characters")
    shell.run(*ADD)
    refused(shell.run(*ADD), "'acme' is tracked already", "interviews edit acme")


@pytest.mark.parametrize("words", [("show",), ("edit", "--role", "x"), ("note", "text")])
def test_an_unknown_id_is_answered_with_those_that_are_known(shell: Shell, words: tuple[str, ...]) -> None:
    shell.run(*ADD)

    action, *rest = words
    refused(shell.run("interviews", action, "acne", *rest), "no interview 'acne' is tracked; tracked are: acme")


def test_edit_changes_what_is_named_and_nothing_else(shell: Shell) -> None:
    shell.track(EXPORTED)

    done = shell.run("interviews", "edit", "acme", "--role", "Staff Engineer", "--alias", "ACME", "--alias", "Acme Inc")

    assert done.status == 0
    expected = EXPORTED.replace("role: Backend Engineer", "role: Staff Engineer").replace("- Acme\n", "- ACME\n  - Acme Inc\n")
    assert shell.run("interviews", "export").out == expected


def test_an_empty_text_removes_a_fact(shell: Shell) -> None:
    shell.track(EXPORTED)

    done = shell.run("interviews", "edit", "acme", "--via", "", "--contact", "", "--alias", "", "--notes", "", "--applied-on", "")

    assert done.status == 0, done.err
    shown = shell.run("interviews", "show", "acme", "--json").json
    assert {"via", "contacts", "aliases", "notes", "applied_on"} & set(shown) == set()
    assert shown["requisition"] == "R-1234"
    refused(shell.run("interviews", "edit", "acme", "--company", ""), "--company: it is empty")


def test_a_status_set_by_hand_is_on_the_board_and_in_the_history(shell: Shell) -> None:
    shell.run(*ADD)

    assert shell.run("interviews", "edit", "acme", "--status", "on_hold").status == 0

    assert shell.run("interviews", "list", "--json").json[0]["status"] == "on_hold"
    (entry,) = shell.run("why", "acme", "--json").json["history"]
    assert (entry["status"], entry["rule"]) == ("on_hold", "set by hand")


def test_edit_needs_something_to_change_and_a_status_that_exists(shell: Shell) -> None:
    shell.run(*ADD)

    refused(shell.run("interviews", "edit", "acme"), "nothing to change")
    refused(shell.run("interviews", "edit", "acme", "--status", "hired"), "invalid choice: 'hired'", "'moved_on'")


def test_notes_are_added_up(shell: Shell) -> None:
    shell.run(*ADD)

    shell.run("interviews", "note", "acme", "topic:", "event", "sourcing")
    shell.run("interviews", "note", "acme", "--", "--they asked about on-call")

    assert shell.run("interviews", "show", "acme", "--json").json["notes"] == "topic: event sourcing\n--they asked about on-call"
    refused(shell.run("interviews", "note", "acme", " "), "the note is empty")


def test_an_empty_list_says_how_to_begin(shell: Shell) -> None:
    assert "interviews add" in shell.run("interviews", "list").out
    assert shell.run("interviews", "list", "--json").out == "[]\n"
    assert shell.run("interviews", "export").out == ""


def test_an_action_is_needed(shell: Shell) -> None:
    refused(shell.run("interviews"), "ACTION")
