"""The demo's mail on a real Dovecot: three passes leave one draft an occasion and everything else as it was."""

import email
from collections import Counter
from datetime import UTC, datetime
from email.message import Message

from agent.demo.search import demo_interviews, demo_messages
from agent.mailbox import FolderRole
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Home

FOLDERS = {FolderRole.INBOX: "INBOX", FolderRole.SENT: "Sent", FolderRole.JUNK: "Junk", FolderRole.ARCHIVE: "Archive"}


def drafts_in(dovecot: Dovecot, user: MailboxUser) -> list[Message]:
    return [email.message_from_bytes(raw) for raw in dovecot.messages(user, "Drafts").values()]


def test_three_passes_over_the_demos_mail(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC)
    mail = demo_messages(now)
    for message in mail:
        flags = ["\\Seen"] if message.seen else []
        dovecot.deliver(mailbox_user, FOLDERS[message.folder], message.raw, flags=flags, internaldate=message.received_at)
    before = {name: (dovecot.flags(mailbox_user, name), dovecot.messages(mailbox_user, name)) for name in FOLDERS.values()}
    home.track(demo_interviews(now))

    passes = [home.run("once", "--json") for _ in range(3)]

    assert [each.status for each in passes] == [0, 0, 0], passes[0].err
    assert [each.json["read"] for each in passes] == [len(mail) - 1, 0, 0]
    assert [each.json["settled"] for each in passes] == [1, 0, 0]
    queued = [len(each.json["queued"]) for each in passes]
    assert queued[0] >= 5
    assert queued[1:] == [0, 0]
    drafts = drafts_in(dovecot, mailbox_user)
    assert len(drafts) == queued[0]
    assert Counter(draft["Message-ID"] for draft in drafts).most_common(1)[0][1] == 1
    after = {name: (dovecot.flags(mailbox_user, name), dovecot.messages(mailbox_user, name)) for name in FOLDERS.values()}
    assert after == before


def test_each_answer_is_in_the_thread_that_it_answers(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC)
    mail = {message.message_id: email.message_from_bytes(message.raw) for message in demo_messages(now)}
    for message in demo_messages(now):
        dovecot.deliver(mailbox_user, FOLDERS[message.folder], message.raw, internaldate=message.received_at)
    home.track(demo_interviews(now))

    home.run("once")

    answers = [draft for draft in drafts_in(dovecot, mailbox_user) if draft["In-Reply-To"]]
    assert len(answers) >= 4
    for draft in answers:
        parent = mail[draft["In-Reply-To"]]
        # What a mail client threads by (RFC 5322 section 3.6.4): the parent's own references, then the parent.
        assert draft["References"].split() == [*(parent["References"] or "").split(), parent["Message-ID"]]
        assert parent["Subject"].removeprefix("Re: ") in draft["Subject"]
