"""Check constraints evaluated in Python give the same results as the database."""

import datetime as dt
from itertools import product

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Length

from portal.content.spreadsheets.constraint_validation import (
    find_constraint_errors,
    satisfies_condition,
)
from seminars.models import Seminar
from tests.project.related_records import is_ours

pytestmark = pytest.mark.django_db

DATE = "Choose day, month or year for the date, or leave both blank."
TITLE = "Enter a title or name in Simplified Chinese or English."
HOURS = "Class hours must be more than 0. Leave blank if not known."
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


def judged_by_database(model, constraint, fields, rows) -> list[bool]:
    """Return for each of ``rows``, values of ``fields``, whether the check allows it.

    The SQL of the check is evaluated for all rows in one query, on a table with the
    columns of the model but without constraints.
    """
    columns = [connection.ops.quote_name(field.column) for field in fields]
    types = map(column_type, fields)
    definition = ", ".join(map(" ".join, zip(columns, types, strict=True)))
    places = ", ".join(["%s"] * len(fields))
    sql = constraint.constraint_sql(model, connection.schema_editor())
    condition = sql.partition(" CHECK ")[2]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE tried (tried_number integer, {definition})"
        )
        cursor.executemany(
            f"INSERT INTO tried VALUES (%s, {places})",  # noqa: S608 - no input
            [(number, *prepared(fields, row)) for number, row in enumerate(rows)],
        )
        cursor.execute(
            f"SELECT ({condition}) IS NOT FALSE "  # noqa: S608 - SQL of the models
            "FROM tried ORDER BY tried_number"
        )
        results = [bool(result) for (result,) in cursor.fetchall()]
        cursor.execute("DROP TABLE tried")
    return results


def column_type(field: models.Field) -> str:
    """Return the type of a column for the values: text of any length, for texts."""
    is_text = isinstance(field, (models.CharField, models.TextField))
    return "text" if is_text else field.db_type(connection)


def prepared(fields, row) -> list:
    pairs = zip(fields, row, strict=True)
    return [field.get_db_prep_save(value, connection) for field, value in pairs]


def disagreements(model, constraint) -> list[str]:
    """Return the values for which Python and the database disagree."""
    names = [n for n in names_of(constraint.condition) if n not in ("id", "pk")]
    fields = [model._meta.get_field(name) for name in sorted(names)]
    choices = list(product(*[tried(field) for field in fields]))
    rows = [(*values, 1) for values in choices[:: max(1, len(choices) // 40)]]
    fields.append(model._meta.pk)
    results = judged_by_database(model, constraint, fields, rows)
    wrong = []
    for row, expected in zip(rows, results, strict=True):
        record = model()
        for field, value in zip(fields, row, strict=True):
            setattr(record, field.attname, value)
        result = satisfies_condition(constraint.condition, record)
        if result is not expected:
            wrong.append(f"{constraint.name} {row}: {result}")
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
