"""What the values of the configuration are: addresses, paths, names; each refusal says what is wrong and how to mend it."""

from pathlib import Path
from re import fullmatch
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from agent.accounts.places import countries


def refuse(what: str, mend: str) -> PydanticCustomError:
    """Return the error with which a validator refuses a value: what is wrong, and how to mend it."""
    return PydanticCustomError("refused", "{what}", {"what": what, "mend": mend})


def _address(value: str) -> str:
    """Return an address in lower case, if it has the plain form local@domain."""
    if fullmatch(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+", value) is None:
        raise refuse("is no mail address", "write it bare, such as 'alex@mail.example'")
    return value.lower()


def _zone(value: str) -> str:
    """Return the name of a time zone that the system knows."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise refuse("is no time zone", "write a name of the IANA list, such as 'Europe/Berlin'") from None
    return value


def _country(value: str) -> str:
    """Return the code of a country in capitals."""
    if value.upper() not in countries():
        raise refuse("is no country", "write its two letters, such as 'DE' or 'GB'")
    return value.upper()


def _path(value: Path) -> Path:
    """Return an absolute path; `~` is the home folder."""
    try:
        path = value.expanduser()
    except RuntimeError:
        raise refuse("names a user that is not there", "write the path in full") from None
    if not path.is_absolute():
        raise refuse("is a relative path", "begin it with '/' or '~/'")
    return path


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise refuse(f"there is no file {path}", "correct the path, or take the setting out")
    return path


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise refuse(f"there is no folder {path}", "create it, correct the path, or take the setting out")
    return path


def _endpoint(value: str) -> str:
    """Return the address of an endpoint, which is always called over TLS (RFC 6749 section 3.1)."""
    if fullmatch(r"https://[A-Za-z0-9.\[\]:-]+(/[\x21-\x7e]*)?", value) is None or "#" in value:
        raise refuse("is no https address", "write it in full, such as 'https://login.mail.example/oauth2/token'")
    return value


def _account_name(value: str) -> str:
    """Return the name of an account, which is the name of a folder too."""
    if fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", value) is None:
        raise refuse("is no name for an account", "write a short word in small letters, such as 'work'")
    return value


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise refuse("holds a line break or a control character", "write it on one line")
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
"""Text on one line; may be empty."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)]
"""Text on one line that is not empty."""
ZoneName = Annotated[str, AfterValidator(_zone)]
CountryCode = Annotated[str, AfterValidator(_country)]
AddressText = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_address)]
FilePath = Annotated[Path, AfterValidator(_path)]
CertificateFile = Annotated[Path, AfterValidator(_path), AfterValidator(_existing_file)]
FolderPath = Annotated[Path, AfterValidator(_path), AfterValidator(_existing_folder)]
Endpoint = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_endpoint)]
CredentialName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=255)]
AccountName = Annotated[str, AfterValidator(_account_name)]
Port = Annotated[int, Field(ge=1, le=65535)]
Security = Literal["tls", "starttls"]
"""`tls`: encrypted from the first byte (RFC 8314); `starttls`: encrypted before the login. There is no third."""
SignIn = Literal["password", "microsoft", "google", "oauth"]
"""How one signs in: with a password, or with tokens (RFC 6749) that a provider gives."""
