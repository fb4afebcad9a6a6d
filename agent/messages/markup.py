"""HTML mail as text: what the reader sees, and where the client marked a quote.

Built on resiliparse (Lexbor): linear on any nesting, and it keeps the lines of blocks, lists and tables.
"""

import re
from dataclasses import dataclass

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import ElementNode, HTMLTree

from agent.messages.cleaning import clean

QUOTE = "\ue000"
"""Stands on a line of its own where a quote stood; text may go on below it."""
CUT = "\ue001"
"""Stands on a line of its own where an older mail begins that runs to the end."""

MOST_MARKS = 200
"""Quote elements that are looked at; where there are more, the text ends at the last."""
MOST_ELEMENTS = 30_000
"""Elements that are looked at; the text of those after them is read, but nothing in it is known as hidden or quoted."""

DEEPEST = 500
"""Levels of nesting; the parser's selectors take quadratic time below, so deeper HTML is read as bare text."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_QUOTE_BEGINS = re.compile(r"<blockquote\b|<div[^<>]{0,200}(?:gmail_quote|divRplyFwdMsg|appendonsend)", re.IGNORECASE)
_NOT_NESTING = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option tbody thead tfoot".split()  # noqa: SIM905
)
_QUOTE_CLASSES = frozenset(
    (
        "gmail_quote",
        "gmail_attr",
        "yahoo_quoted",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "moz-cite-prefix",
        "moz-forward-container",
        "front-blockquote",
        "wps_quotion",
    )
)
_QUOTE_NAMES = frozenset(("yahoo_quoted", "olk_src_body_section", "isreplycontent", "messagereplysection"))
_CUTTING_NAMES = frozenset(
    (
        "divrplyfwdmsg",
        "x_divrplyfwdmsg",
        "appendonsend",
        "x_appendonsend",
        "mail-editor-reference-message-container",
        "stopspelling",
    )
)
_SIGNATURE_NAMES = frozenset(("gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "messagesignaturesection"))
_MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:|mso-hide|max-height\s*:\s*0|opacity\s*:\s*0|font-size\s*:\s*[01](?!\d)", re.IGNORECASE
)
_MAY_QUOTE = (
    *sorted(_QUOTE_CLASSES | _QUOTE_NAMES | _CUTTING_NAMES | _SIGNATURE_NAMES),
    *("<blockquote", "border-top", "border-left", "border-style", "outlookmessageheader"),
)
"""Asked of the source first: a walk over the elements costs more than all the rest."""
_UNSEEN = "script, style, head, title, template, noscript, [hidden]"

_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|max-height:0(?:px|pt|em|%)?(?:!important)?(?:;|$)"
    r"|opacity:0(?:\.0+)?(?:!important)?(?:;|$)"
)
_FONT_ZERO = re.compile(r"font-size:[01](?:px|pt|em|%)?(?:!important)?(?:;|$)")
_FONT_ANY = re.compile(r"font-size:(?![01](?:px|pt|em|%)?(?:!important)?(?:;|$))")
_BAR_LEFT = re.compile(r"border-left:(?:solid|[\d.]+p[tx]solid|#[0-9a-f]{3,6}|blue)")
_BAR_TOP = re.compile(r"border:none;border-top:solid|border-style:solidnonenone|border-top:[\d.]+p[tx]solid")
_LABEL = re.compile(r"\s*\*?[^\W\d][^\n:]{1,20}\s?[:：]")
_FORWARD_RULE = re.compile(r"\s*-{3,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """An HTML body as text."""

    text: str
    """All that a reader sees, hidden preheaders left out."""
    marked: str
    """The same with `QUOTE` or `CUT` lines in place of what the client marked as quoted, and without marked signatures."""
    quoted: bool
    """Whether there was a mark."""
    problem: str = ""
    """What could not be read as it should be, in a short phrase."""


def render(html: str) -> Rendered:
    """Return the text of an HTML body. Never raises; what cannot be parsed gives empty text."""
    html = html.replace(QUOTE, "").replace(CUT, "").replace("\0", "")
    if _is_too_deep(html):
        quote = _QUOTE_BEGINS.search(html)
        text = _bare(html)
        marked = _bare(html[: quote.start()]) if quote is not None else text
        return Rendered(text=text, marked=marked, quoted=quote is not None, problem="HTML nested too deep, read as bare text")
    try:
        tree = HTMLTree.parse(html)
        body = tree.body
    except (ValueError, TypeError, RuntimeError):
        return Rendered(text="", marked="", quoted=False)
    if body is None:
        return Rendered(text="", marked="", quoted=False)
    if _MAY_HIDE.search(html):
        _drop_hidden(body)
    text = _text(tree)
    if not may_quote(html):
        return Rendered(text=text, marked=text, quoted=False)
    quoted = _mark_quotes(tree, body, len(text))
    return Rendered(text=text, marked=_text(tree), quoted=quoted)


def _bare(html: str) -> str:
    """Return the text of HTML that is too deep for the parser: its tags become line ends."""
    lines = (line.strip() for line in clean(_ANY_TAG.sub("\n", html)).split("\n"))
    return "\n\n".join(line for line in lines if line)[:100_000]


def _is_too_deep(html: str) -> bool:
    """Return whether elements are nested deeper than `DEEPEST`, counted by their tags."""
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _NOT_NESTING:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                return True
    return False


def may_quote(html: str) -> bool:
    """Return whether the source of an HTML body holds a word by which clients mark quotes or signatures."""
    source = html.lower()
    return any(word in source for word in _MAY_QUOTE)


def looks_like_html(text: str) -> bool:
    """Return whether a text that calls itself plain is HTML."""
    start = text[:20_000].lower()
    if re.match(r"\s*(?:<!doctype html|<html\b|<body\b|<div\b|<p\b|<table\b)", start):
        return True
    return len(re.findall(r"</(?:p|div|td|span|a|b|strong|body)>|<br ?/?>", start)) >= 3


def _text(tree: HTMLTree) -> str:
    """Return the text of the tree, lines kept, at most one empty line in a row."""
    text = extract_plain_text(
        tree, preserve_formatting=True, list_bullets=True, alt_texts=False, links=False, skip_elements=[_UNSEEN]
    )
    lines = [line.strip() for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _style(node: ElementNode) -> str:
    """Return the style attribute in lower case, without white space."""
    return "".join((node.getattr("style") or "").lower().split())


def _next(node: ElementNode, root: ElementNode, *, enter: bool) -> ElementNode | None:
    """Return the next element in document order, below `node` only when `enter`; None after the last one in `root`.

    The lists that the library's selectors give take linear time for each item; a walk takes it once.
    """
    following = node.first_element_child if enter else None
    at: ElementNode | None = node
    while following is None and at is not None and at != root:
        following = at.next_element_sibling
        at = at.parent_element
    return following


def _drop_hidden(root: ElementNode) -> None:
    """Take out elements that the reader does not see: preheaders and parts for other clients."""
    zero_sized = 0
    node = _next(root, root, enter=True)
    for _ in range(MOST_ELEMENTS):
        if node is None:
            return
        style = _style(node)
        hidden = bool(style) and _HIDDEN_STYLE.search(style) is not None
        if style and not hidden and zero_sized < MOST_MARKS and _FONT_ZERO.search(style):
            zero_sized += 1
            hidden = not _shows_text_inside(node)
        following = _next(node, root, enter=not hidden)
        if hidden:
            node.remove()
        node = following


def _shows_text_inside(node: ElementNode) -> bool:
    """Return whether an element below `node` sets a font size that can be seen again, as layout tables do."""
    child = _next(node, node, enter=True)
    for _ in range(200):
        if child is None:
            return False
        if child.hasattr("size") or _FONT_ANY.search(_style(child)):
            return True
        child = _next(child, node, enter=True)
    return True


def _mark_quotes(tree: HTMLTree, root: ElementNode, length: int) -> bool:
    """Put a mark in place of each outermost quote and take marked signatures out; return whether there was a quote.

    `length` is that of the whole text: a signature that is most of the mail stays.
    """
    marked = False
    looked_at = 0
    node = _next(root, root, enter=True)
    for _ in range(MOST_ELEMENTS):
        if node is None:
            return marked
        names = _names(node)
        mark = None
        if looked_at < MOST_MARKS and _may_be_quote(node, names):
            looked_at += 1
            mark = CUT if looked_at == MOST_MARKS else _mark_for(node, names)
        signature = mark is None and bool(names & _SIGNATURE_NAMES) and len(node.text or "") < min(1500, length / 2)
        following = _next(node, root, enter=mark is None and not signature)
        if mark is not None:
            line, word = tree.create_element("div"), tree.create_text_node(mark)
            if line is None or word is None:
                return marked
            line.append_child(word)
            node.replace_with(line)
            marked = True
            if mark == CUT:
                return True
        elif signature:
            node.remove()
        node = following
    return marked


def _names(node: ElementNode) -> set[str]:
    """Return the element's id, name and classes in lower case."""
    words = " ".join(node.getattr(key) or "" for key in ("id", "name", "class", "data-smartmail"))
    return set(words.lower().split()) if words.strip() else set()


def _may_be_quote(node: ElementNode, names: set[str]) -> bool:
    """Return whether an element is worth a closer look: the cheap question that is asked of each."""
    if names & _QUOTE_CLASSES or names & _QUOTE_NAMES or names & _CUTTING_NAMES or "outlookmessageheader" in names:
        return True
    if node.tag == "blockquote":
        return node.hasattr("type") or node.hasattr("cite") or "border-left" in _style(node)
    return node.tag == "div" and (
        "border-top:" in _style(node) or "border-left:" in _style(node) or "border-style:" in _style(node)
    )


def _mark_for(node: ElementNode, names: set[str]) -> str | None:
    """Return the mark that a quote-like element gets, or None when it is no quote after all."""
    if names & _CUTTING_NAMES or "outlookmessageheader" in names:
        return CUT
    if node.tag == "blockquote":
        return QUOTE
    if "gmail_quote" in names:
        whole = _FORWARD_RULE.match((node.text or "")[:200]) or node.query_selector("blockquote") is None
        return QUOTE if whole else None
    if names & _QUOTE_CLASSES or names & _QUOTE_NAMES:
        return QUOTE
    if names:
        return None
    style = _style(node)
    if _BAR_TOP.search(style) and _LABEL.match((node.text or "")[:300]):
        return CUT
    return QUOTE if _BAR_LEFT.search(style) and "padding" in style else None
