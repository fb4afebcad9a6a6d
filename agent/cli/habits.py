"""How the agent is to work, for `init`: which follow-ups (the preset), and whether a digest comes, by which way and when."""

from agent.accounts.autodiscovery import Names, Server
from agent.accounts.writing import Key, write_private
from agent.cli.answers import Answers, Configuration
from agent.cli.asking import say
from agent.cli.endings import UsageProblem
from agent.cli.printing import print_paragraph
from agent.cli.reaching import Reached
from agent.cli.servers import Known, ServerQuestion, find
from agent.rulebook.policies import load_policy, policy_names

_WAYS = {
    "no": "none; `interview-agent status` shows everything",
    "imap": "placed into your inbox; needs nothing more",
    "smtp": "sent to you by your mail provider's server",
}


def choose_preset(answers: Answers, configuration: Configuration) -> None:
    """Ask which follow-ups are to be drafted."""
    folder = configuration.settings().rules.folder
    names = policy_names(folder)
    present = configuration.present("policy", "preset") or "default"
    default = present if present in names else "default"
    ordered = sorted(names, key=lambda name: (name != "default", name))
    choices = [(name, _about(load_policy(name, folder).about)) for name in ordered]
    if answers.given("preset") is None and not answers.yes:
        print("\nWhich follow-ups are to be drafted, and when? You can change it at any time, also for one interview alone:")
    configuration.put_default(("policy", "preset"), answers.choose("preset", "Which one", choices, default=default), "default")


def choose_digest(answers: Answers, configuration: Configuration, reached: Reached, known: Known, names: Names) -> None:
    """Ask whether a digest is wanted, by which way and at which hour."""
    table = _digest_table(configuration)
    present = _present(configuration, table)
    if answers.given("digest") is None and not answers.yes:
        print("\nA digest tells you once a day what changed and what waits for you; on a day without news none comes:")
    way = answers.choose("digest", "Digest", list(_WAYS.items()), default=present)
    if configuration.account and way == present and configuration.stands(*table) is None:
        return  # the digest of all accounts says the same
    if way == "no":
        configuration.put_default((*table, "enabled"), value=False, default=False)
        return
    if way == "smtp":
        _choose_server(answers, configuration, reached, known, names, (*table, "smtp"))
    else:
        configuration.put((*table, "sender"), None)
        if configuration.present(*table, "smtp"):
            configuration.drop((*table, "smtp"))
    configuration.put_default((*table, "by"), way, "smtp")
    configuration.put((*table, "enabled"), value=True)
    hour = configuration.present(*table, "hour")
    configuration.put(
        (*table, "hour"),
        int(
            answers.ask(
                "digest_hour", "At which hour of your day (0 to 23)", default=str(8 if hour is None else hour), check=_hour
            )
        ),
    )


def _about(text: str) -> str:
    """Return a policy's own line without its name, which stands before it."""
    head, _, rest = text.partition(": ")
    return f"{rest[:1].upper()}{rest[1:]}" if rest and len(head.split()) <= 4 else text


def _digest_table(configuration: Configuration) -> Key:
    return configuration.key("digest") if configuration.account else ("digest",)


def _present(configuration: Configuration, table: Key) -> str:
    """Return the way in which the digest comes now, `no` for none."""
    place = table if configuration.stands(*table) is not None else ("digest",)
    if not configuration.present(*place, "enabled"):
        return "no"
    return str(configuration.present(*place, "by") or "smtp")


def _choose_server(
    answers: Answers, configuration: Configuration, reached: Reached, known: Known, names: Names, table: Key
) -> None:
    """Ask for the server that takes the digest, and try to sign in there; nothing is sent."""
    question = ServerQuestion(answers, protocol="smtp", prefix="smtp_")
    host = configuration.present(*table, "host") if configuration.stands(*table) else None
    proposed: Server | None
    if host:
        security = configuration.present(*table, "security") or "tls"
        port = configuration.present(*table, "port") or (465 if security == "tls" else 587)
        proposed = Server(protocol="smtp", host=host, port=port, security="tls" if security == "tls" else "starttls")
    else:
        proposed = find(known, "smtp", names) if answers.given("smtp_host") is None else None
    ca_file = configuration.settings().account.ca_file
    server = question.ask("Server that takes mail (SMTP; name or name:port)", proposed, ca_file)
    if not isinstance(server, Server):
        raise UsageProblem(f"--smtp-host {server}: that is no server")
    settings = configuration.settings()
    configuration.put((*table, "host"), server.host)
    configuration.put_default((*table, "security"), server.security, "tls")
    configuration.put_default((*table, "port"), server.port, 465 if server.security == "tls" else 587)
    configuration.put((*table, "ca_file"), str(question.ca_file) if question.ca_file else None)
    user = answers.ask(
        "smtp_user", "Login name there", default=configuration.present(*table, "user") if host else settings.account.user
    )
    configuration.put((*table, "user"), user)
    if settings.account.sign_in != "password":
        return  # with the tokens of the mailbox
    password = reached.password or ""
    if password and (problem := _refusal(configuration, password)):
        say(f"The password of the mailbox does not do there: {problem}.")
        password = ""
    if not password:
        password = answers.secret("Password for that server", "--digest imap or --digest no", may_be_empty=False)
        if problem := _refusal(configuration, password):
            raise UsageProblem(f"{problem}; nothing was changed. Begin again, or take --digest imap")
    print_paragraph(f"Sending: {server.host} lets {user} in.", lead="  ok   ", hanging=7)
    file = configuration.secret_file("smtp-password")
    if not configuration.usual and not configuration.present(*table, "password_file"):
        configuration.put((*table, "password_file"), str(file))
    reached.to_write.append(lambda: write_private(file, f"{password}\n"))


def _refusal(configuration: Configuration, password: str) -> str:
    """Sign in at the server of the digest and hang up; return why that does not work, or nothing."""
    from agent.notify.smtp import NotifyProblem, try_login  # slow to import, and only needed for this way

    try:
        try_login(configuration.settings(), password)
    except NotifyProblem as problem:
        return str(problem)
    return ""


def _hour(text: str) -> str:
    if not text.isdecimal() or int(text) > 23:
        raise UsageProblem("that is no hour; write a number from 0 to 23")
    return str(int(text))
