"""How mail clients announce that older text follows, in the languages they speak.

Tables and one-line tests only; `fresh.py` walks over the lines with them. Every pattern is anchored or has a single bounded
gap, so that no line can take more than linear time.
"""

import re

LONGEST_LINE = 400
"""Longer lines announce nothing."""

_VERBS = (
    r"wrote|writes|said|schrieb|schreibt|hat geschrieben|geschrieben|a écrit|ecrit|écrit|écrivait|escribió|escribio"
    r"|ha escrito|escreveu"
    r"|escribía|ha scritto|scrisse|scrive|schreef|heeft geschreven|skrev|skriver|napisał\(a\)|napisał|napisała|pisze"
    r"|napsal\(a\)|napsal"
    r"|napísal|kirjoitti|írta|ezt írta|a scris|yazdı|şunları yazdı|написал\(а\)|написал|написала|пишет|писал|писал\(а\)|пише"
    r"|έγραψε"
    r"|כתב|כתבה|כתב/ה|كتب|写道|寫道|님이 작성|작성|đã viết|menulis"
)
_VERB = re.compile(rf"(?:(?<!\w)(?:{_VERBS})(?!\w)|写道|寫道|님이 작성|のメール|さんは書きました)", re.IGNORECASE)
_OPENER = re.compile(
    r"(?:\W{0,3})(?:On|Am|Le|El|Em|Il(?: giorno)?|Op|Den|Dnia|W dniu|Dne|Dňa|Pada|În|Vào|Στις|В|בתאריך|ב-)\b.{0,40}\d"
    r"|\W{0,3}\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\W{0,3}\d{4}(?:-|年|\. ?\d)"
    r"|(?:\W{0,3})(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So|lun|mar|mer|jeu|ven|sam|dim)\w*\.?,? .{0,20}\d",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>]@[^\s<>]")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_ADDRESS_LAST = re.compile(r"@[^\s<>]+>?\)?\s*[:：]$")

_WORDS_OF_OLD = (
    r"original(?:e|al)? ?(?:message|e?-?mail)|ursprüngliche (?:nachricht|e-?mail)|originalnachricht|original ?nachricht"
    r"|message (?:d['’]origine|original|initial)|mensaje original|mensagem original|messaggio originale"
    r"|(?:oorspronkelijk|origineel) bericht|originalmeddelande"
    r"|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna"
    r"|oryginalna wiadomość"
    r"|исходное сообщение|пересылаемое сообщение|původní zpráva|eredeti üzenet|mesaj original|orijinal mesaj|הודעה מקורית"
    r"|原始邮件|原始郵件|元のメッセージ|원본 메시지"
)
_WORDS_OF_FORWARD = (
    r"forwarded (?:message|mail|by .{1,60})|weitergeleitete (?:nachricht|e-?mail)|message (?:transféré|réexpédié)"
    r"|courriel transféré|mensaje reenviado"
    r"|mensagem (?:encaminhada|reencaminhada)|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)"
    r"|videresendt (?:meddelelse|melding)"
    r"|välitetty viesti|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|továbbított üzenet|пересланное сообщение"
    r"|הודעה שהועברה|转发的邮件|轉寄的郵件|転送メッセージ"
)
_OLD_MAIL = re.compile(
    rf"\W{{0,3}}[-_*=\s]{{2,40}}(?:begin |anfang )?(?:{_WORDS_OF_OLD}|{_WORDS_OF_FORWARD})\s*[-_*=:\s]{{0,40}}"
    rf"|\W{{0,3}}(?:{_WORDS_OF_FORWARD}|{_WORDS_OF_OLD})\s*[:：]"
    r"|\W{0,3}begin forwarded message\s*:|\W{0,3}anfang der weitergeleiteten (?:nachricht|e-?mail)\s*:"
    r"|\W{0,3}début du (?:message|courriel) (?:réexpédié|transféré)\s*:"
    r"|\W{0,3}inicio del mensaje reenviado\s*:|\W{0,3}início da mensagem (?:reencaminhada|encaminhada)\s*:"
    r"|\W{0,3}inizio (?:del )?messaggio inoltrato\s*:"
    r"|\W{0,3}begin doorgestuurd bericht\s*:|\W{0,3}vidarebefordrat (?:brev|mejl)\s*:"
    r"|\W{0,3}początek przekazywanej wiadomości\s*:",
    re.IGNORECASE,
)
_DASHED = re.compile(
    r"-{2,}\s?[^-\n]{1,120}\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef)\b:?\s?-{2,}", re.IGNORECASE
)

_FIELDS = {
    "from": (
        "from|von|de|da|van|från|fra|od|lähettäjä|от|feladó|kimden|de la|מאת|差出人|发件人|寄件者|보낸 사람|"
        "expéditeur|mittente|remitente|afzender|absender"
    ),
    "date": (
        "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviado em|enviada em|fecha|data|inviato|"
        "verzonden|skickat|sendt|dato|wysłano|lähetetty|päivämäärä|отправлено|дата|küldve|dátum|gönderildi|"
        "tarih|odesláno|תאריך|נשלח|送信日時|日付|发送时间|日期|寄件日期|날짜|보낸 날짜"
    ),
    "to": (
        "to|pour|an|à|a|para|naar|aan|till|til|do|kopia|vastaanottaja|кому|címzett|kime|komu|către|אל|宛先|"
        "收件人|받는 사람|destinataire|destinatario|destinatário"
    ),
    "subject": (
        "subject|betreff|objet|objeto|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|aihe|тема|tárgy|konu|"
        "předmět|subiect|נושא|件名|主题|主旨|제목|sujet"
    ),
}
_FIELD_KIND = {word: kind for kind, words in _FIELDS.items() for word in words.split("|")}
_FIELD_LINE = re.compile(r"[\s*_|]{0,6}([^\W\d_][^\n:：*]{0,22}?)[\s*]{0,3}[:：][\s*]{0,3}")

_SIGNATURE_DELIMITER = re.compile(r"(?:--|—|––|-- |__|_{2})\s*")
_SENT_FROM = re.compile(
    r"\W{0,3}(?:"
    r"(?:sent|sent securely|typed|written|dictated) (?:from|via|with|by|on) (?!my desk|the desk|a desk).{2,60}"
    r"|get outlook for .{2,20}.{0,80}|download outlook for .{0,80}|outlook for (?:ios|android|mac).{0,80}"
    r"|(?:von|aus|mit) (?:meinem|meiner|der|dem)? ?.{2,50} (?:gesendet|geschickt|geschrieben|versendet)|gesendet (?:von|mit"
    r"|aus|über) .{2,60}|diese nachricht wurde von meinem .{2,60}"
    r"|envoyé (?:de|depuis|à partir de|avec) .{2,60}|télécharge[rz] outlook .{0,80}|obtenir outlook .{0,80}"
    r"|enviado (?:desde|de|do|da|a partir do|con|via) .{2,60}|obtener outlook .{0,80}|obter o outlook .{0,80}"
    r"|inviato (?:da|dal|dall['’]|con) ?.{2,60}|scarica outlook .{0,80}|ottieni outlook .{0,80}"
    r"|verstuurd (?:vanaf|met|via|van) .{2,60}|verzonden (?:vanaf|met|via|van) .{2,60}|outlook voor .{2,20}.{0,80}"
    r"|download outlook voor .{0,80}"
    r"|skickat från .{2,60}|sendt fra .{2,60}|wysłan[eo] z .{2,60}|отправлено с .{2,60}|lähetetty .{2,60}stä"
    r"|iphone'umdan gönderildi"
    r")\W{0,3}",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"iphone|ipad|android|blackberry|galaxy|samsung|huawei|pixel|mobile|mobil|handy|phone|smartphone|tablet|outlook|yahoo"
    r"|gmail|proton|thunderbird|"
    r"windows|mail|mailbox|sparrow|spark|superhuman|airmail|hey|fastmail|gmx|web\.de|aol|device|surface|nokia|motorola"
    r"|oneplus|xiaomi|watch|palm|treo|móvil|celular|téléphone",
    re.IGNORECASE,
)


def is_attribution(text: str, *, above_quote: bool) -> bool:
    """Return whether `text` (one to three lines joined by spaces) says who wrote what follows.

    Above a line that is marked as quoted, a verb of writing or an address with a time is enough; elsewhere it must open like an
    attribution or end in the writer's address, and name a time, so that prose such as `Dana wrote:` stays.
    """
    text = text.strip()
    if len(text) > LONGEST_LINE or len(text) < 6:
        return False
    colon = text.endswith((":", "：", ":*", ": *"))
    said = _VERB.search(text[-160:] if len(text) > 160 else text)
    timed = _TIME.search(text) is not None
    addressed = _ADDRESS.search(text) is not None
    if above_quote:
        return (said is not None and (colon or timed or addressed)) or (colon and timed and addressed)
    if not timed or not colon:
        return False
    if said is not None:
        return (
            addressed
            or _OPENER.match(text) is not None
            or (len(text) < 120 and text.count(" ") < 14 and _VERB.search(text[-40:]) is not None)
        )
    return _ADDRESS_LAST.search(text) is not None and text.count(" ") < 20


def may_end_attribution(line: str) -> bool:
    """Return whether `line` can be the last line of an attribution: the cheap question that is asked of every line."""
    if not line.endswith((":", "：", ":*", "wrote", "schrieb", "écrit", "escribió", "escreveu", "scritto", "schreef")):
        return False
    return len(line) <= LONGEST_LINE and ("@" in line or _VERB.search(line) is not None)


def is_old_mail_mark(line: str) -> bool:
    """Return whether `line` is a mark such as `-----Original Message-----` or `Begin forwarded message:`."""
    return len(line) <= 160 and (_OLD_MAIL.fullmatch(line.strip()) is not None or _DASHED.fullmatch(line.strip()) is not None)


def field_kind(line: str) -> str:
    """Return `from`, `date`, `to` or `subject` for a line of a copied header block, the empty string for any other line."""
    found = _FIELD_LINE.match(line[:60])
    return _FIELD_KIND.get(" ".join(found.group(1).lower().split()), "") if found is not None else ""


def is_header_in_one_line(line: str) -> bool:
    """Return whether a whole header block was run into one line (`From: .. Sent: .. To: .. Subject: ..`)."""
    if field_kind(line) != "from" or len(line) > 2000:
        return False
    kinds = {_FIELD_KIND.get(word.strip("*").lower(), "") for word in re.findall(r"([^\W\d_]+)\*?\s?:", line[:1000])}
    return {"from", "date"} <= kinds and bool(kinds & {"to", "subject"})


def is_signature_delimiter(line: str) -> bool:
    """Return whether `line` is `-- ` (RFC 3676 section 4.3) or one of its common spellings."""
    return len(line) <= 6 and _SIGNATURE_DELIMITER.fullmatch(line.strip() + " ") is not None


def is_mobile_footer(line: str) -> bool:
    """Return whether `line` is the advertisement that a mail client leaves, such as `Sent from my iPhone`."""
    line = line.strip()
    return 8 <= len(line) <= 140 and _SENT_FROM.fullmatch(line) is not None and _DEVICE.search(line) is not None


def opens_attribution(text: str) -> bool:
    """Return whether `text` opens as attributions do: with `On`, `Am`, `Le`, ... or a weekday, and a date soon after."""
    return _OPENER.match(text) is not None


def names_somebody(line: str) -> bool:
    """Return whether the value of a header line begins with a name: `From: 10:00` of a timetable does not."""
    value = re.split(r"[:：]", line, maxsplit=1)[-1].strip(" *\"'")
    return value[:1].isalpha()
