"""The words of a page as runs of one style each.

A run is a dict: ``t`` and, where it has them, ``lang`` (BCP 47 tag), ``b`` (bold),
``soft`` (a remark in passing), ``href``; or ``br`` for the end of a line.
"""

from urllib.parse import urljoin, urlsplit

from portal.printing.texts import settable
from portal.printing.tree import Node

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "dfn", "em", "i"),
    *("kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time"),
    *("u", "wbr"),
}
_LEFT_OUT = {
    *("audio", "button", "canvas", "form", "iframe", "img", "input", "nav", "noscript"),
    *("picture", "script", "select", "style", "summary", "svg", "template", "textarea"),
    *("video",),
}
_SOFT = {"hint", "gap", "attachments__facts", "sources__address", "count"}
_BETWEEN = {"t": " · ", "soft": True}


def is_left_out(node: Node) -> bool:
    """It makes no sense on paper, or is there for programs that read aloud."""
    return (
        node.tag in _LEFT_OUT
        or node.attributes.get("data-print") == "no"
        or "hidden" in node.attributes
        or "visually-hidden" in node.classes
    )


class Words:
    """Takes the words of a page; ``left`` counts down how many characters it may."""

    def __init__(self, address: str, most: int):
        self.address = address
        self.left = most

    def of(self, children: list[Node | str], language: str) -> list[dict]:
        """The runs of ``children``, which are in ``language`` unless they say other."""
        runs: list[dict] = []
        self._collect(children, {"lang": language}, runs)
        return _tidied(runs)

    def in_one_line(self, node: Node, language: str) -> list[dict]:
        """The elements of ``node`` beside one another, with a dot between them."""
        runs: list[dict] = []
        for child in node.elements:
            own = [] if is_left_out(child) else self.of([child], language)
            runs += [_BETWEEN, *own] if runs and own else own
        return runs

    def _collect(self, children, style: dict, runs: list[dict]) -> None:
        for child in children:
            if isinstance(child, str):
                text = settable(child)[: max(self.left, 0)]
                self.left -= len(text)
                runs.append({**style, "t": text})
            elif child.tag == "br":
                runs.append({"br": True})
            elif not is_left_out(child):
                self._collect(child.children, self._styled(child, style), runs)

    def _styled(self, node: Node, style: dict) -> dict:
        found = dict(style)
        if "lang" in node.attributes:
            found["lang"] = node.attributes["lang"]
        if node.tag in ("b", "strong"):
            found["b"] = True
        if node.classes & _SOFT:
            found["soft"] = True
        if node.tag == "a" and (href := self._link(node.attributes.get("href", ""))):
            found["href"] = href
        return found

    def _link(self, href: str) -> str:
        """The whole address; "" for a place on the same page, or what is no page."""
        try:
            address = urljoin(self.address, href.strip())
            scheme = urlsplit(address).scheme
        except ValueError:
            return ""
        is_link = scheme in ("http", "https", "mailto") and not href.startswith("#")
        return address if is_link else ""


def _tidied(runs: list[dict]) -> list[dict]:
    """No space at an end or beside another space; neighbours of one style are one."""
    tidy: list[dict] = []
    for run in runs:
        if "br" in run:
            tidy.append(run)
        elif text := _after(tidy, run["t"]):
            _add(tidy, {**run, "t": text})
    while tidy and not tidy[-1].get("t", "").strip(" "):
        tidy.pop()
    if tidy:
        tidy[-1]["t"] = tidy[-1]["t"].rstrip(" ")
    return tidy


def _after(tidy: list[dict], text: str) -> str:
    """What is left of ``text`` after these runs: one space follows no other."""
    is_open = tidy and not tidy[-1].get("t", " ").endswith(" ")
    return text if is_open else text.lstrip(" ")


def _add(tidy: list[dict], run: dict) -> None:
    if tidy and {**tidy[-1], "t": ""} == {**run, "t": ""}:
        tidy[-1]["t"] += run["t"]
    else:
        tidy.append(run)
