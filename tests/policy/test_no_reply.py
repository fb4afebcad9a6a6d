import pytest

from agent.policy import takes_no_mail
from tests.policy.jobsearch import DEFAULT


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@acme.example",
        "NoReply@acme.example",
        "jobs-noreply@network.example",
        "donotreply@acme.example",
        "do-not-reply+17@acme.example",
        "notifications@ats.example",
        "mailer-daemon@mx.example",
        "acme+autoreply@talent.ats.example",
        "dana@no-reply.ats.example",
        "nichtantworten@acme.example",
        "",
        "dana",
    ],
)
def test_machines_take_no_mail(address: str) -> None:
    assert takes_no_mail(address, DEFAULT.never_write_to)


@pytest.mark.parametrize(
    "address",
    [
        "dana.cole@acme.example",
        "jobs@acme.example",
        "careers@acme.example",
        "talent-acquisition@acme.example",
        "reply+8f3a@ats.example",
        "noreen@acme.example",
        "bounceback.lee@acme.example",
    ],
)
def test_people_and_shared_mailboxes_do(address: str) -> None:
    assert not takes_no_mail(address, DEFAULT.never_write_to)
