"""The harness that holds presets to their guides, the sealed searches themselves, and the figures that must not fall."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from agent.daemon.replaying import Played
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import DraftKind
from bench.following import Following, judge, play, together
from bench.guides import show
from tests.guides.expected import PRESETS, Guided, guided, read_guided

FLOOR = {
    "status-guide": (35, 0),
    "two-touch": (23, 0),
    "brief": (9, 0),
    "step-by-step": (50, 0),
    "close-the-loop": (30, 0),
    "default": (36, 0),
}
"""Preset → demanded drafts that must be met at least, and forbidden ones that there may be at most: what was measured last."""

REQUIREMENTS = {"A": 15, "B": 11, "C": 6, "D": 11, "E": 7}
"""Guide → how many numbered requirements it has."""
NOT_IN_MAIL = {
    "C6": "never automated",
    "D8": "moving on is said to the user, not written to the employer",
    "D11": "the user's choice",
}
DEFAULT = ("B1", "D2", "E2", "B3", "E1", "A2", "B4", "B7", "B8", "E6", "D6", "A9", "D10", "A3", "B9")
"""What the preset `default` is made of, as far as it shows in mail."""

INTERVIEWS = """
- id: acme
  company: Acme
  domains: [acme.example]
  role: Analyst
  timezone: Europe/London
  contacts:
    - {name: Dana Cole, email: dana@acme.example, role: hiring_manager}
    - {name: Sam Reed, email: sam@acme.example, role: interviewer}
  rounds:
    - {at: 2026-03-03T10:00+00:00, minutes: 60, with: [dana@acme.example, sam@acme.example]}
"""
MAIL = """Me: Kim Ray <kim@mailbox.example>
Zone: Europe/Berlin
Phone: +44 7700 900999
As of: 2026-04-03 12:00
Path acme: applied invited scheduled awaiting

#1 2026-02-24 10:00 acme
From: Dana Cole <dana@acme.example>
Subject: Interview

Could you come on Tuesday 3 March at 10:00?

#2 2026-02-25 10:00 -
From: Shop <news@shop.example>
Subject: Sale
X-Folder: junk

All must go.
"""
EXPECTED = """
interviews:
  acme:
    demands:
      - {requirement: B1, kind: thank_you, to: dana@acme.example, from: 2026-03-03 11:00, until: 2026-03-04 11:00,
         text: [{requirement: B2, holds: [Dana, dbt], lacks: decision, lines: 2}, {requirement: B5, thread: 1}]}
      - {requirement: B4, kind: [status_check, timeline_request], to: dana@acme.example, from: 2026-03-10, until: 2026-03-12}
    forbids:
      - {requirement: B4, kind: follow_up, until: 2026-03-09, why: too early}
      - {requirement: B9, kind: follow_up, but: [dana@acme.example], why: one contact}
      - {requirement: B8, kind: follow_up, more_than: 2, why: two attempts}
      - {requirement: B7, kind: follow_up, more_than: 1, days: 7, why: a week between}
throughout:
  - {requirement: B11, kind: before_offer, lacks: salary}
  - {requirement: B2, kind: thank_you, distinct: true}
"""


@pytest.fixture
def acme(tmp_path: Path) -> Guided:
    folder = tmp_path / "two-touch" / "acme"
    folder.mkdir(parents=True)
    (folder / "interviews.yaml").write_text(INTERVIEWS, encoding="utf-8")
    (folder / "mail.txt").write_text(MAIL, encoding="utf-8")
    (folder / "expected.yaml").write_text(EXPECTED, encoding="utf-8")
    return read_guided(folder)


def draft(kind: str, day: str, **changes: object) -> DraftRecord:
    at = datetime.fromisoformat(f"2026-{day}").replace(tzinfo=UTC)
    given: dict[str, object] = {
        "interview": "acme",
        "kind": DraftKind(kind),
        "occasion": day,
        "message_id": f"<{kind}.{day}@agent.example>",
        "state": DraftState.QUEUED,
        "decided_at": at,
        "queued_at": at,
        "rule": "planted",
        "requirements": ("B1",),
        "reason": "",
        "to": ("dana@acme.example",),
        "subject": "Hello",
        "body": "Dear Dana,\n\nthank you. The move to dbt is good.\n\nBest,\nKim Ray\n",
        "in_reply_to": "<acme.1@acme.example>",
        "references": (),
        "raw": b"",
    }
    return DraftRecord(**{**given, **changes})  # type: ignore[arg-type]


THANKS = draft("thank_you", "03-03T15:00")
CHECK = draft("status_check", "03-11T09:00", body="Dear Dana,\n\nis there news?\n")


def judged(search: Guided, *drafts: DraftRecord) -> Following:
    return judge(search, Played(candidacies=(), drafts=drafts, held=(), reviews=()))


def told(found: Following) -> list[tuple[str, str]]:
    return [(miss.what, miss.happened.partition(",")[0].partition(";")[0]) for miss in found.misses]


def test_the_format_is_read(acme: Guided) -> None:
    assert acme.name == "two-touch/acme"
    assert (acme.me, acme.phone) == ("kim@mailbox.example", "+44 7700 900999")
    assert [mail.role.value for mail in acme.played()] == ["inbox", "junk"]
    thanks, check = acme.demands
    assert (thanks.begins.astimezone(UTC).isoformat(), thanks.to) == ("2026-03-03T11:00:00+00:00", ("dana@acme.example",))
    assert (check.begins.isoformat(), check.ends.isoformat()) == ("2026-03-10T00:00:00+00:00", "2026-03-13T00:00:00+00:00")


def test_drafts_as_the_guide_wants_them_leave_nothing_to_say(acme: Guided) -> None:
    found = judged(acme, THANKS, CHECK)

    assert (found.demanded["all"], found.met["all"], found.texts_met["all"], found.misses) == (2, 2, 2, ())
    assert (found.share, found.bans["all"], found.violated["all"]) == (1.0, 6, 0)


@pytest.mark.parametrize(
    ("planted", "happened"),
    [
        ([], "absent"),
        ([draft("thank_you", "03-05T10:00")], "too late: Thu 05 Mar 10:00"),
        ([draft("thank_you", "03-03T10:30")], "too early: Tue 03 Mar 10:30"),
        ([draft("thank_you", "03-03T15:00", to=("sam@acme.example",))], "wrong recipient: sam@acme.example"),
    ],
)
def test_a_planted_miss_is_found(acme: Guided, planted: list[DraftRecord], happened: str) -> None:
    assert told(judged(acme, CHECK, *planted))[0] == ("demanded", happened)


@pytest.mark.parametrize(
    "planted",
    [
        [draft("status_check", "03-09T23:00")],
        [CHECK, draft("final_note", "03-20T10:00", to=("sam@acme.example",))],
        [CHECK, draft("final_note", "03-17T10:00")],
        [CHECK, draft("final_note", "03-18T10:00"), draft("close_loop", "03-25T10:00")],
        [draft("reply_invitation", "02-24T11:00", body="What is the salary?")],
        [draft("thank_you", "03-03T16:00", to=("sam@acme.example",))],
    ],
    ids=["too early", "to another", "within a week", "a third", "word", "a copy"],
)
def test_a_planted_violation_is_found(acme: Guided, planted: list[DraftRecord]) -> None:
    found = judged(acme, THANKS, *planted)

    assert found.violated["all"] == 1
    assert [what for what, _ in told(found)].count("forbidden") == 1


def test_what_the_guide_wants_in_the_text_is_looked_for(acme: Guided) -> None:
    long = f"Dear Dana,\n\nThank you. It was {'very ' * 40}good. It was long. No decision?\n"

    found = judged(acme, draft("thank_you", "03-03T15:00", body=long, in_reply_to=None), CHECK)

    assert [what for what, _ in told(found)] == ["text"] * 4
    assert (found.texts["all"], found.texts_met["all"]) == (2, 0)


def test_two_drafts_for_one_occasion_are_found_and_a_withdrawn_one_is_none(acme: Guided) -> None:
    again = draft("status_check", "03-12T09:00")
    gone = draft("status_check", "03-12T09:00", state=DraftState.WITHDRAWN)

    assert judged(acme, THANKS, CHECK, again).doubles == 1
    assert judged(acme, THANKS, CHECK, gone).doubles == 0


def test_a_draft_that_names_no_requirement_of_the_guide_is_found(acme: Guided) -> None:
    assert judged(acme, THANKS, CHECK, draft("debrief", "03-03T12:00", requirements=("D1",))).foreign == 1


def test_a_word_that_is_no_key_is_refused(acme: Guided, tmp_path: Path) -> None:
    folder = tmp_path / "two-touch" / acme.search.name
    (folder / "expected.yaml").write_text(EXPECTED.replace("until:", "till:", 1), encoding="utf-8")

    with pytest.raises(ValueError, match="`till` is no key here"):
        read_guided(folder)


def test_a_requirement_of_another_guide_is_refused(acme: Guided, tmp_path: Path) -> None:
    folder = tmp_path / "two-touch" / acme.search.name
    (folder / "expected.yaml").write_text(EXPECTED.replace("requirement: B4", "requirement: A2", 1), encoding="utf-8")

    with pytest.raises(ValueError, match="A2 is of another guide"):
        read_guided(folder)


SEARCHES = {search.name: search for search in guided()}


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_has_two_searches(preset: str) -> None:
    mine = [search for search in SEARCHES.values() if search.preset == preset]

    assert len(mine) == 2
    for each in mine:
        assert 4 <= len(each.search.interviews) <= 7
        assert 18 <= len(each.search.items) <= 40


@pytest.mark.parametrize("preset", PRESETS)
def test_every_requirement_that_shows_in_mail_is_demanded_or_forbidden_somewhere(preset: str) -> None:
    letter = PRESETS[preset]
    numbered = set(DEFAULT) if preset == "default" else {f"{letter}{each + 1}" for each in range(REQUIREMENTS[letter])}
    mine = [search for search in SEARCHES.values() if search.preset == preset]
    named = [demand.requirements for search in mine for demand in search.demands]
    named += [text.requirements for search in mine for demand in search.demands for text in demand.texts]
    named += [rule.requirements for search in mine for rule in search.forbidden]
    named += [rule.requirements for search in mine for rule in search.throughout]

    assert numbered - {ident for idents in named for ident in idents} - NOT_IN_MAIL.keys() == set()


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_nothing_that_is_demanded_is_forbidden(search: Guided) -> None:
    for demand in search.demands:
        at = demand.begins + (demand.ends - demand.begins) / 2
        planted = draft(
            min(demand.kinds),
            "01-01T00:00",
            interview=demand.interview,
            to=demand.to[:1],
            queued_at=at,
            body="",
            in_reply_to=None,
        )

        found = judge(search, Played(candidacies=(), drafts=(planted,), held=(), reviews=()))

        assert [miss for miss in found.misses if miss.what == "forbidden"] == []


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_the_addresses_of_a_search_are_known(search: Guided) -> None:
    known = {contact.email for each in search.search.interviews for contact in each.contacts} | {search.me}
    known |= {part.strip(" <>").lower() for item in search.search.items for part in item.sender.split("<")}

    for demand in search.demands:
        assert set(demand.to) <= known
    for rule in search.forbidden:
        assert {*rule.to, *rule.but} <= known


@cache
def _following(preset: str) -> Following:
    return together(judge(search, play(search)) for search in SEARCHES.values() if search.preset == preset)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_follows_its_guide_no_worse_than_before(preset: str) -> None:
    met, violated = FLOOR[preset]

    found = _following(preset)

    assert found.met["all"] >= met, [miss.expected for miss in found.misses if miss.what == "demanded"]
    assert found.violated["all"] <= violated, [miss.happened for miss in found.misses if miss.what == "forbidden"]
    assert found.doubles == 0


def test_the_tables_and_each_miss_are_printed(acme: Guided, capsys: pytest.CaptureFixture[str]) -> None:
    show({"two-touch": judged(acme, CHECK)})

    printed = capsys.readouterr().out
    assert "B4" in printed
    assert "two-touch/acme acme: demanded (B1): thank_you to dana@acme.example, Tue 03 Mar 11:00" in printed
