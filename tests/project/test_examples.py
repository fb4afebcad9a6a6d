"""The page with one draft of each kind is the one that the templates give."""

from agent.policy.verdict import DraftKind
from tests.project.examples import DOCUMENT, SCENES, drafts, page


def test_the_page_is_the_one_that_the_templates_give() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "run `make examples`"


def test_it_has_every_kind_in_each_language() -> None:
    for scene in SCENES:
        assert [draft.kind for draft in drafts(scene)] == list(DraftKind)
