"""Shared packages must not name fields or kinds of a domain app."""

import ast

from django.apps import apps

from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES_BY_CODE
from tests.project.source_tree import APPS, name_of, parsed, python_files

SHARED = ("portal/core", "portal/content", "portal/website", "portal/staff")
SHARED_APPS = ("portal.core", "portal.content", "portal.reference", "portal.accounts")
# Terms of the catalogue and of HTML that are also names in a domain.
GENERAL = {"starts_at", "ends_at", "article", "document", "page"}


def is_domain(model) -> bool:
    name = model._meta.app_config.name
    return name.split(".")[0] in APPS and not name.startswith(SHARED_APPS)


# Tables of names that earlier releases wrote into files; no code depends on them.
DATA = ("portal/content/spreadsheets/former_field_names.py",)


def domain_names() -> set[str]:
    """Return kind codes, and names of fields that only domain models have.

    Only field names of several words are included; a single word has other uses.
    """
    fields = {True: set(), False: set()}
    for model in apps.get_models():
        fields[is_domain(model)] |= {field.name for field in model._meta.get_fields()}
        for base in model.__mro__[1:]:
            if hasattr(base, "_meta") and base._meta.abstract:
                fields[False] |= {field.name for field in base._meta.get_fields()}
    suffixes = tuple(f"_{code.replace('-', '_')}" for code in LANGUAGES_BY_CODE)
    only_domain = fields[True] - fields[False]
    names = {n for n in only_domain if "_" in n and not n.endswith(suffixes)}
    names |= {kind.code for kind in all_kinds() if is_domain(kind.model)}
    return names - GENERAL


def names_in(tree: ast.AST):
    """Yield (line, name) of strings, attributes and keyword arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword):
            yield node.value.lineno, node.arg


def test_shared_packages_name_no_domain_field_or_kind():
    names = domain_names()
    assert {"host_organs", "instruction_languages", "seminar"} <= names

    problems = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files(*SHARED)
        if name_of(path) not in DATA
        for line, name in names_in(parsed(path))
        if name in names
    ]

    assert problems == []
