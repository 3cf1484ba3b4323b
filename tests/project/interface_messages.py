"""The translatable messages of code and templates.

The same that makemessages finds, without gettext.
"""

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.template import engines
from django.template.base import Node, NodeList
from django.template.library import SimpleBlockNode, TagHelperNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.functional import Promise
from django.utils.text import normalize_newlines
from django.utils.translation import override, trim_whitespace

from tests.project.source_tree import (
    APPS,
    ROOT,
    TEMPLATES,
    name_of,
    parsed,
    python_files,
)

# Positions of context, message and plural in the arguments (-1: none).
_PLACES = {
    "gettext": (-1, 0, -1),
    "ngettext": (-1, 0, 1),
    "pgettext": (0, 1, -1),
    "npgettext": (0, 1, 2),
}
FUNCTIONS = {
    name + ending: _PLACES[name] for name in _PLACES for ending in ("", "_lazy")
}
FUNCTIONS["gettext_noop"] = _PLACES["gettext"]


@dataclass(frozen=True, order=True)
class Message:
    """A message as in a catalogue, with file and line."""

    text: str
    context: str
    plural: str
    where: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text

    @property
    def is_for_staff(self) -> bool:
        """Whether only staff read the message: it needs Chinese and English only."""
        path = self.where.rpartition(":")[0]
        return any(fnmatchcase(path, pattern) for pattern in staff_files())


@cache
def staff_files() -> tuple[str, ...]:
    """Return the patterns of files with messages for staff, from pyproject.toml."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(pyproject["tool"]["portal"]["messages"]["staff"])


def calls(path: Path) -> Iterator[tuple[ast.Call, tuple[int, int, int]]]:
    """Yield each call of a gettext function with its positions, aliases included."""
    functions = dict(FUNCTIONS)
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module == (
            "django.utils.translation"
        ):
            functions |= {
                alias.asname: FUNCTIONS[alias.name]
                for alias in node.names
                if alias.asname and alias.name in FUNCTIONS
            }
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", None))
            if name in functions:
                yield node, functions[name]


def in_code() -> Iterator[Message]:
    for path in python_files(*APPS):
        for call, places in calls(path):
            context, text, plural = (
                _text(call.args[place]) if place >= 0 else "" for place in places
            )
            if text:
                yield Message(text, context, plural, f"{name_of(path)}:{call.lineno}")


def _text(argument: ast.expr) -> str:
    """Return a string literal, or "" for anything else, as makemessages does."""
    return str(argument.value) if isinstance(argument, ast.Constant) else ""


def template_names() -> list[str]:
    paths = (path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))
    return sorted(path.as_posix() for path in paths)


@cache
def nodes(name: str) -> tuple[Node, ...]:
    """Return the nodes of a template without those that it extends or includes."""
    path = os.fspath(TEMPLATES / name)
    template = engines["django"].from_string(Path(path).read_text(encoding="utf-8"))
    return tuple(_all_nodes(template.template.nodelist))


def _all_nodes(nodelist: NodeList) -> Iterator[Node]:
    """Yield all nodes, also those in simple block tags, which Django leaves out."""
    for node in nodelist.get_nodes_by_type(Node):
        yield node
        if isinstance(node, SimpleBlockNode):
            yield from _all_nodes(node.nodelist)


def in_templates() -> Iterator[Message]:
    for name in template_names():
        for node in nodes(name):
            where = f"templates/{name}:{node.token.lineno if node.token else 0}"
            if isinstance(node, TranslateNode):
                text = node.filter_expression.var.literal
                yield Message(text, _context(node), "", where)
            elif isinstance(node, BlockTranslateNode):
                yield _block(node, where)
            elif isinstance(node, TagHelperNode):
                yield from _arguments(node, where)


def _arguments(node: TagHelperNode, where: str) -> Iterator[Message]:
    """Yield the messages in the arguments of a tag: ``{% fact _("Date") %}``."""
    for argument in (*node.args, *node.kwargs.values()):
        if isinstance(argument.var, Promise):
            with override(None):  # the message itself, not a translation
                yield Message(str(argument.var), "", "", where)


def _block(node: BlockTranslateNode, where: str) -> Message:
    texts = []
    for tokens in (node.singular, node.plural):
        text = normalize_newlines(node.render_token_list(tokens)[0]) if tokens else ""
        texts.append(trim_whitespace(text) if node.trimmed else text)
    return Message(texts[0], _context(node), texts[1], where)


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.resolve({})) if node.message_context else ""


@cache
def all_messages() -> tuple[Message, ...]:
    return tuple(sorted([*in_code(), *in_templates()]))
