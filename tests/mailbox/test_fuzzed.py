"""What fuzzing of the mailbox has found, each as small as it could be made."""

import pytest
from imapclient.exceptions import ProtocolError

from agent.mailbox.excerpt import boundary
from agent.mailbox.labels import labels_of
from agent.mailbox.rows import values
from agent.mailbox.without_attachments import without_attachments


def test_a_boundary_that_is_not_ascii_divides_nothing() -> None:
    header = b"Content-Type: multipart/mixed; boundary=\x92\r\n\r\n"

    assert boundary(header) is None
    assert without_attachments(header + b"--\x92\r\n\r\nhello\r\n") == header + b"--\x92\r\n\r\nhello\r\n"


def test_the_length_of_a_literal_that_no_number_holds_is_no_literal() -> None:
    with pytest.raises(ProtocolError):
        values([b"* 1 FETCH (BODY[] {000000000000000000003}"], 10)


def test_a_boundary_in_a_charset_that_is_none_divides_nothing() -> None:
    header = b"Content-Type: multipart/mixed; boundary*=\0''b\r\n\r\n"

    assert boundary(header) is None
    assert without_attachments(header + b"hello\r\n") == header + b"hello\r\n"


def test_labels_in_a_charset_that_is_none_are_taken_as_they_stand() -> None:
    assert labels_of(b"X-Gmail-Labels: =?\xff?Q?Inbox?=\r\n\r\n") == {"=?\ufffd?q?inbox?="}
