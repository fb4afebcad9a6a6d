"""HTML mail as text: what the reader sees, and where the client marked a quote.

Built on resiliparse (Lexbor): linear on any nesting, and it keeps the lines of blocks, lists and tables.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import DOMNode, HTMLTree

from agent.messages.cleaning import clean

QUOTE = "\ue000"
"""Stands on a line of its own where a quote stood; text may go on below it."""
CUT = "\ue001"
"""Stands on a line of its own where an older mail begins that runs to the end."""

MOST_MARKS = 200
"""Quote elements that are looked at one by one; where there are more, the text ends at the last."""
MOST_HIDDEN = 3000

_QUOTES = ", ".join(
    (
        "blockquote[type='cite']",
        "blockquote[cite]",
        "blockquote.gmail_quote",
        "blockquote[style*='border-left']",
        "blockquote[style*='BORDER-LEFT']",
        ".gmail_quote",
        ".gmail_attr",
        ".yahoo_quoted",
        "#yahoo_quoted",
        ".protonmail_quote",
        ".tutanota_quote",
        ".zmail_extra",
        ".moz-cite-prefix",
        ".moz-forward-container",
        ".front-blockquote",
        ".wps_quotion",
        "[name='messageReplySection']",
        "#OLK_SRC_BODY_SECTION",
        "#isReplyContent",
        ".OutlookMessageHeader",
        "div[style*='border-left']",
        "div[style*='border-top']",
        "#divRplyFwdMsg",
        "#x_divRplyFwdMsg",
        "#appendonsend",
        "#x_appendonsend",
        "#mail-editor-reference-message-container",
        "#stopSpelling",
    )
)
_CUTTING_IDS = frozenset(
    {
        "divrplyfwdmsg",
        "x_divrplyfwdmsg",
        "appendonsend",
        "x_appendonsend",
        "mail-editor-reference-message-container",
        "stopspelling",
    }
)
_SIGNATURES = ".gmail_signature, [data-smartmail='gmail_signature'], .moz-signature, #ms-outlook-mobile-signature, [name='messageSignatureSection']"
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


def render(html: str) -> Rendered:
    """Return the text of an HTML body. Never raises; what cannot be parsed gives empty text."""
    html = html.replace(QUOTE, "").replace(CUT, "").replace("\0", "")
    try:
        tree = HTMLTree.parse(html)
        body = tree.body or tree.document
    except (ValueError, TypeError, RuntimeError):
        return Rendered(text="", marked="", quoted=False)
    if body is None:
        return Rendered(text="", marked="", quoted=False)
    _drop_hidden(body)
    text = _text(tree)
    quoted = _mark_quotes(tree, body)
    _drop_signatures(body, len(text))
    return Rendered(text=text, marked=_text(tree) if quoted else text, quoted=quoted)


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


def _style(node: DOMNode) -> str:
    """Return the style attribute in lower case, without white space."""
    return "".join((node.getattr("style") or "").lower().split())


def _drop_hidden(body: DOMNode) -> None:
    """Take out elements that the reader does not see: preheaders and parts for other clients."""
    zero_sized = 0
    for node in list(body.query_selector_all("[style]"))[:MOST_HIDDEN]:
        style = _style(node)
        hidden = _HIDDEN_STYLE.search(style) is not None
        if not hidden and zero_sized < 200 and _FONT_ZERO.search(style):
            zero_sized += 1
            inner = node.query_selector_all("[style], font[size]")
            hidden = not any(_FONT_ANY.search(_style(child)) or child.hasattr("size") for child in list(inner)[:200])
        if hidden and node is not body and node.parent is not None:
            node.parent.remove_child(node)


def _mark_quotes(tree: HTMLTree, body: DOMNode) -> bool:
    """Put a mark in place of each outermost quote; return whether there was one."""
    marked = False
    outer: DOMNode | None = None
    nodes = list(body.query_selector_all(_QUOTES))
    for count, node in enumerate(nodes):
        if outer is not None and _holds(outer, node):
            continue
        mark = CUT if count >= MOST_MARKS else _mark_for(node)
        if mark is None or node.parent is None:
            continue
        line = tree.create_element("div")
        line.append_child(tree.create_text_node(mark))
        node.parent.replace_child(line, node)
        outer = node
        marked = True
        if mark == CUT:
            break
    return marked


def _mark_for(node: DOMNode) -> str | None:
    """Return the mark that a quote-like element gets, or None when it is no quote after all."""
    name = (node.getattr("id") or "").lower()
    if name in _CUTTING_IDS:
        return CUT
    if node.tag == "div" and not node.getattr("class") and not name:
        style = _style(node)
        if _BAR_TOP.search(style) and _LABEL.match(node.text[:300]):
            return CUT
        return QUOTE if _BAR_LEFT.search(style) and "padding" in style else None
    classes = (node.getattr("class") or "").lower().split()
    if "gmail_quote" in classes and node.tag != "blockquote":
        whole = _FORWARD_RULE.match(node.text[:200]) or node.query_selector("blockquote") is None
        return QUOTE if whole else None
    if "outlookmessageheader" in classes:
        return CUT
    return QUOTE


def _drop_signatures(body: DOMNode, length: int) -> None:
    """Take out signatures that the client marked, unless they are most of the mail."""
    for node in list(body.query_selector_all(_SIGNATURES))[:20]:
        if node.parent is not None and len(node.text) < min(1500, length / 2):
            node.parent.remove_child(node)


def _holds(outer: DOMNode, inner: DOMNode) -> bool:
    """Return whether `inner` lies inside `outer`, which may be out of the tree already."""
    contains: Callable[[DOMNode], bool] = outer.contains
    return contains(inner)
