"""The tables of the configuration file, one model each; an unknown key is an error in all of them."""

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticKnownError

from agent.accounts.locations import config_folder, rules_folder, state_folder
from agent.accounts.secrets import SecretSource
from agent.accounts.values import (
    AddressText,
    CertificateFile,
    CountryCode,
    CredentialName,
    Endpoint,
    FilePath,
    FolderPath,
    Line,
    Port,
    Security,
    SignIn,
    Word,
    ZoneName,
    refuse,
)
from agent.plan.discovery import Discovery

SECRET_KEYS = ("password_file", "password_command", "password_env", "password_keyring", "credential")


class Table(BaseModel):
    """What all tables have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretTable(Table):
    """A table that names where its password comes from: at most one of the five keys."""

    table: ClassVar[str]
    password_file: FilePath | None = None
    """A file that only the user can read, with the password as its only line."""
    password_command: Annotated[tuple[Word, ...], Field(min_length=1)] | None = Field(default=None, repr=False)
    """Program and arguments that print the password alone; no shell is asked."""
    password_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """The environment variable that holds the password."""
    password_keyring: bool = False
    """Whether it lies in the keyring of the desktop, for the login name at the server `interview-agent/HOST`."""
    credential: CredentialName
    """Name of the systemd credential that is the password, where none of the others is set."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if len(self.password_keys) > 1:
            raise refuse(f"has {' and '.join(self.password_keys)}", "keep one of them")
        return self

    @property
    def password_keys(self) -> tuple[str, ...]:
        """The keys that are set of those that say where the password is."""
        return tuple(key for key in SECRET_KEYS if key in self.model_fields_set and getattr(self, key) is not False)

    @property
    def secret(self) -> SecretSource:
        """Where the password comes from, for `read_secret`."""
        return SecretSource(
            table=self.table,
            file=self.password_file,
            command=self.password_command or (),
            env=self.password_env,
            keyring=(f"interview-agent/{getattr(self, 'host', '')}", getattr(self, "user", ""))
            if self.password_keyring
            else None,
            credential=self.credential,
            beside=config_folder() / self.credential,
        )


class UserTable(Table):
    """Whose mailbox it is."""

    name: Word
    """Full name, as in a signature."""
    addresses: Annotated[tuple[AddressText, ...], Field(min_length=1)]
    """All own addresses in lower case, the main one first."""
    timezone: ZoneName
    """IANA name."""
    country: CountryCode | None = None
    """ISO 3166 alpha-2 of the employers of which neither country nor time zone is known: its holidays count."""
    phone: Line = ""
    """For the signature; empty leaves it out."""
    strengths: Line = ""
    """One line on what the user brings, which drafts name where a guide asks for it."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    """ISO 639 code of the language of drafts, where an interview names none."""

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return ZoneInfo(self.timezone)


class FolderTable(Table):
    """Names of folders, for servers that do not say what a folder is for (RFC 6154); None lets the agent find it."""

    drafts: Word | None = None
    """Where follow-ups are put."""
    sent: Word | None = None
    """What the user sent."""
    junk: Word | None = None
    """What the provider took for spam."""
    archive: Word | None = None
    """What the user put away."""


def _imap_port(known: dict[str, Any]) -> int:
    return 143 if known.get("security") == "starttls" else 993


def _submission_port(known: dict[str, Any]) -> int:
    return 587 if known.get("security") == "starttls" else 465


class OAuthTable(Table):
    """How tokens are had, where the account signs in with them (RFC 6749)."""

    client_id: Word | None = None
    """Under which the provider knows the user's own registration of this program; `sign-in` explains how to get one."""
    client_secret: SecretStr | None = None
    """Of a client whose provider calls it public (Google's desktop clients); the file must be the user's alone then."""
    client_secret_file: FilePath | None = None
    """A file that only the user can read, with the client's secret as its only line."""
    tenant: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")] = "common"
    """Whose accounts Microsoft lets in: `common`, `consumers`, `organizations`, or the id or domain of an organisation."""
    device_endpoint: Endpoint | None = None
    """Where a device code is asked for (RFC 8628); None means the provider's own, if it has one."""
    authorization_endpoint: Endpoint | None = None
    """The page on which the user consents; None means the provider's own."""
    token_endpoint: Endpoint | None = None
    """Where tokens are given and renewed; None means the provider's own."""
    scopes: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    """What is asked for; None means what the provider calls mail."""
    token_command: Annotated[tuple[Word, ...], Field(min_length=1)] | None = Field(default=None, repr=False)
    """Program and arguments that print an access token: another program keeps the sign-in then."""
    token_store: Literal["file", "keyring"] = "file"  # noqa: S105 (no password: the kind of place)
    """Where the tokens lie: in a file of the state folder that only the user can read, or in the keyring of the desktop."""
    ca_file: CertificateFile | None = None
    """PEM certificates that are trusted at the endpoints instead of the system's; verification is never off."""

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.client_secret is not None and self.client_secret_file is not None:
            raise refuse("has client_secret and client_secret_file", "keep one of them")
        return self


class AccountTable(SecretTable):
    """The mailbox: on a server, or in files."""

    table: ClassVar[str] = "account"
    maildir: FolderPath | None = None
    """A Maildir, or the folder of several, as mbsync and offlineimap keep them; instead of a server."""
    host: Line
    """The IMAP server."""
    security: Security = "tls"
    """Encrypted from the first byte, or before the login; there is no third."""
    port: Port = Field(default_factory=_imap_port)
    """Where the server listens."""
    user: Line
    """Login name."""
    sign_in: SignIn = "password"
    """With a password, or with the tokens of a provider; `[account.oauth]` says more of these."""
    oauth: OAuthTable = OAuthTable()
    credential: CredentialName = "imap-password"
    """The systemd credential that is the password; outside of systemd the file of this name beside the configuration."""
    ca_file: CertificateFile | None = None
    """PEM certificates that are trusted instead of the system's; verification is never off."""
    authserv_id: Word | None = None
    """Who writes the Authentication-Results that may be believed (RFC 8601 section 2.5); None when not known."""
    look_back_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """How old mail may be, in days, that the first pass reads."""
    size_limit_mb: Annotated[int, Field(ge=1, le=100)] = 10
    """Of a message larger than this (in 1,000,000 bytes) the attachments are not fetched."""
    timeout_seconds: Annotated[int, Field(ge=5, le=600)] = 60
    """How long one answer of the server may take."""
    folders: FolderTable = FolderTable()

    @model_validator(mode="before")
    @classmethod
    def _server_or_files(cls, table: Any) -> Any:
        """Let host and user be missing where the mail lies in files; together they would be a riddle."""
        if not isinstance(table, dict) or "maildir" not in table:
            return table
        if named := [key for key in _SERVER_KEYS if key in table and table[key] != {}]:
            raise refuse(f"has maildir and {' and '.join(named)}", "keep the Maildir, or the server")
        return {"host": "", "user": "", **table}

    @model_validator(mode="after")
    def _password_or_tokens(self) -> Self:
        """Refuse what has no effect: a password beside tokens, settings of tokens beside a password, half a provider."""
        oauth = self.oauth
        if self.sign_in == "password":
            if oauth.model_fields_set:
                raise refuse("has settings under oauth, and signs in with a password", 'add sign_in, such as "microsoft"')
            return self
        if self.password_keys:
            raise refuse(
                f'has sign_in = "{self.sign_in}" and {" and ".join(self.password_keys)}', "keep the tokens, or the password"
            )
        if "tenant" in oauth.model_fields_set and self.sign_in != "microsoft":
            raise refuse(f'has oauth.tenant and sign_in = "{self.sign_in}"', "take the tenant out: only Microsoft has such")
        if self.sign_in == "oauth" and not oauth.token_command and not oauth.token_endpoint:
            raise refuse('has sign_in = "oauth" without oauth.token_endpoint', "add it, or a token_command")
        if self.sign_in == "oauth" and not oauth.token_command and not (oauth.device_endpoint or oauth.authorization_endpoint):
            mend = "add one of them, or a token_command"
            raise refuse('has sign_in = "oauth" without oauth.device_endpoint or oauth.authorization_endpoint', mend)
        return self

    @field_validator("host", "user")
    @classmethod
    def _filled_in(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("maildir") is None:
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        return value


_SERVER_KEYS = ("host", "port", "security", "user", "ca_file", "sign_in", "oauth", *SECRET_KEYS)


class NamedAccountTable(AccountTable):
    """One of several mailboxes."""

    addresses: Annotated[tuple[AddressText, ...], Field(min_length=1)] | None = None
    """The user's own addresses there, in lower case, the main one first; None means those of `[user]`."""
    digest: "DigestTable | None" = None
    """A digest of its own; None means that of `[digest]`."""
    _name: str = PrivateAttr(default="")

    def named(self, name: str) -> Self:
        """Return the same table under its name in the configuration."""
        table = self.model_copy()
        table._name = name  # noqa: SLF001 (its own class; pydantic takes a private attribute no other way)
        return table

    @property
    def secret(self) -> SecretSource:
        """Where the password comes from; a credential that is not named bears the name of the account at its end."""
        source = super().secret
        credential = self.credential if "credential" in self.model_fields_set else f"{self.credential}-{self._name}"
        return replace(source, table=f"accounts.{self._name}", credential=credential, beside=config_folder() / credential)


class PolicyTable(Table):
    """Which follow-ups are due when."""

    preset: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "default"
    """A file of the folder `policies`, shipped or the user's own; one interview may have another."""


class RulesTable(Table):
    """The user's own rules."""

    folder: FolderPath | None = Field(default_factory=rules_folder)
    """Laid over the shipped rules file by file; None when there is none."""


class DiscoveryTable(Table):
    """Candidacies in the mail that nobody tracks yet."""

    new: Discovery = Discovery.ASK
    """`ask` proposes them in review, `track` tracks those whose company and role are known, `off` does nothing."""


class StateTable(Table):
    """What the agent remembers."""

    folder: FilePath = Field(default_factory=state_folder)
    """Where the ledger and the tokens lie."""


class DaemonTable(Table):
    """How the service runs."""

    poll_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    """How often the mailbox is looked at in any case; news that the server tells is read at once."""
    read_junk: bool = True
    """Whether the junk folder is read too (A13)."""


class SmtpTable(SecretTable):
    """The server that takes the digest."""

    table: ClassVar[str] = "digest.smtp"
    host: Word
    """The mail server."""
    security: Security = "tls"
    """Encrypted from the first byte, or before the login."""
    port: Port = Field(default_factory=_submission_port)
    """Where the server listens."""
    user: Word
    """Login name."""
    sign_in: SignIn | None = None
    """As the account, whose tokens it uses then, or with a password; None means as the account unless a password is named."""
    credential: CredentialName = "smtp-password"
    """As for the mailbox."""
    ca_file: CertificateFile | None = None
    """PEM certificates that are trusted instead of the system's; verification is never off."""
    timeout_seconds: Annotated[int, Field(ge=5, le=600)] = 60
    """How long one answer of the server may take."""


class DigestTable(Table):
    """One mail a day to the user's own main address, if it is wanted."""

    enabled: bool = False
    """Whether it is wanted."""
    hour: Annotated[int, Field(ge=0, le=23)] = 8
    """Hour of the user's day from which on it may go out."""
    by: Literal["smtp", "imap"] = "smtp"
    """`smtp`: handed to the server of that name; `imap`: placed into the inbox by the hand that reads it, a Maildir's too."""
    sender: AddressText | None = None
    """Address that it comes from; None means the user's main address."""
    smtp: SmtpTable | None = None

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        if self.by == "imap" and self.sender is not None:
            raise refuse('has by = "imap" and a sender', "take the sender out: what is placed into the inbox is from you to you")
        if self.enabled and self.by == "smtp" and self.smtp is None:
            mend = 'add the table [digest.smtp], or by = "imap" to have it placed into the inbox, or set enabled = false'
            raise refuse("is enabled without a server", mend)
        return self
