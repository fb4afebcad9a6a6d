"""The mail providers that `init` knows: whose address it is, where the servers stand, what the user must do first."""

from pathlib import Path

import pytest

from agent.rulebook.problems import RulesRefused
from agent.rulebook.providers import SignIn, load_providers

KNOWN = load_providers(None)


@pytest.mark.parametrize(
    ("domain", "name", "host", "ways"),
    [
        ("gmail.com", "Gmail", "imap.gmail.com", ["app-password", "google"]),
        ("hotmail.co.uk", "Outlook.com (Hotmail, Live)", "outlook.office365.com", ["microsoft"]),
        ("yahoo.de", "Yahoo Mail", "imap.mail.yahoo.com", ["app-password"]),
        ("icloud.com", "iCloud Mail", "imap.mail.me.com", ["app-password"]),
        ("fastmail.com", "Fastmail", "imap.fastmail.com", ["app-password"]),
        ("gmx.de", "GMX", "imap.gmx.net", ["password", "app-password"]),
        ("t-online.de", "T-Online", "secureimap.t-online.de", ["app-password"]),
        ("posteo.net", "Posteo", "posteo.de", ["password"]),
        ("laposte.net", "La Poste", "imap.laposte.net", ["password", "app-password"]),
        ("sbcglobal.net", "AT&T Mail", "imap.mail.att.net", ["app-password"]),
    ],
)
def test_an_address_of_a_large_provider_is_known(domain: str, name: str, host: str, ways: list[str]) -> None:
    found = KNOWN.of_domain(domain)

    assert found is not None
    assert found.imap is not None
    assert (found.name, found.imap.host, found.imap.port, list(found.sign_in)) == (name, host, 993, ways)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("ASPMX.L.GOOGLE.COM.", "Google Workspace"),
        ("acme-example.mail.protection.outlook.com", "Microsoft 365"),
        ("hotmail-com.olc.protection.outlook.com", "Outlook.com (Hotmail, Live)"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mx01.mail.icloud.com", "iCloud Mail"),
        ("mx-aol.mail.gm0.yahoodns.net", "AOL Mail"),
        ("mta5.am0.yahoodns.net", "Yahoo Mail"),
        ("mail.protonmail.ch", "Proton Mail"),
        ("smtpin.rzone.de", "STRATO"),
    ],
)
def test_a_domain_of_ones_own_is_recognised_by_who_takes_its_mail_in(host: str, name: str) -> None:
    found = KNOWN.of_mx([host])

    assert found is not None
    assert found.name == name


def test_a_host_that_only_ends_alike_is_another_one() -> None:
    assert KNOWN.of_mx(["mx.notgoogle.com", "google.com.evil.example"]) is None
    assert KNOWN.of_domain("mail.example") is None


def test_where_an_app_password_is_needed_the_steps_lead_there() -> None:
    for provider in KNOWN:
        if SignIn.APP_PASSWORD in provider.sign_in:
            assert provider.app_password is not None
            assert provider.app_password.at.startswith("https://")
            assert len(provider.app_password.steps) >= 1


def test_the_login_name_is_the_address_or_what_stands_before_the_at() -> None:
    riseup, gmail = KNOWN.of_domain("riseup.net"), KNOWN.of_domain("gmail.com")

    assert riseup is not None
    assert riseup.login_name("robin@riseup.net") == "robin"
    assert gmail is not None
    assert gmail.login_name("robin@gmail.com") == "robin@gmail.com"


def test_a_provider_without_imap_says_what_to_do_instead() -> None:
    tuta = KNOWN.of_domain("tuta.com")

    assert tuta is not None
    assert tuta.imap is None
    assert "Forward the mail" in str(tuta.without_imap)


@pytest.mark.parametrize(
    ("entry", "line", "what"),
    [
        ("- {id: a, name: A, imap: {host: i.example}, sign_in: [password], domains: [b.example]}", 3, "`b.example` stands at B"),
        ("- {id: a, name: A, imap: {host: i.example, port: 99999}, sign_in: [password]}", 3, "less than or equal to 65535"),
        ("- {id: a, name: A, imap: {host: i.example, security: none}, sign_in: [password]}", 3, "'tls' or 'starttls'"),
        ("- {id: a, name: A, imap: {host: i.example}}", 3, "names the ways to sign in"),
        ("- {id: a, name: A, sign_in: [password]}", 3, "has either `imap` or `without_imap`"),
        ("- {id: a, name: A, imap: {host: i.example}, sign_in: [app-password]}", 3, "go together"),
    ],
)
def test_a_mistake_is_told_with_its_place(entry: str, line: int, what: str, tmp_path: Path) -> None:
    first = "- {id: b, name: B, imap: {host: i.example}, sign_in: [password], domains: [b.example]}"
    (tmp_path / "providers.yaml").write_text(f"providers:\n{first}\n{entry}\n")

    with pytest.raises(RulesRefused) as refused:
        load_providers(tmp_path)

    (problem,) = refused.value.problems
    assert (problem.line, what in str(problem)) == (line, True), str(problem)
