"""A pass over a line that breaks leaves what an undisturbed pass leaves (a sample; `make soak-cuts` tries every octet)."""

from argparse import Namespace

import pytest

from agent.interviews import EventKind
from agent.plan.intention import DraftState
from bench.cuts import Rig, Tally, rig, spots
from tests.daemon.scene import FIXES
from tests.journeys.cut_scene import differences
from tests.journeys.drafts_scene import MINUTE, Scene, invited
from tests.tls_proxy import Toward


def tried(made: Rig, count: int, **what: int) -> Tally:
    """Try about so many cuts in each direction, and what else is named; return what was found."""
    tally = Tally()
    for toward, last in ((Toward.SERVER, made.to_server), (Toward.CLIENT, made.to_client)):
        asked = {"toward": toward, "begin": last // count, "to": 0, "every": last // count, "seed": 0, "stalls": 0, "unasked": 0}
        for spot in spots(made, Namespace(**asked | what)):
            made.at(spot, tally)
    return tally


@pytest.mark.parametrize(
    ("server", "count", "what"),
    [
        pytest.param("dovecot", 8, {}, marks=pytest.mark.dovecot),
        pytest.param("dovecot", 2, {"stalls": 1, "unasked": 3}, marks=pytest.mark.dovecot),
        pytest.param("poor", 3, {}, marks=pytest.mark.dovecot),
        pytest.param("cyrus", 3, {}, marks=pytest.mark.cyrus),
    ],
)
def test_a_line_that_breaks_loses_nothing_and_doubles_nothing(server: str, count: int, what: dict[str, int]) -> None:
    with rig(server) as made:
        found = tried(made, count, **what)

    assert found.faults == []
    assert found.tried.total() >= 2 * count - 2
    assert found.broke_off.total() > 0


@pytest.mark.dovecot
def test_what_is_lost_or_doubled_in_drafts_would_be_seen() -> None:
    with rig("dovecot") as made:
        (draft, *_) = made.expected["Drafts"]
        expected = {place: counted.copy() for place, counted in made.expected.items()}
        expected["Drafts"][draft] += 1

        assert differences(made.expected, expected) == [f"lost from Drafts: {draft[:300]}"]
        assert differences(expected, made.expected) == [f"too much in Drafts: {draft[:300]}"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_draft_that_the_agent_took_out_is_not_told_as_deleted_by_the_user(scene: Scene, moment: str) -> None:
    invited(scene)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")

    scene.killed(moment, "remove_draft")
    for _ in range(3):
        scene.run(11 * MINUTE)

    assert scene.draft().state is DraftState.WITHDRAWN
    assert scene.draft().missing_since is None
    assert (scene.told(EventKind.DRAFT_WITHDRAWN), scene.told(EventKind.DRAFT_DELETED)) == (1, 0)
    assert len(scene.drafts()) == 3
