"""Records that are in the files of the public record or in the database only.

Loading deletes no record that is missing in its file, and does not create a record
again that a person deleted.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db import models

from portal.content.publishing.public_uses import lookups_of_records
from portal.content.spreadsheets.import_plan import (
    CREATED,
    SKIPPED,
    UPDATED,
    AbsentRecord,
    ImportPlan,
    RowPlan,
)
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.core.audit.field_edits import load_created_pks

# Label of a model and public key of a row.
Reference = tuple[str, str]


def find_absent_records(plan: ImportPlan, *, by) -> list[AbsentRecord]:
    """Return the records that ``by`` created and that no row of ``plan`` matches.

    Call it when all files are saved, so that the uses are those after the load.
    """
    model = plan.resource.model
    rows = models.QuerySet(model)
    if any(field.name == "created_by" for field in model._meta.fields):
        pks = list(rows.filter(created_by=by).values_list("pk", flat=True))
    else:
        pks = load_created_pks(model, by=by)
    matched = {row.record.pk for row in plan.rows}
    absent_pks = sorted(set(pks) - matched)
    records = []
    for start in range(0, len(absent_pks), QUERY_BATCH_SIZE):
        batch = absent_pks[start : start + QUERY_BATCH_SIZE]
        uses = _find_uses(model, batch)
        records += [
            AbsentRecord(record, uses[record.pk])
            for record in rows.filter(pk__in=batch).order_by("pk")
        ]
    return records


def _find_uses(
    model: type[models.Model], pks: list[int]
) -> dict[int, list[tuple[str, str]]]:
    """Return kind and code of the records that refer to rows, by primary key."""
    uses: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for using_model, lookup in lookups_of_records(model):
        code_field = using_model.code_field
        links = models.QuerySet(using_model).filter(**{f"{lookup}__in": pks})
        links = links.order_by(code_field).values_list(lookup, code_field)
        for pk, code in links:
            if (using_model.kind, str(code)) not in uses[pk]:
                uses[pk].append((using_model.kind, str(code)))
    return uses


def keep_deletions(plans: list[ImportPlan]) -> None:
    """Change planned creations of rows that somebody deleted (``deletion``) to kept.

    A deleted row is created again if a row that is written refers to it.
    """
    deleted: dict[Reference, RowPlan] = {}
    for plan in plans:
        for row in plan.rows:
            if row.deletion:
                row.action = SKIPPED
                key = row.cells.get(plan.resource.key, "")
                deleted[plan.resource.model._meta.label, key] = row
    if not deleted:
        return
    written = [
        (plan, row)
        for plan in plans
        for row in plan.rows
        if row.action in (CREATED, UPDATED)
    ]
    plans_by_model = {plan.resource.model._meta.label: plan for plan in plans}
    while written:
        plan, row = written.pop()
        for reference in _get_references(plan, row):
            if used := deleted.pop(reference, None):
                used.action, used.deletion = CREATED, None
                written.append((plans_by_model[reference[0]], used))


def _get_references(plan: ImportPlan, row: RowPlan) -> Iterator[Reference]:
    for column in get_direct_columns(plan.resource):
        if column.field in row.values:
            yield from column.get_references(row.values[column.field])
