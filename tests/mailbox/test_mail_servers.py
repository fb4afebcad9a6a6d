from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from tests.cyrus import Cyrus
from tests.dovecot import Dovecot, MailboxUser

MAIL = b"Subject: hello\r\n\r\nhi\r\n"


def test_what_is_delivered_can_be_looked_at(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    uid = dovecot.deliver(mailbox_user, "INBOX", MAIL, ["\\Seen"], datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
    assert dovecot.messages(mailbox_user, "INBOX") == {uid: MAIL}
    assert dovecot.flags(mailbox_user, "INBOX") == {uid: frozenset({"\\Seen"})}


def test_the_poor_server_has_its_folders_below_inbox(poor_dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    poor_dovecot.create(mailbox_user, "INBOX.Entwürfe")
    uid = poor_dovecot.deliver(mailbox_user, "INBOX.Entwürfe", MAIL)
    assert poor_dovecot.messages(mailbox_user, "INBOX.Entwürfe") == {uid: MAIL}


def test_a_message_goes_when_the_user_removes_it(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    first = dovecot.deliver(mailbox_user, "Drafts", MAIL)
    second = dovecot.deliver(mailbox_user, "Drafts", MAIL)
    dovecot.remove(mailbox_user, "Drafts", first)
    assert list(dovecot.messages(mailbox_user, "Drafts")) == [second]


def test_users_who_come_to_cyrus_at_the_same_moment_have_mailboxes_of_their_own(cyrus: Cyrus) -> None:
    users = [MailboxUser(name=f"together{number}@mail.example") for number in range(4)]
    with ThreadPoolExecutor(len(users)) as together:
        list(together.map(lambda user: cyrus.deliver(user, "INBOX", f"Subject: {user.name}\r\n\r\nhi\r\n".encode()), users))

    assert [list(cyrus.messages(user, "INBOX").values()) for user in users] == [
        [f"Subject: {user.name}\r\n\r\nhi\r\n".encode()] for user in users
    ]
