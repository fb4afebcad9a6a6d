"""Every link in the project's pages leads somewhere, and the checker sees those that do not."""

from pathlib import Path

from tests.project.links import anchors, dead_links, main


def test_no_page_has_a_dead_link() -> None:
    assert main() == 0


def test_a_dead_file_and_a_dead_heading_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# First things\n")
    page = tmp_path / "page.md"
    page.write_text("[a](other.md) [b](other.md#first-things)\n\n[c](gone.md)\n[d](other.md#last) [e](#nowhere)\n")
    assert list(dead_links(page, tmp_path)) == [
        "page.md:3: gone.md: there is no such file",
        "page.md:4: other.md#last: there is no such heading",
        "page.md:4: #nowhere: there is no such heading",
    ]


def test_addresses_and_code_are_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](https://example.org/x) [b](mailto:a@b.example) `[c](gone.md)`\n```\n[d](gone.md)\n```\n")
    assert list(dead_links(page, tmp_path)) == []


def test_headings_are_named_as_on_github() -> None:
    assert anchors("# What *it* does, and why\n## Same\n## Same\n```\n# no heading\n```\n") == {
        "what-it-does-and-why",
        "same",
        "same-1",
    }
