"""`interview-agent init`: asks for the mailbox, tries it, writes the configuration and the service, and shows the first board.

Nothing is written before everything was answered: whoever stops at a question finds all as it was.
"""

import argparse
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from agent.accounts.autodiscovery import Names
from agent.accounts.locations import rules_folder
from agent.accounts.settings import Settings, load_accounts
from agent.cli.answers import Answers, Configuration
from agent.cli.asking import say
from agent.cli.beginning import first_pass, look_for_candidacies
from agent.cli.endings import UsageProblem
from agent.cli.habits import choose_digest, choose_preset
from agent.cli.person import checked_address, introduce, provisional
from agent.cli.reaching import Reached, reach, test_folders
from agent.cli.servers import look_up
from agent.cli.unit import offer
from agent.rulebook.providers import load_providers

_HELP = """
Asks for your mailbox, finds its server, tries it, and writes the configuration. Then it
offers to look through your mail for candidacies to track, to make the first pass, and to
set the service up. In brackets stands what Enter takes.

Nothing is written before all was answered: Ctrl-C leaves everything as it was. Run it
again at any time: it shows what is set and changes only what you answer differently.

Every answer can be given by an option as well. With --yes nothing is asked: what is
proposed is taken wherever no option says otherwise.

  interview-agent init --yes --address alex@mail.example --password-file ~/imap-password
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `init`."""
    parser.usage = "interview-agent init [options]"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = _HELP.strip()
    parser.epilog = textwrap.fill(parser.epilog or "", 88)
    parser.add_argument("--yes", action="store_true", help="take what is proposed wherever no option says otherwise; ask nothing")
    mailbox = parser.add_argument_group("the mailbox")
    mailbox.add_argument("--address", metavar="ADDRESS", help="your mail address")
    mailbox.add_argument("--host", metavar="NAME[:PORT]", help="the IMAP server; without it: found by the address")
    mailbox.add_argument("--port", type=int, metavar="N", help="its port, if it is not 993 (tls) or 143 (starttls)")
    mailbox.add_argument("--security", choices=("tls", "starttls"), help="how it is encrypted; without it: found by trying")
    mailbox.add_argument("--ca-file", metavar="FILE", help="the certificate (PEM) of the server's own authority, if it has one")
    mailbox.add_argument("--user", metavar="NAME", help="the login name; without it: what the provider wants, mostly the address")
    mailbox.add_argument("--maildir", metavar="FOLDER", help="a Maildir (mbsync, offlineimap) instead of a server")
    mailbox.add_argument("--drafts", metavar="FOLDER", help="the folder for drafts, where nothing marks it as such")
    mailbox.add_argument("--sent", metavar="FOLDER", help="the folder of sent mail, likewise")
    login = parser.add_argument_group("signing in")
    login.add_argument(
        "--sign-in", choices=("password", "app-password", "google", "microsoft"), help="how; without it: as the provider wants it"
    )
    password = login.add_mutually_exclusive_group()
    password.add_argument("--password-file", metavar="FILE", help="a file (chmod 600) with the password; it is used from there")
    password.add_argument("--password-stdin", action="store_true", help="the password is the first line of standard input")
    password.add_argument("--password-command", metavar="COMMAND", help="a command that prints the password, such as 'pass mail'")
    login.add_argument("--password-keyring", action="store_true", help="keep the password that is typed in the desktop's keyring")
    login.add_argument("--client-id", metavar="ID", help="for google and microsoft: the id of your own application there")
    login.add_argument("--client-secret-file", metavar="FILE", help="for google: a file (chmod 600) with its secret")
    you = parser.add_argument_group("you, and how you want it")
    you.add_argument("--name", help="your full name, as it stands under a letter")
    you.add_argument("--addresses", metavar="LIST", help="all your own addresses, with commas, the main one first")
    you.add_argument("--zone", metavar="ZONE", help="your time zone, such as Europe/Berlin")
    you.add_argument("--country", metavar="CODE", help="your country, two letters; its holidays count (none: no country)")
    you.add_argument("--language", metavar="CODE", help="the language of drafts where the mail shows no other, such as en")
    you.add_argument("--preset", metavar="NAME", help="which follow-ups are drafted when: default, two-touch, brief, ...")
    digest = parser.add_argument_group("the digest")
    digest.add_argument("--digest", choices=("no", "imap", "smtp"), help="none, placed into your inbox, or sent by a mail server")
    digest.add_argument("--digest-hour", metavar="HOUR", help="from which hour of your day on it comes (0 to 23)")
    digest.add_argument("--smtp-host", metavar="NAME[:PORT]", help="the server that takes it; without it: found by the address")
    digest.add_argument("--smtp-port", type=int, metavar="N", help="its port, if it is not 465 (tls) or 587 (starttls)")
    digest.add_argument("--smtp-security", choices=("tls", "starttls"), help="how it is encrypted; without it: found by trying")
    digest.add_argument("--smtp-ca-file", metavar="FILE", help="the certificate (PEM) of its own authority, if it has one")
    digest.add_argument("--smtp-user", metavar="NAME", help="the login name there; without it: that of the mailbox")
    begin = parser.add_argument_group("the first day")
    begin.add_argument("--look-back", metavar="DAYS", help="look through so many days of mail for candidacies to track, or no")
    begin.add_argument(
        "--first-pass", action=argparse.BooleanOptionalAction, help="read the mail now and put what is due into Drafts"
    )
    begin.add_argument("--service", action=argparse.BooleanOptionalAction, help="set the service up")


def run(arguments: argparse.Namespace) -> int:
    """Ask, try, write, and begin."""
    arguments.password_stdin = _first_line() if arguments.password_stdin else None
    answers = Answers(arguments)
    configuration = Configuration(arguments.config, arguments.account)
    new = configuration.is_new
    with _nothing_changes():
        reached = _asked(answers, configuration)
    settings = _written(configuration, reached)
    every = load_accounts(configuration.path)
    with _written_already(configuration):
        look_for_candidacies(answers, configuration, new=new)
        first_pass(answers, configuration, settings, new=new)
        offer(answers, configuration, every)
        _say_how_to_go_on(configuration, new=new)
    return 0


def _asked(answers: Answers, configuration: Configuration) -> Reached:
    """Ask everything; on the way the mailbox is tried."""
    addresses = configuration.stands("user", "addresses")
    own = configuration.stands(*configuration.key("addresses")) if configuration.account else None
    proposed = own or ([] if configuration.account and not configuration.stands(*configuration.key()) else addresses)
    if configuration.is_new and not answers.yes:
        print("This sets Interview Agent up. Enter takes what stands in brackets; Ctrl-C leaves everything as it was.\n")
    elif not answers.yes:
        print(f"{configuration.path} is there already: Enter keeps what is set; Ctrl-C leaves everything as it was.\n")
    address = answers.ask("address", "Your mail address", default=proposed[0] if proposed else None, check=checked_address)
    provisional(configuration, address)
    names = Names()
    elsewhere = answers.given("host") or answers.given("maildir") or configuration.stands(*configuration.key())
    known = look_up(address, load_providers(rules_folder()), names, ask=not elsewhere)
    reached = reach(answers, configuration, known, names, address)
    try:
        test_folders(answers, configuration, reached)
        introduce(answers, configuration, reached.mailbox, address)
        choose_preset(answers, configuration)
        choose_digest(answers, configuration, reached, known, names)
        configuration.settings()
    except BaseException:
        for undo in reached.to_undo:
            undo()
        raise
    finally:
        reached.close()
    return reached


def _written(configuration: Configuration, reached: Reached) -> Settings:
    """Write secrets and configuration; return the settings that are in force from now on."""
    print()
    for write in reached.to_write:
        write()
    if configuration.write():
        say(f"The configuration is written: {configuration.path}")
    else:
        say(f"The configuration stays as it is: {configuration.path}")
    return configuration.settings()


def _say_how_to_go_on(configuration: Configuration, *, new: bool) -> None:
    if not new:
        return
    option = "" if configuration.usual else f" --config {configuration.path}"
    print()
    say(
        f"From here on: `interview-agent status{option}` is the board, `interview-agent review{option}` what the agent asks you, "
        f"`interview-agent why INTERVIEW{option}` tells what led to a status, `interview-agent check{option}` if all is well."
    )


@contextmanager
def _nothing_changes() -> Iterator[None]:
    """Say that nothing was changed where the questions end early."""
    try:
        yield
    except KeyboardInterrupt:
        print("\nStopped. Nothing was changed.", file=sys.stderr)
        raise


@contextmanager
def _written_already(configuration: Configuration) -> Iterator[None]:
    """Say what is there already where the rest ends early."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nStopped. The configuration is written: {configuration.path}", file=sys.stderr)
        raise


def _first_line() -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageProblem("--password-stdin: standard input is empty; write the password there, as its first line")
    return line
