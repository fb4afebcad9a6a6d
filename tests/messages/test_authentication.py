from hypothesis import given
from hypothesis import strategies as st

from agent.messages import AuthenticationResult
from agent.messages.authentication import parse_authentication
from tests.messages.building import read


def test_a_google_header_is_read() -> None:
    value = (
        'mx.google.com; dkim=pass header.i=@acme.example header.s=s1 header.b="ab; c"; '
        "spf=pass (google.com: domain of bounce@mail.acme.example designates 192.0.2.1 as permitted sender) "
        "smtp.mailfrom=bounce@mail.acme.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=ACME.example"
    )
    assert parse_authentication(value, above_received=True) == AuthenticationResult(
        authserv_id="mx.google.com",
        methods=(("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass")),
        domains=("acme.example", "mail.acme.example"),
        above_received=True,
    )


def test_microsofts_header_names_no_server() -> None:
    value = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; dkim=fail (body hash did not verify) "
        "header.d=evil.example;dmarc=bestguesspass action=none header.from=acme.example;compauth=pass reason=109"
    )
    found = parse_authentication(value, above_received=False)
    assert found.authserv_id == ""
    assert found.methods == (("spf", "pass"), ("dkim", "fail"), ("dmarc", "bestguesspass"), ("compauth", "pass"))
    assert found.domains == ("acme.example",)


def test_only_a_passing_method_speaks_for_a_domain() -> None:
    found = parse_authentication(
        "mx.home.example 1; dmarc=fail header.from=acme.example; dkim=none header.d=acme.example", above_received=True
    )
    assert (found.authserv_id, found.domains) == ("mx.home.example", ())


def test_nothing_to_report_has_no_methods() -> None:
    assert parse_authentication("mx.home.example; none", above_received=True).methods == ()


def test_words_in_a_comment_are_no_result() -> None:
    found = parse_authentication("mx.home.example; spf=fail (dmarc=pass; header.from=acme.example)", above_received=True)
    assert found.methods == (("spf", "fail"),)
    assert found.domains == ()


def test_what_stands_below_received_is_told_apart() -> None:
    message = read(
        "Authentication-Results: mx.home.example; dmarc=pass header.from=acme.example\nReceived: from a by b\n"
        "Authentication-Results: mx.home.example; dmarc=pass header.from=evil.example\nFrom: a@b.example\n\nHi"
    )
    assert [(found.domains, found.above_received) for found in message.authentication] == [
        (("acme.example",), True),
        (("evil.example",), False),
    ]


@given(st.text(alphabet=st.sampled_from('dkim=pass;()\\ "header.from@a-x1'), max_size=200))
def test_no_header_raises(value: str) -> None:
    parse_authentication(value, above_received=True)
