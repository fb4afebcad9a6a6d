"""Where tokens lie between two uses: a file that only its owner can read, or the keyring of the desktop.

One lock for all processes and threads of an account: whoever holds it may renew; the others find the new tokens afterwards.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from agent.accounts.keyrings import forget_in_keyring, put_into_keyring, read_from_keyring
from agent.accounts.locations import make_state_folder
from agent.accounts.problems import SignInNeeded, TokenDelayed
from agent.accounts.secrets import read_private
from agent.accounts.tokens import Tokens

_PATIENCE = 90.0
"""Seconds to wait for another process that renews: longer than its own longest wait for the provider."""
_ROOM = 64 * 1024
"""Octets that are reserved on the disk before tokens are asked for: a rotated one must not be lost to a full disk."""


class TokenStore(Protocol):
    """Keeps the tokens of one account. All but `changed_at` may raise `SecretRefused`, `TokenDelayed` too."""

    def read(self) -> Tokens | None:
        """Return the tokens, or None when there are none."""

    def write(self, tokens: Tokens) -> None:
        """Keep the tokens instead of those that are there; when it returns they outlive a crash."""

    def remove(self) -> bool:
        """Forget the tokens; return whether there were any."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the lock for as long as the block lasts, with room for new tokens."""

    def changed_at(self) -> datetime | None:
        """Return when the user last signed in, as cheaply as possible; None when nobody ever did."""


class TokenFile:
    """Tokens in `tokens.json` of a state folder, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tokens.json"

    def read(self) -> Tokens | None:
        """See `TokenStore.read`; a file that others can read is refused like that of a password."""
        if not self.path.exists():
            return None
        return _tokens(read_private(self.path, "the tokens of the sign-in").decode(errors="replace"), str(self.path))

    def write(self, tokens: Tokens) -> None:
        """See `TokenStore.write`: a temporary file takes the place of the old one once it is on the disk (rename(2))."""
        new = self.path.with_suffix(".new")
        try:
            _written(new, tokens.as_text().encode())
            new.replace(self.path)
            _flush(self.path.parent)
        except OSError as error:
            raise TokenDelayed(
                f"{self.path} cannot be written ({error.strerror}); make room there, or check who owns it"
            ) from None

    def remove(self) -> bool:
        """See `TokenStore.remove`."""
        there = self.path.exists()
        for path in (self.path, self.path.with_suffix(".new")):
            path.unlink(missing_ok=True)
        return there

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `TokenStore.alone`."""
        with _locked(self.path.parent):
            try:
                _written(self.path.with_suffix(".new"), bytes(_ROOM))
            except OSError as error:
                raise TokenDelayed(f"{self.path.parent} takes no file ({error.strerror}); make room there") from None
            try:
                yield
            finally:
                self.path.with_suffix(".new").unlink(missing_ok=True)

    def changed_at(self) -> datetime | None:
        """See `TokenStore.changed_at`."""
        return _signed_in_at(self.path.parent)


class TokenKeyring:
    """Tokens in the keyring of the desktop; the lock is a file of the state folder all the same."""

    def __init__(self, folder: Path, *, service: str, user: str) -> None:
        self._folder, self._service, self._user = folder, service, user

    def read(self) -> Tokens | None:
        """See `TokenStore.read`."""
        found = read_from_keyring(self._service, self._user, key="account.oauth.token_store")
        return _tokens(found, f"the keyring, under {self._service}") if found is not None else None

    def write(self, tokens: Tokens) -> None:
        """See `TokenStore.write`."""
        put_into_keyring(self._service, self._user, tokens.as_text(), key="account.oauth.token_store")

    def remove(self) -> bool:
        """See `TokenStore.remove`."""
        return forget_in_keyring(self._service, self._user, key="account.oauth.token_store")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `TokenStore.alone`; a keyring that cannot be asked is noticed before new tokens are."""
        with _locked(self._folder):
            read_from_keyring(self._service, self._user, key="account.oauth.token_store")
            yield

    def changed_at(self) -> datetime | None:
        """See `TokenStore.changed_at`."""
        return _signed_in_at(self._folder)


def note_sign_in(folder: Path) -> None:
    """Leave a mark that the user signed in just now, by which a service that runs takes it up."""
    os.utime(_lock_file(folder))


def _signed_in_at(folder: Path) -> datetime | None:
    with suppress(OSError):
        return datetime.fromtimestamp(_lock_file(folder).stat().st_mtime, UTC)
    return None


def _lock_file(folder: Path) -> Path:
    return folder / "tokens.lock"


def _tokens(text: str, where: str) -> Tokens:
    with suppress(ValueError):
        return Tokens.of_text(text)
    raise SignInNeeded(f"{where} holds no tokens that can be read")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; flock(2) is of an open file, so that two threads exclude each other too."""
    make_state_folder(folder.parent)
    make_state_folder(folder)
    try:
        handle = os.open(_lock_file(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise TokenDelayed(f"{_lock_file(folder)} cannot be opened ({error.strerror}); check who owns the folder") from None
    try:
        until = time.monotonic() + _PATIENCE
        while not _taken(handle):
            if time.monotonic() > until:
                raise TokenDelayed(f"another interview-agent has been renewing the tokens in {folder} for a while")
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written(path: Path, content: bytes) -> None:
    """Write a file that is its owner's alone, in the room that it has already, and is on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        os.fchmod(opened.fileno(), 0o600)
        opened.write(content)
        opened.truncate()
        opened.flush()
        os.fsync(opened.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
