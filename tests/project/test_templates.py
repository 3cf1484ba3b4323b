"""Every template compiles, is used, and has nothing that the CSP forbids."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.urls import URLPattern, get_resolver

from tests.failures import collect_failures
from tests.project.interface_messages import nodes, template_names
from tests.project.source_tree import APPS, TEMPLATES, parsed, python_files

# Rendered by ``portal.website.views.errors`` under the name of the status.
HANDLED = {f"{status}.html" for status in (400, 403, 404, 500)}
LOADS = {  # elements that fetch a file, with the attribute that names it
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "use": "href",
    "image": "href",
}
FETCHING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload"}


def test_template_compiles():
    with collect_failures() as failures:
        for name in template_names():
            with failures.case(name):
                assert get_template(name).origin.name == str(TEMPLATES / name)


def test_every_template_is_used():
    unused = set(template_names()) - _templates_in_code() - _templates_in_templates()
    unused -= HANDLED | set(filter(_is_override, unused))

    assert not unused, f"Not rendered, included or extended: {sorted(unused)}"


def _templates_in_code() -> set[str]:
    """Return the templates named by a string in the code or by a view of a URL."""
    names = {
        node.value
        for path in python_files(*APPS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and str(node.value).endswith(".html")
    }
    for pattern in _patterns(get_resolver().url_patterns):
        arguments = getattr(pattern.callback, "view_initkwargs", {})
        names.add(arguments.get("template_name"))
    return names


def _patterns(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _patterns(pattern.url_patterns)


def _templates_in_templates() -> set[str]:
    names = set()
    for name in template_names():
        for node in nodes(name):
            if isinstance(node, ExtendsNode):
                names.add(node.parent_name.var)
            elif isinstance(node, IncludeNode):
                names.add(node.template.var)
    return names


def _is_override(name: str) -> bool:
    """Whether ``name`` overrides a template of Django or of another package."""
    for loader in engines["django"].engine.template_loaders[0].loaders[1:]:
        try:
            loader.get_template(name)
        except TemplateDoesNotExist:
            continue
        except TemplateSyntaxError:
            pass  # it exists but needs the tags of an app that is not installed
        return True
    return False


# ------------------------------------------------------------- what the CSP forbids


class _Page(HTMLParser):
    """Parser of a template's HTML that collects forbidden elements and attributes."""

    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.wrong += [
            f"line {self.getpos()[0]}: {wrong}"
            for wrong in (*_inline(tag, values), *_foreign(tag, values))
        ]


def _inline(tag: str, values: dict):
    if tag == "style":
        yield "<style>"
    is_data = values.get("type") == "application/ld+json"
    if tag == "script" and "src" not in values and not is_data:
        yield "<script> without src"
    for name in values:
        if name == "style" or re.fullmatch(r"on[a-z]+", name):
            yield f"{name}= on <{tag}>"
    if "javascript:" in str(values.get("href")):
        yield "javascript: address"


def _foreign(tag: str, values: dict):
    address = values.get(LOADS.get(tag, "")) or ""
    if tag == "link" and FETCHING_LINKS & set((values.get("rel") or "").split()):
        address = values.get("href") or ""
    if re.match(r"(https?:)?//", address):
        yield f"<{tag}> from another host: {address}"


def test_template_has_no_inline_code_forbidden_by_csp():
    with collect_failures() as failures:
        for name in template_names():
            with failures.case(name):
                page = _Page()
                page.feed(_without_tags((TEMPLATES / name).read_text("utf-8")))
                assert page.wrong == []


def _without_tags(source: str) -> str:
    """Return the source without template tags, with the same line numbers."""
    source = re.sub(r"{%\s*static\s[^%]*%}", "/static/", source)
    return re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", source)


def test_stylesheets_reference_no_other_host():
    static = Path("portal/static/portal")
    references = [
        f"{path}: {match}"
        for path in [*static.rglob("*.css"), *static.rglob("*.svg")]
        for match in re.findall(
            r"(?:url\(|@import|xlink:href=|(?<!xmlns:)\bhref=)\s*[\"']?\s*"
            r"((?:https?:)?//[^\s\"')]+)",
            path.read_text(encoding="utf-8"),
        )
    ]

    assert references == []


def test_scripts_reference_no_other_host():
    references = [
        f"{path}: {match}"
        for path in Path("portal/static/portal").rglob("*.js")
        for match in re.findall(
            r"(?:https?:)?//[a-z0-9-]+\.[a-z][^\s\"'`)]*",
            re.sub(r"(?m)^\s*(//|\*|/\*).*$", "", path.read_text(encoding="utf-8")),
        )
    ]

    assert references == []
