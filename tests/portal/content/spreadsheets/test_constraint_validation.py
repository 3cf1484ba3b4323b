"""Check constraints evaluated in Python give the same results as the database."""

import datetime as dt
from itertools import product

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from portal.content.spreadsheets.constraint_validation import (
    find_constraint_errors,
    satisfies_condition,
)
from seminars.models import Seminar
from tests.project.related_records import is_ours

pytestmark = pytest.mark.django_db

DATE = "A date needs its precision (day, month or year), and a precision its date."
TITLE = "The title or name is empty. Write it in simplified Chinese or in English."
HOURS = "The hours are more than 0; leave them empty if they are not known."
# Sample values of each field type, in addition to NULL.
TRIED = {
    models.DateField: [dt.date(2018, 9, 1), dt.date(2018, 9, 2)],
    models.DateTimeField: [dt.datetime(2018, 9, 1, tzinfo=dt.UTC)],
    models.BooleanField: [True, False],
    models.IntegerField: [0, 1, 7],
    models.DecimalField: [0, -1, 7],
    models.ForeignKey: [1, 2],
    models.CharField: ["", "x", "day", "month", "draft", "published"],
    models.TextField: ["", "x"],
    models.JSONField: [[]],
}


CHECKS = [
    (model, constraint)
    for model in apps.get_models()
    if is_ours(model)
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
]


def names_of(condition: Q) -> set[str]:
    names = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= names_of(child)
        else:
            names.add(child[0].split("__")[0])
            names |= {child[1].name} if isinstance(child[1], F) else set()
    return names


def tried(field: models.Field) -> list:
    kinds = [kind for kind in TRIED if isinstance(field, kind)]
    return [None, *TRIED[kinds[-1]]] if kinds else [None, 1]


def judged_by_database(constraint, record) -> bool:
    try:
        constraint.validate(type(record), record)
    except ValidationError:
        return False
    return True


def disagreements(model, constraint) -> list[str]:
    """Return the values for which Python and the database disagree."""
    names = [n for n in names_of(constraint.condition) if n not in ("id", "pk")]
    fields = [model._meta.get_field(name) for name in sorted(names)]
    choices = list(product(*[tried(field) for field in fields]))
    wrong = []
    for values in choices[:: max(1, len(choices) // 40)]:
        record = model(pk=1)
        for field, value in zip(fields, values, strict=True):
            setattr(record, field.attname, value)
        result = satisfies_condition(constraint.condition, record)
        if result is not judged_by_database(constraint, record):
            wrong.append(f"{constraint.name} {values}: {result}")
    return wrong


def test_python_check_agrees_with_database():
    assert len(CHECKS) > 50
    assert [
        text
        for model, constraint in CHECKS
        for text in disagreements(model, constraint)
    ] == []


def test_violated_constraints_are_reported_with_messages():
    seminar = Seminar(scope="prosecutors", starts_on=dt.date(2018, 9, 1), hours=-1)

    messages = ValidationError(find_constraint_errors(seminar)).messages

    assert messages == [DATE, TITLE, HOURS]


def test_constraint_on_excluded_field_is_skipped():
    assert not find_constraint_errors(
        Seminar(title_en="A", hours=-1), exclude={"hours"}
    )


@pytest.mark.parametrize(
    "condition",
    [Q(code__regex="x"), Q(Length("code")), Q(code=Length("scope")), Q(code="x") ^ Q()],
)
def test_complex_condition_is_rejected(condition):
    with pytest.raises(NotImplementedError):
        satisfies_condition(condition ^ Q(code="y"), Seminar())
