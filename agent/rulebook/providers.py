"""Mail providers (`rules/providers.yaml`): where their servers stand, how one signs in, and what to switch on first."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agent.rulebook.grammar import Id, Line
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RulesRefused

FILE = "providers.yaml"

Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class SignIn(StrEnum):
    """A way to sign in at a provider."""

    PASSWORD = "password"  # noqa: S105 (no password, the word)
    """With the usual password."""
    APP_PASSWORD = "app-password"  # noqa: S105 (likewise)
    """With a password that is made for this program alone."""
    GOOGLE = "google"
    """At Google, in the browser."""
    MICROSOFT = "microsoft"
    """At Microsoft, in the browser."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Server(_Strict):
    host: Domain
    security: Literal["tls", "starttls"] = "tls"


class ImapForm(_Server):
    """The server that mail is read from."""

    port: Port = 993


class SmtpForm(_Server):
    """The server that takes mail."""

    port: Port = 465


class AppPassword(_Strict):
    """Where a password for one program is made, and how."""

    at: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    steps: Annotated[tuple[Line, ...], Field(min_length=1)]


class Provider(_Strict):
    """One provider, or one of its kinds of mailbox."""

    id: Id
    name: Line
    domains: tuple[Domain, ...] = ()
    mx: tuple[Domain, ...] = ()
    imap: ImapForm | None = None
    smtp: SmtpForm | None = None
    user: Literal["address", "local-part"] = "address"
    sign_in: tuple[SignIn, ...] = ()
    app_password: AppPassword | None = None
    first: tuple[Line, ...] = ()
    beware: Line | None = None
    without_imap: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.imap is None) == (self.without_imap is None):
            raise ValueError("has either `imap` or `without_imap`")
        if (self.imap is None) == bool(self.sign_in):
            raise ValueError("names the ways to sign in (`sign_in`) where it has `imap`, and only there")
        if (SignIn.APP_PASSWORD in self.sign_in) != (self.app_password is not None):
            raise ValueError("`app-password` under `sign_in` and `app_password` go together")
        return self

    def login_name(self, address: str) -> str:
        """Return the name under which the owner of an address signs in."""
        return address if self.user == "address" else address.rpartition("@")[0]


class ProvidersFile(_Strict):
    """`providers.yaml`."""

    providers: list[Provider]


class Providers:
    """All providers that are known."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._all = tuple(providers)
        self._by_domain = {domain: each for each in self._all for domain in each.domains}
        self._by_mx = {domain: each for each in self._all for domain in each.mx}

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._all)

    def of_domain(self, domain: str) -> Provider | None:
        """Return the provider of all addresses of a domain."""
        return self._by_domain.get(domain.lower().rstrip("."))

    def of_mx(self, hosts: Iterable[str]) -> Provider | None:
        """Return the provider whose hosts take in the mail of a domain; the first host that is known decides."""
        for host in hosts:
            labels = host.lower().rstrip(".").split(".")
            for cut in range(len(labels)):
                if (found := self._by_mx.get(".".join(labels[cut:]))) is not None:
                    return found
        return None


def load_providers(user_folder: Path | None) -> Providers:
    """Return the providers in force; raises `RulesRefused` with all that is wrong with the file."""
    file = rule_files(FILE, user_folder)[0]
    document = read_yaml(file.path, file.shown)
    read = validated(document, ProvidersFile)
    _each_once(document, read)
    return Providers(read.providers)


def _each_once(document: MarkedYaml, read: ProvidersFile) -> None:
    """Refuse a domain, a mail host or an id that stands at two providers."""
    problems = []
    for key in ("domains", "mx", "id"):
        seen: dict[str, str] = {}
        for number, provider in enumerate(read.providers):
            values = (provider.id,) if key == "id" else getattr(provider, key)
            for value in values:
                if value in seen:
                    what = f"`{value}` stands at {seen[value]} already"
                    problems.append(document.problem(("providers", number, key), what, "keep one of the two"))
                seen[value] = provider.name
    if problems:
        raise RulesRefused(problems)
