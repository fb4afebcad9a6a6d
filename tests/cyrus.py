"""A real Cyrus 3 on loopback, for tests: a second server of another make than `tests/dovecot.py`, with the same interface.

Its package conflicts with Dovecot's, so `.ci/cyrus` unpacks it into `.cyrus` of the checkout; it is not installed. Passwords are
checked by a few lines here that speak to it as Cyrus SASL's saslauthd does; any user name is good.
"""

import shutil
import socket
import struct
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.mail_server import PASSWORD, MailServer, free_ports, plain_account

_UNPACKED = Path(__file__).parents[1] / ".cyrus"

# Debian's Cyrus 3.6 draws the ids of new mailboxes by a clock of whole seconds, and its processes draw the same: mailboxes that
# are made within one second would share one folder on disk. With legacy folders that is named for the user and not for the id.
_IMAPD = """
configdirectory: {home}/conf
partition-default: {home}/spool
admins: cyrus
cyrus_user: {user}
servername: localhost
virtdomains: userid
defaultdomain: elsewhere.example
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: 0
autocreate_inbox_folders: Drafts | Sent | Junk | Trash | Archive
autocreate_subscribe_folders: Drafts | Sent | Junk | Trash | Archive
xlist-drafts: Drafts
xlist-sent: Sent
xlist-junk: Junk
xlist-trash: Trash
xlist-archive: Archive
specialusealways: yes
mailbox_legacy_dirs: yes
conversations: no
duplicatesuppression: no
expunge_mode: immediate
delete_mode: immediate
failedloginpause: 0
maxlogins_per_user: 0
imapidlepoll: 1
idlesocket: {home}/conf/socket/idle
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {home}/mux
sasl_mech_list: PLAIN
tls_server_cert: {home}/cert.pem
tls_server_key: {home}/key.pem
"""

_CYRUS = """
START {{
  recover cmd="{program}/ctl_cyrusdb -C {home}/imapd.conf -r"
  idled cmd="{program}/idled -C {home}/imapd.conf"
}}
SERVICES {{
  imaps cmd="{program}/imapd -C {home}/imapd.conf -s" listen="127.0.0.1:{port}" prefork=2 maxchild=200
}}
EVENTS {{
}}
"""


def unpacked() -> Path | None:
    """Return the folder of the Cyrus programs and their libraries, or None where `.ci/cyrus` has put none."""
    return _UNPACKED if (_UNPACKED / "bin" / "master").exists() else None


class Cyrus(MailServer):
    """One running server. Start it with `with`."""

    def __init__(self, *, names: Sequence[str] = ("localhost", "127.0.0.1"), password: str = PASSWORD) -> None:
        """Describe the server: names in its certificate, and the password of every user."""
        super().__init__(names=names, password=password)
        self._door: socket.socket | None = None

    def _configure(self) -> tuple[list[str], dict[str, str]]:
        folder = unpacked()
        if folder is None:
            raise RuntimeError("Cyrus is not there: run .ci/cyrus")
        # A copy of its own: the plain user may not look into the checkout.
        shutil.copytree(folder, self._home / "cyrus", dirs_exist_ok=True)
        for name in ("conf/socket", "conf/log", "conf/proc", "spool"):
            (self._home / name).mkdir(parents=True, exist_ok=True)
        self._home.chmod(0o755)
        self._keep_the_door()
        self.port, _ = free_ports()
        program = self._home / "cyrus" / "bin"
        imapd, cyrus = self._home / "imapd.conf", self._home / "cyrus.conf"
        imapd.write_text(_IMAPD.format(home=self._home, user=plain_account().pw_name), encoding="utf-8")
        cyrus.write_text(_CYRUS.format(home=self._home, program=program, port=self.port), encoding="utf-8")
        words = [str(program / "master"), "-D", "-C", str(imapd), "-M", str(cyrus), "-p", str(self._home / "conf" / "pid")]
        return words, {"LD_LIBRARY_PATH": str(self._home / "cyrus" / "lib")}

    def _end(self) -> None:
        super()._end()
        if self._door is not None:
            self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()
            self._door = None

    def _keep_the_door(self) -> None:
        """Answer for saslauthd: four counted words come (user, password, service, realm), one goes back."""
        if self._door is not None:
            return
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self._home / "mux"))
        self._door.listen(100)
        (self._home / "mux").chmod(0o666)
        threading.Thread(target=_answer, args=(self._door, self._password.encode()), daemon=True).start()


def _answer(door: socket.socket, password: bytes) -> None:
    while True:
        try:
            asking, _ = door.accept()
        except OSError:
            return
        with asking, asking.makefile("rb") as words:
            given = [words.read(struct.unpack("!H", words.read(2))[0]) for _ in range(4)]
            said = b"OK" if given[1] == password else b"NO"
            asking.sendall(struct.pack("!H", len(said)) + said)
