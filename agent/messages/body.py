"""The body of a mail as the reader sees it: the whole text, and the part of it that is new."""

import html as entities
import re
from dataclasses import dataclass

from agent.messages.cleaning import clean
from agent.messages.fresh import fresh_part
from agent.messages.markup import CUT, QUOTE, Rendered, looks_like_html, may_quote, render
from agent.messages.parts import BodySection

_STUB = re.compile(
    r"(?:your|this|the|an)\b.{0,40}\b(?:client|program|reader|browser|software|application)\b.{0,60}\b(?:not|cannot|can't"
    r"|can’t|unable|doesn['’]t|support|html)"
    r"|html[- ](?:e-?mail|message|version|format|enabled|capable|compatible|mail)|(?:view|see|read|open) (?:this|the"
    r"|it) .{0,40}(?:in|as) (?:html|your browser|a browser)"
    r"|no text (?:version|content)|unterstützt kein html|html-(?:e-?mail|nachricht|ansicht)|ne (?:supporte"
    r"|prend) pas .{0,20}html|no (?:admite|soporta) .{0,20}html|non supporta .{0,20}html",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|apos|[lr][sd]quo|[mn]dash|hellip|bull|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_WORD = re.compile(r"\w+")

SHORT_PLAIN = 40
"""Words; a shorter text/plain is compared with the HTML beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The text of a mail and what is new in it."""

    text: str
    fresh: str
    defects: tuple[str, ...]
    signature: str = ""


def read_body(sections: list[BodySection]) -> Body:
    """Return the text of all sections, an empty line between them. Never raises."""
    read = [_read_section(section) for section in sections]
    return Body(
        text="\n\n".join(body.text for body in read if body.text),
        fresh="\n\n".join(body.fresh for body in read if body.fresh),
        defects=tuple(defect for body in read for defect in body.defects),
        signature="\n".join(body.signature for body in read if body.signature),
    )


def _read_section(section: BodySection) -> Body:
    """Return the text of one section: text/plain, unless that is a mere stub for the HTML beside it."""
    plain = _plain(section.plain)
    html = section.html
    defects: tuple[str, ...] = ()
    if plain is not None and looks_like_html(plain):
        html, plain = html or plain, None
        defects = ("HTML in a text/plain part",)
    if plain is not None:
        rendered = render(html) if html is not None and len(_WORD.findall(plain[:4000])) < SHORT_PLAIN else None
        if rendered is None or not _is_stub(plain, rendered):
            return _from_plain(plain, html, rendered, defects)
        if plain:
            defects = (*defects, "text/plain is a stub, HTML is read")
        return _from_html(rendered, defects)
    return _from_html(render(html), defects) if html is not None else Body(text="", fresh="", defects=defects)


def _plain(text: str | None) -> str | None:
    """Return a text/plain part without our marks and with the entities that broken senders leave in it resolved."""
    if text is None:
        return None
    text = clean(text).replace(QUOTE, "").replace(CUT, "")
    if _ENTITY.search(text):
        text = clean(_ENTITY.sub(lambda found: entities.unescape(found.group()), text))
    return text.strip("\n").rstrip()


def _is_stub(plain: str, rendered: Rendered) -> bool:
    """Return whether a short text/plain only stands in for the HTML: empty, an excuse, bare links, or a scrap of it."""
    if not rendered.text:
        return False
    words = len(_WORD.findall(re.sub(r"https?://\S+", "", plain)))
    if words == 0 or _STUB.search(plain):
        return True
    return len(_WORD.findall(rendered.marked)) > 3 * words + 20


def _from_plain(plain: str, html: str | None, rendered: Rendered | None, defects: tuple[str, ...]) -> Body:
    """Return the body of a text/plain part.

    Where no quote is seen in the text but the HTML beside it marks one (clients that flatten quotes), the new part is taken
    from the HTML.
    """
    fresh = fresh_part(plain)
    if not fresh.quoted and html is not None and may_quote(html):
        rendered = rendered or render(html)
        if rendered.quoted:
            by_html = fresh_part(rendered.marked)
            if by_html.quoted and len(by_html.text) < len(fresh.text):
                fresh = by_html
    return Body(text=plain, fresh=fresh.text, defects=defects, signature=fresh.signature)


def _from_html(rendered: Rendered, defects: tuple[str, ...]) -> Body:
    """Return the body of a text/html part."""
    if rendered.problem:
        defects = (*defects, rendered.problem)
    fresh = fresh_part(rendered.marked)
    return Body(text=rendered.text, fresh=fresh.text, defects=defects, signature=fresh.signature)
