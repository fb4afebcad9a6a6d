from datetime import date
from pathlib import Path

import pytest

from agent.policy.office_hours import Duration, Unit
from agent.policy.policy import Forbid, Limit, Policy, Rule
from agent.policy.verdict import DraftKind
from agent.rulebook import RulesRefused
from agent.rulebook.policies import load_policies, load_policy, policy_names
from tests.policy.jobsearch import DEFAULT, PRESETS, interview


def own(folder: Path, **files: str) -> Path:
    (folder / "policies").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "policies" / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return folder


def rules(policy: Policy) -> dict[str, Rule]:
    return {rule.id: rule for rule in policy.rules}


def refusal(folder: Path, name: str = "mine") -> str:
    with pytest.raises(RulesRefused) as refused:
        load_policy(name, folder)
    return str(refused.value)


def test_a_file_names_only_what_it_changes(tmp_path: Path) -> None:
    text = """
extends: default
rules:
  status-check: {after: 5 business days, when: {unanswered: 0 to 1}}
"""
    changed, shipped = rules(load_policy("mine", own(tmp_path, mine=text))), rules(DEFAULT)
    assert changed["status-check"].after == Duration(amount=5, unit=Unit.BUSINESS_DAY)
    assert changed["status-check"].when.unanswered_to == 1
    assert changed["status-check"].when.status == shipped["status-check"].when.status
    assert changed["status-check"].reason == shipped["status-check"].reason
    assert {**changed, "status-check": None} == {**shipped, "status-check": None}


def test_a_list_takes_the_place_of_a_list_and_so_does_every_other_key_at_the_top(tmp_path: Path) -> None:
    text = """
extends: default
closed: [2026-12-28]
no_answer: [alert]
rules: {thank-you: {to: [hiring manager]}}
"""
    policy = load_policy("mine", own(tmp_path, mine=text))
    assert policy.closed == {date(2026, 12, 28)}
    assert policy.no_answer == {"alert"}
    assert [each.value for each in rules(policy)["thank-you"].to] == ["hiring manager"]
    assert policy.never_write_to == DEFAULT.never_write_to


def test_an_entry_is_switched_off_and_so_is_one_key_of_it(tmp_path: Path) -> None:
    text = """
extends: default
rules:
  final-note: off
  thank-you: {until: off}
limits: {two-unanswered: off}
forbids: {draft-waits: off}
"""
    policy = load_policy("mine", own(tmp_path, mine=text))
    assert "final-note" not in rules(policy)
    assert rules(policy)["thank-you"].until is None
    assert [limit.id for limit in policy.limits] == ["one-a-week"]
    assert "draft-waits" not in {forbid.id for forbid in policy.forbids}


def test_an_entry_can_be_added_behind_those_that_are_there(tmp_path: Path) -> None:
    text = """
extends: two-touch
rules:
  ask-again:
    draft: timeline_request
    anchor: last follow-up
    after: 14 days
    to: [primary contact]
    requires: [A4]
    reason: Two weeks have passed since {day}.
"""
    policy = load_policy("mine", own(tmp_path, mine=text))
    assert policy.rules[-1].draft is DraftKind.TIMELINE_REQUEST
    assert policy.rules[:-1] == PRESETS["two-touch"].rules


def test_ones_own_default_lies_over_the_shipped_one_and_under_what_extends_it(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        default="extends: default\nrules: {status-check: {after: 9 business days}}\n",
        mine="extends: default\nrules: {final-note: off}\n",
    )
    nine = Duration(amount=9, unit=Unit.BUSINESS_DAY)
    assert rules(load_policy("default", folder))["status-check"].after == nine
    assert rules(load_policy("mine", folder))["status-check"].after == nine
    assert rules(load_policy("step-by-step", folder))["thank-you"].until == Duration(amount=48, unit=Unit.HOUR)


def test_what_does_not_exist_cannot_be_extended(tmp_path: Path) -> None:
    folder = own(tmp_path, mine="about: Mine.\nextends: defualt\n")
    told = refusal(folder)
    assert told.startswith(f"{folder}/policies/mine.yaml:2:1: there is no policy `defualt` to extend; choose one of: brief, ")


def test_a_circle_is_refused(tmp_path: Path) -> None:
    folder = own(tmp_path, one="extends: two\n", two="extends: one\n", mine="extends: mine\n")
    assert "two.yaml:1:1: `one` extends `two` extends `one` without end" in refusal(folder, "one")
    assert "mine.yaml:1:1: there is no policy `mine` to extend" in refusal(folder, "mine")


def test_a_mistake_is_told_in_the_file_in_which_it_stands(tmp_path: Path) -> None:
    below = "extends: default\nrules:\n  status-check: {after: soon}\n"
    above = "extends: below\nlimits:\n  one-a-week: {at_most: none}\n"
    told = refusal(own(tmp_path, below=below, mine=above)).splitlines()
    assert [line.partition(": ")[0] for line in told] == [
        f"{tmp_path}/policies/below.yaml:3:18",
        f"{tmp_path}/policies/mine.yaml:3:16",
    ]


def test_nonsense_that_comes_of_two_files_is_told_in_the_upper_one(tmp_path: Path) -> None:
    told = refusal(own(tmp_path, mine="extends: default\nrules:\n  debrief: {to: [primary contact]}\n"))
    assert told.startswith(f"{tmp_path}/policies/mine.yaml:3:13: `rules.debrief`: `debrief` and `call_sheet` go to you")


def test_switching_off_what_is_not_there_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    told = refusal(own(tmp_path, mine="extends: default\nrules:\n  fnial-note: off\n"))
    assert told.startswith(f"{tmp_path}/policies/mine.yaml:3:3: `rules.fnial-note` is switched off, and what is extended has")


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("{draft: call_sheet, anchor: last contact, after: 1 day, to: [hiring manager]}", "go to you"),
        ("{draft: thank_you, anchor: last contact, after: 1 day, to: [user]}", "go to you"),
        ("{draft: withdraw, anchor: outcome, after: at once, to: [sender]}", "the anchor `outcome` needs"),
        ("{draft: final_note, anchor: last contact, after: on the day, to: [primary contact]}", "`on the day` belongs to"),
        ("{draft: final_note, anchor: last contact, after: 1 day, to: [each referrer, sender]}", "`each referrer` stands alone"),
        (
            "{draft: debrief, anchor: last contact, after: 1 day, to: [user], early: true, business_hours: true}",
            "do not go together",
        ),
        ("{draft: final_note, anchor: last contact, after: 1 day, to: [primary contact], unless: [decided]}", "`decided` belong"),
        ("{draft: final_note, anchor: last contact, after: 1 day, to: [primary contact], about: [sender]}", "`about` belongs to"),
    ],
)
def test_what_makes_no_sense_together_is_told(tmp_path: Path, rule: str, what: str) -> None:
    text = f"extends: default\nrules:\n  odd: {rule[:-1]}, requires: [A1], reason: Odd.}}\n"
    assert what in refusal(own(tmp_path, mine=text))


def test_a_policy_is_chosen_by_interview(tmp_path: Path) -> None:
    folder = own(tmp_path, broken="extends: default\nrules: {status-check: {after: soon}}\n")
    policies = load_policies("two-touch", folder)
    assert policies.of(interview()).name == "two-touch"
    assert policies.of(interview(policy="brief")).name == "brief"
    assert policies.lacking(interview(policy="brief")) == ""
    assert policies.lacking(interview()) == ""
    assert policies.of(interview(policy="broken")).name == "two-touch"
    assert "acme follows the policy `broken`, which cannot be used" in policies.lacking(interview(policy="broken"))
    assert "broken.yaml:2:24" in policies.lacking(interview(policy="broken"))
    assert policies.of(interview(policy="bref")).name == "two-touch"
    assert policies.lacking(interview(policy="bref")) == (
        "acme follows the policy `bref`, which does not exist; choose one of: "
        "brief, close-the-loop, default, status-guide, step-by-step, two-touch"
    )
    assert "broken" in policy_names(folder)


def test_what_is_wrong_with_the_configured_policy_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(RulesRefused):
        load_policies("broken", own(tmp_path, broken="extends: default\nrules: {status-check: {after: soon}}\n"))


ASKED = {
    "status-guide": {"A1", "A2", "A3", "A4", "A5", "A9", "A10", "A11", "A14", "A15"},
    "two-touch": {"B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"},
    "brief": {"C1", "C2", "C3", "C4", "C5", "C6"},
    "step-by-step": {"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11"},
    "close-the-loop": {"E1", "E2", "E3", "E4", "E5", "E6", "E7"},
}


@pytest.mark.parametrize("preset", sorted(ASKED))
def test_each_preset_cites_what_its_guide_asks_of_a_policy(preset: str) -> None:
    policy = PRESETS[preset]
    entries: list[Rule | Limit | Forbid] = [*policy.rules, *policy.limits, *policy.forbids]
    cited = {each for entry in entries for each in entry.requires}
    assert ASKED[preset] <= cited
