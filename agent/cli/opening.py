"""From the configuration to what a pass works with: the rules, the account, the mailbox."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.accounts.access import AccessTokens
from agent.accounts.problems import SecretRefused
from agent.accounts.settings import Settings
from agent.cli.logins import access_of, login_of
from agent.daemon.account import Account
from agent.drafts import Templates, User
from agent.learned import LearnedModel
from agent.mailbox import FolderRole, Mailbox
from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.maildir import MaildirMailbox
from agent.mailbox.server import ImapServer
from agent.plan.orders import AnswerWords
from agent.policy import CountryHolidays, Policies
from agent.rulebook.answers import load_answers
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policies
from agent.rulebook.templates import load_templates
from agent.signals import Phrasebook, SentenceModel
from agent.signals.opinion import Asked, Opinion
from agent.store import Fact, Ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What is read once, and shared by all accounts."""

    phrasebook: Phrasebook
    policies: Policies
    templates: Templates
    model: SentenceModel
    answers: AnswerWords


class _OneAtATime:
    """A model that several threads may ask."""

    def __init__(self, model: SentenceModel) -> None:
        self._model = model
        self._lock = threading.Lock()

    def opinion(self, asked: Asked) -> Opinion | None:
        """Return what the model thinks, once it has time."""
        with self._lock:
            return self._model.opinion(asked)


def rules_of(settings: Settings, *, check_all: bool = False) -> Rules:
    """Return the rules; raises `RulesRefused`.

    With `check_all` the shipped ones are checked like the user's own, in all languages.
    """
    folder = settings.rules.folder
    return Rules(
        phrasebook=load_phrasebook(folder, check_all=check_all),
        policies=load_policies(settings.policy.preset, folder),
        templates=load_templates(folder, check_all=check_all),
        model=_OneAtATime(LearnedModel()),
        answers=load_answers(folder, check_all=check_all),
    )


def account_of(settings: Settings, ledger: Ledger, *, check_all: bool = False, rules: Rules | None = None) -> Account:
    """Return the account with its rules; raises `RulesRefused`. The mailbox is opened only when a pass asks for it.

    Without `rules` they are read, see `rules_of`.
    """
    roles = [FolderRole.SENT, FolderRole.INBOX, FolderRole.ARCHIVE]
    if settings.daemon.read_junk:
        roles.append(FolderRole.JUNK)
    rules = rules or rules_of(settings, check_all=check_all)
    return Account(
        user=user_of(settings),
        ledger=ledger,
        open_mailbox=partial(_open_noting, settings, ledger, access_of(settings)),
        phrasebook=rules.phrasebook,
        policies=rules.policies,
        templates=rules.templates,
        holidays=CountryHolidays(),
        model=rules.model,
        authserv_id=settings.account.authserv_id,
        discovery=settings.discovery.new,
        roles=tuple(roles),
        look_back_days=settings.account.look_back_days,
        answers=rules.answers,
        name=settings.name,
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
        country=user.country,
        phone=user.phone,
        strengths=user.strengths,
    )


def server_of(settings: Settings) -> ImapServer:
    """Return the IMAP server of the configuration."""
    account = settings.account
    return ImapServer(
        host=account.host,
        port=account.port,
        security=account.security,
        user=account.user,
        ca_file=str(account.ca_file) if account.ca_file else None,
        folders=_named_folders(settings),
        timeout_seconds=account.timeout_seconds,
        size_limit=account.size_limit_mb * 1_000_000,
    )


def place_of(settings: Settings) -> str:
    """Return in words where the mail lies."""
    account = settings.account
    return str(account.maildir) if account.maildir else f"{account.user} at {account.host}:{account.port}"


def open_mailbox(settings: Settings, access: AccessTokens | None = None) -> ImapMailbox | MaildirMailbox:
    """Log in, or open the Maildir; raises `SecretRefused` or `MailboxProblem`. `access` gives tokens where they are used."""
    account = settings.account
    if account.maildir is None:
        return open_imap(server_of(settings), login_of(settings, access))
    return MaildirMailbox(
        account.maildir,
        state=settings.state.folder,
        folders=_named_folders(settings),
        size_limit=account.size_limit_mb * 1_000_000,
    )


def _open_noting(settings: Settings, ledger: Ledger, access: AccessTokens | None) -> Mailbox:
    """Log in, and note in the ledger until when the sign-in is good."""
    mailbox = open_mailbox(settings, access)
    ends = None
    with suppress(SecretRefused):
        ends = access.ends() if access is not None else None
    noted = ends.noted() if ends is not None else ""
    if noted != (ledger.noted(Fact.SIGN_IN_ENDS) or ""):
        with ledger.transaction():
            ledger.note(Fact.SIGN_IN_ENDS, noted)
    return mailbox


def _named_folders(settings: Settings) -> dict[FolderRole, str]:
    """Return the folders that the user named."""
    named = {role: getattr(settings.account.folders, role) for role in ("drafts", "sent", "junk", "archive")}
    return {FolderRole(role): name for role, name in named.items() if name}


def _no_mailbox() -> Mailbox:
    raise AssertionError("replay brings its own mailbox")
