"""Convert inline HTML into runs: texts of one style and language.

A run is a dict with ``t`` (text) and optional ``lang`` (BCP 47 tag), ``b`` (bold),
``muted`` (less important) and ``href``; or with ``br`` for a line break.
"""

from urllib.parse import urljoin, urlsplit

from portal.website.printing.html_tree import HtmlElement
from portal.website.printing.print_roles import PrintRole
from portal.website.printing.text_preparation import prepare_text

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "dfn", "em", "i"),
    *("kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time"),
    *("u", "wbr"),
}
_EXCLUDED_TAGS = {
    *("audio", "button", "canvas", "form", "iframe", "img", "input", "nav", "noscript"),
    *("picture", "script", "select", "style", "summary", "svg", "template", "textarea"),
    *("video",),
}
_SEPARATOR = {"t": " · ", "muted": True}


def is_excluded(node: HtmlElement) -> bool:
    """Return True for an element that is not printed.

    Interactive and visual elements make no sense on paper.
    """
    return (
        node.tag in _EXCLUDED_TAGS
        or PrintRole.EXCLUDED in node.print_roles
        or "hidden" in node.attributes
    )


class RunBuilder:
    """Builds runs from nodes.

    ``remaining`` is the number of characters that may still be added to the document.
    """

    def __init__(self, base_url: str, limit: int):
        self.base_url = base_url
        self.remaining = limit

    def build_runs(
        self, children: list[HtmlElement | str], language: str
    ) -> list[dict]:
        """Return the runs of ``children``.

        ``language`` is the tag of nodes that have no ``lang`` themselves.
        """
        runs: list[dict] = []
        self._collect(children, {"lang": language}, runs)
        return _normalize_runs(runs)

    def build_inline_runs(self, node: HtmlElement, language: str) -> list[dict]:
        """Return the runs of the elements of ``node``, separated by " · "."""
        runs: list[dict] = []
        for child in node.elements:
            child_runs = (
                [] if is_excluded(child) else self.build_runs([child], language)
            )
            runs += [_SEPARATOR, *child_runs] if runs and child_runs else child_runs
        return runs

    def _collect(self, children, style: dict, runs: list[dict]) -> None:
        for child in children:
            if isinstance(child, str):
                text = prepare_text(child)[: max(self.remaining, 0)]
                self.remaining -= len(text)
                runs.append({**style, "t": text})
            elif child.tag == "br":
                runs.append({"br": True})
            elif not is_excluded(child):
                self._collect(child.children, self._style_of(child, style), runs)

    def _style_of(self, node: HtmlElement, style: dict) -> dict:
        """Return the style of a node's text: the parent's with the node's changes."""
        node_style = dict(style)
        if "lang" in node.attributes:
            node_style["lang"] = node.attributes["lang"]
        if node.tag in ("b", "strong"):
            node_style["b"] = True
        if PrintRole.MUTED in node.print_roles:
            node_style["muted"] = True
        if node.tag == "a" and (href := self._link(node.attributes.get("href", ""))):
            node_style["href"] = href
        return node_style

    def _link(self, href: str) -> str:
        """Return the absolute URL of a link.

        "" for a fragment of the same page and for schemes other than http, https and
        mailto.
        """
        try:
            url = urljoin(self.base_url, href.strip())
            scheme = urlsplit(url).scheme
        except ValueError:
            return ""
        is_link = scheme in ("http", "https", "mailto") and not href.startswith("#")
        return url if is_link else ""


def _normalize_runs(runs: list[dict]) -> list[dict]:
    """Return the runs with normalised spaces; adjacent runs of one style are merged."""
    normalized: list[dict] = []
    for run in runs:
        if "br" in run:
            normalized.append(run)
        elif text := _collapse_leading_space(normalized, run["t"]):
            _append_run(normalized, {**run, "t": text})
    while normalized and not normalized[-1].get("t", "").strip(" "):
        normalized.pop()
    if normalized:
        normalized[-1]["t"] = normalized[-1]["t"].rstrip(" ")
    return normalized


def _collapse_leading_space(previous_runs: list[dict], text: str) -> str:
    """Return ``text`` without leading spaces if the runs before it end with a space."""
    needs_space = previous_runs and not previous_runs[-1].get("t", " ").endswith(" ")
    return text if needs_space else text.lstrip(" ")


def _append_run(runs: list[dict], run: dict) -> None:
    """Append a run, or merge it with the last one if the style is the same."""
    if runs and {**runs[-1], "t": ""} == {**run, "t": ""}:
        runs[-1]["t"] += run["t"]
    else:
        runs.append(run)
