"""Which job titles are two roles, and which may be one role in other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.matching.titles import titles
from agent.rulebook.title_words import load_title_words

TITLES = titles(load_title_words(None))


@pytest.mark.parametrize(
    ("tracked", "named"),
    [
        ("Backend Engineer", "Software Engineer Backend"),
        ("Backend Engineer", "Backend Developer"),
        ("Backend Engineer", "Backend Engineer (m/w/d)"),
        ("Backend Engineer", "Senior Backend Engineer"),
        ("Backend Engineer", "BACKEND ENGINEER"),
        ("Backend Engineer", "Entwickler Backend"),
        ("Backend Engineer", "Backendentwicklerin"),
        ("Backend Engineer", "Développeuse back-end"),
        ("Backend Engineer", "バックエンドエンジニア"),
        ("Backend Engineer", "后端工程师"),
        ("Backend Engineer", "Softwareentwickler (m/w/d)"),
        ("Backend Engineer", "Full Stack Engineer"),
        ("Backend Engineer", "Java Developer"),
        ("Backend Engineer", "Engineer II"),
        ("Backend Engineer", "SWE"),
        ("Backend Engineer", "PM"),
        ("Backend Engineer", "Thursday, 24 September 2026"),
        ("Backend Engineer", "Deine Bewerbung"),
        ("Site Reliability Engineer", "SRE"),
        ("Data Analyst", "Datenanalyst"),
        ("Data Analyst", "データアナリスト"),
        ("Data Scientist", "Machine Learning Engineer"),
        ("Analyste de données", "Analista de datos"),
        ("Krankenpfleger", "Registered Nurse"),
        ("Infirmière", "Nurse"),
        ("看護師", "Nurse"),
        ("Pflegefachkraft", "Pflegefachmann"),
        ("Accountant", "Buchhalterin"),
        ("Marketing Manager", "Responsable marketing"),
        ("Product Manager", "Produktmanagerin"),
        ("Product Manager", "Product Owner"),
        ("Logistics Coordinator", "Logistikmitarbeiter"),
        ("Sales Engineer", "Vertriebsingenieur"),
        ("UX Designer", "Product Designer"),
        ("Sommelier", "Sommelière"),
        ("Önologe", "Önologin"),
    ],
)
def test_titles_that_may_be_one_role(tracked: str, named: str) -> None:
    assert not TITLES.differ(tracked, named)
    assert not TITLES.differ(named, tracked)


@pytest.mark.parametrize(
    ("tracked", "named"),
    [
        ("Backend Engineer", "Data Analyst"),
        ("Backend Engineer", "Datenanalyst (m/w/d)"),
        ("Backend Engineer", "Analista de datos"),
        ("Backend Engineer", "データアナリスト"),
        ("Backend Engineer", "数据分析师"),
        ("Backend Engineer", "Frontend Engineer"),
        ("Backend Engineer", "Data Engineer"),
        ("Backend Engineer", "QA Engineer"),
        ("Backend Engineer", "Engineering Manager"),
        ("Backend Engineer", "Office Manager"),
        ("Backend Engineer", "Krankenpflegerin"),
        ("Backend Engineer", "Sommelier"),
        ("Software Engineer", "Sales Engineer"),
        ("Software Engineer", "Site Reliability Engineer"),
        ("Engineer", "Data Analyst"),
        ("Product Manager", "Project Manager"),
        ("Product Manager", "Production Manager"),
        ("Nurse", "Teacher"),
        ("IT-Berater", "Projektleiter"),
        ("Comptable général", "Contrôleur de gestion"),
    ],
)
def test_titles_of_two_roles(tracked: str, named: str) -> None:
    assert TITLES.differ(tracked, named)
    assert TITLES.differ(named, tracked)


@pytest.mark.parametrize("text", ["Data Analyst", "Office Manager", "Backend Engineer (m/w/d)", "Analista de datos"])
def test_a_text_that_is_a_title_and_nothing_else(text: str) -> None:
    assert TITLES.is_title(text)


@pytest.mark.parametrize(
    "text",
    ["", "Hello", "Next steps", "Technical test", "Customer service", "Your application", "Chat with our Engineering Manager"],
)
def test_a_text_that_is_no_title(text: str) -> None:
    assert not TITLES.is_title(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_title_differs_from_itself_and_the_order_does_not_matter(one: str, other: str) -> None:
    assert not TITLES.differ(one, one)
    assert TITLES.differ(one, other) == TITLES.differ(other, one)
