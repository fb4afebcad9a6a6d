"""The figures, on a few readings whose figures are worked out by hand."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from agent.cli.sources import SourceMessage
from agent.signals import Label, Reading
from bench.figures import Scored, Unsafe, abstention, macro_f1, of_dates, of_labels, of_names, unsafe_errors
from bench.records import Record, read_records

SOURCE = SourceMessage(id="1", raw=b"", fields={}, received_at=datetime(2027, 1, 1, tzinfo=UTC))


def scored(
    label: str,
    read: str,
    *,
    abstained: bool = False,
    own: bool = False,
    right: tuple[str, ...] = (),
    names: dict[str, str] | None = None,
    dates: dict[str, date | datetime] | None = None,
    **reading: object,
) -> Scored:
    record = Record(
        id="1",
        language="en",
        label=Label(label),
        right=frozenset(map(Label, right or (label,))),
        own=own,
        names=names,
        dates=dates,
        source=SOURCE,
    )
    return Scored(record=record, reading=Reading(label=Label(read), abstained=abstained, **reading))  # type: ignore[arg-type]


def test_precision_recall_and_f1_of_each_label() -> None:
    done = [
        scored("offer", "offer"),
        scored("offer", "hold"),
        scored("hold", "hold"),
        scored("hold", "hold", abstained=True),
        scored("other", "hold"),
    ]
    figures = {each.label.value: (each.there, each.said, each.precision, each.recall, each.f1) for each in of_labels(done)}
    assert figures == {
        "offer": (2, 1, 1.0, 0.5, pytest.approx(2 / 3)),
        "hold": (2, 3, pytest.approx(1 / 3), 0.5, pytest.approx(0.4)),
        "other": (1, 0, 0.0, 0.0, 0.0),
    }
    assert macro_f1(done) == pytest.approx((2 / 3 + 0.4 + 0) / 3)


def test_a_label_that_is_only_read_does_not_count_in_the_mean() -> None:
    assert macro_f1([scored("offer", "offer"), scored("offer", "hold")]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("label", "read", "kind"),
    [
        ("rejection", "offer", Unsafe.MIXED),
        ("offer", "rejection", Unsafe.MIXED),
        ("hold", "rejection", Unsafe.REJECTION),
        ("other", "rejection", Unsafe.REJECTION),
        ("invitation", "offer", Unsafe.OFFER),
        ("acknowledged", "invitation", Unsafe.RECEIPT),
        ("alert", "invitation", Unsafe.NOISE),
        ("outreach", "acknowledged", Unsafe.NOISE),
        ("other", "auto_reply", None),
        ("other", "alert", None),
        ("rejection", "hold", None),
        ("rejection", "other", None),
        ("offer", "offer", None),
    ],
)
def test_an_unsafe_error_has_a_kind(label: str, read: str, kind: Unsafe | None) -> None:
    assert scored(label, read).unsafe is kind
    assert scored(label, read, abstained=True).unsafe is None


def test_where_two_labels_are_right_either_is() -> None:
    done = [scored("other", "alert", right=("other", "alert")), scored("other", "offer", right=("other", "alert"))]
    assert [each.is_right for each in done] == [True, False]
    assert unsafe_errors(done) == {Unsafe.OFFER: 1}


def test_abstention_of_all_and_of_what_matters() -> None:
    done = [
        scored("offer", "offer", abstained=True),
        scored("hold", "hold"),
        scored("other", "other", abstained=True),
        scored("alert", "alert", abstained=True),
    ]
    assert abstention(done) == 0.75
    assert abstention(done, that_matters=True) == 0.5
    assert abstention([]) == 0.0


def test_names_count_without_case_marks_brackets_and_legal_form() -> None:
    named = {"company": "Müller Söhne", "role": "Engineer (m/w/d)"}
    done = [
        scored("offer", "offer", names=named, company="MUELLER SOEHNE GmbH & Co. KG", role="engineer"),
        scored("offer", "offer", names=named, company="Meier"),
        scored("offer", "offer", names={}, company="Meier"),
        scored("offer", "offer", company="not asked for"),
    ]
    figures = {each.fact: (each.there, each.found, each.right, each.false) for each in of_names(done)}
    assert figures == {"company": (2, 2, 1, 1), "role": (2, 1, 1, 0)}


def test_dates_count_as_moments_and_what_is_found_for_nothing_is_told() -> None:
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    same = noon.astimezone(timezone(timedelta(hours=2)))
    done = [
        scored("scheduled", "scheduled", dates={"interview_at": noon}, interview_at=same),
        scored("scheduled", "scheduled", dates={"interview_at": noon}, interview_at=noon + timedelta(hours=1)),
        scored("scheduled", "scheduled", dates={}, interview_at=noon),
        scored("hold", "hold", dates={"promised_by": date(2027, 3, 5)}, promised_by=date(2027, 3, 5)),
        scored("sent_other", "sent_other", own=True, dates={}, promised_by=date(2027, 3, 5)),
        scored("hold", "hold", promised_by=date(2027, 3, 5)),
    ]
    figures = {each.fact: (each.there, each.found, each.right, each.false) for each in of_dates(done)}
    assert figures == {"promised_by": (1, 1, 1, 0), "interview_at": (2, 2, 1, 1), "returns_on": (0, 0, 0, 0)}


def test_records_are_read_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text(
        '{"id": "a", "language": "de", "own": false, "label": "hold", "company": "Acme", "promised_by": "2027-03-05", '
        '"from": "a@b.example", "subject": "x", "body": "line\u2028line"}\n'
        '{"id": "b", "lang": "en", "label": "alert", "kind": "real, hard negative", "from": "a@b.example", "body": "y"}\n'
    )
    first, second = read_records(tmp_path / "some.jsonl")
    assert (first.language, first.names, first.dates) == ("de", {"company": "Acme"}, {"promised_by": date(2027, 3, 5)})
    assert first.right == {Label.HOLD}
    assert (second.language, second.names, second.dates) == ("en", None, None)
    assert second.right == {Label.ALERT, Label.OTHER}
