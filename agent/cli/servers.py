"""Which server holds the mail: what is known of the provider, what its domain says, what the user says; each is tried."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from agent.accounts.autodiscovery import Names, Security, Server, Service, SystemNames, Told, candidates
from agent.accounts.greeting import Outcome, Tried, attempt, try_all
from agent.cli.answers import Answers
from agent.cli.asking import say
from agent.cli.endings import UsageProblem, WorkFailed
from agent.rulebook.providers import Provider, Providers

_STANDARD = {("imap", "tls"): 993, ("imap", "starttls"): 143, ("smtp", "tls"): 465, ("smtp", "starttls"): 587}
_SECURITIES: tuple[Security, ...] = ("tls", "starttls")


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of an address before anything is asked."""

    domain: str
    provider: Provider | None
    told: Told


def look_up(address: str, providers: Providers, names: Names, *, ask: bool) -> Known:
    """Return the provider of an address: by its domain, else with `ask` by who takes in the domain's mail."""
    domain = address.rpartition("@")[2]
    provider = providers.of_domain(domain)
    if provider is not None or not ask:
        return Known(domain=domain, provider=provider, told=Told())
    print(f"Looking for the mail server of {domain} ...")
    told = names.told(domain)
    return Known(domain=domain, provider=providers.of_mx(told.mx), told=told)


def find(known: Known, protocol: Service, names: Names) -> Server | None:
    """Return the server that answers, after saying where it was looked for; None where none was found."""
    if known.provider is not None:
        form = known.provider.imap if protocol == "imap" else known.provider.smtp
        if form is None:
            return None
        return Server(protocol=protocol, host=form.host, port=form.port, security=form.security)
    if not known.told.reachable:
        print("No name server answers; is this machine online?")
        return None
    tried = try_all(candidates(known.told, known.domain, protocol), names)
    found = next((each for each in tried if each.outcome is Outcome.FOUND), None)
    if found is not None:
        how = "its domain announces it" if found.server in known.told.announced else "by its usual name"
        print(f"Found {found.server}: {how}, and its certificate is good.")
        return found.server
    for each in tried:
        if each.outcome is Outcome.UNTRUSTED:
            say(f"{each.server} answers, but {_why_not(each)}.")
    looked = ", ".join(dict.fromkeys(each.server.host for each in tried))
    say(f"No server was found by the usual names: {looked}.")
    return None


class ServerQuestion:
    """Asks for a server, until one answers with a certificate that is trusted."""

    def __init__(self, answers: Answers, *, protocol: Service, prefix: str) -> None:
        self._answers = answers
        self._protocol, self._prefix = protocol, prefix
        self.ca_file: Path | None = None
        """The certificates that the server needs; None for those of the system."""

    def ask(self, question: str, proposed: Server | Path | None, ca_file: Path | None) -> Server | Path:
        """Return the server, or the path of a Maildir where the answer is one."""
        again = False
        while True:
            default = _shown(proposed) if proposed is not None else None
            said = self._answers.ask(f"{self._prefix}host", question, default=default, check=_server_or_path, again=again)
            if self._protocol == "imap" and _is_path(said):
                return Path(said).expanduser().absolute()
            wanted = self._wanted(said, proposed)
            found = self._tried(wanted, ca_file)
            if found.outcome is Outcome.FOUND:
                return found.server
            proposed = found.server if found.outcome is not Outcome.UNKNOWN else None
            self._refuse_if_given(found)
            again = True

    def _wanted(self, said: str, proposed: Server | Path | None) -> list[Server]:
        """Return the servers that an answer may mean, the likeliest first."""
        if isinstance(proposed, Server) and said == _shown(proposed):
            return [proposed]
        host, port = _split(said)
        port = port or self._answers.given(f"{self._prefix}port")
        security = self._answers.given(f"{self._prefix}security")
        kinds = [security] if security else sorted(_SECURITIES, key=lambda kind: _STANDARD[self._protocol, kind] != port)
        every = [
            Server(protocol=self._protocol, host=host, port=port or _STANDARD[self._protocol, kind], security=kind)
            for kind in kinds
        ]
        return every if port or security else sorted(every, key=lambda server: server.security != "tls")

    def _tried(self, wanted: list[Server], ca_file: Path | None) -> Tried:
        """Try the servers in turn; where only the certificate is in the way, ask for the CA."""
        given = self._answers.given(f"{self._prefix}ca_file")
        self.ca_file = _certificates(given) if given else ca_file
        best = self._best(wanted)
        while best.outcome is Outcome.UNTRUSTED and not self._answers.yes and not given:
            say(f"{best.server} answers, but {_why_not(best)}.")
            if "authority" not in _why_not(best):
                return best
            say(
                "If the server is your own (or your employer's) and has a certificate authority of its own, name that one's "
                "certificate here; it is trusted for this server alone. Otherwise do not go on with this server."
            )
            named = self._answers.ask(
                f"{self._prefix}ca_file",
                "File with the CA certificate (PEM), or Enter for another server",
                check=lambda text: str(_certificates(text)),
                may_be_empty=True,
            )
            if not named:
                self.ca_file = ca_file
                return replace(best, detail="")
            self.ca_file = Path(named)
            best = self._best([best.server])
        return best

    def _best(self, wanted: list[Server]) -> Tried:
        order = [Outcome.FOUND, Outcome.UNTRUSTED, Outcome.OTHER, Outcome.CLOSED, Outcome.UNKNOWN]
        tried = []
        for server in wanted:
            tried.append(attempt(server, SystemNames(), ca_file=self.ca_file))
            if tried[-1].outcome in (Outcome.FOUND, Outcome.UNTRUSTED, Outcome.UNKNOWN):
                break
        return min(tried, key=lambda each: order.index(each.outcome))

    def _refuse_if_given(self, tried: Tried) -> None:
        """Say why a server does not do; raise it where there is nobody to name another."""
        if not tried.detail:
            return
        where = tried.server.host if tried.outcome is Outcome.UNKNOWN else str(tried.server)
        problem = f"{where}: {_why_not(tried) if tried.outcome is Outcome.UNTRUSTED else tried.detail}"
        option = f"--{self._prefix}host".replace("_", "-")
        if self._answers.given(f"{self._prefix}host") is None and not self._answers.yes:
            say(f"{problem}.")
            return
        if tried.outcome is Outcome.UNTRUSTED:
            ca = f"--{self._prefix}ca_file".replace("_", "-")
            raise WorkFailed(f"{problem}; if the server has a certificate authority of its own, name its certificate with {ca}")
        if tried.outcome is Outcome.CLOSED:
            raise WorkFailed(f"{problem}; check {option}, or try again later")
        raise UsageProblem(f"{problem}; check {option}")


def _why_not(tried: Tried) -> str:
    """Return in the user's words why a certificate is not trusted."""
    said = tried.detail.casefold()
    if "hostname" in said or "ip address" in said:
        return "its certificate is for another name"
    if "expired" in said:
        return "its certificate has expired (or the clock of this machine is wrong)"
    if "self-signed" in said or "self signed" in said or "issuer" in said:
        return "its certificate is signed by an authority that this machine does not know"
    return f"its certificate is not trusted ({tried.detail})"


def _shown(server: Server | Path) -> str:
    if isinstance(server, Path):
        return str(server)
    usual = _STANDARD[server.protocol, server.security] == server.port
    return server.host if usual else f"{server.host}:{server.port}"


def _is_path(text: str) -> bool:
    return text.startswith(("/", "~", "."))


def _split(text: str) -> tuple[str, int | None]:
    host, colon, port = text.rpartition(":")
    return (host.strip("[]"), int(port)) if colon and port.isdecimal() else (text.strip("[]"), None)


def _server_or_path(text: str) -> str:
    if _is_path(text):
        path = Path(text).expanduser().absolute()
        if not path.is_dir():
            raise UsageProblem(f"there is no folder {path}")
        return str(path)
    host, port = _split(text)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*|[0-9A-Fa-f:.]+", host) or (port is not None and not 0 < port < 65536):
        raise UsageProblem("that is no name of a server; write it like imap.mail.example, or imap.mail.example:993")
    return text


def _certificates(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise UsageProblem(f"there is no file {path}")
    if b"-----BEGIN CERTIFICATE-----" not in path.read_bytes()[:1_000_000]:
        raise UsageProblem(f"{path} holds no certificate in the form of PEM")
    return path
