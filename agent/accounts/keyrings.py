"""The keyring of the desktop (Secret Service, KWallet, Keychain), by the library of that name, which is loaded only here."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from agent.accounts.problems import SecretRefused


def read_from_keyring(service: str, user: str, *, key: str) -> str | None:
    """Return what lies under these names, or None.

    Raises `SecretRefused`, with the `key` of the configuration, where there is no keyring that can be asked; so do the others.
    """
    with _keyring(key) as keyring:
        found = keyring.get_password(service, user)
        return found if isinstance(found, str) else None


def put_into_keyring(service: str, user: str, secret: str, *, key: str) -> None:
    """Keep a secret under these names."""
    with _keyring(key) as keyring:
        keyring.set_password(service, user, secret)


def forget_in_keyring(service: str, user: str, *, key: str) -> bool:
    """Remove what lies under these names; return whether there was anything."""
    with _keyring(key) as keyring:
        there = keyring.get_password(service, user) is not None
        if there:
            keyring.delete_password(service, user)
        return there


@contextmanager
def _keyring(key: str) -> Iterator[ModuleType]:
    """Lend the library; what it raises becomes one line that names the way without it."""
    problem = ""
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        problem = "the library for it is not installed; install interview-agent[desktop], or take another source"
    else:
        try:
            yield keyring
        except NoKeyringError:
            problem = "there is no keyring here, as is usual for a service without a desktop; take a file instead"
        except KeyringError as error:
            problem = f"it cannot be asked ({type(error).__name__}); unlock it, or take a file instead"
    if problem:
        raise SecretRefused(f"{key}: the keyring: {problem}")
