"""How far a pass has come is told in words, of a long one only, and now and then."""

from agent.daemon.account import PassReport
from agent.daemon.progress import Progress, progress_text
from agent.mailbox.memory import MemoryMailbox
from agent.store import Fact
from tests.daemon.scene import NOW, account


def test_the_first_look_back_is_told_after_two_seconds_and_then_each_second() -> None:
    told: list[str] = []
    moments = iter([0.0, 1.9, 2.0, 2.5, 3.0])
    progress = Progress(account(MemoryMailbox()), told.append, monotonic=lambda: next(moments))

    for looked_at in (900, 1000, 1100, 3200):
        progress(PassReport(began_at=NOW, looked_at=looked_at, expected=20_000))

    assert told == ["reading the last 90 days: 1,000 of 20,000", "reading the last 90 days: 3,200 of 20,000"]


def test_later_passes_read_new_mail() -> None:
    told: list[str] = []
    acme = account(MemoryMailbox())
    with acme.ledger.transaction():
        acme.ledger.note(Fact.LAST_PASS, NOW.isoformat())
    moments = iter([0.0, 5.0])

    Progress(acme, told.append, monotonic=lambda: next(moments))(PassReport(began_at=NOW, looked_at=7, expected=7))

    assert told == ["reading new mail: 7 of 7"]


def test_an_end_that_is_not_known_or_was_passed_is_not_told() -> None:
    assert progress_text("reading new mail", PassReport(began_at=NOW, looked_at=7)) == "reading new mail: 7"
    assert progress_text("reading new mail", PassReport(began_at=NOW, looked_at=7, expected=5)) == "reading new mail: 7"
