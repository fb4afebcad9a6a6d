"""Tables in text files, whatever wrote them: rows of cells, or one clear problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rulebook import RulesRefused
from agent.rulebook.spreadsheet import read_rows, write_rows

WANTED = [(1, ("Company", "Role")), (2, ("Böhme & Söhne", "Clerk; night, shift"))]


def rows(raw: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_rows(raw, "jobs.csv")]


@pytest.mark.parametrize(
    "raw",
    [
        'Company,Role\nBöhme & Söhne,"Clerk; night, shift"\n'.encode(),
        '\ufeffCompany,Role\r\nBöhme & Söhne,"Clerk; night, shift"\r\n'.encode(),
        'Company;Role\r\nBöhme & Söhne;"Clerk; night, shift"\r\n'.encode("cp1252"),
        'Company\tRole\r\nBöhme & Söhne\t"Clerk; night, shift"\r\n'.encode("utf-16"),
        "Company\tRole\nBöhme & Söhne\tClerk; night, shift\n".encode("utf-16-le"),
        'Company|Role\rBöhme & Söhne|"Clerk; night, shift"\r'.encode(),
    ],
    ids=["UTF-8", "Excel's UTF-8", "Windows-1252 with semicolons", "Excel's Unicode text", "UTF-16 without a mark", "old Mac"],
)
def test_a_table_is_read_whatever_wrote_it(raw: bytes) -> None:
    assert rows(raw) == WANTED


def test_excel_s_own_first_line_names_the_delimiter_and_is_a_row() -> None:
    assert rows(b"sep=;\r\nCompany;Role\r\nAcme, Inc.;Clerk\r\n") == [(2, ("Company", "Role")), (3, ("Acme, Inc.", "Clerk"))]


def test_a_cell_of_several_lines_is_one_row_and_empty_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    raw = b'Company,Notes\nAcme,"first\nsecond"\n,\n\nBirch,third\n'

    assert rows(raw) == [(1, ("Company", "Notes")), (2, ("Acme", "first\nsecond")), (5, ("Birch", "third"))]


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ('"=HYPERLINK(""https://acme.example"",""Acme"")"', "Acme"),
        ('"=""00123"""', "00123"),
        ("'=1+1", "=1+1"),
        ("'Acme", "'Acme"),
        (" \xa0Acme ", "Acme"),
    ],
)
def test_what_a_spreadsheet_shows_of_a_cell_is_read(cell: str, held: str) -> None:
    assert rows(f"Company,Role\n{cell},Clerk\n".encode())[1] == (2, (held, "Clerk"))


def test_a_spreadsheet_itself_is_refused_with_what_to_do() -> None:
    with pytest.raises(RulesRefused) as caught:
        read_rows(b"PK\x03\x04rest", "jobs.xlsx")

    assert str(caught.value) == (
        "jobs.xlsx:1:1: this is a spreadsheet of Excel, LibreOffice or Numbers; open it there and save it as CSV"
    )


@given(st.one_of(st.binary(max_size=300), st.text(alphabet='",;\t|\n\r=\'a\0é"', max_size=80).map(str.encode)))
def test_any_bytes_are_rows_or_one_clear_problem(raw: bytes) -> None:
    try:
        found = read_rows(raw, "jobs.csv")
    except RulesRefused as refused:
        (problem,) = refused.problems
        assert str(problem).startswith("jobs.csv:")
        assert problem.mend
    else:
        assert all(row.filled and row.number >= 1 for row in found)
        assert [row.number for row in found] == sorted({row.number for row in found})


_CELLS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(
    lambda cell: cell.replace("\xa0", "").strip()
)


@given(
    st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=6).map(lambda found: [("Company", "Role", "Notes"), *found])
)
def test_what_is_written_reads_back_and_no_cell_is_a_formula(table: list[tuple[str, str, str]]) -> None:
    text = write_rows(table)

    read = [row.cells for row in read_rows(text.encode(), "jobs.csv")]
    plain = [tuple(cell if not cell.startswith(("'", '="', "=HYPERLINK(")) else None for cell in row) for row in table]
    wanted = [row for row, cells in zip(plain, table, strict=True) if any(cells)]
    assert len(read) == len(wanted)
    for cells, known in zip(read, wanted, strict=True):
        assert all(want is None or cell == want for cell, want in zip(cells, known, strict=True))
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))
