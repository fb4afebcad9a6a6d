"""What the user wrote down by key: in the interviews file, as notes, in answers to a debrief."""

from datetime import UTC, date, datetime

from agent.interviews import Event, EventKind, Interview
from agent.interviews.candidacy import Candidacy, candidacy_of
from agent.interviews.notes import Agreed, NoteKey, agreed, note_lines

NOW = datetime(2026, 3, 20, tzinfo=UTC)


def noted(kind: EventKind, day: int, note: str, occasion: str = "") -> Event:
    return Event(
        interview="acme", at=datetime(2026, 3, day, tzinfo=UTC), kind=kind, id=day, note=note, occasion=occasion, round=1
    )


def candidacy(*events: Event, notes: str = "") -> Candidacy:
    return candidacy_of(Interview(id="acme", company="Acme", role="Dev", notes=notes), events, (), NOW)


def test_lines_are_told_apart_by_their_key_and_what_they_are_about() -> None:
    found = note_lines(candidacy(notes="They were kind.\n- Topic (Dana): on-call\nmaterial: my portfolio\nsalary: high\n"))

    assert [(line.key, line.about, line.text) for line in found] == [
        (NoteKey.TOPIC, "dana", "on-call"),
        (NoteKey.MATERIAL, "", "my portfolio"),
    ]


def test_the_last_answer_to_a_debrief_takes_the_place_of_the_one_before() -> None:
    first = noted(EventKind.DEBRIEFED, 11, "topic: on-call\nweak: names", "round-1:debrief")
    again = noted(EventKind.DEBRIEFED, 12, "topic: on-call in pairs", "round-1:debrief")

    assert [line.text for line in note_lines(candidacy(first, again))] == ["on-call in pairs"]


def test_words_of_another_language_can_name_a_key() -> None:
    assert note_lines(candidacy(notes="thema: Bereitschaft"), {"thema": NoteKey.TOPIC})[0].text == "Bereitschaft"


def test_an_agreed_day_is_read_with_its_channel_and_the_last_one_counts() -> None:
    notes = "agreed: 2026-03-17 by phone"

    assert agreed(candidacy(notes=notes)) == Agreed(on=date(2026, 3, 17), by_phone=True)
    assert agreed(candidacy(noted(EventKind.NOTE, 18, "agreed: 2026-03-24"), notes=notes)) == Agreed(
        on=date(2026, 3, 24), by_phone=False, at=datetime(2026, 3, 18, tzinfo=UTC)
    )


def test_what_is_no_day_is_no_agreement() -> None:
    assert agreed(candidacy(notes="agreed: 2026-02-30")) is None
    assert agreed(candidacy(notes="agreed: soon")) is None
