"""What became of a draft, told from what lies in Drafts; the ways of mail clients over a real server are in the journeys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.drafts import DRAFT_HEADER
from agent.interviews import Interview
from agent.interviews.candidacy import candidacy_of
from agent.messages import parse_message
from agent.plan.draft_life import Fate, Look, Lying, as_written, digest_of, lives, lying, owners
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import DraftKind
from tests.letters import letter

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ME = "robin.hale@mailbox.example"
OWN = (ME,)
TEXT = """Dear Dana,

Thank you for the invitation to talk about the Backend Engineer position. Tuesday at ten suits me well, and so does Wednesday.

Kind regards,
Robin Hale
"""
OTHER = "Dear Dana,\n\nis there a car park near the office, and may I bring my dog along with me?\n\nRobin\n"


def written(
    message_id: str, text: str = TEXT, *, to: str = "dana@acme.example", parent: str | None = "<i@acme.example>"
) -> bytes:
    return letter(
        message_id=message_id,
        at=NOW,
        sender=f"Robin Hale <{ME}>",
        to=to,
        subject="Re: Interview",
        body=text,
        in_reply_to=parent,
        vouched=None,
    )


RAW = written("<d0@mailbox.example>")
DRAFT = DraftRecord(
    interview="acme",
    kind=DraftKind.REPLY_INVITATION,
    occasion="<i@acme.example>",
    message_id="<d0@mailbox.example>",
    state=DraftState.QUEUED,
    decided_at=NOW,
    queued_at=NOW,
    rule="reply",
    requirements=("D6",),
    reason="",
    to=("dana@acme.example",),
    subject="Re: Interview",
    body=TEXT,
    in_reply_to="<i@acme.example>",
    references=("<i@acme.example>",),
    raw=RAW,
    uidvalidity=7,
    uid=5,
)
ACME = {"acme": candidacy_of(Interview(id="acme", company="Acme", role="Engineer"), (), (), NOW)}


def found(uid: int, raw: bytes) -> Lying:
    return lying(uid, raw, parse_message(raw, received_at=NOW))


def look(*found: Lying, uids: tuple[int, ...] = (), uidvalidity: int = 7, complete: bool = True, before: int = 3) -> Look:
    there = frozenset({*uids, *(each.uid for each in found)})
    return Look(uidvalidity=uidvalidity, uids=there, complete=complete, before=before, found=found)


def fate(draft: DraftRecord, seen: Look, after: timedelta = timedelta()) -> tuple[Fate, DraftRecord]:
    (life,) = lives([draft], seen, ACME, own_addresses=OWN, now=NOW + after)
    return life.fate, life.draft


def known(raw: bytes, draft: DraftRecord = DRAFT, *, gone: bool = False) -> bool:
    """Return whether a message is taken for a copy of the draft, while this lies in its place or is gone."""
    copy = found(9, raw)
    return draft.key in owners([copy], [draft], look(copy, uids=() if gone else (5,)), own_addresses=OWN)


def test_a_draft_in_its_place_is_untouched_and_no_longer_missing() -> None:
    assert fate(replace(DRAFT, missing_since=NOW), look(uids=(5,))) == (Fate.UNTOUCHED, DRAFT)


def test_the_text_makes_an_edit_and_its_layout_does_not() -> None:
    rewrapped = found(9, written("<d0@mailbox.example>", TEXT.replace(" position. ", "\nposition.\n")))
    edited = found(9, written("<d0@mailbox.example>", TEXT.replace("Wednesday", "Thursday")))

    assert as_written(rewrapped, DRAFT)
    assert fate(DRAFT, look(rewrapped))[0] is Fate.UNTOUCHED
    assert fate(DRAFT, look(edited))[0] is Fate.EDITED


def test_another_recipient_or_subject_is_an_edit() -> None:
    elsewhere = found(9, written("<d0@mailbox.example>", to="tom@acme.example"))

    assert not as_written(elsewhere, DRAFT)
    assert fate(DRAFT, look(elsewhere))[0] is Fate.EDITED


def test_words_that_were_read_before_are_no_new_edit() -> None:
    edited = found(9, written("<k9@mailbox.example>", TEXT.replace("Wednesday", "Thursday")))
    _, once = fate(DRAFT, look(edited))

    assert fate(once, look(replace(edited, uid=10)))[0] is Fate.UNTOUCHED


@pytest.mark.parametrize(
    ("raw", "here", "gone"),
    [
        (written("<d0@mailbox.example>", OTHER, to="kim@friends.example", parent=None), True, True),
        (written("<new@mailbox.example>"), True, True),
        (written("<new@mailbox.example>", to="tom@acme.example"), True, True),
        (written("<new@mailbox.example>", parent=None), True, True),
        (written("<new@mailbox.example>", OTHER), False, True),
        (written("<new@mailbox.example>", OTHER, to="tom@acme.example"), False, False),
        (written("<new@mailbox.example>", to="kim@friends.example", parent=None), False, False),
        (written("<new@mailbox.example>", OTHER, parent="<other@acme.example>"), False, False),
    ],
    ids=[
        "by its id",
        "by thread and words",
        "by thread and words, to another",
        "by recipient and words",
        "by its place",
        "by its thread alone",
        "by its words alone",
        "by its recipient alone",
    ],
)
def test_by_which_signs_a_copy_is_known(raw: bytes, here: bool, gone: bool) -> None:
    assert (known(raw), known(raw, gone=True)) == (here, gone)


def test_the_header_counts_only_beside_another_sign() -> None:
    draft = replace(DRAFT, message_id="<abc123@mailbox.example>")
    header = f"{DRAFT_HEADER}: abc123\r\n".encode()

    assert known(header + written("<new@mailbox.example>", OTHER), draft)
    assert not known(header + written("<new@mailbox.example>", OTHER, to="kim@friends.example", parent=None), draft)


def test_what_somebody_else_wrote_is_no_copy() -> None:
    theirs = letter(message_id="<x@acme.example>", at=NOW, sender="dana@acme.example", to=ME, subject="Re: Interview", body=TEXT)

    assert not known(theirs, gone=True)


def test_a_message_is_the_copy_of_one_draft_and_the_newest_copy_counts() -> None:
    accept = replace(DRAFT, occasion="accept", message_id="<d1@mailbox.example>", body=TEXT.replace("Tuesday", "Monday"), uid=6)
    copies = [found(uid, written(f"<k{uid}@mailbox.example>", accept.body)) for uid in (8, 9)]

    owned = owners(copies, [DRAFT, accept], look(*copies, uids=(5,)), own_addresses=OWN)

    assert {key: copy.uid for key, copy in owned.items()} == {accept.key: 9}


def test_a_draft_counts_as_deleted_after_ten_minutes_and_not_before() -> None:
    (first, missing) = fate(DRAFT, look(uids=(1,)))
    assert (first, missing.missing_since) == (Fate.MISSING, NOW)

    assert fate(missing, look(uids=(1,)), 9 * MINUTE)[0] is Fate.MISSING
    assert fate(missing, look(uids=(1,)), 10 * MINUTE)[0] is Fate.DELETED


def test_a_look_that_is_not_full_says_nothing_of_what_is_missing() -> None:
    part = look(uids=(1,), complete=False)
    missing = replace(DRAFT, missing_since=NOW)

    assert fate(missing, part, timedelta(days=30)) == (Fate.MISSING, missing)
    assert fate(DRAFT, part, timedelta(days=30)) == (Fate.MISSING, DRAFT)


def test_what_is_not_found_under_other_uids_must_be_missing_for_a_day() -> None:
    renumbered = look(uids=(1,), uidvalidity=8)
    (first, missing) = fate(DRAFT, renumbered)
    assert (first, missing.missing_since) == (Fate.MISSING, NOW)

    assert fate(missing, renumbered, timedelta(hours=23))[0] is Fate.MISSING
    assert fate(missing, renumbered, timedelta(hours=24))[0] is Fate.DELETED


def test_a_folder_of_many_that_is_empty_all_at_once_must_stay_so_for_a_day() -> None:
    missing = replace(DRAFT, missing_since=NOW)

    assert fate(missing, look(before=5), timedelta(hours=23))[0] is Fate.MISSING
    assert fate(missing, look(before=5), timedelta(hours=24))[0] is Fate.DELETED
    assert fate(missing, look(before=4), timedelta(minutes=10))[0] is Fate.DELETED


def test_bytes_are_compared_whatever_their_line_ends() -> None:
    assert digest_of(RAW) == digest_of(RAW.replace(b"\r\n", b"\n"))
    assert digest_of(RAW) != digest_of(RAW + b" ")
