"""What is read of a message without its attachments says the same as the whole message."""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

import pytest

from agent.demo.search import demo_messages
from agent.mailbox.excerpt import items, needs_html
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import MESSAGE_FIELDS, FolderRole
from agent.mailbox.rows import Value, values
from agent.mailbox.structure import tree_of, wanted
from agent.messages import Message, parse_message
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.letters import letter, request

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
MATTERS = (
    *(
        "message_id",
        "in_reply_to",
        "references",
        "date",
        "sender",
        "reply_to",
        "to",
        "cc",
        "subject",
        "text",
        "fresh",
        "signature",
    ),
    *("calendar", "auto_submitted", "list_mail", "bounce", "authentication", "returns_on"),
)
INVITE = request(
    uid="i1", start=NOW, end=datetime(2026, 9, 1, 9, 0, tzinfo=UTC), summary="Interview", organizer="dana@acme.example"
)
LONG = "\r\n".join(
    f"Paragraph {number} tells in a good many words how the interviews of the next weeks will go on." for number in range(9)
)


def mixed(*parts: MIMEText | MIMEMultipart | MIMEApplication | MIMEImage | MIMEMessage, kind: str = "mixed") -> MIMEMultipart:
    mail = MIMEMultipart(kind)
    for part in parts:
        mail.attach(part)
    return mail


def attached(part: MIMEText | MIMEApplication, name: str) -> MIMEText | MIMEApplication:
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def headed(mail: MIMEMultipart | MIMEText, **fields: str) -> bytes:
    given = {
        "From": "Dana Cole <dana@acme.example>",
        "To": "me@mail.example",
        "Subject": "Interview",
        "Message-ID": "<x@acme.example>",
    }
    for name, value in (given | {name.replace("_", "-"): value for name, value in fields.items()}).items():
        mail[name] = value
    mail["Date"] = "Tue, 01 Sep 2026 10:00:00 +0200"
    mail["DKIM-Signature"] = "v=1; a=rsa-sha256; " + "b" * 200
    return mail.as_bytes(policy=SMTP)


def flowed() -> bytes:
    part = MIMEText("Good news: \r\nyou are invited. \r\n\r\n> as before \r\n> and before that\r\n", "plain", "utf-8")
    part.set_param("format", "flowed")
    return headed(part)


def bounced() -> bytes:
    own = "Message-ID: <mine@mail.example>\r\nSubject: My question\r\n\r\n" + "How are things?\r\n" * 5000
    parts = (
        "Content-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n",
        (
            "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mail.example\r\n\r\n"
            "Final-Recipient: rfc822; dana@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        ),
        f"Content-Type: message/rfc822\r\n\r\n{own}",
    )
    header = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.mail.example\r\nTo: me@mail.example\r\nMessage-ID: <b@mx.mail.example>\r\n"
        "Subject: Undelivered mail\r\nDate: Tue, 01 Sep 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"\r\n\r\n'
    )
    return (header + "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--\r\n").encode()


def varied() -> Mapping[str, bytes]:
    html = '<p>Yes, Tuesday.</p><div class="gmail_quote"><blockquote>Which day?</blockquote></div>'
    long_html = (
        f"<html><body><p>{LONG}</p><blockquote type='cite'><p>Which day of the week would suit you?</p></blockquote></body>"
    )
    both = mixed(MIMEText(LONG, "plain", "utf-8"), MIMEText(f"<p>{LONG}</p>", "html", "utf-8"), kind="alternative")
    related = mixed(MIMEText(f"<p>{LONG}</p><img src=cid:1>", "html"), MIMEImage(bytes(4000), "png"), kind="related")
    forwarded = EmailMessage()
    forwarded["Subject"], forwarded["Message-ID"] = "the older one", "<older@acme.example>"
    forwarded.set_content("older words")
    invite = MIMEText(INVITE, "calendar", "utf-8")
    octets = MIMEApplication(INVITE.encode(), "octet-stream")
    answer = {"In_Reply_To": "<q@mail.example>", "References": "<p@mail.example> <q@mail.example>", "Subject": "Re: Interview"}
    return {
        "plain": letter(
            message_id="<l1@acme.example>", at=NOW, sender="Dana <dana@acme.example>", subject="Grüße", body="Hallo. Grüße"
        ),
        "letter with all": letter(
            message_id="<l2@acme.example>",
            at=NOW,
            sender="Dana <dana@acme.example>",
            subject="Re: Interview",
            body=LONG,
            in_reply_to="<q@mail.example>",
            html=f"<p>{LONG}</p>",
            calendar=INVITE,
            headers=(("X-Autoreply", "yes"), ("List-Unsubscribe", "<https://acme.example/u>"), ("Cc", "Eve <eve@acme.example>")),
        ),
        "HTML alone": headed(MIMEText(html, "html")),
        "a stub beside HTML": headed(
            mixed(MIMEText("Your mail client does not support HTML."), MIMEText(long_html, "html"), kind="alternative")
        ),
        "HTML that calls itself plain": headed(
            mixed(MIMEText(long_html), MIMEText(f"<p>{LONG}</p>", "html"), kind="alternative")
        ),
        "a short answer": headed(
            mixed(MIMEText("Yes, Tuesday. Which day?"), MIMEText(html, "html"), kind="alternative"), **answer
        ),
        "a quote that only HTML marks": headed(
            mixed(
                MIMEText(f"{LONG}\r\n\r\nWhich day of the week would suit you?"), MIMEText(long_html, "html"), kind="alternative"
            ),
            **answer,
        ),
        "a quote that only HTML marks, in base64": headed(
            mixed(
                MIMEText(f"{LONG}\r\n\r\nWhich day of the week would suit you?", "plain", "utf-8"),
                MIMEText(long_html, "html", "utf-8"),
                kind="alternative",
            ),
            **answer,
        ),
        "a quote that both mark": headed(
            mixed(MIMEText(f"{LONG}\r\n\r\n> Which day?\r\n"), MIMEText(long_html, "html"), kind="alternative"), **answer
        ),
        "two forms and an attachment": headed(mixed(both, attached(MIMEApplication(bytes(9000), "pdf"), "cv.pdf"))),
        "HTML with pictures": headed(mixed(MIMEText(LONG), related, kind="alternative")),
        "two texts": headed(mixed(MIMEText("First part."), MIMEText("<p>Second part.</p>", "html"))),
        "an attached text beside a text": headed(
            mixed(MIMEText("See the log."), attached(MIMEText("line\r\n" * 3000), "log.txt"))
        ),
        "an attached text alone": headed(
            mixed(attached(MIMEApplication(bytes(3000), "pdf"), "a.pdf"), attached(MIMEText("Words."), "a.txt"))
        ),
        "an invitation": headed(
            mixed(MIMEText("Please come."), MIMEText("<p>Please come.</p>", "html"), invite, kind="alternative")
        ),
        "an invitation as a file": headed(mixed(MIMEText("Please come."), attached(octets, "invite.ics"))),
        "a forwarded mail": headed(mixed(MIMEText("Look at this."), MIMEMessage(forwarded)), Subject="Fwd: offer"),
        "a bounce": bounced(),
        "flowed text": flowed(),
        "no MIME at all": b"From: dana@acme.example\r\nMessage-ID: <raw@acme.example>\r\nSubject: hello\r\n\r\nGr\xfc\xdfe\r\n",
        "a list": headed(
            MIMEText("News."), List_Id="<news.acme.example>", List_Post="<mailto:news@acme.example>", Precedence="bulk"
        ),
        "away": headed(MIMEText("I am away."), Auto_Submitted="auto-replied", Subject="Automatic reply: until 12 September 2026"),
        "vouched for": headed(
            MIMEText("x"),
            Authentication_Results="mx.mail.example; dmarc=pass header.from=acme.example",
            Received="from a by b; date",
        ),
        "binary in text": headed(MIMEText(base64.b64encode(bytes(range(256))).decode())),
    }


def matters(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in MATTERS}


def read_of(
    dovecot: Dovecot, user: MailboxUser, mails: Mapping[str, bytes], size_limit: int
) -> Iterator[tuple[str, bytes, bytes]]:
    names = {dovecot.deliver(user, "INBOX", raw, internaldate=NOW): name for name, raw in mails.items()}
    # Of one octet more than the limit the attachments are left out.
    mailbox = open_imap(dovecot.server(user, size_limit=size_limit), PASSWORD)
    for arrival in mailbox.read(list(mailbox.headings(FolderRole.INBOX, None, since=LONG_AGO))):
        yield names[arrival.uid], mails[names[arrival.uid]], arrival.raw
    assert mailbox.skipped == []
    mailbox.close()


def test_the_excerpt_of_a_mail_reads_as_the_whole_mail(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    mails = dict(varied())
    mails |= {f"demo {number}": mail.raw for number, mail in enumerate(demo_messages(NOW)) if number % 3 == 0}
    count = 0
    for name, whole, read in read_of(dovecot, mailbox_user, mails, 1):
        assert (name, matters(parse_message(read, received_at=NOW))) == (name, matters(parse_message(whole, received_at=NOW)))
        assert b"DKIM-Signature" not in read
        count += 1
    assert count == len(mails) > 40


def test_attachments_stay_on_the_server(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    mails = {
        name: varied()[name] for name in ("two forms and an attachment", "HTML with pictures", "an attached text beside a text")
    }
    for _, whole, read in read_of(dovecot, mailbox_user, mails, 1):
        assert len(whole) > 5000
        assert len(read) < 2500


def test_a_message_without_a_name_is_read_whole_as_it_is_named_by_its_bytes(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    nameless = headed(mixed(MIMEText("Words."), attached(MIMEApplication(bytes(20_000), "pdf"), "a.pdf")), Message_ID="")
    [(_, whole, read)] = read_of(dovecot, mailbox_user, {"nameless": nameless}, 1_000_000)
    assert read == whole


def test_the_fields_that_messages_are_read_by_are_asked_for() -> None:
    asked = {name.lower() for name in MESSAGE_FIELDS}
    assert len(asked) == len(MESSAGE_FIELDS)
    assert {"received", "authentication-results", "return-path", "x-failed-recipients", "date", "reply-to"} <= asked
    assert not any(name.startswith(("dkim", "arc")) for name in asked)


def structure(text: str) -> Value:
    return values([text.encode()])[0]


TEXT = '("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 900 20 NIL {} NIL NIL)'
ATTACHED = '("attachment" NIL)'
HTML = '("text" "html" ("charset" "utf-8") NIL NIL "7bit" 9000 20 NIL NIL NIL NIL)'


@pytest.mark.parametrize(
    ("told", "needed", "later"),
    [
        (TEXT.format("NIL"), ["1"], []),
        ('("application" "pdf" ("name" "a.pdf") NIL NIL "base64" 90000 NIL ("attachment" ("filename" "a.pdf")) NIL NIL)', [], []),
        (f'({TEXT.format("NIL")}{HTML} "alternative")', ["1"], ["2"]),
        (
            f'(({TEXT.format("NIL")}({HTML}("image" "png" NIL NIL NIL "base64" 9) "related") "alternative") "mixed")',
            ["1.1"],
            ["1.2.1"],
        ),
        (f'({HTML}{TEXT.format("NIL")} "mixed")', ["1", "2"], []),
        (f'({HTML}{TEXT.format(ATTACHED)} "mixed")', ["1"], []),
        (
            f'({TEXT.format("NIL")}("application" "x" ("name*" "us-ascii' + "''" + 'a.ICS") NIL NIL "base64" 9) "mixed")',
            ["1", "2"],
            [],
        ),
        ('(("text" "plain" NIL NIL NIL "7bit" 9 1)("message" "rfc822" NIL NIL NIL "7bit" 99 () () 4) "mixed")', ["1", "2"], []),
    ],
)
def test_of_a_tree_of_parts_the_texts_are_wanted(told: str, needed: list[str], later: list[str]) -> None:
    tree = tree_of(structure(told))
    assert tree is not None
    at_once, put_off = wanted(tree)
    assert [part.number for part in at_once] == needed
    assert [part.number for _, parts in put_off for part in parts] == later


@pytest.mark.parametrize("odd", ["()", "NIL", "(NIL)", '"text"', "(" * 40 + ")" * 40])
def test_a_structure_that_makes_no_sense_is_none_or_an_empty_tree(odd: str) -> None:
    tree = tree_of(structure(odd))
    assert tree is None or wanted(tree) == ([], [])


def test_a_large_part_is_asked_for_up_to_256_kib() -> None:
    tree = tree_of(structure('("text" "plain" NIL NIL NIL "7bit" 300000 9)'))
    assert tree is not None
    assert items(tree, [tree]) == ["BODY.PEEK[1]<0.262144>"]


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        (b"Subject: Re: x\r\n\r\n", "word " * 80, True),
        (b"In-Reply-To: <a@b>\r\n\r\n", "word " * 80, True),
        (b"Subject: x\r\n\r\n", "word " * 80, False),
        (b"Subject: Re: x\r\n\r\n", "word " * 80 + "\r\n > old", False),
        (b"Subject: x\r\n\r\n", "word " * 20, True),
        (b"Subject: x\r\n\r\n", "word " * 80 + "<br>", True),
    ],
)
def test_html_is_wanted_where_the_text_may_not_say_all(header: bytes, text: str, expected: bool) -> None:
    tree = tree_of(structure(f'({TEXT.format("NIL")}{HTML} "alternative")'))
    assert tree is not None
    plain, html = tree.children
    assert needs_html(header, plain, [html], {b"BODY[1]": text.encode()}) is expected
