"""Where a password comes from, and reading it: a file, a command, the environment, a systemd credential.

The secret itself is only ever the return value: no error, repr or log line holds it, nor what a command printed.
"""

import os
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from agent.accounts.keyrings import read_from_keyring
from agent.accounts.problems import SecretRefused

__all__ = ["SecretRefused", "SecretSource", "output_of", "read_private", "read_secret"]

COMMAND_SECONDS = 60
"""How long a command may take: enough to type a passphrase."""
PLAIN = ".plain"
"""What the units add to the name of a credential that is not encrypted: systemd takes one of a name, and they offer both."""
LONGEST = 64 * 1024
"""Bytes; what is longer is no password but a mistaken file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretSource:
    """Where one secret comes from; the first of `file`, `command`, `env`, `keyring` that is set counts, else the credential."""

    table: str
    """The table of the configuration that names it (`account`), for error texts."""
    file: Path | None = None
    file_key: str = "password_file"
    """The key that names the file."""
    command: tuple[str, ...] = field(default=(), repr=False)
    env: str | None = None
    keyring: tuple[str, str] | None = None
    """Service and user name under which the keyring of the desktop has it."""
    credential: str = ""
    """Name below $CREDENTIALS_DIRECTORY."""
    beside: Path | None = None
    """The file that is read where there is no credential: it lets the shell use what the service uses."""


def read_secret(source: SecretSource) -> str:
    """Return the secret without its trailing newline; raise `SecretRefused` with one clear line."""
    if source.file is not None:
        key = f"{source.table}.{source.file_key}"
        return _checked(read_private(source.file, key), f"{key}: {source.file}")
    if source.command:
        return output_of(source.command, f"{source.table}.password_command")
    if source.env is not None:
        key = f"{source.table}.password_env"
        if source.env not in os.environ:
            raise SecretRefused(f"{key}: the environment variable {source.env} is not set; set it, or use password_file")
        return _checked(os.environ[source.env].encode(errors="surrogateescape"), f"{key}: {source.env}")
    if source.keyring is not None:
        return _of_keyring(source)
    return _credential(source)


def output_of(command: tuple[str, ...], key: str) -> str:
    """Return the one line that a command prints; raise `SecretRefused` that names the `key` of the configuration."""
    return _checked(_command(command, key), f"{key}: the output of {command[0]}")


def _of_keyring(source: SecretSource) -> str:
    """Read the keyring of the desktop."""
    service, user = source.keyring or ("", "")
    key = f"{source.table}.password_keyring"
    secret = read_from_keyring(service, user, key=key)
    if secret is None:
        raise SecretRefused(f"{key}: the keyring has no password for it; run: keyring set {service} {user}")
    return _checked(secret.encode(), f"{key}: what lies under {service}")


def _credential(source: SecretSource) -> str:
    """Read the systemd credential, else the file beside the configuration."""
    key = f"{source.table}.credential"
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    for path in (Path(folder) / source.credential, Path(folder) / f"{source.credential}{PLAIN}"):
        # No look at the mode: systemd grants access by an ACL, which shows as group bits, in a folder of its own.
        # An empty one counts as none: the unit sets it where there is no file to load.
        if folder and path.is_file() and (raw := _bytes(path, key)).strip():
            return _checked(raw, f"{key}: {path}")
    if source.beside is not None and source.beside.exists():
        return _checked(read_private(source.beside, key), f"{key}: {source.beside}")
    lies = f" or put it into {source.beside} (chmod 600)" if source.beside is not None else ""
    raise SecretRefused(
        f"{key}: there is no password: no systemd credential {source.credential!r} was given; "
        f"set {source.table}.password_file, password_command or password_env{lies}"
    )


def read_private(path: Path, key: str) -> bytes:
    """Return what stands in a file that only its owner can read; raise `SecretRefused` that names the `key`.

    The mode is that of the opened file, so that it cannot change in between.
    """
    return _bytes(path, key, private=True)


def _bytes(path: Path, key: str, *, private: bool = False) -> bytes:
    try:
        with path.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if private and stat.S_ISREG(mode) and mode & 0o077:
                raise SecretRefused(f"{key}: others than you can read or change {path}; run: chmod 600 {path}")
            return opened.read(LONGEST + 1)
    except FileNotFoundError:
        problem = f"{key}: there is no file {path}; create it with the password as its only line, then run: chmod 600 {path}"
    except OSError as error:
        problem = f"{key}: {path} cannot be read ({error.strerror}); check the path and who owns it"
    raise SecretRefused(problem)


def _command(command: tuple[str, ...], key: str) -> bytes:
    """Run a command without a shell and return what it printed; its arguments and output stay out of all errors."""
    program = str(Path(command[0]).expanduser()) if command[0].startswith("~") else command[0]
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        problem = f"{key}: {program} took longer than {COMMAND_SECONDS} seconds; run it by hand to see what it waits for"
    except OSError as error:
        problem = f"{key}: {program} cannot be run ({error.strerror}); check that it is installed and on the PATH"
    else:
        if done.returncode == 0:
            return done.stdout
        how = f"exit status {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
        problem = f"{key}: {program} failed with {how}; run it by hand to see why"
    # Raised outside of the handlers: a TimeoutExpired in the chain would carry the output along.
    raise SecretRefused(problem)


def _checked(raw: bytes, where: str) -> str:
    """Return the bytes as text, if they can be a password."""
    line = raw.removesuffix(b"\n").removesuffix(b"\r")
    text = line.decode("utf-8", errors="ignore")
    if not line:
        problem = "is empty; put the password there"
    elif len(raw) > LONGEST:
        problem = f"holds more than {LONGEST} bytes; it must be the password alone"
    elif text.encode() != line:
        problem = "is not UTF-8; write it again as UTF-8"
    elif any(ord(character) < 32 or ord(character) == 127 for character in text):
        problem = "holds more than one line, or control characters; the password must stand there alone"
    else:
        return text
    raise SecretRefused(f"{where} {problem}")
