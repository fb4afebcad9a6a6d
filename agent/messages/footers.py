"""Text that a company's mail server adds to every mail: banners above, confidentiality and unsubscribe notices below."""

import re

LONGEST_NOTICE = 2500
"""Characters; a longer paragraph is no mere notice."""

_TAG = re.compile(
    r"\W{0,2}(?:\[(?:external|ext|extern|externe|externo|esterno|external (?:e-?mail|sender|message))\]"
    r"|\*{2,}\s?external(?: e-?mail)?\s?\*{2,})[\s:]*",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"\W{0,3}(?:"
    r"(?:caution|warning|attention|notice|external(?: e-?mail| message| sender)?|be careful|security notice)\b\W{0,6}(?:this"
    r"|the|do not|external|e-?mail|message|sender|origin)"
    r"|this (?:e-?mail|message)\b.{0,40}(?:originated|was sent|came|is|has been sent|comes)\b.{0,20}(?:from )?(?:outside"
    r"|an external|external)"
    r"|you don['’]t often (?:get|receive) (?:e-?mail|messages)|learn why this is important"
    r"|do not (?:click|open)\b.{0,80}(?:link|attachment)"
    r"|(?:achtung|vorsicht|hinweis)\b\W{0,6}(?:diese|externe)|diese (?:e-?mail|nachricht) (?:stammt|kommt) von (?:außerhalb"
    r"|extern)|sie erhalten nicht (?:oft|häufig) e-?mails? von"
    r"|attention\s?:\s?(?:ce|cet|courriel|e-?mail externe)|vous n['’]obtenez pas souvent|este (?:correo|mensaje) (?:proviene"
    r"|procede|se originó)|let op\W{1,3}(?:deze|externe)"
    r")",
    re.IGNORECASE,
)
_BANNER_WORDS = re.compile(
    r"outside|external|extern|click|link|attachment|recogni[sz]e|trust|safe|sender|phish|anhang|absender|klicken|cliquez"
    r"|pièces? jointes?|expéditeur|adjunto|remitente|bijlage|afzender|often|learn why",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\W{0,4}(?:"
    r"(?:confidentiality|privacy|legal|disclaimer)(?: notice| statement| note| warning| disclaimer)?\s?(?:[:.\-–]|$)"
    r"|this (?:e-?mail|message)\b.{0,40}\bscanned (?:for|by)\b"
    r"|(?:the |this |any )(?:information|contents?|e-?mail|message|communication|transmission"
    r"|electronic)\b.{0,160}\b(?:confidential|privileged|intended (?:only|solely|exclusively)|intended recipient)"
    r"|if you (?:are not|have received|received|are no longer) the intended|if you (?:have )?received this (?:e-?mail"
    r"|message) in error"
    r"|please consider the environment|save (?:paper|a tree)|think before you print"
    r"|diese (?:e-?mail|nachricht)\b.{0,120}\b(?:vertraulich|ausschließlich|bestimmungsgemäß)|(?:vertraulichkeits"
    r"|rechtlicher )hinweis|der inhalt dieser e-?mail ist vertraulich"
    r"|bitte (?:denken sie an|prüfen sie).{0,60}(?:umwelt|ausdruck)|ce(?:t)? (?:message|courriel"
    r"|e-?mail)\b.{0,120}\b(?:confidentiel|exclusivement|destinataire)|avis de confidentialité"
    r"|este (?:mensaje|correo|e-?mail)\b.{0,120}\b(?:confidencial|exclusivamente|destinatario)|aviso (?:legal"
    r"|de confidencialidad)|esta mensagem\b.{0,120}\b(?:confidencial|destinatário)"
    r"|(?:questo|il presente) (?:messaggio|e-?mail)\b.{0,120}\b(?:riservat|confidenzial|destinatari)"
    r"|le informazioni contenute|dit (?:bericht|e-?mailbericht)\b.{0,120}\b(?:vertrouwelijk|uitsluitend|bestemd)"
    r"|de informatie (?:in|verzonden)\b.{0,80}\b(?:vertrouwelijk|bestemd)"
    r")",
    re.IGNORECASE,
)
_LIST_LINE = re.compile(
    r"\W{0,4}(?:"
    r"(?:click here to )?unsubscribe\b.{0,120}|.{0,80}\bunsubscribe(?: here| from .{1,60}| at any time| instantly)?\W{0,4}"
    r"|to (?:unsubscribe|opt[- ]out|stop receiving)\b.{0,160}"
    r"|(?:manage|update|change|edit) (?:your )?(?:e-?mail |notification |subscription )?(?:preferences|settings"
    r"|subscriptions?)\b.{0,80}"
    r"|you(?: are|['’]re)? (?:are )?receiv(?:ing|ed) this (?:e-?mail|message|notification|newsletter) because\b.{0,200}"
    r"|if you (?:no longer wish|do not wish|don['’]t want|would prefer not) to receive\b.{0,160}"
    r"|view (?:this )?(?:e-?mail|message|it)? ?(?:in|on) (?:your |a |the )?(?:web )?browser\W{0,4}"
    r"|(?:having )?trouble viewing this\b.{0,80}"
    r"|(?:vom )?newsletter abmelden\W{0,4}|abmelden\W{0,3}|(?:diese e-?mail )?im browser (?:ansehen|anzeigen|öffnen)\W{0,3}"
    r"|se désabonner\b.{0,80}|se désinscrire\b.{0,80}|darse de baja\b.{0,80}"
    r"|cancelar (?:a )?(?:inscrição|suscripción)\b.{0,60}|annulla iscrizione\b.{0,60}|disiscriviti\b.{0,60}|afmelden\W{0,3}"
    r"|uitschrijven\b.{0,60}|(?:©|\(c\)|copyright) ?\d{4}\b.{0,120}"
    r"|\W*please (?:type|reply|write)\b.{0,40}above this line\W*"
    r")",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def without_notices(paragraphs: list[list[str]]) -> list[list[str]]:
    """Return `paragraphs` (lists of lines) without banners in front and without notices and list footers.

    A banner loses only its own sentences, so that news in the same line stays. A notice goes paragraph by paragraph and never
    takes what stands below it.
    """
    kept: list[list[str]] = []
    for paragraph in paragraphs:
        lines = _without_banner(paragraph) if len(kept) < 2 else paragraph
        joined = " ".join(lines)[:LONGEST_NOTICE]
        if not joined.strip() or (len(" ".join(lines)) < LONGEST_NOTICE and _NOTICE.match(joined)):
            continue
        lines = [line for line in lines if len(line) > 300 or not _LIST_LINE.fullmatch(line.strip())]
        if lines:
            kept.append(lines)
    return kept


def _without_banner(paragraph: list[str]) -> list[str]:
    """Return the lines of a paragraph near the top without the sentences of an external-mail banner."""
    lines = list(paragraph)
    tag = _TAG.match(lines[0])
    if tag is not None:
        lines[0] = lines[0][tag.end() :]
    joined = " ".join(lines)
    if len(joined) > LONGEST_NOTICE or _BANNER.match(joined) is None:
        return [line for line in lines if line.strip()]
    sentences = _SENTENCE_END.split(joined)
    while sentences and _is_banner_sentence(sentences[0]):
        sentences.pop(0)
    return [" ".join(sentences)] if sentences else []


def _is_banner_sentence(sentence: str) -> bool:
    """Return whether a sentence at the top belongs to a banner."""
    if _BANNER.match(sentence):
        return True
    return (len(sentence) < 12 and sentence.isupper()) or (len(sentence) < 250 and _BANNER_WORDS.search(sentence) is not None)
