"""Evaluation of check constraints in Python.

Django validates each check constraint with a query, which is too slow for an import of
thousands of rows. The constraints of this project are plain comparisons, so they are
evaluated here by SQL's three-valued logic: a comparison with NULL is unknown, and a
constraint that is unknown is satisfied.
"""

from collections.abc import Callable, Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q

from portal.core.translations.querysets import translated_fields

_LOOKUPS: dict[str, Callable] = {
    "exact": lambda value, operand: value == operand,
    "in": lambda value, operand: value in operand,
    "gt": lambda value, operand: value > operand,
    "gte": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "lte": lambda value, operand: value <= operand,
    "startswith": lambda value, operand: value.startswith(operand),
}


def find_model_errors(
    record: models.Model,
    exclude: set[str],
    *,
    unreadable_fields: Collection[str] = (),
) -> dict[str, list[str]]:
    """Return the validation errors of ``record`` by field; nothing is saved.

    Validates fields, ``clean()`` and check constraints like ``full_clean()``, but not
    foreign keys and unique constraints, which need a query each. Constraints are
    skipped if they use a field in ``exclude``, a field in ``unreadable_fields`` or a
    field that is invalid itself. ``unreadable_fields`` are fields whose cells could not
    be parsed; errors from ``clean()`` are then ignored, because they may result from
    the missing values.
    """
    relations = {field.name for field in record._meta.fields if field.is_relation}
    # The untranslated column of a translated field copies one of the language columns.
    base_columns = translated_fields(type(record))
    errors: dict[str, list] = {}
    try:
        record.clean_fields(exclude=relations.union(base_columns, unreadable_fields))
    except ValidationError as error:
        error.update_error_dict(errors)
    try:
        record.clean()
    except ValidationError as error:
        if not unreadable_fields:  # may result from a missing value
            error.update_error_dict(errors)
    skipped_fields = exclude.union(unreadable_fields, errors)
    if constraint_errors := find_constraint_errors(record, skipped_fields):
        errors.setdefault(NON_FIELD_ERRORS, []).extend(constraint_errors)
    return ValidationError(errors).message_dict


def find_field_errors(
    record: models.Model, names: Collection[str]
) -> dict[str, list[str]]:
    """Return errors of the field validators of ``names``, by field.

    Foreign keys, ``clean()`` and constraints are not validated.
    """
    excluded = {field.name for field in record._meta.fields if field.is_relation}
    excluded |= {field.name for field in record._meta.fields if field.name not in names}
    try:
        record.clean_fields(exclude=excluded)
    except ValidationError as error:
        return error.message_dict
    return {}


def find_constraint_errors(
    record: models.Model, exclude: Collection[str] = ()
) -> list[ValidationError]:
    """Return an error for each check constraint that ``record`` violates.

    Constraints that use a field in ``exclude`` are skipped.
    """
    return [
        ValidationError(
            constraint.get_violation_error_message(),
            code=constraint.violation_error_code,
        )
        for constraint in record._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and not satisfies_condition(constraint.condition, record, exclude)
    ]


def satisfies_condition(
    condition: Q, record: models.Model, exclude: Collection[str] = ()
) -> bool:
    """Return whether ``record`` satisfies ``condition`` as an SQL CHECK would.

    A condition with an unknown result, or on a field in ``exclude``, is satisfied.
    Raises NotImplementedError for a condition that is no plain comparison of fields.
    """
    if exclude and not set(exclude).isdisjoint(_condition_fields(condition)):
        return True
    return _evaluate(condition, record) is not False


def _condition_fields(condition: Q) -> set[str]:
    names = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= _condition_fields(child)
        elif isinstance(child, tuple):
            names.add(child[0].split("__")[0])
            if isinstance(child[1], F):
                names.add(child[1].name)
    return names


def _evaluate(condition: Q, record: models.Model) -> bool | None:
    """Evaluate ``condition`` on ``record``; None means unknown."""
    if condition.connector not in (Q.AND, Q.OR):
        raise NotImplementedError(condition.connector)
    # A single child with this value decides the result: True for OR, False for AND.
    decisive = condition.connector == Q.OR
    result: bool | None = not decisive
    for child in condition.children:
        is_nested = isinstance(child, Q)
        child_result = (
            _evaluate(child, record) if is_nested else _evaluate_lookup(child, record)
        )
        if child_result is decisive:
            result = decisive
            break
        if child_result is None:
            result = None
    return not result if condition.negated and result is not None else result


def _evaluate_lookup(child, record: models.Model) -> bool | None:
    if not isinstance(child, tuple):
        raise NotImplementedError(repr(child))
    name, _sep, lookup = child[0].partition("__")
    value, operand = _field_value(record, name), child[1]
    if lookup == "isnull":
        return (value is None) is operand
    if operand is None:
        return value is None
    if isinstance(operand, F):
        operand = _field_value(record, operand.name)
    elif hasattr(operand, "resolve_expression"):
        raise NotImplementedError(repr(operand))
    compare = _LOOKUPS.get(lookup or "exact")
    if compare is None:
        raise NotImplementedError(child[0])
    if operand is None or value is None:
        return None
    return compare(value, operand)


def _field_value(record: models.Model, name: str):
    field = record._meta.pk if name in ("pk", "id") else record._meta.get_field(name)
    return getattr(record, field.attname)
