"""Attributions and copied headers of mail clients in eleven languages end the new text."""

import pytest

from agent.messages.fresh import fresh_part

OLDER = {
    "gmail-de": "Am Di., 3. März 2026 um 14:05 Uhr schrieb Robin Vale <robin.vale@post.example>:",
    "gmail-fr": "Le mar. 3 mars 2026 à 14:05, Robin Vale <robin.vale@post.example> a écrit :",
    "gmail-es": "El mar, 3 mar 2026 a las 14:05, Robin Vale (<robin.vale@post.example>) escribió:",
    "gmail-pt": "Em ter., 3 de mar. de 2026 às 14:05, Robin Vale <robin.vale@post.example> escreveu:",
    "pt-pt": "Robin Vale <robin.vale@post.example> escreveu (terça, 3/03/2026 à(s) 14:05):",
    "gmail-it": "Il giorno mar 3 mar 2026 alle ore 14:05 Robin Vale <robin.vale@post.example> ha scritto:",
    "gmail-nl": "Op di 3 mrt 2026 om 14:05 schreef Robin Vale <robin.vale@post.example>:",
    "gmail-pl": "wt., 3 mar 2026 o 14:05 Robin Vale <robin.vale@post.example> napisał(a):",
    "tb-pl": "W dniu 3.03.2026 o 14:05, Robin Vale pisze:",
    "gmail-sv": "Den tis 3 mars 2026 kl 14:05 skrev Robin Vale <robin.vale@post.example>:",
    "apple-sv": "3 mars 2026 kl. 14:05 skrev Robin Vale <robin.vale@post.example>:",
    "gmail-ja": "2026年3月3日(火) 14:05 Robin Vale <robin.vale@post.example>:",
    "apple-ja": "2026/03/03 14:05、Robin Vale <robin.vale@post.example>のメール:",
    "tb-ja": "On 2026/03/03 14:05, Robin Vale wrote:",
    "gmail-zh": "Robin Vale <robin.vale@post.example> 于2026年3月3日周二 14:05写道：",
    "gmail-zh-tw": "Robin Vale <robin.vale@post.example> 於 2026年3月3日 週二 下午2:05寫道：",
    "apple-zh": "2026年3月3日 14:05，Robin Vale <robin.vale@post.example> 写道：",
    "outlook-de": (
        "Von: Robin Vale <robin.vale@post.example>\n"
        "Gesendet: Dienstag, 3. März 2026 14:05\n"
        "An: Dana Cole\n"
        "Betreff: AW: Gespräch\n"
    ),
    "outlook-fr": (
        "De : Robin Vale <robin.vale@post.example>\nEnvoyé : mardi 3 mars 2026 14:05\nÀ : Dana Cole\nObjet : RE: Entretien\n"
    ),
    "outlook-pl": (
        "Od: Robin Vale <robin.vale@post.example>\nWysłane: wtorek, 3 marca 2026 14:05\nDo: Dana Cole\nTemat: RE: Rozmowa\n"
    ),
    "outlook-sv": (
        "Från: Robin Vale <robin.vale@post.example>\nSkickat: den 3 mars 2026 14:05\nTill: Dana Cole\nÄmne: SV: Intervju\n"
    ),
    "outlook-ja": "差出人: Robin Vale <robin.vale@post.example>\n送信日時: 2026年3月3日 14:05\n宛先: Dana Cole\n件名: Re: 面接\n",
    "outlook-zh": (
        "发件人: Robin Vale <robin.vale@post.example>\n发送时间: 2026年3月3日 14:05\n收件人: Dana Cole\n主题: 回复: 面试\n"
    ),
    "outlook-zh-tw": (
        "寄件者: Robin Vale <robin.vale@post.example>\n寄件日期: 2026年3月3日 14:05\n收件者: Dana Cole\n主旨: Re: 面試\n"
    ),
    "qq": (
        "------------------ 原始邮件 ------------------\n"
        '发件人: "Robin Vale" <robin.vale@post.example>;\n'
        "发送时间: 2026年3月3日(星期二) 下午2:05\n"
        '收件人: "Dana"<dana@acme.example>;\n'
        "主题: Re: 面试\n"
    ),
    "outlook-it": (
        "Da: Robin Vale <robin.vale@post.example>\nInviato: martedì 3 marzo 2026 14:05\nA: Dana Cole\nOggetto: R: Colloquio\n"
    ),
    "outlook-nl": (
        "Van: Robin Vale <robin.vale@post.example>\n"
        "Verzonden: dinsdag 3 maart 2026 14:05\n"
        "Aan: Dana Cole\n"
        "Onderwerp: RE: Gesprek\n"
    ),
    "outlook-pt": (
        "De: Robin Vale <robin.vale@post.example>\n"
        "Enviada em: terça-feira, 3 de março de 2026 14:05\n"
        "Para: Dana Cole\n"
        "Assunto: RES: Entrevista\n"
    ),
    "outlook-es": (
        "De: Robin Vale <robin.vale@post.example>\n"
        "Enviado el: martes, 3 de marzo de 2026 14:05\n"
        "Para: Dana Cole\n"
        "Asunto: RE: Entrevista\n"
    ),
    "yahoo-fr": "Le mardi 3 mars 2026 à 14:05:10 UTC+1, Robin Vale <robin.vale@post.example> a écrit :",
}


@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "unmarked"])
@pytest.mark.parametrize("client", OLDER)
def test_what_a_client_puts_below_its_attribution_is_not_new(client: str, mark: str) -> None:
    text = f"New words of today.\n\n{OLDER[client]}\n\n{mark}Older words.\n"
    assert fresh_part(text).text == "New words of today."
