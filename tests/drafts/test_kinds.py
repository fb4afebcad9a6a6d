"""The drafts of all kinds, in every language that ships: each can be made, and none repeats what the employer has read."""

from dataclasses import replace

import pytest

from agent.drafts import Draft, Refused, compose
from agent.drafts.sentences import sentences
from agent.interviews.interview import Contact, ContactRole
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.verdict import DraftKind, Due
from tests.drafts.scene import DANA, INTERVIEW, NOW, USER, candidacy, draft_of, due, letter, message, only, state, templates
from tests.drafts.test_checks import styled

ROBIN = Address(name="Robin Lee", email="robin@home.example")
KIM = Address(name="Kim Berg", email="kim@acme.example")
TO_USER = {DraftKind.DEBRIEF, DraftKind.CALL_SHEET}
CODES = sorted(templates().languages)
STATUS = {
    DraftKind.REPLY_REJECTION: Status.REJECTED,
    **{kind: Status.OFFER for kind in DraftKind if kind.startswith("offer_")},
}


def wanted(kind: DraftKind, number: int = 1) -> Due:
    """Return a follow-up of a kind as the policy names it."""
    if kind in TO_USER:
        return replace(due(kind, to=(ROBIN,), occasion=f"round-{number}:{kind}"), person=DANA)
    if kind is DraftKind.REFERRER_UPDATE:
        return due(kind, to=(KIM,), occasion=f"outcome-offer:{KIM.email}")
    parent = letter(message("x")) if kind.startswith(("reply_", "offer_")) else None
    return due(kind, parent=parent, occasion=f"<{number}@acme.example>")


def made(kind: DraftKind, code: str, *, earlier: tuple[str, ...] = (), number: int = 1) -> Draft | Refused:
    referrer = Contact(name=KIM.name, email=KIM.email, role=ContactRole.REFERRER)
    interview = replace(INTERVIEW, language=code, contacts=(*INTERVIEW.contacts, referrer))
    found = candidacy(interview, at=state(STATUS.get(kind, Status.AWAITING)))
    return compose(wanted(kind, number), found, user=USER, templates=templates(), earlier=earlier, now=NOW)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", list(DraftKind))
def test_every_kind_can_be_drafted(kind: DraftKind, code: str) -> None:
    draft = made(kind, code)
    assert isinstance(draft, Draft), draft
    assert draft.template.startswith(f"{code}/{kind}/")
    assert draft.to[0].email == (
        ROBIN.email if kind in TO_USER else KIM.email if kind is DraftKind.REFERRER_UPDATE else DANA.email
    )
    assert (USER.name in draft.body.splitlines()) is (kind not in TO_USER)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", [kind for kind in DraftKind if kind not in TO_USER])
def test_a_second_draft_of_a_kind_shares_no_sentence_with_the_first(kind: DraftKind, code: str) -> None:
    first = made(kind, code)
    assert isinstance(first, Draft)
    second = made(kind, code, earlier=(first.body,), number=2)
    assert isinstance(second, Draft), second
    assert set(_middle(first, code)).isdisjoint(_middle(second, code))


def _middle(draft: Draft, code: str) -> list[str]:
    """Return the sentences between greeting and signature."""
    return sentences("\n\n".join(draft.body.split("\n\n")[1:-1]), templates().languages[code].forms)


@pytest.mark.parametrize("code", CODES)
def test_the_drafts_of_a_whole_search_share_no_sentence(code: str) -> None:
    bodies: list[str] = []
    said: set[str] = set()
    for kind in (kind for kind in DraftKind if kind not in TO_USER):
        draft = made(kind, code, earlier=tuple(bodies))
        assert isinstance(draft, Draft), (kind, draft)
        mine = set(_middle(draft, code))
        assert not mine & said, kind
        said |= mine
        bodies.append(draft.body)


def test_the_manner_of_wording_that_a_rule_asks_for_is_taken() -> None:
    brief = draft_of(replace(due(DraftKind.STATUS_CHECK), style="brief"))
    english = templates().languages["en"].templates[DraftKind.STATUS_CHECK]
    styles = {variant.id: variant.style for variant in english.variants}
    assert styles[brief.template.rpartition("/")[2]] == "brief"
    assert styles[draft_of(due(DraftKind.STATUS_CHECK)).template.rpartition("/")[2]] == ""


def test_where_there_is_no_wording_in_that_manner_the_usual_one_is_taken() -> None:
    assert draft_of(replace(due(DraftKind.FINAL_NOTE), style="brief"))


def test_a_wording_of_a_manner_that_nobody_asked_for_is_not_taken() -> None:
    using = styled(only(DraftKind.STATUS_CHECK, "how-things-stand"), "grand")
    made_ = compose(due(DraftKind.STATUS_CHECK), candidacy(), user=USER, templates=using, earlier=(), now=NOW)
    assert isinstance(made_, Refused)
