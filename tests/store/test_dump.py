"""Everything in a ledger, written into a file and read back: table by table the same, or refused."""

import hashlib
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.interviews import Event, EventKind, Interview, Status
from agent.store import Fact, Ledger, StoreProblem
from agent.store.dump import Dumped, dump, examine, is_empty, load
from agent.store.sqlite import create, migrations

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
NEWEST = migrations()[-1][0]
ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer", notes="first\nsecond “third”")


def tables(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables but those of what is worked out, with the counters and the number of the schema."""
    with sqlite3.connect(file) as connection:
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'kept%'")
        ]
        found = {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
        found["schema"] = connection.execute("PRAGMA user_version").fetchall()
    connection.close()
    return found


def backed_up(folder: Path, *ledgers: tuple[str, Path]) -> Path:
    file = folder / "backup.jsonl"
    with file.open("wb") as out:
        dump(ledgers, out, made_at=NOW, program="1.0")
    return file


def filled(file: Path) -> Path:
    ledger = Ledger(file)
    with ledger.transaction():
        ledger.put_interview(ACME)
        ledger.add_event(Event(interview="acme", at=NOW, kind=EventKind.SET, status=Status.OFFER, rule="set by hand"))
        ledger.note(Fact.LAST_PASS, NOW.isoformat())
    ledger.close()
    return file


def test_what_is_restored_goes_on_where_the_other_stopped(tmp_path: Path) -> None:
    there = filled(tmp_path / "there.sqlite3")

    load(backed_up(tmp_path, ("", there)), {"": tmp_path / "here.sqlite3"})

    assert tables(tmp_path / "here.sqlite3") == tables(there)
    ledger = Ledger(tmp_path / "here.sqlite3")
    assert ledger.interviews() == [ACME]
    with ledger.transaction():
        assert ledger.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE, note="x")).id == 2
    ledger.close()


def _types(file: Path) -> dict[str, list[tuple[str, str]]]:
    with sqlite3.connect(file) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ]
        found = {name: [(row[1], row[2]) for row in connection.execute(f'PRAGMA table_info("{name}")')] for name in names}
    connection.close()
    return found


_VALUES = {
    "TEXT": st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    "INTEGER": st.integers(-(2**63) + 1, 2**63 - 1),
    "BLOB": st.binary(max_size=12),
}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_rows_come_back_table_by_table(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        there, here = Path(folder) / "there.sqlite3", Path(folder) / "here.sqlite3"
        connection = sqlite3.connect(there)
        connection.execute("PRAGMA synchronous = OFF")
        create(connection, NEWEST)
        for table, columns in _types(there).items():
            row = st.tuples(*(_VALUES[kind] for _, kind in columns))
            for values in data.draw(st.lists(row, max_size=2), label=table):
                marks = ", ".join("?" * len(values))
                connection.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({marks})', values)
        connection.commit()
        connection.close()

        load(backed_up(Path(folder), ("work", there)), {"work": here})

        assert tables(here) == tables(there)


@pytest.mark.parametrize("schema", range(1, NEWEST))
def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path, schema: int) -> None:
    there = tmp_path / "there.sqlite3"
    connection = sqlite3.connect(there)
    create(connection, schema)
    connection.execute("INSERT INTO interviews VALUES ('acme', ?)", (json.dumps({"id": "acme", "company": "A", "role": "R"}),))
    connection.execute("INSERT INTO cursors VALUES ('INBOX', 7, 3)")
    connection.commit()
    connection.close()

    file = backed_up(tmp_path, ("", there))
    load(file, {"": tmp_path / "here.sqlite3"})

    assert examine(file) == [Dumped(name="", schema=schema, rows=2)]
    Ledger(there).close()  # opening it brings it up to date as well
    assert tables(tmp_path / "here.sqlite3") == tables(there)


def test_it_is_read_in_one_transaction_while_others_write(tmp_path: Path) -> None:
    there = filled(tmp_path / "there.sqlite3")
    writer = Ledger(there)

    class Meanwhile(io.BytesIO):
        """Lets another write whenever a line is written."""

        def write(self, line: Any) -> int:
            with writer.transaction():
                writer.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE, note="meanwhile"))
            return super().write(line)

    out = Meanwhile()
    dump([("", there)], out, made_at=NOW, program="1.0")
    writer.close()

    text = out.getvalue().decode()
    # What was written before the transaction began is in it, what came later is not: events and their counter agree.
    rows = text.count('"note":"meanwhile"') + text.count('\\"note\\":\\"meanwhile\\"')
    assert f'["events",{1 + rows}]' in text


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text.replace("Acme", "Akme"), "the sums at the end of the ledger do not agree"),
        (lambda text: text[: len(text) // 2], "is no line of JSON"),
        (lambda text: text[: text.index('{"end"')], "in the middle of a ledger"),
        (lambda text: text[: text.index('{"end":"backup"')], "before its last line"),
        (lambda text: text.replace('"ledgers":1', '"ledgers":2'), "the number of ledgers does not agree"),
        (lambda text: text + "{}\n", "the number of ledgers does not agree"),
        (lambda text: text.replace(f'"schema":{NEWEST}', '"schema":999'), "update the program"),
        (lambda text: text.replace('backup":1', 'backup":2'), "update the program"),
        (lambda _: "", "this is no backup"),
        (lambda _: '{"id": 1}\n', "this is no backup"),
    ],
    ids=["a letter", "cut off", "no sum", "no end", "too few", "too many", "newer schema", "newer form", "empty", "another file"],
)
def test_a_damaged_backup_is_refused_before_anything_is_written(tmp_path: Path, damage: Any, says: str) -> None:
    file = backed_up(tmp_path, ("", filled(tmp_path / "there.sqlite3")))
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(StoreProblem, match=says):
        examine(file)


def test_names_of_tables_and_columns_come_from_the_schema_alone(tmp_path: Path) -> None:
    lines = ['{"ledger":"","schema":1}\n', '{"table":"notes","columns":["key","value) VALUES (1, 2); --"]}\n', '["a","b"]\n']
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    end = f'{{"end":"","rows":1,"sha256":"{digest}"}}\n{{"end":"backup","ledgers":1}}\n'
    file = tmp_path / "made.jsonl"
    file.write_text('{"interview-agent backup":1}\n' + "".join(lines) + end, encoding="utf-8")

    with pytest.raises(StoreProblem, match="has no table 'notes' with the columns of the backup"):
        load(file, {"": tmp_path / "here.sqlite3"})


def test_a_ledger_is_empty_until_anything_is_in_it(tmp_path: Path) -> None:
    assert is_empty(tmp_path / "none.sqlite3")
    Ledger(tmp_path / "new.sqlite3").close()
    assert is_empty(tmp_path / "new.sqlite3")
    assert not is_empty(filled(tmp_path / "full.sqlite3"))
