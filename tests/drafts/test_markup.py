import pytest

from agent.drafts.markup import Field, faults, render

FIELDS = {
    "name": Field(about="a name", always=True),
    "role": Field(about="a role"),
    "company": Field(about="a company"),
    "met": Field(about="yes or nothing", flag=True),
    "asked": Field(about="for the user alone", hint=True),
}


@pytest.mark.parametrize(
    ("source", "facts", "text"),
    [
        ("{% if role %}As {{ role }}.{% endif %} Yes.", {}, " Yes."),
        ("{% if role %}As {{ role }}.{% else %}No role.{% endif %}", {"role": "Cook"}, "As Cook."),
        ("{% if not role %}None known.{% endif %}", {}, "None known."),
        ("{% if role and company %}{{ role }} at {{ company }}{% elif role %}{{ role }}{% endif %}", {"role": "Cook"}, "Cook"),
        ("{{ name | upper }} {{ name | capital }}", {"name": "de Vries"}, "DE VRIES De Vries"),
        ("{{ name }}", {"name": "{{ role }} {% if %}"}, "{{ role }} {% if %}"),
        ("One\nline.\n\nAnother\n  one.\n", {}, "One line.\n\nAnother one."),
    ],
)
def test_text_and_facts_are_put_together(source: str, facts: dict[str, str], text: str) -> None:
    assert faults(source, FIELDS) == []
    assert render(source, facts) == text


@pytest.mark.parametrize(
    ("source", "line", "column", "what"),
    [
        ("Hello\nthere {{ rol }}", 2, 10, "there is no field `rol`"),
        ("{% if rol %}x{% endif %}", 1, 7, "there is no field `rol`"),
        ("{{ name }} {{ role }}", 1, 15, "`role` is not known in every case"),
        ("{% if company %}{{ role }}{% endif %}", 1, 20, "`role` is not known in every case"),
        ("{% if company or role %}{{ role }}{% endif %}", 1, 28, "`role` is not known in every case"),
        ("{% if met %}{{ met }}{% endif %}", 1, 16, "`met` answers only yes or no"),
        ("{% if asked %}{{ asked | upper }}{% endif %}", 1, 18, "`asked` is for the user, not for the mail"),
        ("{{ name | frist }}", 1, 11, "there is no filter `frist`"),
        ("a\nb {{ name ", 2, 3, "the template cannot be read: unexpected end of template"),
        ("{% if role %}x", 1, 1, "the template cannot be read: Unexpected end of template"),
    ],
)
def test_a_mistake_is_told_with_its_place(source: str, line: int, column: int, what: str) -> None:
    found = faults(source, FIELDS)
    assert len(found) == 1
    assert (found[0].line, found[0].column) == (line, column)
    assert found[0].what.startswith(what)


def test_a_misspelt_field_is_told_the_nearest_one_and_all_others() -> None:
    (found,) = faults("{{ compny }}", FIELDS)
    assert found.mend == "did you mean `company`? the fields are asked, company, met, name, role"


def test_a_field_that_the_wording_needs_is_known() -> None:
    assert faults("{{ role }}", FIELDS, frozenset({"role"})) == []


def test_what_is_for_the_user_alone_can_be_written_out_in_a_hint() -> None:
    assert faults("{% if asked %}{{ asked }}{% endif %}", FIELDS, hint=True) == []


def test_all_mistakes_are_told_at_once() -> None:
    assert len(faults("{{ a }} {{ b }}\n{{ a }}", FIELDS)) == 3


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 1000000000 }}",
        "{{ name() }}",
        "{{ name.upper() }}",
        "{{ name.__class__ }}",
        "{{ name['x'] }}",
        "{{ name ~ name }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ name | center(1000000000) }}",
        "{{ name | format }}",
        "{{ name if role else name }}",
        "{{ [1, 2] }}",
        "{{ 1 }}",
        "{% for letter in name %}{{ name }}{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{% endmacro %}",
        "{% raw %}{{ name }}{% endraw %}",
        "{% if name == 'x' %}y{% endif %}",
        "{% if name is defined %}y{% endif %}",
        "{{- name }}",
        "{% if name -%}x{% endif %}",
        "{{ " + "(" * 3000 + "name" + ")" * 2000 + " }}",
        "x" * 7000,
    ],
)
def test_what_is_not_of_the_little_language_is_refused(source: str) -> None:
    assert faults(source, FIELDS)
