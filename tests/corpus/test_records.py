"""The corpus is what its data card says: its counts, its fields, its invented senders."""

import json
import re
from collections import Counter

import pytest

from agent.signals import Label
from agent.signals.reading import OWN_LABELS
from bench.card import CARD, with_counts
from bench.records import CORPUS, corpus

FIELDS = [
    *("id", "language", "register", "case", "own", "label", "labels"),
    *("company", "role", "requisition", "round", "interview_at", "promised_by", "returns_on"),
]
ENTRIES = {
    part: [
        (file.stem, json.loads(line))
        for file in sorted((CORPUS / part).glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").split("\n")
        if line
    ]
    for part in ("open", "sealed")
}
PARTS = pytest.mark.parametrize("part", ["open", "sealed"])


def test_the_card_counts_what_is_there() -> None:
    card = CARD.read_text(encoding="utf-8")
    assert card == with_counts(card), "the corpus has changed: run `python -m bench.card`"


@PARTS
def test_every_record_has_the_fields_of_the_card(part: str) -> None:
    for language, entry in ENTRIES[part]:
        where = entry["id"]
        assert [key for key in entry if key in FIELDS] == FIELDS, where
        assert entry["language"] == language, where
        assert entry["labels"][0] == entry["label"], where
        assert entry["own"] is (Label(entry["label"]) in OWN_LABELS), where
        assert sum(key in entry for key in ("body", "html", "eml")) == 1, where


def test_no_id_and_no_text_stands_twice() -> None:
    everything = [entry for entries in ENTRIES.values() for _, entry in entries]
    ids = Counter(entry["id"] for entry in everything)
    assert [identity for identity, number in ids.items() if number > 1] == []
    texts = Counter(re.sub(r"\W+", " ", entry.get("body") or entry.get("html") or entry["eml"]).lower() for entry in everything)
    assert max(texts.values()) == 1


@PARTS
def test_every_record_can_be_read_as_mail(part: str) -> None:
    assert len(corpus(part)) == len(ENTRIES[part])


def test_both_parts_have_every_language_and_every_label_of_received_mail() -> None:
    for entries in ENTRIES.values():
        assert len({language for language, _ in entries}) == 11
        assert {Label(entry["label"]) for _, entry in entries} >= set(Label) - OWN_LABELS
