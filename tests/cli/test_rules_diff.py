"""`rules diff` over a ledger: what an edit would change, told before anybody lives with it. Nothing is ever written."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.demo.moments import office_moment
from agent.demo.search import demo_interviews, demo_messages
from agent.mailbox import FolderRole
from tests.cli.shell import Shell, configure, read_mail, refused
from tests.journeys import search
from tests.letters import letter

SHIPPED = Path(__file__).parents[2] / "rules"
CANOE = """
language: en
label: rejection
rules:
  - id: canoe
    says: they say no in a word of the house
    confidence: 0.9
    any: ['\\bthe canoe goes without you\\b']
    matches: [The canoe goes without you.]
    not: [We hope to hear from you.]
"""
GREEDY = """
language: en
label: rejection
rules:
  - id: greedy
    says: takes every word of thanks for a rejection
    confidence: 0.95
    whole: true
    any: ['\\bthank you for applying\\b']
    matches: [Thank you for applying.]
    not: [We hope to hear from you.]
"""


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def read_once(now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched")
    canoe = letter(
        message_id="<canoe@cedar.example>",
        at=now - timedelta(hours=2),
        sender="Tom Okafor <tom@cedar.example>",
        subject="Platform Engineer",
        body="Dear Robin,\n\nThe canoe goes without you.\n\nTom\n",
    )
    mail = [*search.messages(now), (FolderRole.INBOX, now - timedelta(hours=2), canoe)]
    read_mail(configure(folder), mail, now=now, tracked=search.INTERVIEWS)
    return folder / "state"


@pytest.fixture(scope="module")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    moment = office_moment(datetime.now(UTC))
    mail = [(each.folder, each.received_at, each.raw) for each in demo_messages(moment)]
    read_mail(configure(folder), mail, now=moment, tracked=demo_interviews(moment))
    return folder / "state"


@pytest.fixture
def searched(shell: Shell, read_once: Path) -> Shell:
    """Give a shell with the small search, and one casual word of Cedar's that no rule reads."""
    shutil.copytree(read_once, shell.state)
    return shell


@pytest.fixture
def demo(shell: Shell, demo_once: Path) -> Shell:
    """Give a shell in which the demo's mail is read."""
    shutil.copytree(demo_once, shell.state)
    return shell


def edit(shell: Shell, name: str, text: str, *, folder: str = "mine") -> str:
    """Write one file of a rules folder; return the folder."""
    path = shell.folder / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def diff(shell: Shell, *words: str) -> Any:
    done = shell.run("rules", "diff", "--json", *words)
    assert done.status == 0, done.err
    return done.json


def only(found: Any, interview: str) -> Any:
    return next(each for each in found["interviews"] if each["id"] == interview)


# Nothing changes


@pytest.mark.parametrize("words", [(), ("--rules", "mine"), ("--policy", "default"), ("--rules", "mine", "--policy", "default")])
def test_the_rules_in_force_change_nothing(searched: Shell, words: tuple[str, ...]) -> None:
    (searched.folder / "mine").mkdir()

    done = searched.run("rules", "diff", *words)

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == "Nothing would change: 5 messages compared."


@pytest.mark.parametrize("words", [(), ("--rules", "mine")])
def test_the_rules_in_force_change_nothing_of_the_demos_mail(demo: Shell, words: tuple[str, ...]) -> None:
    (demo.folder / "mine").mkdir()

    found = diff(demo, *words)

    assert (found["interviews"], found["elsewhere"]) == ([], [])
    assert found["messages"] > 50


def test_a_copy_of_all_shipped_rules_changes_nothing(searched: Shell) -> None:
    shutil.copytree(SHIPPED, searched.folder / "mine")

    assert diff(searched, "--rules", "mine")["interviews"] == []


def test_mail_whose_text_is_not_kept_is_counted_and_not_compared(searched: Shell) -> None:
    found = diff(searched)

    assert (found["messages"], found["not_kept"]) == (5, 1)
    assert "1 message of mere noise (alerts, newsletters) could not be read again" in searched.run("rules", "diff").out


def test_it_writes_nothing(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", GREEDY)
    before = seen(searched)

    assert diff(searched, "--rules", "mine")["interviews"]

    assert seen(searched) == before


def seen(shell: Shell) -> tuple[object, object]:
    """Return what the user sees, without the moments of looking."""
    why = shell.run("why", "cedar-platform", "--json").json
    return shell.run("status", "--json").json["interviews"], {key: why[key] for key in why if key != "forecast_at"}


# Rules of reading


def test_a_new_rule_shows_what_it_reads_and_what_follows(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", CANOE)

    found = diff(searched, "--rules", "mine")

    assert [each["id"] for each in found["interviews"]] == ["cedar-platform"]
    cedar = only(found, "cedar-platform")
    assert (cedar["status"]["before"]["status"], cedar["status"]["after"]["status"]) == ("applied", "rejected")
    assert cedar["status"]["cause"] == {
        "message_id": "<canoe@cedar.example>",
        "label": "rejection",
        "quote": "The canoe goes without you.",
        "rule": "en.rejection.canoe",
        "gone": False,
    }
    (message,) = cedar["messages"]
    assert (message["message_id"], message["subject"], message["after"]["label"]) == (
        "<canoe@cedar.example>",
        "Platform Engineer",
        "rejection",
    )
    assert message["before"]["label"] != "rejection"
    (draft,) = [each for each in cedar["drafts"] if each["kind"] == "reply_rejection"]
    assert (draft["change"], draft["in_drafts"], draft["before"], draft["after"]["to"]) == (
        "due",
        False,
        None,
        ["tom@cedar.example"],
    )
    assert "A9" in draft["after"]["requirements"]


def test_it_is_told_in_words_by_interview(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", CANOE)

    lines = searched.run("rules", "diff", "--rules", "mine").out.splitlines()

    assert lines[0] == "Platform Engineer at Cedar Mutual (cedar-platform)"
    assert lines[1] == "  status: applied → rejected; turn: them → none"
    assert lines[2] == "    read as rejection: “The canoe goes without you.” [en.rejection.canoe]"
    assert "  reply_rejection to tom@cedar.example: nothing → drafted" in lines
    assert lines[-2].startswith("Would change: 1 status, 1 message, ")


def test_a_rule_that_is_taken_away_shows_what_is_read_no_more(searched: Shell) -> None:
    """The rule in force reads the word; the edited copy, an empty folder, does not."""
    searched.configure(more=f'[rules]\nfolder = "{searched.folder / "inforce"}"')
    edit(searched, "signals/en/mine.yaml", CANOE, folder="inforce")
    (searched.folder / "mine").mkdir()

    cedar = only(diff(searched, "--rules", "mine"), "cedar-platform")

    assert (cedar["status"]["before"]["status"], cedar["status"]["after"]["status"]) == ("rejected", "applied")
    assert (cedar["status"]["cause"]["gone"], cedar["status"]["cause"]["quote"]) == (True, "The canoe goes without you.")
    assert [each["change"] for each in cedar["drafts"] if each["kind"] == "reply_rejection"] == ["not_due"]


def test_without_arguments_the_rules_on_disk_are_held_against_what_was_read(searched: Shell) -> None:
    searched.configure(more=f'[rules]\nfolder = "{searched.folder / "inforce"}"')
    edit(searched, "signals/en/mine.yaml", CANOE, folder="inforce")

    found = diff(searched)

    assert found["rules"]["before"]["recorded"] is True
    assert only(found, "cedar-platform")["status"]["after"]["status"] == "rejected"
    assert searched.run("status", "--json").json["interviews"][2]["status"] == "applied"


def test_a_draft_that_lies_in_drafts_and_that_the_news_overtakes_would_be_taken_back(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", GREEDY.replace("thank you for applying", "to an interview for the"))

    acme = only(diff(searched, "--rules", "mine"), "acme-backend")

    assert acme["status"]["after"]["status"] == "rejected"
    assert [(each["kind"], each["to"]) for each in acme["withdrawn"]] == [("reply_invitation", ["dana@acme.example"])]
    (lying,) = [each for each in acme["drafts"] if each["kind"] == "reply_invitation"]
    assert (lying["in_drafts"], lying["change"], lying["after"]) == (True, "not_due", None)


def test_a_forged_mail_stays_a_question_under_other_rules(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", GREEDY.replace("thank you for applying", "regret to inform you"))

    found = diff(searched, "--rules", "mine")

    assert found["interviews"] == []


def test_what_the_user_set_by_hand_stands(searched: Shell) -> None:
    searched.run("interviews", "edit", "cedar-platform", "--status", "withdrawn")
    edit(searched, "signals/en/mine.yaml", CANOE)

    cedar = only(diff(searched, "--rules", "mine"), "cedar-platform")

    assert cedar["status"] is None
    assert [each["message_id"] for each in cedar["messages"]] == ["<canoe@cedar.example>"]


def test_an_interview_can_be_looked_at_alone(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", CANOE)

    assert [each["id"] for each in diff(searched, "--rules", "mine", "--interview", "cedar-platform")["interviews"]] == [
        "cedar-platform"
    ]
    assert diff(searched, "--rules", "mine", "--interview", "acme-backend")["interviews"] == []
    refused(searched.run("rules", "diff", "--interview", "acme"), "no interview 'acme' is tracked", "acme-backend")


def test_a_greedy_rule_is_seen_over_the_demos_mail(demo: Shell) -> None:
    """Taken for a rejection, every invitation would end what is open."""
    edit(demo, "signals/en/mine.yaml", GREEDY.replace("thank you for applying", "would like to invite you to an interview"))

    coppice = only(diff(demo, "--rules", "mine"), "coppice-backend")

    assert (coppice["status"]["before"]["status"], coppice["status"]["after"]["status"]) == ("scheduled", "rejected")
    assert coppice["status"]["cause"]["rule"] == "en.rejection.greedy"
    assert "not_planned" in {each["change"] for each in coppice["drafts"]}


def test_rules_taken_away_show_the_demos_rejection_that_is_read_no_more(demo: Shell) -> None:
    text = (SHIPPED / "signals" / "en" / "rejection.yaml").read_text(encoding="utf-8")
    first, last = text.index("  - id: "), text.rindex("  - id: ")
    edit(demo, "signals/en/rejection.yaml", text[:first] + text[last:])

    found = diff(demo, "--rules", "mine")

    every = [*found["elsewhere"], *(message for each in found["interviews"] for message in each["messages"])]
    (message,) = [each for each in every if each["from"] == "gwen.parry@marlowkite.example"]
    assert (message["before"]["label"], message["before"]["quote"]) == (
        "rejection",
        "We regret to inform you that we will not be proceeding with your application for Platform Engineer, Build Systems.",
    )
    assert message["after"]["label"] != "rejection"


# Policies


def later_checks(text: str) -> str:
    """Return a policy with the status check after ten business days and the final note after ten days."""
    assert "after: 7 business days" in text
    return text.replace("after: 7 business days", "after: 10 business days").replace("after: 7 days", "after: 10 days")


def test_an_edited_policy_moves_what_is_planned(demo: Shell) -> None:
    edit(demo, "policies/default.yaml", later_checks((SHIPPED / "policies" / "default.yaml").read_text(encoding="utf-8")))

    found = diff(demo, "--rules", "mine")

    assert all(each["status"] is None and each["messages"] == [] for each in found["interviews"])
    (check,) = [each for each in only(found, "coppice-backend")["drafts"] if each["kind"] == "status_check"]
    assert check["change"] == "moved"
    before, after = (datetime.fromisoformat(check[side]["due_at"]) for side in ("before", "after"))
    assert timedelta(days=3) <= after - before <= timedelta(days=8)
    assert "planned for" in demo.run("rules", "diff", "--rules", "mine", "--interview", "coppice-backend").out


def test_another_preset_shows_what_it_would_draft_instead(demo: Shell) -> None:
    found = diff(demo, "--policy", "close-the-loop")

    assert found["rules"]["after"]["policy"] == "close-the-loop"
    changes = {(each["kind"], each["change"]) for each in only(found, "coppice-backend")["drafts"]}
    assert {("status_check", "not_planned"), ("call_sheet", "planned")} <= changes


def test_an_unknown_preset_is_wrong_usage(searched: Shell) -> None:
    refused(searched.run("rules", "diff", "--policy", "bold"), "there is no policy `bold`", "default")


# Texts


def test_an_edited_template_shows_the_lines_that_change(searched: Shell) -> None:
    shipped = SHIPPED / "templates" / "en" / "reply_rejection.yaml"
    edited = shipped.read_text(encoding="utf-8").replace("application", "submission").replace("your openness", "your plain words")
    edit(searched, "templates/en/reply_rejection.yaml", edited)

    birch = only(diff(searched, "--rules", "mine"), "birch-data")

    assert (birch["status"], birch["messages"], birch["drafts"]) == (None, [], [])
    (changed,) = birch["texts"]
    assert (changed["kind"], changed["to"]) == ("reply_rejection", ["ines@birch.example"])
    assert any(word in changed["after"]["body"] for word in ("submission", "plain words"))
    out = searched.run("rules", "diff", "--rules", "mine").out
    assert "  reply_rejection to ines@birch.example: would be worded differently\n    - " in out
    assert "\nWould change: 1 text; 5 messages compared." in out


# What is wrong


def test_a_broken_file_is_told_with_its_place(searched: Shell) -> None:
    edit(searched, "signals/en/mine.yaml", CANOE.replace("confidence: 0.9", "confidence: 9"))
    refused(searched.run("rules", "diff", "--rules", "mine"), "mine/signals/en/mine.yaml:7", "confidence")

    edit(searched, "signals/en/mine.yaml", CANOE)
    edit(searched, "policies/default.yaml", "about: nothing\n")
    refused(searched.run("rules", "diff", "--rules", "mine"), "mine/policies/default.yaml")


def test_a_folder_that_is_not_there_is_wrong_usage(searched: Shell) -> None:
    refused(searched.run("rules", "diff", "--rules", "yours"), "--rules yours: there is no such folder")


def test_an_empty_ledger_has_nothing_to_change(shell: Shell) -> None:
    assert shell.run("rules", "diff").out == "Nothing would change: 0 messages compared.\n"
