"""What fuzzing of the mailbox has found, each as small as it could be made."""

from agent.mailbox.excerpt import boundary
from agent.mailbox.without_attachments import without_attachments


def test_a_boundary_that_is_not_ascii_divides_nothing() -> None:
    header = b"Content-Type: multipart/mixed; boundary=\x92\r\n\r\n"

    assert boundary(header) is None
    assert without_attachments(header + b"--\x92\r\n\r\nhello\r\n") == header + b"--\x92\r\n\r\nhello\r\n"
