"""Small rules that keep the house of one piece (docs/architecture.md)."""

import ast
import inspect

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.utils import translation

from portal.catalogue.registry import kinds
from portal.publishing.models import Publishable
from portal.translations.querysets import translated_fields
from tests.house.tree import APPS, name_of, parsed, python_files


def own_models() -> list[type[models.Model]]:
    """Our models, without the tables of many-to-many relations."""
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in APPS]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_model_says_what_it_is(model):
    """A docstring of its own: Django writes one of field names where there is none."""
    generated = f"{model.__name__}({', '.join(f.name for f in model._meta.fields)})"

    assert model.__doc__
    assert model.__doc__ != generated


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_verbose_names_are_lower_case(model):
    """Templates put the capital where a sentence begins. Acronyms stay as they are."""
    with translation.override("en"):
        names = {str(model._meta.verbose_name), str(model._meta.verbose_name_plural)}
        names |= {
            str(field.verbose_name)
            for field in model._meta.fields
            if field.model is model and not field.auto_created
        }

    wrong = {name for name in names if name[:1].isupper() and not name[1:2].isupper()}
    inherited = {"ID", "Permissions"}
    assert (
        wrong - inherited - {"ASEAN member since", "Chinese side as recorded"} == set()
    )


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_constraints_are_named_and_told_to_a_clerk(model):
    default = models.CheckConstraint.default_violation_error_message
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(model._meta.app_label), constraint.name
        if isinstance(constraint, models.CheckConstraint):
            is_internal = model._meta.app_label in ("changes", "catalogue", "jobs")
            message = str(constraint.violation_error_message)
            assert is_internal or message != str(default), constraint.name


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_nothing_is_sorted_by_a_translated_field(model):
    """Its column is that of one language: the order would differ with the reader's."""
    ordering = {str(name).lstrip("-") for name in model._meta.ordering}

    assert not ordering & set(translated_fields(model))


def test_operations_and_querysets_are_told():
    """A read's name may say it all; what a verb does beside its name is written."""
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files(*APPS)
        if {"operations", "querysets"} & {path.stem, path.parent.name}
        for node in parsed(path).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"
        if not ast.get_docstring(node)
    ]

    assert wrong == []


def test_writes_take_the_clock_and_the_person_by_name():
    """``publish(record, *, by, at)``: record first, the rest by keyword."""
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files(*APPS)
        if path.stem == "operations" or path.parent.name == "operations"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_"
        if len(node.args.args) > 1
    ]

    assert wrong == []


def test_rules_do_not_ask_the_clock():
    """The time is an argument, read at the door: EXAMPLES §5, convention 5."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*APPS)
        if {"operations", "querysets", "models"} & {path.stem, path.parent.name}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("timezone.now", "now", "dt.datetime.now")
    ]

    assert wrong == []


def test_files_of_models_begin_with_what_is_in_the_world():
    wrong = [
        name_of(path)
        for path in python_files(*APPS)
        if "models" in (path.stem, path.parent.name) and path.stem != "__init__"
        if not ast.get_docstring(parsed(path))
    ]

    assert wrong == []


def test_every_publishable_model_is_a_kind():
    publishable = {model for model in own_models() if issubclass(model, Publishable)}

    assert publishable == {kind.model for kind in kinds()}


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_kind_has_its_admin_and_its_texts(kind):
    assert kind.model in admin.site._registry
    assert kind.model.kind == kind.code
    assert set(kind.model.written_fields) <= set(translated_fields(kind.model))
    assert "remark" in translated_fields(kind.model)


def test_querysets_are_named_after_their_model():
    for model in own_models():
        for manager in model._meta.managers:
            queryset = getattr(manager, "_queryset_class", models.QuerySet)
            own = [
                c
                for c in inspect.getmro(queryset)
                if c.__module__.split(".")[0] in APPS
            ]
            assert all(c.__name__.endswith("QuerySet") for c in own), (model, own)
