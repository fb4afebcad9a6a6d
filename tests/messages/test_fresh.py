import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages.fresh import fresh_part
from tests.messages.building import html, plain, read

NEWS = "Good news: we would like to meet you again."
OLD = "We regret to inform you."


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, Nov 9, 2026 at 10:12 AM Dana Cole <dana@acme.example> wrote:",
        "On Mon, Nov 9, 2026 at 10:12 AM Dana Cole <\ndana@acme.example> wrote:",
        "On Mon, 9 Nov 2026 at 10:12, Dana Cole <dana@acme.example>\nwrote:",
        "On Nov 9, 2026, at 10:12, Dana Cole <dana@acme.example> wrote:",
        "Am Mo., 9. Nov. 2026 um 10:12 Uhr schrieb Dana Cole <dana@acme.example>:",
        "Am 09.11.2026 um 10:12 schrieb Dana Cole:",
        "Le lun. 9 nov. 2026 à 10:12, Dana Cole <dana@acme.example> a écrit :",
        "El lun, 9 nov 2026 a las 10:12, Dana Cole (<dana@acme.example>) escribió:",
        "Em seg., 9 de nov. de 2026 às 10:12, Dana Cole <dana@acme.example> escreveu:",
        "Il giorno lun 9 nov 2026 alle ore 10:12 Dana Cole <dana@acme.example> ha scritto:",
        "Op ma 9 nov 2026 om 10:12 schreef Dana Cole <dana@acme.example>:",
        "Den mån 9 nov. 2026 kl 10:12 skrev Dana Cole <dana@acme.example>:",
        "pon., 9 lis 2026 o 10:12 Dana Cole <dana@acme.example> napisał(a):",
        '09.11.2026, 10:12, "Dana Cole" <dana@acme.example>:',
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_a_quoted_rejection_is_not_read_as_news(attribution: str, mark: str) -> None:
    assert plain(f"{NEWS}\n\n{attribution}\n\n{mark}{OLD}\n{mark}Regards\n").fresh == NEWS


@pytest.mark.parametrize(
    "block",
    [
        "From: Dana Cole <dana@acme.example>\nSent: Monday, November 9, 2026 10:12 AM\nTo: Sam\nSubject: Backend Engineer",
        "*From:* Dana Cole <dana@acme.example>\n*Sent:* November 9, 2026 10:12 AM\n*To:* Sam\n*Subject:* Backend Engineer",
        "________________________________\nVon: Dana Cole\nGesendet: 9. November 2026 10:12\nAn: Sam\nBetreff: Stelle",
        "De : Dana Cole <dana@acme.example>\nEnvoyé : lundi 9 novembre 2026 10:12\nÀ : Sam\nObjet : Poste",
        "De: Dana Cole <dana@acme.example>\nEnviado: lunes, 9 de noviembre de 2026 10:12\nPara: Sam\nAsunto: Puesto",
        "De: Dana Cole <dana@acme.example>\nEnviada em: segunda-feira, 9 de novembro de 2026 10:12\nPara: Sam\nAssunto: Vaga",
        "Da: Dana Cole <dana@acme.example>\nInviato: lunedì 9 novembre 2026 10:12\nA: Sam\nOggetto: Posizione",
        "Van: Dana Cole <dana@acme.example>\nVerzonden: maandag 9 november 2026 10:12\nAan: Sam\nOnderwerp: Functie",
        "-----Original Message-----\nFrom: Dana Cole\nSent: Monday\nTo: Sam\nSubject: x",
        "-----Ursprüngliche Nachricht-----\nVon: Dana Cole",
        "---------- Forwarded message ---------\nFrom: Dana Cole <dana@acme.example>\nDate: Mon, 9 Nov 2026\nSubject: x\nTo: Sam",
        "Begin forwarded message:\n\nFrom: Dana Cole <dana@acme.example>\nSubject: x",
        "From: Dana Cole Sent: Monday, November 9, 2026 To: Sam Subject: x",
    ],
)
def test_what_stands_below_a_copied_header_is_old(block: str) -> None:
    assert plain(f"{NEWS}\n\n{block}\n\n{OLD}\n").fresh == NEWS


def test_a_pure_forward_has_nothing_new() -> None:
    assert plain(f"---------- Forwarded message ---------\nFrom: Dana <d@acme.example>\nSubject: x\n\n{OLD}").fresh == ""


def test_answers_between_quotes_and_below_them_are_kept() -> None:
    body = "On 9 Nov 2026, at 10:12, Sam <s@x.example> wrote:\n\n> Is Tuesday fine?\n\nTuesday is fine.\n\n> Where?\n\nRoom 4.\n"
    assert plain(body).fresh == "Tuesday is fine.\n\nRoom 4."


def test_a_quoted_line_torn_in_two_is_still_quoted() -> None:
    body = f"{NEWS}\n\n> we are sorry to tell you that the panel decided to reject your kind\napplication\n> at this time.\n"
    assert plain(body).fresh == NEWS


def test_bullets_are_no_signature() -> None:
    body = "Please bring:\n- an ID\n- your laptop\n\n--\nDana Cole\nTalent Acquisition"
    assert plain(body).fresh == "Please bring:\n- an ID\n- your laptop"


def test_text_below_a_drawn_rule_is_kept_when_it_is_long() -> None:
    body = "Hello Sam,\n\n--\n\n" + "\n".join(f"Point {number} of our long letter." for number in range(30))
    assert "Point 29" in plain(body).fresh


def test_prose_that_names_a_writer_is_no_quote() -> None:
    body = "We met.\n\nOn the whole, Kim wrote:\nhire.\n\nFrom: 10:00\nTo: 11:00\nDate: 24 November 2026\n\nSee you."
    assert plain(body).fresh == body


@pytest.mark.parametrize(
    "footer",
    [
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "CONFIDENTIALITY NOTICE: this mail is for its addressee.",
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "Unsubscribe",
        "You are receiving this email because you applied.",
    ],
)
def test_footers_go(footer: str) -> None:
    assert plain(f"{NEWS}\n\n{footer}\n").fresh == NEWS


def test_a_sentence_that_begins_like_a_footer_stays() -> None:
    assert plain("Sent from my desk, which is a first.").fresh == "Sent from my desk, which is a first."


def test_a_banner_goes_and_the_news_in_its_line_stays() -> None:
    banner = "CAUTION: This email originated from outside of the organization. Do not click links unless you know the sender."
    assert plain(f"{banner}\n\n{NEWS}").fresh == NEWS
    assert plain(f"{banner} {NEWS}").fresh == NEWS
    assert plain(f"[EXTERNAL] {NEWS}").fresh == NEWS


@pytest.mark.parametrize(
    "quote",
    [
        f'<div class="gmail_quote"><div class="gmail_attr">Dana:</div><blockquote class="gmail_quote">{OLD}</blockquote></div>',
        f'<div class="gmail_quote">---------- Forwarded message ---------<br>From: Dana<br><br>{OLD}</div>',
        f'<blockquote type="cite">{OLD}</blockquote>',
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De:</b> Dana</div><div>{OLD}</div>',
        f'<div class="yahoo_quoted">{OLD}</div>',
        f'<div class="protonmail_quote">{OLD}</div>',
        f'<div class="moz-cite-prefix">Dana, gestern</div><blockquote type="cite">{OLD}</blockquote>',
        f'<div style="border:none; border-top:solid #E1E1E1 1.0pt; padding:3.0pt 0cm"><p><b>Von:</b> Dana</p></div><p>{OLD}</p>',
        f"<p>From: Dana &lt;d@acme.example&gt;<br>Sent: Monday<br>To: Sam<br>Subject: x</p><p>{OLD}</p>",
    ],
)
def test_quotes_marked_in_html_are_not_read_as_news(quote: str) -> None:
    message = html(f"<html><body><p>{NEWS}</p>{quote}</body></html>")
    assert message.fresh == NEWS
    assert OLD in message.text


def test_answers_between_html_quotes_are_kept() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">Sam:</div><blockquote class="gmail_quote">Is Tuesday fine?</blockquote>'
        '<div>Tuesday is fine.</div><blockquote class="gmail_quote">And the office?</blockquote></div>'
    )
    assert html(body).fresh == "Tuesday is fine."


def test_a_quote_that_the_plain_text_hides_is_found_in_the_html() -> None:
    raw = (
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n"
        f"--x\nContent-Type: text/plain\n\n{NEWS} {' and so on' * 30}\n\n{OLD}\n"
        f'--x\nContent-Type: text/html\n\n<p>{NEWS} {" and so on" * 30}</p><blockquote type="cite">{OLD}</blockquote>\n--x--\n'
    )
    assert OLD not in read(raw).fresh


@given(st.text(alphabet=st.sampled_from("> -_\n:aO@1.From wrote<"), max_size=200))
def test_the_new_part_of_the_new_part_is_itself_quotable_text(text: str) -> None:
    fresh = fresh_part(text).text
    assert not any(line.startswith(">") for line in fresh.split("\n"))
    words = set(text.split())
    assert set(fresh.split()) <= words
