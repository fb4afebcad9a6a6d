r"""A real Dovecot 2.3 on loopback, for tests. It has its own configuration, its own folder and its own TLS certificate.

Use the fixtures of `tests/conftest.py`; they start one server for each test process and give each test a user of its own:

    def test_a_draft_lands_in_drafts(dovecot, mailbox_user):
        dovecot.deliver(mailbox_user, "INBOX", b"From: a@b.example\r\n\r\nhello\r\n", flags=["\\Seen"])
        mailbox = open_imap(dovecot.server(mailbox_user), mailbox_user.password)
        ...
        assert len(dovecot.messages(mailbox_user, "Drafts")) == 1
        assert dovecot.flags(mailbox_user, "INBOX") == {1: frozenset({"\\Seen"})}

`dovecot.host`, `dovecot.port` (TLS), `dovecot.starttls_port` and `dovecot.ca_file` are what a configuration file needs. Any user
name exists and has the password `PASSWORD`. `poor_dovecot` has neither UIDPLUS nor SPECIAL-USE; its folders stand below `INBOX.`
and only INBOX exists until a test calls `create`. One more server is `with Dovecot(names=..., extra=...) as server:`.
"""

import base64
import grp
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tests.mail_server import PASSWORD, MailboxUser, MailServer, free_ports, plain_account

__all__ = ["PASSWORD", "WITHOUT_UIDPLUS", "Dovecot", "MailboxUser", "binary"]

WITHOUT_UIDPLUS = "IMAP4rev1 LITERAL+ ID IDLE CHILDREN NAMESPACE UNSELECT"
"""The capabilities of a poor server."""

_SPECIAL = {"Drafts": "\\Drafts", "Sent": "\\Sent", "Junk": "\\Junk", "Trash": "\\Trash", "Archive": "\\Archive"}

_CONFIG = """
protocols = imap
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
mail_home = {home}/mail/%u
mail_location = maildir:~/Mail
mail_fsync = never
mail_max_userip_connections = 100
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
ssl_dh =
auth_mechanisms = plain login
auth_failure_delay = 0
auth_username_chars =
passdb {{
  driver = static
  mechanisms = plain login
  args = password={{PLAIN.b64}}{password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
{mailboxes}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  client_limit = 1000
  inet_listener imap {{
    address = 127.0.0.1
    port = {starttls_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
{capability}
{extra}
"""

_TOKENS = """
auth_mechanisms = plain login oauthbearer xoauth2
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = HOME/oauth2.conf
}
"""
_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=HOME/keys/
username_attribute = email
username_format = %Lu
issuers = {issuer}
"""


def binary() -> str | None:
    """Return the path of the Dovecot program, or None where it is not installed."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Dovecot(MailServer):
    """One running server. Start it with `with`."""

    def __init__(
        self,
        *,
        names: Sequence[str] = ("localhost", "127.0.0.1"),
        mailboxes: Mapping[str, str] = _SPECIAL,
        prefix: str = "",
        separator: str = "/",
        capability: str = "",
        password: str = PASSWORD,
        not_after: datetime | None = None,
        extra: str = "",
        files: Mapping[str, str] | None = None,
        tokens: tuple[str, str] | None = None,
    ) -> None:
        """Describe the server: names in its certificate, folders with their special use, lines for its configuration.

        In `extra` and in `files`, `HOME/` stands for the server's own folder, where the files lie. `tokens` are the issuer of
        JSON Web Tokens that open mailboxes too, and the key of their signature (HS256).
        """
        super().__init__(names=names, password=password, not_after=not_after)
        self.starttls_port = 0
        self._files = dict(files or {})
        if tokens is not None:
            extra = _TOKENS + extra
            self._files["oauth2.conf"] = _OAUTH2.format(issuer=tokens[0])
            self._files["keys/default/HS256/default"] = base64.b64encode(tokens[1].encode()).decode("ascii")
        self._settings = {
            "prefix": prefix,
            "separator": separator,
            "password": base64.b64encode(password.encode()).decode("ascii"),
            "mailboxes": "\n".join(
                f"  mailbox {name} {{\n    auto = subscribe\n    special_use = {use}\n  }}" for name, use in mailboxes.items()
            ),
            "capability": f"imap_capability = {capability}" if capability else "",
            "extra": extra,
        }

    def log(self) -> str:
        """Return what the server wrote into its log."""
        path = self._home / "dovecot.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def copy(self, user: MailboxUser, other: MailboxUser) -> None:
        """Give `other`, whose mailbox nobody used before, all that `user` has, under the same UIDs."""
        shutil.copytree(self._mail(user), self._mail(other), copy_function=shutil.copy2)
        if os.geteuid() == 0:
            account = plain_account()
            for path in [self._mail(other), *self._mail(other).rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid)

    def forget(self, user: MailboxUser) -> None:
        """Remove this user's mailbox."""
        self.hang_up(user)
        shutil.rmtree(self._mail(user), ignore_errors=True)

    def _mail(self, user: MailboxUser) -> Path:
        return self._home / "mail" / user.name

    def _configure(self) -> tuple[list[str], dict[str, str]]:
        program = binary()
        if program is None:
            raise RuntimeError("dovecot is not installed (apt install dovecot-imapd)")
        account = plain_account()
        self.port, self.starttls_port = free_ports()
        self._settings |= {"home": str(self._home), "user": account.pw_name, "group": grp.getgrgid(account.pw_gid).gr_name}
        for name, text in self._files.items():
            path = self._home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("HOME/", f"{self._home}/"), encoding="utf-8")
        self._settings["extra"] = self._settings["extra"].replace("HOME/", f"{self._home}/")
        config = _CONFIG.format(**self._settings, port=self.port, starttls_port=self.starttls_port)
        (self._home / "dovecot.conf").write_text(config, encoding="utf-8")
        return [program, "-F", "-c", str(self._home / "dovecot.conf")], {}
