"""What a model's check constraints say of a row, found without asking the database.

Django asks it once for each row and constraint; ten thousand rows with seven
constraints are seventy thousand questions. The conditions of this house are plain
comparisons, so they are answered here by the rules of SQL: a comparison with NULL is
neither true nor false, and a check that is neither is kept.
"""

from collections.abc import Callable, Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q

from portal.translations.querysets import translated_fields

_LOOKUPS: dict[str, Callable] = {
    "exact": lambda value, asked: value == asked,
    "in": lambda value, asked: value in asked,
    "gt": lambda value, asked: value > asked,
    "gte": lambda value, asked: value >= asked,
    "lt": lambda value, asked: value < asked,
    "lte": lambda value, asked: value <= asked,
    "startswith": lambda value, asked: value.startswith(asked),
}


class NotPlain(ValueError):
    """The condition holds what only the database can judge."""


def problems_of(
    record: models.Model,
    exclude: set[str],
    *,
    asks: bool = True,
    unknown: Collection[str] = (),
) -> dict[str, list[str]]:
    """What the model itself has against ``record``, by field; nothing is saved.

    Constraints on the fields ``exclude`` are not looked at, nor on one that is wrong by
    itself, or ``unknown``: what is to stand there could not be read. ``asks``: the
    database is asked what only it can tell.
    """
    relations = {field.name for field in record._meta.fields if field.is_relation}
    # The bare column of a translated text mirrors one of the others.
    mirrors = translated_fields(type(record))
    errors: dict[str, list] = {}
    try:
        record.clean_fields(exclude=relations.union(mirrors, unknown))
    except ValidationError as problem:
        problem.update_error_dict(errors)
    try:
        record.clean()
    except ValidationError as problem:
        if not unknown:  # it may lack what could not be read
            problem.update_error_dict(errors)
    wrong = exclude.union(unknown, errors)
    for name, found in broken_constraints(record, wrong, asks=asks).items():
        errors.setdefault(name, []).extend(found)
    return ValidationError(errors).message_dict


def problems_of_fields(
    record: models.Model, names: Collection[str]
) -> dict[str, list[str]]:
    """What is wrong with the fields ``names`` of ``record``, each by itself."""
    others = {field.name for field in record._meta.fields if field.is_relation}
    others |= {field.name for field in record._meta.fields if field.name not in names}
    try:
        record.clean_fields(exclude=others)
    except ValidationError as problem:
        return problem.message_dict
    return {}


def broken_constraints(
    record: models.Model, exclude: Collection[str] = (), *, asks: bool = True
) -> dict[str, list]:
    """The messages of the constraints that ``record`` breaks, as ValidationError's.

    Conditions that are not plain are asked of the database, and so are unique
    constraints unless ``asks`` is False; a constraint on a field of ``exclude`` is not
    looked at.
    """
    errors: dict[str, list] = {}
    for constraint in record._meta.constraints:
        if not asks and isinstance(constraint, models.UniqueConstraint):
            continue
        try:
            _validate(constraint, record, exclude)
        except ValidationError as problem:
            if getattr(problem, "error_dict", None):
                problem.update_error_dict(errors)
            else:
                errors.setdefault(NON_FIELD_ERRORS, []).extend(problem.error_list)
    return errors


def _validate(constraint, record: models.Model, exclude: Collection[str]) -> None:
    if isinstance(constraint, models.CheckConstraint):
        try:
            if is_kept(constraint.condition, record, exclude):
                return
        except NotPlain:
            constraint.validate(type(record), record, exclude=exclude)
            return
        raise ValidationError(
            constraint.get_violation_error_message(),
            code=constraint.violation_error_code,
        )
    constraint.validate(type(record), record, exclude=exclude)


def is_kept(condition: Q, record: models.Model, exclude: Collection[str] = ()) -> bool:
    """Whether ``record`` keeps ``condition``; raises :class:`NotPlain`."""
    if exclude and not set(exclude).isdisjoint(_fields(condition)):
        return True
    return _judged(condition, record) is not False


def _fields(condition: Q) -> set[str]:
    found = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= _fields(child)
        elif isinstance(child, tuple):
            found.add(child[0].split("__")[0])
            if isinstance(child[1], F):
                found.add(child[1].name)
    return found


def _judged(condition: Q, record: models.Model) -> bool | None:
    if condition.connector not in (Q.AND, Q.OR):
        raise NotPlain(condition.connector)
    # One part with this result decides, whatever the others are.
    decisive = condition.connector == Q.OR
    result: bool | None = not decisive
    for child in condition.children:
        is_nested = isinstance(child, Q)
        part = _judged(child, record) if is_nested else _compared(child, record)
        if part is decisive:
            result = decisive
            break
        if part is None:
            result = None
    return not result if condition.negated and result is not None else result


def _compared(child, record: models.Model) -> bool | None:
    if not isinstance(child, tuple):
        raise NotPlain(repr(child))
    name, _sep, lookup = child[0].partition("__")
    value, asked = _value(record, name), child[1]
    if lookup == "isnull":
        return (value is None) is asked
    if asked is None:
        return value is None
    if isinstance(asked, F):
        asked = _value(record, asked.name)
    elif hasattr(asked, "resolve_expression"):
        raise NotPlain(repr(asked))
    compare = _LOOKUPS.get(lookup or "exact")
    if compare is None:
        raise NotPlain(child[0])
    if asked is None or value is None:
        return None
    return compare(value, asked)


def _value(record: models.Model, name: str):
    field = record._meta.pk if name in ("pk", "id") else record._meta.get_field(name)
    return getattr(record, field.attname)
