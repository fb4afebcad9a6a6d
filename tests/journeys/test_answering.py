"""A week of digests and answers in the mail client: a real Dovecot, a real SMTP server, and a clock of its own."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.cli.state import open_ledger, settings_of
from agent.daemon.casebook import Casebook
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_digest import ME, body, mails, passing, table
from tests.letters import letter
from tests.notify import conftest as smtp

# The fixtures of the tests of `notify`.
authority = smtp.authority
ca_file = smtp.ca_file
start_smtp = smtp.serve

MONDAY = datetime(2026, 3, 9, 8, 5, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Client:
    """The user's mail client: reads the digests, and answers them from the user to the user, with a copy in Sent."""

    def __init__(self, dovecot: Dovecot, user: MailboxUser) -> None:
        self._dovecot = dovecot
        self._user = user
        self.sent = 0

    def take_in(self, digest: EmailMessage, at: datetime) -> None:
        """Let a digest that came by mail arrive in the inbox."""
        self._dovecot.deliver(self._user, "INBOX", digest.as_bytes(policy=policy.SMTP), internaldate=at)

    def answer(self, digest: EmailMessage, at: datetime, *, top: str = "", below: dict[str, str] | None = None) -> None:
        """Answer above the quoted digest, and below its lines that begin so."""
        quoted = []
        for line in body(digest).partition("\n-- \n")[0].splitlines():
            quoted.append(f"> {line}".rstrip())
            quoted += [f"\n{said}\n" for begins, said in (below or {}).items() if line.startswith(begins)]
        self.sent += 1
        whole = "\n".join([f"{top}\n", f"On {at:%a, %d %b %Y} at 08:05, Interview Agent <{ME}> wrote:", *quoted])
        raw = letter(
            message_id=f"<answer{self.sent}@mailbox.example>",
            at=at,
            sender=f"Robin Hale <{ME}>",
            to=ME,
            subject=f"Re: {digest['Subject']}",
            body=f"{whole}\n",
            in_reply_to=str(digest["Message-ID"]),
            vouched=None,
        )
        for folder in ("Sent", "INBOX"):
            self._dovecot.deliver(self._user, folder, raw, internaldate=at)

    def receive(self, message_id: str, sender: str, subject: str, text: str, at: datetime, *, answers: str | None = None) -> None:
        raw = letter(message_id=message_id, at=at, sender=sender, subject=subject, body=text, in_reply_to=answers)
        self._dovecot.deliver(self._user, "INBOX", raw, internaldate=at)

    def placed(self) -> list[EmailMessage]:
        """Return the digests that lie unseen in the inbox."""
        flags = self._dovecot.flags(self._user, "INBOX")
        found = [
            message_from_bytes(raw, policy=policy.default)
            for uid, raw in self._dovecot.messages(self._user, "INBOX").items()
            if b"\nMessage-ID: <digest." in raw and flags[uid] <= {"\\Recent"}
        ]
        return [each for each in found if isinstance(each, EmailMessage)]


def board(home: Home, now: datetime) -> dict[str, str]:
    """Return how everything stands, by the clock of the week."""
    with open_ledger(settings_of(argparse.Namespace(config=home.config))) as ledger:
        return {each.interview.id: str(each.state.status) for each in Casebook(ledger, now).candidacies()}


@pytest.mark.dovecot
def test_a_week_with_three_digests_and_two_answers_by_mail(
    home: Home, start_smtp: Callable[..., smtp.Server], ca_file: Path, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    server = start_smtp()
    secret = home.folder / "smtp-password"
    secret.write_text(smtp.PASSWORD)
    secret.chmod(0o600)
    by_mail = table(home, server, ca_file).replace('sender = "agent@mailbox.example"\n', "")
    home.configure(more=by_mail)
    home.track(search.INTERVIEWS)
    client = Client(dovecot, mailbox_user)
    for role, at, raw in search.messages(MONDAY):
        dovecot.deliver(mailbox_user, {"inbox": "INBOX", "sent": "Sent"}[role], raw, internaldate=at)
    client.receive(
        "<i@elm.example>",
        "Mara Quist <mara@elm.example>",
        "Site Reliability Engineer",
        "Hi Robin,\n\nWe would like to invite you to an interview for the Site Reliability Engineer role. "
        "When would suit you?\n\nMara\n",
        MONDAY - 2 * HOUR,
    )

    with passing(home) as make:
        # Monday: an invitation, a rejection, and two questions.
        make(MONDAY)
        (first,) = mails(server)
        client.take_in(first, MONDAY)
        assert first["Subject"] == "1 invitation, 1 rejection, 2 questions, 2 drafts – Mon 9 March"
        told = body(first)
        forged, discovered = (int(line[1]) for line in told.splitlines() if line.startswith(("[1]", "[2]")))
        assert f"Answer {discovered} " in told
        client.answer(
            first,
            MONDAY + HOUR,
            top=f"Good morning,\n\n{discovered} new Elm Grove, Site Reliability Engineer\nacme: note topic: event sourcing"
            "\ncedar: maybe later\n\nThanks\nRobin",
            below={f"Answer {forged} no": "No, please."},
        )
        make(MONDAY + 2 * HOUR)
        make(MONDAY + 3 * HOUR)
        assert board(home, MONDAY + 3 * HOUR)["elm-grove-site-reliability-engineer"] == "invited"
        assert home.run("review", "--json").json == []
        assert len(mails(server)) == 1

        # Tuesday: what was done, what was not understood; Acme fixes a time.
        client.receive(
            "<fixed@acme.example>",
            "Dana Cole <dana@acme.example>",
            "Re: Interview for Backend Engineer",
            "Hi Robin,\n\nYour interview is confirmed for Thursday, 12 March 2026 at 14:00 GMT.\n\nDana\n",
            MONDAY + DAY - HOUR,
            answers="<invitation@acme.example>",
        )
        make(MONDAY + DAY)
        _, second = mails(server)
        client.take_in(second, MONDAY + DAY)
        told = body(second)
        assert "1 interview fixed" in second["Subject"]
        assert "1 answer not understood" in second["Subject"]
        assert "“cedar: maybe later”: It was not understood. Such as “cedar-platform: moved on”" in told
        assert f"“No, please.”: Question {forged}, about the mail “Platform Engineer” from tom@cedar.example, is closed" in told
        assert (
            f"“{discovered} new Elm Grove, Site Reliability Engineer”: Elm Grove, Site Reliability Engineer is tracked: invited."
            in told
        )
        assert "“acme: note topic: event sourcing”: Acme Robotics, Backend Engineer: noted." in told
        assert "Thu 12 March 14:00: interview (round 1). Acme Robotics, Backend Engineer" in told
        assert "Your interview is confirmed for Thursday, 12 March 2026 at 14:00 GMT." in told
        client.answer(second, MONDAY + DAY + HOUR, top="cedar-platform: moved on", below={"[acme-backend]": "on hold, they say"})

    # A forged answer gives no orders, and the digest is placed into the inbox from now on.
    forgery = letter(
        message_id="<evil@evil.example>",
        at=MONDAY + DAY + HOUR,
        sender=f"Robin Hale <{ME}>",
        subject=f"Re: {second['Subject']}",
        to=ME,
        body="acme: rejected\nbirch: offer\n",
        in_reply_to=str(second["Message-ID"]),
        vouched="fail",
    )
    dovecot.deliver(mailbox_user, "INBOX", forgery, internaldate=MONDAY + DAY + HOUR)
    home.configure(more='[digest]\nenabled = true\nby = "imap"\nhour = 8\n')
    with passing(home) as make:
        make(MONDAY + DAY + 2 * HOUR)
        make(MONDAY + 2 * DAY)
        make(MONDAY + 2 * DAY + timedelta(minutes=5))
    assert len(mails(server)) == 2
    (third,) = [each for each in client.placed() if str(each["Message-ID"]).startswith("<digest.20260311.")]
    told = body(third)
    assert "“cedar-platform: moved on”: Cedar Mutual, Platform Engineer: moved on now." in told
    assert "“on hold, they say”: It was not understood. Such as “acme-backend: moved on”" in told
    assert "“acme: rejected”" not in told
    assert board(home, MONDAY + 2 * DAY) == {
        "acme-backend": "scheduled",
        "birch-data": "rejected",
        "cedar-platform": "moved_on",
        "elm-grove-site-reliability-engineer": "invited",
    }
