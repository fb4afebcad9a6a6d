import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent.interviews.status import Status
from agent.policy import DraftKind
from agent.policy.office_hours import Duration, Unit
from agent.policy.policy import Anchor, Forbid, Limit, Rule
from agent.rulebook import RulesRefused
from agent.rulebook.layers import shipped_rules
from agent.rulebook.policies import load_policy
from agent.signals.reading import Label
from tests.policy.jobsearch import Search, at

SHIPPED = (shipped_rules() / "policies" / "default.yaml").read_text(encoding="utf-8")


def own(folder: Path, text: str, name: str = "mine") -> Path:
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(RulesRefused) as refused:
        load_policy("mine", own(folder, text))
    return str(refused.value)


def changed(old: str, new: str) -> str:
    assert SHIPPED.count(old) == 1
    return SHIPPED.replace(old, new)


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def test_the_default_covers_its_kinds_and_suggests_moving_on() -> None:
    policy = load_policy("default", None)
    assert {rule.draft for rule in policy.rules if rule.draft} == {
        DraftKind.THANK_YOU,
        DraftKind.STATUS_CHECK,
        DraftKind.FINAL_NOTE,
        DraftKind.REPLY_REJECTION,
        DraftKind.REPLY_INVITATION,
        DraftKind.OFFER_THANKS,
        DraftKind.OFFER_ACCEPT,
        DraftKind.OFFER_CLARIFY,
        DraftKind.OFFER_DECLINE,
        DraftKind.DEBRIEF,
        DraftKind.SEND_MATERIAL,
        DraftKind.REPLY_RESCHEDULE,
        DraftKind.REPLY_INFO_REQUEST,
        DraftKind.REPLY_HOLD,
        DraftKind.WITHDRAW,
        DraftKind.REFERRER_UPDATE,
    }
    assert [rule.suggest for rule in policy.rules if rule.suggest] == [Status.MOVED_ON]
    thank_you = policy.rules[0]
    assert (thank_you.anchor, thank_you.after, thank_you.until) == (
        Anchor.EACH_INTERVIEW,
        Duration(amount=2, unit=Unit.HOUR),
        Duration(amount=24, unit=Unit.HOUR),
    )


def test_every_entry_cites_requirements_that_stand_in_the_default() -> None:
    policy = load_policy("default", None)
    entries: list[Rule | Limit | Forbid] = [*policy.rules, *policy.limits, *policy.forbids]
    cited = {each for entry in entries for each in entry.requires}
    assert {"B1", "D2", "E2", "B3", "E1", "A2", "B4", "B7", "A5", "B8", "D8", "E6", "D6", "A9", "D10", "A3", "B9"} <= cited


def test_an_unknown_preset_names_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(
        RulesRefused, match=r"there is no policy `defualt`; choose one of: brief, close-the-loop, default, mine, "
    ):
        load_policy("defualt", own(tmp_path, SHIPPED))


def test_a_users_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    own(tmp_path, changed("after: 7 business days", "after: 5 business days"), "default")
    rules = {rule.id: rule for rule in load_policy("default", tmp_path).rules}
    assert rules["status-check"].after == Duration(amount=5, unit=Unit.BUSINESS_DAY)


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        (
            "    after: 2 hours\n    until: 24",
            "    after: soon\n    until: 24",
            "after: soon",
            r"this is no duration; write for example `2 hours`",
        ),
        ("    draft: thank_you", "    draft: thankyou", "draft: thankyou", r"`rules.thank-you.draft`"),
        (
            "    once: true                              # never",
            "    onse: true                              # never",
            "onse: true",
            r"`rules.reply-to-rejection.onse` is not a known key",
        ),
        ("    anchor: promised date", "    anchor: promise", "anchor: promise ", r"`rules.status-check-after-promise.anchor`"),
        (
            "{company} declined on {day}",
            "{firm} declined",
            "{firm} declined",
            r"`\{firm\}` is not known here; known are company, day",
        ),
        ("{address} takes no mail", "{address.email} takes", "{address.email}", r"is not known here"),
        ("{address} is away", "{address is away", "{address is away", r"a brace is open or closed alone"),
        ('opens: "09:00"', 'opens: "9"', 'opens: "9"', r"this is no time of day"),
        ('closes: "17:00"', 'closes: "08:00"', "business_hours: {", r"`closes` has to be later than `opens`"),
        ("closed: []", "closed: [28.12.2026]", "closed: [28", r"this is no day; write it as 2026-12-28"),
        ("requires: [A1, B1, B2, D2, E2]", "requires: []", "requires: []", r"at least 1 item"),
        ("unanswered: 2 or more", "unanswered: some", "unanswered: some", r"this is no number of messages"),
    ],
)
def test_mistakes_name_place_and_remedy(tmp_path: Path, old: str, new: str, place: str, what: str) -> None:
    text = changed(old, new)
    told = refusal(tmp_path, text)
    assert re.search(what, told), told
    assert told.startswith(f"{tmp_path / 'policies' / 'mine.yaml'}:{line_of(text, place)}:"), told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    draft: final_note\n", "    draft: final_note\n    suggest: moved_on\n", r"either `draft` or `suggest`"),
        ("    says: [rejection]\n", "", r"`says` belongs to the anchors"),
        ("    says: [rejection]\n", "    says: [sent_other]\n", r"sent_other is a label of your own mail"),
        (
            "    anchor: each interview                  # counts",
            "    restarted_by: [hold]\n    anchor: each interview                  # counts",
            r"only the anchor `last interview` can be started anew",
        ),
        ("    lasts: 14 days ", "    # no duration ", r"the check `on hold` needs a duration"),
        ("    unless: [written] ", "    unless: [thanked] ", r"`thanked` belongs to the anchor `each interview`"),
    ],
)
def test_what_makes_no_sense_together_is_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    told = refusal(tmp_path, changed(old, new))
    assert re.search(what, told), told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        changed("    after: 2 hours\n    until: 24", "    after: soon\n    until: 24").replace(
            "    once: true                              # never", "    onse: true                              # never"
        ),
    )
    assert len(told.splitlines()) == 2


WEEKLY = """
about: Once a week, at most four times, then one closing message and the end.
business_hours: {opens: "08:00", closes: "18:00"}
closed: [2026-12-28]
never_write_to: ["no-reply@*"]
no_answer: [auto_reply, bounce, alert]
rules:
  debrief-check:
    draft: timeline_request
    anchor: last interview
    after: 7 days
    until: 14 days
    when: {status: [awaiting], unanswered: 0}
    to: [hiring manager, primary contact]
    thread: invitation
    requires: [D4]
    reason: A week has passed since {day}.
  weekly-check:
    draft: status_check
    anchor: last follow-up
    after: 7 days
    when: {status: [awaiting], unanswered: 1 to 3}
    to: [primary contact]
    thread: follow-up
    requires: [E4]
    reason: Another week has passed since {day}.
  closing-message:
    draft: close_loop
    anchor: last follow-up
    after: 7 days
    when: {status: [awaiting], unanswered: 4}
    once: true
    to: [primary contact]
    thread: follow-up
    requires: [E5]
    reason: Four messages went unanswered, the last of {day}.
  delay:
    draft: reply_hold
    anchor: last message
    says: [hold]
    after: at once
    until: 1 business day
    unless: [answered]
    to: [sender]
    requires: [A10]
    reason: "{name} wrote of a delay on {day}."
limits:
  in-all:
    at_most: 5
    requires: [E4, E5]
    reason: "{count} messages are enough."
forbids: {}
"""


def test_another_guide_fits_the_same_grammar(tmp_path: Path) -> None:
    search = Search(policy=load_policy("mine", own(tmp_path, WEEKLY)))
    search.held_interview(at("2026-03-02 14:00"))
    asked: list[tuple[str, DraftKind]] = []
    for week in range(1, 9):
        now = at("2026-03-02 16:00") + timedelta(days=7 * week)  # by the clock on the wall
        for due in search.assess(now).due:
            asked.append((due.rule, due.kind))
            search.drafted(now, due)
            search.mine(now, Label.SENT_FOLLOW_UP)
    assert asked == [
        ("debrief-check", DraftKind.TIMELINE_REQUEST),
        ("weekly-check", DraftKind.STATUS_CHECK),
        ("weekly-check", DraftKind.STATUS_CHECK),
        ("weekly-check", DraftKind.STATUS_CHECK),
        ("closing-message", DraftKind.CLOSE_LOOP),
    ]
