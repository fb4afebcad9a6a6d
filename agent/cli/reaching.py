"""Reaching the mailbox for `init`: where it lies, signing in, and what the folders allow; nothing in it is changed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.accounts.autodiscovery import Names, Security, Server
from agent.accounts.problems import SecretRefused
from agent.cli.answers import Answers, Configuration
from agent.cli.asking import say
from agent.cli.endings import UsageProblem
from agent.cli.logins import login_of, token_store_of
from agent.cli.opening import server_of
from agent.cli.passwords import SECRET_KEYS, PasswordSource
from agent.cli.printing import counted, print_paragraph
from agent.cli.servers import Known, ServerQuestion, find
from agent.cli.signing_in import REGISTER, sign_in
from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.maildir import MaildirMailbox
from agent.rulebook.providers import SignIn

_TRIES = 3
"""How often a password is asked for; providers lock accounts after some more."""
_SERVER_KEYS = ("host", "port", "security", "user", "ca_file", "sign_in")
_BY_TOKEN = ("google", "microsoft", "oauth")
"""The ways to sign in that need no password, in the words of the configuration."""
_ASKED = (FolderRole.DRAFTS, FolderRole.SENT, FolderRole.JUNK, FolderRole.ARCHIVE)
_WAYS: dict[str, str] = {
    SignIn.PASSWORD: "with your password",
    SignIn.APP_PASSWORD: "with an app password: one that you make for this program alone, and can take back",
    SignIn.GOOGLE: "in the browser, at Google; needs a project of your own there (ten minutes, once)",
    SignIn.MICROSOFT: "in the browser, at Microsoft",
}


@dataclass(kw_only=True, slots=True)
class Reached:
    """The mailbox, and what is to be done once the configuration is written, or given up."""

    mailbox: ImapMailbox | MaildirMailbox
    reopen: Callable[[], ImapMailbox | MaildirMailbox]
    """Opens it anew, with the folders that were named meanwhile."""
    password: str | None = field(default=None, repr=False)
    """A password that was typed; the mail server for the digest mostly takes it as well."""
    to_write: list[Callable[[], None]] = field(default_factory=list)
    """Puts secrets where they belong."""
    to_undo: list[Callable[[], None]] = field(default_factory=list)
    """Takes back what a sign-in left, if the configuration is not written after all."""
    to_close: Callable[[], None] = lambda: None

    def close(self) -> None:
        """Log out."""
        self.mailbox.close()
        self.to_close()


def reach(answers: Answers, configuration: Configuration, known: Known, names: Names, address: str) -> Reached:
    """Ask where the mailbox is and how to sign in until it lets the user in; raises `WorkFailed` where it does not."""
    _say_what_is_known(known, address)
    place, ca_file = _place(answers, configuration, known, names)
    if isinstance(place, Path):
        return _reached_files(configuration, place)
    _put_server(configuration, place, ca_file)
    way = _way(answers, configuration, known)
    if not _is_same_server(configuration):
        _say_first(known, way)
    proposed = known.provider.login_name(address) if known.provider is not None else address
    user_key = configuration.key("user")
    configuration.put(user_key, answers.ask("user", "Login name", default=configuration.present(*user_key) or proposed))
    if way in _BY_TOKEN:
        return _reached_by_token(answers, configuration, way)
    return _reached_by_password(answers, configuration, known)


def test_folders(answers: Answers, configuration: Configuration, reached: Reached) -> None:
    """Say of INBOX, Drafts and Sent what can be done there; ask for those that nothing marks as such."""
    for role in (FolderRole.DRAFTS, FolderRole.SENT):
        if (given := answers.given(str(role))) is not None:
            configuration.put(configuration.key("folders", str(role)), given)
    if any(answers.given(str(role)) is not None for role in (FolderRole.DRAFTS, FolderRole.SENT)):
        reached.mailbox.close()
        reached.mailbox = reached.reopen()
    roles = _roles(answers, configuration, reached)
    if FolderRole.DRAFTS not in roles or FolderRole.SENT not in roles:
        _choose_folders(answers, configuration, reached, roles)
        roles = reached.mailbox.folders()
    places = reached.mailbox.places()
    count = places[FolderRole.INBOX].count if FolderRole.INBOX in places else 0
    _ok(f"Reading: {roles[FolderRole.INBOX]} holds {counted(count, 'message')}.")
    if FolderRole.DRAFTS not in roles:
        _not_ok(
            "Drafts: there is none, so that no draft can be put anywhere. Make one in your mail program; it is found by itself."
        )
    elif reached.mailbox.takes_drafts():
        _ok(f'Drafts: "{roles[FolderRole.DRAFTS]}" can be written to (nothing was written).')
    else:
        _not_ok(
            f'Drafts: "{roles[FolderRole.DRAFTS]}" is read-only for you; name another with --drafts, or ask who runs the server.'
        )
    if FolderRole.SENT in roles:
        sent = places[FolderRole.SENT].count if FolderRole.SENT in places else 0
        _ok(f'Sent: "{roles[FolderRole.SENT]}" holds {counted(sent, "message")}.')
    else:
        _not_ok("Sent: there is none, so that your own answers are not seen and follow-ups may come twice.")


def _roles(answers: Answers, configuration: Configuration, reached: Reached) -> Mapping[FolderRole, str]:
    """Return the folders by role; a name of the configuration that no folder has is asked for anew."""
    try:
        return reached.mailbox.folders()
    except MailboxProblem as problem:
        if answers.given("drafts") or answers.given("sent") or answers.yes:
            raise
        say(f"{problem}.")
    for role in _ASKED:
        configuration.put(configuration.key("folders", str(role)), None)
    reached.mailbox.close()
    reached.mailbox = reached.reopen()
    return reached.mailbox.folders()


def _say_what_is_known(known: Known, address: str) -> None:
    provider = known.provider
    if provider is None:
        return
    if known.domain in provider.domains:
        print(f"{address} is an address of {provider.name}.")
    else:
        print(f"The mail of {known.domain} is taken in by {provider.name}.")
    if provider.without_imap:
        say(provider.without_imap)


def _place(answers: Answers, configuration: Configuration, known: Known, names: Names) -> tuple[Server | Path, Path | None]:
    """Return the server, with the certificates that it needs, or the Maildir."""
    if maildir := answers.given("maildir"):
        path = Path(maildir).expanduser().absolute()
        if not path.is_dir():
            raise UsageProblem(f"--maildir {maildir}: there is no such folder")
        return path, None
    found = _present_place(configuration)
    if found is None and answers.given("host") is None:
        found = find(known, "imap", names)
    question = ServerQuestion(answers, protocol="imap", prefix="")
    ca_file = configuration.present(*configuration.key("ca_file"))
    place = question.ask(
        "IMAP server (name or name:port; or the path of a Maildir)", found, Path(ca_file).expanduser() if ca_file else None
    )
    return place, question.ca_file


def _present_place(configuration: Configuration) -> Server | Path | None:
    """Return where the mailbox is by the configuration as it stands."""
    if maildir := configuration.present(*configuration.key("maildir")):
        return Path(maildir).expanduser()
    host = configuration.present(*configuration.key("host"))
    if not host:
        return None
    security: Security = "starttls" if configuration.present(*configuration.key("security")) == "starttls" else "tls"
    port = configuration.present(*configuration.key("port")) or (993 if security == "tls" else 143)
    return Server(protocol="imap", host=host, port=port, security=security)


def _put_server(configuration: Configuration, server: Server, ca_file: Path | None) -> None:
    key = configuration.key
    configuration.put(key("maildir"), None)
    configuration.put(key("host"), server.host)
    configuration.put_default(key("security"), server.security, "tls")
    configuration.put_default(key("port"), server.port, 993 if server.security == "tls" else 143)
    configuration.put(key("ca_file"), _written(ca_file) if ca_file else None)


def _written(path: Path) -> str:
    """Return a path as the configuration has it; one that was written with ~ before stays so by being equal."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _reached_files(configuration: Configuration, maildir: Path) -> Reached:
    for name in (*_SERVER_KEYS, *SECRET_KEYS, "credential"):
        configuration.put(configuration.key(name), None)
    _drop_oauth(configuration)
    configuration.put(configuration.key("maildir"), _written(maildir))
    scratch = TemporaryDirectory()  # the numbers of the messages: nothing is remembered of a first look

    def opened() -> MaildirMailbox:
        named = configuration.settings().account.folders
        chosen = {role: name for role in _ASKED if (name := getattr(named, role))}
        return MaildirMailbox(maildir, state=Path(scratch.name), folders=chosen, size_limit=1_000_000)

    try:
        mailbox = opened()
    except MailboxProblem as problem:
        scratch.cleanup()
        raise UsageProblem(str(problem)) from None
    _ok(f"Maildir: {maildir}.")
    return Reached(mailbox=mailbox, reopen=opened, to_close=scratch.cleanup)


def _is_same_server(configuration: Configuration) -> bool:
    """Whether the server is the one that stands in the configuration: then the way to sign in is known."""
    stands = configuration.stands(*configuration.key("host"))
    return stands is not None and stands == configuration.present(*configuration.key("host"))


def _drop_oauth(configuration: Configuration) -> None:
    if configuration.present(*configuration.key("oauth")):
        configuration.drop(configuration.key("oauth"))


def _way(answers: Answers, configuration: Configuration, known: Known) -> str:
    """Return how one signs in: one of `SignIn`, or `oauth` where the configuration says so."""
    ways = known.provider.sign_in if known.provider is not None else ()
    given = answers.given("sign_in")
    if given is not None:
        return str(given)
    present = configuration.present(*configuration.key("sign_in"))
    if _is_same_server(configuration):
        return str(present or SignIn.PASSWORD)
    default: str
    if present in _BY_TOKEN:
        default = present
    elif not ways or SignIn.PASSWORD in ways:
        return SignIn.PASSWORD
    else:
        default = ways[0]
    choices = list(dict.fromkeys([*map(str, ways), default]))
    if len(choices) == 1:
        return default
    print("There are several ways to sign in:")
    return answers.choose(
        "sign_in", "Which one", [(way, _WAYS.get(way, "as it is set up now")) for way in choices], default=default
    )


def _say_first(known: Known, way: str) -> None:
    """Say what must be switched on first, and how an app password is made."""
    provider = known.provider
    if provider is None:
        return
    if provider.first:
        print("If you have not done so yet, let programs read your mail:")
        for step in provider.first:
            print_paragraph(step, lead="  - ", hanging=4)
    if way == SignIn.APP_PASSWORD and provider.app_password is not None:
        print("Make an app password for this program; the usual password does not work here:")
        for step in provider.app_password.steps:
            print_paragraph(step, lead="  - ", hanging=4)
        print(f"  {provider.app_password.at}")
    elif provider.app_password is not None and way == SignIn.PASSWORD:
        say(
            f"If two-factor sign-in is on, an app password is needed: {' '.join(provider.app_password.steps)} "
            f"({provider.app_password.at})"
        )
    if provider.beware:
        say(provider.beware)


def _reached_by_token(answers: Answers, configuration: Configuration, way: str) -> Reached:
    """Sign in in the browser, unless an earlier sign-in is still good."""
    configuration.put(configuration.key("sign_in"), way)
    for name in SECRET_KEYS:
        configuration.put(configuration.key(name), None)
    if not configuration.present(*configuration.key("oauth", "token_command")):
        _ask_client(answers, configuration, way)
    settings = configuration.settings()
    store = token_store_of(settings)
    before = None
    with suppress(SecretRefused):
        before = store.read()

    def opened() -> ImapMailbox:
        now = configuration.settings()
        return open_imap(server_of(now), login_of(now))

    def forget() -> None:
        if before is None:
            store.remove()

    try:
        if before is None and not settings.account.oauth.token_command:
            sign_in(settings, tell=say)
        try:
            mailbox = opened()
        except MailboxProblem as problem:
            if before is None or not problem.permanent:
                raise
            say(f"{problem}.")
            sign_in(settings, tell=say)
            mailbox = opened()
    except BaseException:
        forget()
        raise
    _ok(f"Login: {settings.account.user} at {settings.account.host}.")
    return Reached(mailbox=mailbox, reopen=opened, to_undo=[forget])


def _ask_client(answers: Answers, configuration: Configuration, way: str) -> None:
    """Ask for the application under which the provider lets this program in."""
    key = configuration.key("oauth", "client_id")
    present = configuration.present(*key)
    if answers.given("client_id") is None and not present:
        for line in REGISTER[way]:
            say(line)
    question = "Application (client) ID" if way == SignIn.MICROSOFT else "Client ID"
    configuration.put(key, answers.ask("client_id", question, default=present))
    if way == SignIn.GOOGLE:
        _ask_client_secret(answers, configuration)


def _ask_client_secret(answers: Answers, configuration: Configuration) -> None:
    """Ask for the secret of a desktop client, which Google calls public, and keep it in the configuration."""
    key = configuration.key("oauth", "client_secret")
    file_key = configuration.key("oauth", "client_secret_file")
    if given := answers.given("client_secret_file"):
        configuration.put(key, None)
        configuration.put(file_key, str(Path(given).expanduser().absolute()))
        return
    if configuration.present(*file_key) or (configuration.present(*key) and answers.yes):
        return
    there = bool(configuration.present(*key))
    secret = answers.secret(
        "Client secret" + (", or Enter to keep the present one" if there else ""), "--client-secret-file", may_be_empty=there
    )
    if secret:
        configuration.put(key, secret)


def _reached_by_password(answers: Answers, configuration: Configuration, known: Known) -> Reached:
    configuration.put_default(configuration.key("sign_in"), "password", "password")
    _drop_oauth(configuration)
    source = PasswordSource(answers, configuration)

    def opened() -> ImapMailbox:
        return open_imap(server_of(configuration.settings()), source.secret)

    for attempt in range(1, _TRIES + 1):
        if attempt > 1:
            user_key = configuration.key("user")
            again = answers.ask("user", "Login name", default=configuration.present(*user_key), again=True)
            configuration.put(user_key, again)
        source.ask(again=attempt > 1)
        try:
            mailbox = opened()
        except MailboxProblem as problem:
            _login_failed(problem, answers, source, known, last=attempt == _TRIES)
            continue
        source.prepare()
        settings = configuration.settings()
        _ok(f"Login: {settings.account.user} at {settings.account.host}.")
        return Reached(mailbox=mailbox, reopen=opened, password=source.secret, to_write=[source.keep])
    raise AssertionError("the last problem is raised")


def _login_failed(problem: MailboxProblem, answers: Answers, source: "PasswordSource", known: Known, *, last: bool) -> None:
    """Say why the login failed, and how to go on; raise where there is nobody to type another password."""
    if source.is_given or answers.yes or last:
        raise problem
    _not_ok(f"Login: {problem}.")
    provider = known.provider
    if provider is not None and provider.app_password is not None and problem.permanent:
        say(f"Is it an app password? It is made at {provider.app_password.at}; the usual one may not work here.")
    print("Nothing is tried again by itself: too many wrong passwords lock an account.")


def _choose_folders(answers: Answers, configuration: Configuration, reached: Reached, roles: Mapping[FolderRole, str]) -> None:
    """Ask which folders are Drafts and Sent, where nothing marks them, and open the mailbox with these."""
    names = sorted(reached.mailbox.folder_names(), key=str.casefold)
    for role, what in ((FolderRole.DRAFTS, "drafts"), (FolderRole.SENT, "the mail that you sent")):
        if role in roles:
            continue
        print(f"Nothing marks the folder for {what}. These are there:")
        choices = [(name, "") for name in names] + [("none", "it is not among them")]
        name = answers.choose(str(role), f"Which one is for {what}", choices, default="none" if answers.yes else None)
        key = configuration.key("folders", str(role))
        configuration.put(key, None if name == "none" else name)
    reached.mailbox.close()
    reached.mailbox = reached.reopen()


def _ok(text: str) -> None:
    print_paragraph(text, lead="  ok   ", hanging=7)


def _not_ok(text: str) -> None:
    print_paragraph(text, lead="  NOT  ", hanging=7)
