"""Which IMAP server, and how to speak to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agent.mailbox.interface import FolderRole


@dataclass(frozen=True, kw_only=True, slots=True)
class ImapServer:
    """Where a mailbox stands. The secret is never part of it."""

    host: str
    """The name that the server's certificate must carry."""
    port: int = 993
    security: Literal["tls", "starttls"] = "tls"
    """TLS from the first octet (RFC 8314), or after STARTTLS; there is no way without."""
    user: str
    ca_file: str | None = None
    """A PEM file with the certificate authority to trust instead of the system's."""
    folders: Mapping[FolderRole, str] = field(default_factory=dict)
    """Folder names that the user set; they win over what the server says."""
    timeout_seconds: float = 60.0
    """The longest wait for any one answer."""
    size_limit: int = 2 * 1024 * 1024
    """Octets; of a larger message only the header, the text and the calendar are read."""
