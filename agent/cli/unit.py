"""The service for `init`: the unit of this user (systemd), or the agent of a Mac (launchd), made for this very installation."""

import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from agent.accounts.settings import Settings
from agent.accounts.writing import write_private
from agent.cli.answers import Answers, Configuration
from agent.cli.asking import say
from agent.cli.printing import print_paragraph

_SECONDS = 60
"""How long the service manager may take for an answer."""
_STATE = "%h/.local/state/interview-agent"
"""The state folder as the shipped unit names it."""
_UNIT = "interview-agent.service"
_LABEL = "interview-agent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A file for the service manager, and the commands that put it to work."""

    file: Path
    text: str
    commands: tuple[tuple[str, ...], ...]
    linger: str = ""
    """The command by which it runs while nobody is logged in."""
    ready: bool = True
    """Whether the service manager answers here."""


def offer(answers: Answers, configuration: Configuration, settings: list[Settings]) -> None:
    """Ask whether the service is to be set up, and do it; else say how it is done."""
    print()
    say(
        "As a service the agent reads new mail as it comes. Without it nothing happens between the times you run "
        "`interview-agent once`."
    )
    if answers.given("service") is not False:
        service = _launchd(configuration) if sys.platform == "darwin" else _systemd(configuration, settings)
        if answers.given("service") is None and not service.ready:
            say(f"No service manager answers here. To set the service up where one does: `{_by_hand(configuration)}`.")
            return
        if answers.confirm("service", "Set the service up now", default=True):
            _set_up(answers, service)
            return
    say(f"To set it up later: `{_by_hand(configuration)}`.")


def _set_up(answers: Answers, service: Service) -> None:
    if service.file.exists() and service.file.read_text(encoding="utf-8") != service.text:
        question = f"{service.file} is there and says something else; write it anew"
        if not answers.yes and not answers.confirm("replace_service", question, default=True):
            print("It stays as it is.")
            return
    service.file.parent.mkdir(parents=True, exist_ok=True)
    write_private(service.file, service.text)
    print_paragraph(f"Service: {service.file} is written.", lead="  ok   ", hanging=7)
    left = list(service.commands)
    while left and service.ready and (problem := _run(left[0])) is None:
        left.pop(0)
    if left:
        said = f" ({problem})" if service.ready and problem else ""
        print_paragraph(f"Service: it was not started{said}. These commands do it:", lead="  NOT  ", hanging=7)
        for command in left:
            print(f"       {shlex.join(command)}")
    else:
        print_paragraph("Service: it runs, and begins again with every login.", lead="  ok   ", hanging=7)
    if service.linger:
        say(f"So that it also runs while you are not logged in: `{service.linger}`.")


def _systemd(configuration: Configuration, every: list[Settings]) -> Service:
    text = _shipped("systemd", _UNIT)
    text = re.sub(r"(?m)^ExecStart=.*$", lambda _: f"ExecStart={_command(configuration)}", text)
    state = every[0].shared_folder
    if state != Path.home() / ".local/state/interview-agent":
        text = text.replace(_STATE, _escaped(str(state)))
    maildirs = [settings.account.maildir for settings in every if settings.account.maildir]
    if maildirs and "ReadWritePaths=" in text:
        more = "".join(f"ReadWritePaths={_escaped(str(maildir))}\n" for maildir in maildirs)
        text = re.sub(r"(?m)^(ReadWritePaths=.*\n)", lambda found: found[1] + more, text, count=1)
    text = _with_credentials(text, every)
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd/user"
    ready = shutil.which("systemctl") is not None and _run(("systemctl", "--user", "show-environment")) is None
    return Service(
        file=folder / _UNIT,
        text=text,
        commands=(
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", _UNIT),
            ("systemctl", "--user", "restart", _UNIT),
        ),
        linger="loginctl enable-linger",
        ready=ready,
    )


def _with_credentials(text: str, every: list[Settings]) -> str:
    """Return the unit with the credentials of accounts that have names, after the lines of the only account's."""
    lines = text.splitlines(keepends=True)
    made = list(lines)
    for kind in ("imap-password", "smtp-password"):
        pattern = re.compile(rf"(LoadCredential|LoadCredentialEncrypted|SetCredential)={kind}(\.plain)?:")
        block = [line for line in lines if pattern.match(line)]
        if not block:
            continue
        secrets = [each.account.secret if kind == "imap-password" else None for each in every]
        names = [secret.credential for secret in secrets if secret is not None and secret.credential != kind]
        if kind == "smtp-password":
            names = [each.digest.smtp.credential for each in every if each.digest.smtp and each.digest.smtp.credential != kind]
        last = max(number for number, line in enumerate(made) if pattern.match(line))
        more = [line.replace(kind, name) for name in dict.fromkeys(names) for line in block]
        made[last + 1 : last + 1] = more
    return "".join(made)


def _launchd(configuration: Configuration) -> Service:
    text = _shipped("service/launchd", f"{_LABEL}.plist")
    command = shlex.join(_words(configuration))
    shown = plistlib.dumps({"": command}).decode().partition("<string>")[2].partition("</string>")[0]
    text = text.replace('"$HOME/.local/bin/interview-agent" run', shown)
    file = Path.home() / f"Library/LaunchAgents/{_LABEL}.plist"
    domain = f"gui/{os.getuid()}"
    return Service(file=file, text=text, commands=(("launchctl", "bootstrap", domain, str(file)),))


def _shipped(folder: str, name: str) -> str:
    """Return a file that comes along: inside the installed package, else beside it in a checkout."""
    package = Path(str(files("agent")))
    inside = package / folder / name
    return (inside if inside.is_file() else package.parent / folder / name).read_text(encoding="utf-8")


def _words(configuration: Configuration) -> list[str]:
    """Return the command that runs the service: the very program that runs now."""
    program = Path(sys.argv[0]).absolute()
    words = [str(program)] if program.name == "interview-agent" and os.access(program, os.X_OK) else _of_this_python()
    return [*words, "run", *([] if configuration.usual else ["--config", str(configuration.path)])]


def _of_this_python() -> list[str]:
    beside = Path(sys.executable).parent / "interview-agent"
    return [str(beside)] if os.access(beside, os.X_OK) else [sys.executable, "-m", "agent"]


def _command(configuration: Configuration) -> str:
    return " ".join(_escaped(word) for word in _words(configuration))


def _escaped(word: str) -> str:
    """Return a word as systemd reads it in a unit (systemd.service(5), systemd.unit(5))."""
    word = word.replace("%", "%%").replace("$", "$$")
    return word if re.fullmatch(r"[^\s\"'\\]+", word) else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _by_hand(configuration: Configuration) -> str:
    where = "" if configuration.usual else f" --config {shlex.quote(str(configuration.path))}"
    account = f" --account {configuration.account}" if configuration.account else ""
    return f"interview-agent init --yes --service{account}{where}"


def _run(command: tuple[str, ...]) -> str | None:
    """Run a command of the service manager; return in few words why it failed, or None."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    said = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else (said[-1] if said else f"exit status {done.returncode}")
