"""From the configuration to what a pass works with: the rules, the account, the mailbox."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.accounts.secrets import read_secret
from agent.accounts.settings import Settings
from agent.daemon.account import Account
from agent.drafts import User
from agent.learned import LearnedModel
from agent.mailbox import FolderRole, Mailbox
from agent.mailbox.imap import open_imap
from agent.mailbox.server import ImapServer
from agent.policy import CountryHolidays
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policies
from agent.rulebook.templates import load_templates
from agent.store import Ledger


def account_of(settings: Settings, ledger: Ledger, *, check_all: bool = False) -> Account:
    """Return the account with its rules; raises `RulesRefused`. The mailbox is opened only when a pass asks for it.

    With `check_all` the shipped rules are checked like the user's own, in all languages.
    """
    roles = [FolderRole.SENT, FolderRole.INBOX, FolderRole.ARCHIVE]
    if settings.daemon.read_junk:
        roles.append(FolderRole.JUNK)
    folder = settings.rules.folder
    return Account(
        user=user_of(settings),
        ledger=ledger,
        open_mailbox=partial(open_mailbox, settings),
        phrasebook=load_phrasebook(folder, check_all=check_all),
        policies=load_policies(settings.policy.preset, folder),
        templates=load_templates(folder, check_all=check_all),
        holidays=CountryHolidays(),
        model=LearnedModel(),
        authserv_id=settings.account.authserv_id,
        discovery=settings.discovery.new,
        roles=tuple(roles),
        look_back_days=settings.account.look_back_days,
    )


def rules_only(*, me: tuple[str, ...], name: str, zone: ZoneInfo, preset: str, folder: Path | None) -> Account:
    """Return an account for `replay`: the rules, and a user of whom only addresses and name are known."""
    return Account(
        user=User(name=name, addresses=me, timezone=zone),
        ledger=Ledger(),
        open_mailbox=_no_mailbox,
        phrasebook=load_phrasebook(folder),
        policies=load_policies(preset, folder),
        templates=load_templates(folder),
        holidays=CountryHolidays(),
        model=LearnedModel(),
    )


def user_of(settings: Settings) -> User:
    """Return the user as drafts see them."""
    user = settings.user
    return User(
        name=user.name,
        addresses=user.addresses,
        timezone=user.zone,
        language=user.language,
        phone=user.phone,
        strengths=user.strengths,
    )


def server_of(settings: Settings) -> ImapServer:
    """Return the IMAP server of the configuration."""
    account = settings.account
    named = {role: getattr(account.folders, role) for role in ("drafts", "sent", "junk", "archive")}
    return ImapServer(
        host=account.host,
        port=account.port,
        security=account.security,
        user=account.user,
        ca_file=str(account.ca_file) if account.ca_file else None,
        folders={FolderRole(role): name for role, name in named.items() if name},
        timeout_seconds=account.timeout_seconds,
        size_limit=account.size_limit_mb * 1_000_000,
    )


def open_mailbox(settings: Settings) -> Mailbox:
    """Log in; raises `SecretRefused` or `MailboxProblem`."""
    return open_imap(server_of(settings), read_secret(settings.account.secret))


def _no_mailbox() -> Mailbox:
    raise AssertionError("replay brings its own mailbox")
