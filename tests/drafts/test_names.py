import pytest

from agent.drafts.names import greeting_name, names_a_person
from tests.drafts.scene import templates

FORMS = templates().languages["en"].forms.names
EMPLOYER = ("Acme Robotics", "Acme", "Harbor Recruiting")


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Dana Cole", "Dana"),
        ("Dana", "Dana"),
        ("Cole, Dana", "Dana"),
        ("van der Berg, Jan", "Jan"),
        ("DANA COLE", "Dana"),
        ("dana cole", "Dana"),
        ("Dana Cole (Acme)", "Dana"),
        ("Dana Cole [Recruiting]", "Dana"),
        ("Dana from Acme", "Dana"),
        ("Dana Cole via Greenhouse", "Dana"),
        ("Dana Cole at Acme Robotics", "Dana"),
        ("Dana Cole | Acme", "Dana"),
        ("Dana Cole - Talent Acquisition", "Dana"),
        ('"Dana Cole"', "Dana"),
        ("Dana Cole, PhD", "Dana"),
        ("Dana Cole PHR", "Dana"),
        ("Dr. Dana Cole", "Dr. Cole"),
        ("Prof. Dr. Jan van der Berg", "Prof. van der Berg"),
        ("Ms. Dana Cole", "Dana Cole"),
        ("Ms. Cole", "Ms. Cole"),
        ("José María García", "José"),
        ("Lucía Fernández de la Torre", "Lucía"),
        ("LUCÍA FERNÁNDEZ DE LA TORRE", "Lucía"),
        ("João Pedro da Silva dos Santos", "João"),
        ("dr. jan van der berg", "Dr. van der Berg"),
        ("Dr. Maria von der Leyden", "Dr. von der Leyden"),
        ("Anne-Marie O'Neil", "Anne-Marie"),
        ("ANNE-MARIE O'NEIL", "Anne-Marie"),
        ("D. Cole", "D. Cole"),
        ("LI Wei", "LI Wei"),
        ("李伟", "李伟"),
        ("Олена Коваль", "Олена Коваль"),
    ],
)
def test_a_person_is_greeted_by_name_without_a_guess(display: str, name: str) -> None:
    assert greeting_name(display, FORMS, EMPLOYER) == name


@pytest.mark.parametrize(
    "display",
    [
        "",
        "  ",
        "Acme Robotics",
        "Acme",
        "harbor recruiting",
        "Acme Hiring Team",
        "The Acme Team",
        "Talent Acquisition",
        "HR",
        "Careers",
        "Workable",
        "Greenhouse",
        "no-reply",
        "dana@acme.example",
        "dana.cole",
        "Recruiter 7",
        "Dana Cole, Recruiting Partner",
        "Dana, Acme",
        "Garcia Lopez, Maria",
        "{{ name }}",
        "[Name]",
        "D.",
        "A very long name that nobody has",
        "Lucía Pérez Gómez y Marco Rossi",
        "de la",
        "\x00\x01",
    ],
)
def test_what_is_not_surely_a_person_is_not_greeted_by_name(display: str) -> None:
    assert greeting_name(display, FORMS, EMPLOYER) is None


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Cole, Dana", "Dana Cole"),
        ("JAN VAN DER BERG", "Jan van der Berg"),
        ("dr. jan van der berg", "Dr. Jan van der Berg"),
        ("DR. DANA COLE", "Dr. Dana Cole"),
        ("Ms. Dana Cole", "Dana Cole"),
        ("Acme Hiring Team", None),
    ],
)
def test_a_person_is_named_in_full_in_running_text(display: str, name: str | None) -> None:
    assert names_a_person(display, FORMS, EMPLOYER) == name
