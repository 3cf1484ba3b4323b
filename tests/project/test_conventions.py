"""Conventions of the code that no linter checks (docs/architecture.md)."""

import ast
import inspect

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.utils import translation

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.models import Publishable
from portal.core.translations.querysets import translated_fields
from tests.failures import collect_failures
from tests.project.source_tree import APPS, name_of, parsed, python_files


def own_models() -> list[type[models.Model]]:
    """Return the project's models without those of many-to-many tables."""
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in APPS]


def test_verbose_names_are_lower_case():
    """Templates capitalise the first letter of a sentence; acronyms are allowed."""
    allowed = {
        "ID",
        "Permissions",
        "ASEAN member since",
        "Chinese side (as in the source)",
    }

    with collect_failures() as failures, translation.override("en"):
        for model in own_models():
            with failures.case(model.__name__):
                names = _verbose_names(model)
                wrong = {n for n in names if n[:1].isupper() and not n[1:2].isupper()}
                assert wrong - allowed == set()


def _verbose_names(model: type[models.Model]) -> set[str]:
    names = {model._meta.verbose_name, model._meta.verbose_name_plural}
    names |= {
        field.verbose_name
        for field in model._meta.fields
        if field.model is model and not field.auto_created
    }
    return {str(name) for name in names}


def test_constraints_have_name_and_error_message():
    default = models.CheckConstraint.default_violation_error_message
    internal = ("changes", "catalogue", "jobs")

    with collect_failures() as failures:
        for model in own_models():
            label = model._meta.app_label
            for constraint in model._meta.constraints:
                with failures.case(model.__name__, constraint.name):
                    assert constraint.name.startswith(label)
                    is_check = isinstance(constraint, models.CheckConstraint)
                    if is_check and label not in internal:
                        message = str(constraint.violation_error_message)
                        assert message != str(default)


def test_no_ordering_uses_translated_field():
    """The order would depend on the language of the request."""
    with collect_failures() as failures:
        for model in own_models():
            with failures.case(model.__name__):
                ordering = {str(name).lstrip("-") for name in model._meta.ordering}
                assert not ordering & set(translated_fields(model))


def test_write_operations_take_actor_and_time_as_keyword_arguments():
    """``publish(record, *, by, at)``: the record first, the rest by keyword."""
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files(*APPS)
        if path.stem == "operations" or path.parent.name == "operations"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_"
        if len(node.args.args) > 1
    ]

    assert wrong == []


def test_business_rules_never_call_now():
    """Views, commands and tasks read the clock and pass the time as an argument."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*APPS)
        if {"operations", "querysets", "models"} & {path.stem, path.parent.name}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("timezone.now", "now", "dt.datetime.now")
    ]

    assert wrong == []


def test_every_publishable_model_is_a_kind():
    publishable = {model for model in own_models() if issubclass(model, Publishable)}

    assert publishable == {kind.model for kind in all_kinds()}


def test_kind_has_admin_and_translated_fields():
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                translated = set(translated_fields(kind.model))
                assert kind.model in admin.site._registry
                assert kind.model.kind == kind.code
                assert set(kind.model.text_fields) <= translated
                assert "remark" in translated


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
