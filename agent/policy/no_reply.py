"""Addresses that take no mail."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def takes_no_mail(address: str, patterns: Iterable[str]) -> bool:
    """Whether `address` is none, or fits one of `patterns` (`*` and `?` as in file names, the whole address, lower case)."""
    address = address.strip().lower()
    return "@" not in address or any(fnmatchcase(address, pattern) for pattern in patterns)
