"""Mail that a machine wrote: answers by themselves, out-of-office notices, lists."""

import datetime as dt
import re

from agent.messages.header import Header

_ANSWER_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:re:\s*|aw:\s*)?(?:automatic (?:reply|response|answer)|auto(?:mated)?[- ]?(?:reply"
    r"|response|responder|answer)|autoreply|out[- ]of[- ](?:the )?office|ooo\b|vacation (?:reply|response|notice)"
    r"|on vacation|away from (?:the office|my (?:mail|desk))|i am (?:out of|away from)|abwesenheit|automatische (?:antwort"
    r"|abwesenheit)|autom\. antwort|nicht im (?:haus|büro)|außer haus"
    r"|réponse automatique|réponse d['’]absence|absence du bureau|absent du bureau|message d['’]absence|respuesta automática"
    r"|fuera de (?:la )?oficina|ausencia"
    r"|resposta automática|fora do escritório|ausência temporária|risposta automatica|fuori (?:sede|ufficio)"
    r"|automatisch (?:antwoord|bericht)|afwezig|niet aanwezig|buiten kantoor"
    r"|autosvar|automatiskt svar|automatisk svar|frånvaro|ikke til stede|fravær|odpowiedź automatyczna"
    r"|automatyczna odpowiedź|nieobecność|automaattinen vastaus|poissa"
    r"|автоответ|автоматический ответ|מענה אוטומטי|תשובה אוטומטית|自动回复|自動回覆|自動応答|자동 회신)",
    re.IGNORECASE,
)
_BULK = frozenset({"bulk", "list", "junk"})
_AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
_MONTHS = {
    name: at
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_RETURN_WORD = re.compile(
    r"\b(?:until|till|back|return(?:ing|s)?|thru|through|bis|wieder|zurück|ab|jusqu['’]au|retour|hasta|regreso|até|regresso"
    r"|fino al|rientro|tot|terug|t/m|to)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(20\d{2})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(20\d{2})\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3})[a-z]*\.?,?(?: (20\d{2}))?\b")
_MONTH_DAY = re.compile(r"\b([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (20\d{2}))?\b")


def is_auto_reply(header: Header) -> bool:
    """Return whether a machine wrote the mail in answer to another (RFC 3834 section 5, and the spellings before it).

    `auto-generated` alone is no answer: tracking systems mark their receipts and rejections so.
    """
    submitted = header.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith("auto-replied") or submitted == "auto-notified":
        return True
    if submitted == "no":
        return False
    if any(
        header.first(name).strip().lower() not in ("", "no", "false")
        for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
    ):
        return True
    if header.first("x-autoreply-from") or header.first("x-mail-autoreply") or header.first("x-vacation"):
        return True
    if any(header.first(name).strip().lower() in _AUTO_PRECEDENCE for name in ("precedence", "x-precedence")):
        return True
    return _ANSWER_SUBJECT.match(header.subject) is not None


def is_list_mail(header: Header) -> bool:
    """Return whether the mail was written to many: List-Id, List-Unsubscribe (RFC 2369, RFC 2919) or Precedence: bulk or list."""
    if any(header.first(name) for name in ("list-id", "list-unsubscribe", "list-post")):
        return True
    return header.first("precedence").strip().lower() in _BULK


def return_date(header: Header, written_on: dt.date) -> dt.date | None:
    """Return the day of return that the subject of an out-of-office reply names, or None.

    Only a day after a word such as `until` or `back` counts, written without doubt between day and month; a day without year
    is the next such day from `written_on` on.
    """
    word = _RETURN_WORD.search(header.subject)
    if word is None:
        return None
    rest = header.subject[word.end() :]
    for pattern, order in ((_ISO, "ymd"), (_DOTTED, "dmy"), (_DAY_MONTH, "dby"), (_MONTH_DAY, "bdy")):
        found = pattern.search(rest)
        if found is not None:
            return _day(dict(zip(order, found.groups(), strict=True)), written_on)
    return None


def _day(fields: dict[str, str | None], written_on: dt.date) -> dt.date | None:
    """Return the day of the given year, month (`m` number or `b` name) and day fields, or None when there is no such day."""
    month = _MONTHS.get((fields["b"] or "").lower()) if "b" in fields else int(fields.get("m") or 0)
    if not month:
        return None
    year = fields.get("y")
    try:
        day = dt.date(int(year or written_on.year), month, int(fields["d"] or 0))
        if year is None and day < written_on:
            day = day.replace(year=written_on.year + 1)
    except ValueError:
        return None
    return day
