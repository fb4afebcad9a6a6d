import datetime as dt

import pytest

from tests.messages.building import read


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: yes",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Your application",
        "Subject: Out of Office Re: Thank you",
        "Subject: Abwesenheitsnotiz: Bewerbung",
        "Subject: Réponse automatique : candidature",
        "Subject: Respuesta automática: candidatura",
        "Subject: Resposta automática: vaga",
        "Subject: Risposta automatica: colloquio",
        "Subject: Automatisch antwoord: sollicitatie",
    ],
)
def test_answers_of_machines_are_known(field: str) -> None:
    assert read(f"From: dana@acme.example\n{field}\n\nI am away.").auto_submitted


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: auto-generated",
        "Subject: Your automatic reply feature",
        "X-Auto-Response-Suppress: All",
        "Subject: Hi",
    ],
)
def test_receipts_and_persons_are_no_answering_machines(field: str) -> None:
    assert not read(f"From: dana@acme.example\n{field}\n\nThank you.").auto_submitted


@pytest.mark.parametrize("field", ["List-Id: <jobs.b.example>", "List-Unsubscribe: <mailto:u@b.example>", "Precedence: bulk"])
def test_lists_are_known(field: str) -> None:
    assert read(f"From: a@b.example\n{field}\n\nNews").list_mail
    assert not read("From: a@b.example\n\nNews").list_mail


@pytest.mark.parametrize(
    ("subject", "day"),
    [
        ("Out of office until 2026-12-01", dt.date(2026, 12, 1)),
        ("Abwesenheit bis 01.12.2026", dt.date(2026, 12, 1)),
        ("Automatic reply: back on December 1st", dt.date(2026, 12, 1)),
        ("Out of office, back 7 January", dt.date(2027, 1, 7)),
        ("Out of office until 12", None),
        ("Out of office since 2026-12-01", None),
        ("Out of office until 31 February", None),
    ],
)
def test_the_day_of_return_stands_in_the_subject(subject: str, day: dt.date | None) -> None:
    message = read(
        f"From: a@b.example\nDate: Mon, 16 Nov 2026 10:00:00 +0000\nAuto-Submitted: auto-replied\nSubject: {subject}\n\nAway"
    )
    assert message.returns_on == day
