"""What does not work, in whole sentences."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.daemon.troubles import renumbered, troubles, troubles_of_passes
from agent.interviews import Contact, ContactRole, Interview
from agent.store import Fact, Ledger
from tests.daemon.scene import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ELM = Interview(
    id="elm-ops",
    company="Elm",
    role="Operator",
    domains=("elm.example",),
    contacts=(Contact(name="Jo Elm", email="no-reply@elm.example", role=ContactRole.RECRUITER),),
)


def note(ledger: Ledger, **notes: str) -> None:
    with ledger.transaction():
        for key, value in notes.items():
            ledger.note(Fact(key), value)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    ledger = Ledger()
    yield ledger
    ledger.close()


def told(ledger: Ledger, *, open_candidacies: bool = True) -> list[str]:
    return troubles(ledger, open_candidacies=open_candidacies, now=NOW.astimezone(ZoneInfo("Europe/Berlin")))


def test_nothing_is_wrong_with_a_fresh_ledger(ledger: Ledger) -> None:
    assert told(ledger) == []


def test_a_pass_that_failed_is_told_with_the_last_good_one(ledger: Ledger) -> None:
    note(ledger, problem="nothing listens at imap.example:993.", failures="1")
    assert told(ledger) == [
        "The last pass over your mailbox failed: nothing listens at imap.example:993. None has succeeded yet."
    ]

    note(ledger, failures="4", last_pass=(NOW - DAY).isoformat())
    (line,) = told(ledger)
    assert line == (
        "The last 4 passes over your mailbox failed: nothing listens at imap.example:993. "
        "The last good one was at 2026-03-09 11:00 CET."
    )


def test_a_mailbox_that_fell_silent_is_told_after_seven_days_while_a_candidacy_is_open(ledger: Ledger) -> None:
    note(ledger, last_read=(NOW - 7 * DAY).isoformat(), last_pass=NOW.isoformat())
    assert told(ledger) == []

    note(ledger, last_read=(NOW - 7 * DAY - HOUR).isoformat())
    (line,) = told(ledger)
    assert line.startswith("No new mail has come for 7 days, although candidacies are open")
    assert told(ledger, open_candidacies=False) == []


def test_silence_is_not_told_beside_passes_that_fail_for_they_are_why(ledger: Ledger) -> None:
    note(ledger, last_read=(NOW - 9 * DAY).isoformat(), problem="wrong user name or password", failures="400")

    (line,) = told(ledger)
    assert line.startswith("The last 400 passes")


def test_mail_that_was_kept_aside_is_counted(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger.set_aside("INBOX", 1, 7, at=NOW - HOUR, problem="could not be understood; read it in your mail client")
    assert told(ledger) == [
        "One message could not be read and was kept aside, UID 7 in INBOX: could not be understood; read it in your mail client"
    ]

    with ledger.transaction():
        ledger.set_aside("Junk", 2, 9, at=NOW, problem="the server gives no text for it")
    assert told(ledger) == [
        "2 messages could not be read and were kept aside, the last of them UID 9 in Junk: the server gives no text for it"
    ]


def test_the_next_try_is_told_where_it_is_worth_waiting_for(ledger: Ledger) -> None:
    note(ledger, problem="too many connections", next_try=f"{NOW.isoformat()} {(NOW + HOUR).isoformat()}")
    assert told(ledger)[0].endswith("None has succeeded yet. The next is made after 2026-03-10 12:00 CET.")

    note(ledger, next_try=f"{NOW.isoformat()} {(NOW + timedelta(seconds=20)).isoformat()}")
    assert told(ledger)[0].endswith("None has succeeded yet.")


def test_a_mailbox_that_is_empty_all_at_once_is_told(ledger: Ledger) -> None:
    note(ledger, emptied=(NOW - HOUR).isoformat())

    (line,) = told(ledger)

    assert line.startswith("Your mailbox, which held mail before, has been empty since 2026-03-10 10:00 CET: until it holds mail")


def test_folders_that_are_gone_are_told_for_a_month(ledger: Ledger) -> None:
    note(ledger, gone=f"archive|Old|Stuff|{(NOW - DAY).isoformat()}\njunk|Spam|{(NOW - 31 * DAY).isoformat()}")

    (line,) = told(ledger)

    assert line == (
        "The folder “Old|Stuff” (archive) is gone since 2026-03-09 11:00 CET. If it has another name now, name it in the "
        "configuration: archive = ... in the table `folders` of the account."
    )


def test_a_digest_tells_of_a_folder_once(ledger: Ledger) -> None:
    note(ledger, gone=f"archive|Old|{(NOW - 2 * DAY).isoformat()}")

    def since(moment: datetime) -> list[str]:
        return troubles_of_passes(ledger, open_candidacies=True, now=NOW, since=moment)

    assert (len(since(NOW - 3 * DAY)), len(since(NOW - DAY))) == (1, 0)


def test_a_folder_that_was_read_anew_is_known_by_its_name(ledger: Ledger) -> None:
    assert renumbered(ledger, NOW) == {}

    note(ledger, renumbered=f"inbox|INBOX|{NOW.isoformat()}")

    assert renumbered(ledger, NOW) == {"INBOX": "2026-03-10 10:00 UTC"}
