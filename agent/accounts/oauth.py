"""The providers of tokens: where their endpoints are, what to ask for, and what is peculiar to each."""

from dataclasses import dataclass, field
from pathlib import Path

from agent.accounts.problems import SecretRefused
from agent.accounts.secrets import SecretSource, read_secret
from agent.accounts.tables import AccountTable

_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/"
_OUTLOOK = "https://outlook.office.com/"
_GOOGLE_CONSENT = "https://accounts.google.com/o/oauth2/v2/auth"
_GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)

_IDLE_DAYS = {"microsoft": 90, "google": 180}
"""After how many days without use a refresh token ends, by what the providers document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """One provider as one account uses it. The endpoints are https (RFC 6749 section 3.1); an empty one does not exist."""

    title: str
    """Its name for the user."""
    table: str
    """The table of the configuration that says it (`account.oauth`), for error texts."""
    user: str
    """Login name of the mailbox."""
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...]
    device_endpoint: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str
    redirect_host: str = "127.0.0.1"
    """How the provider wants this machine to be called in a redirect (RFC 8252 section 7.3)."""
    wishes: tuple[tuple[str, str], ...] = ()
    """What is said to the page of consent beyond the RFC."""
    ca_file: Path | None = None
    idle_days: int | None = None
    command: str = "interview-agent sign-in"
    """By which the user signs in."""

    @property
    def owner(self) -> str:
        """Whose tokens these are: tokens of another account or registration are not used."""
        return f"{self.user} {self.client_id} {self.token_endpoint}"


def provider_of(account: AccountTable, *, name: str = "", sends: bool = False) -> Provider:
    """Return the provider of an account that signs in with tokens; `name` is that of the account where there are several.

    With `sends` the digest is to be handed in with the same tokens: Microsoft asks for consent to that by itself. Raises
    `SecretRefused` where the client's id or secret is missing.
    """
    oauth, kind = account.oauth, account.sign_in
    table = f"accounts.{name}.oauth" if name else "account.oauth"
    if oauth.client_id is None:
        raise SecretRefused(f"{table}.client_id is missing; `{command_for(name)}` explains how to get one")
    known = {"microsoft": _microsoft(oauth.tenant, sends=sends), "google": _google()}.get(kind, _Known())
    return Provider(
        title={"microsoft": "Microsoft", "google": "Google"}.get(kind, "the provider"),
        table=table,
        user=account.user,
        client_id=oauth.client_id,
        client_secret=_client_secret(account, table),
        scopes=oauth.scopes or known.scopes,
        device_endpoint=oauth.device_endpoint or known.device_endpoint,
        authorization_endpoint=oauth.authorization_endpoint or known.authorization_endpoint,
        token_endpoint=oauth.token_endpoint or known.token_endpoint,
        redirect_host=known.redirect_host,
        wishes=(*known.wishes, ("login_hint", account.user)),
        ca_file=oauth.ca_file,
        idle_days=_IDLE_DAYS.get(kind),
        command=command_for(name),
    )


def command_for(name: str) -> str:
    """Return what the user runs to sign in the account of this name, which is empty for the only one."""
    return f"interview-agent sign-in --account {name}" if name else "interview-agent sign-in"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is known of a provider beforehand."""

    scopes: tuple[str, ...] = ()
    device_endpoint: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    redirect_host: str = "127.0.0.1"
    wishes: tuple[tuple[str, str], ...] = ()


def _microsoft(tenant: str, *, sends: bool) -> _Known:
    base = _MICROSOFT.format(tenant=tenant)
    sending = (f"{_OUTLOOK}SMTP.Send",) if sends else ()
    return _Known(
        scopes=(f"{_OUTLOOK}IMAP.AccessAsUser.All", *sending, "offline_access"),
        device_endpoint=f"{base}devicecode",
        authorization_endpoint=f"{base}authorize",
        token_endpoint=f"{base}token",
        # Its portal takes no other name of this machine for a public client, and lets the port be any.
        redirect_host="localhost",
    )


def _google() -> _Known:
    # Without these two it gives a refresh token at the first consent only, and none ever after.
    wishes = (("access_type", "offline"), ("prompt", "consent"))
    # Google has device codes, and gives none of them the scope of mail.
    return _Known(
        scopes=("https://mail.google.com/",), authorization_endpoint=_GOOGLE_CONSENT, token_endpoint=_GOOGLE_TOKEN, wishes=wishes
    )


def _client_secret(account: AccountTable, table: str) -> str:
    oauth = account.oauth
    if oauth.client_secret is not None:
        return oauth.client_secret.get_secret_value()
    if oauth.client_secret_file is not None:
        return read_secret(SecretSource(table=table, file=oauth.client_secret_file, file_key="client_secret_file"))
    return ""
