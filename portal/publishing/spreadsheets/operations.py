"""The verbs of an import: receive a file, check it, write it, undo it."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.jobs import operations as jobs
from portal.publishing.models import ImportBatch, ImportedFile, ImportedRow
from portal.publishing.plans import CREATED, UNCHANGED, UPDATED, Plan, RowError
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.choices import ImportState
from portal.publishing.spreadsheets.headings import count_headings, table_of
from portal.publishing.spreadsheets.permissions import is_personal
from portal.publishing.spreadsheets.planning import plan_table
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.reading import check_size, read_sheet
from portal.publishing.spreadsheets.registry import resource_codes, resource_named
from portal.publishing.spreadsheets.rows import Rows
from portal.publishing.spreadsheets.sheets import Sheet, Unreadable
from portal.publishing.spreadsheets.undoing import Touched, take_back
from portal.publishing.spreadsheets.writing import RecordChangedError, write_plans

# More bad cells than anyone mends by hand; the others show when these are mended.
MOST_ERRORS = 5_000
# A file that nobody has written by then is forgotten, and what was said of its cells.
_KEPT = dt.timedelta(days=30)


class WrongStep(ValueError):
    """The import is in a state in which this cannot be done; the message says why."""


@dataclass
class Checked:
    """A file that was read and planned."""

    sheet: Sheet
    plans: list[Plan]
    rows: Rows

    @property
    def errors(self) -> list[RowError]:
        found = [error for plan in self.plans for error in plan.errors]
        return sorted(found, key=lambda error: error.row)

    @property
    def counts(self) -> dict[str, int]:
        plan = self.plans[-1]
        counts = {a: plan.count(a) for a in (CREATED, UPDATED, UNCHANGED)}
        return {"rows": len(self.rows.table.rows), **counts}


@transaction.atomic
def receive(
    resource: Resource, *, content: bytes, name: str, by, at: dt.datetime
) -> ImportBatch:
    """Take in a file for ``resource``; it is not read yet.

    Raises :class:`Unreadable` for one that is empty or too large.
    """
    check_size(len(content))
    _forget_old(at)
    batch = ImportBatch.objects.create(
        resource=resource.code(),
        file_name=name[-255:],
        sha256=hashlib.sha256(content).hexdigest(),
        received_by=by,
        received_at=at,
    )
    ImportedFile.objects.create(batch=batch, content=content)
    return batch


def ask_to_check(batch: ImportBatch, *, at: dt.datetime) -> None:
    """Have a worker check the file."""
    _enqueue(batch, "check", at=at)


@transaction.atomic
def ask_to_write(batch: ImportBatch, *, by, at: dt.datetime) -> None:
    """Have a worker write the rows, as ``by`` asks for. Raises :class:`WrongStep`."""
    _hold(batch, ImportState.CHECKED)
    _refuse_bad(batch)
    batch.state, batch.written_by = ImportState.WRITING, by
    batch.save(update_fields=["state", "written_by"])
    _enqueue(batch, "write", at=at)


def _enqueue(batch: ImportBatch, verb: str, *, at: dt.datetime) -> None:
    # What is wrong with the rows is told in the language of whoever asked.
    jobs.enqueue(
        "publishing.import_rows",
        at=at,
        batch=batch.pk,
        verb=verb,
        language=get_language() or "en",
    )


@transaction.atomic
def check(batch: ImportBatch, *, at: dt.datetime, progress: Progress) -> None:
    """Read the file and say what is to be done with it, or all that is bad in it."""
    _hold(batch, ImportState.CHECKING)
    try:
        checked = plan_content(batch, progress=progress)
    except Unreadable as problem:
        fail(batch, problem=str(problem))
        return
    _keep(batch, checked)
    batch.state = ImportState.CHECKED
    batch.save()


@transaction.atomic
def write(batch: ImportBatch, *, by, at: dt.datetime, progress: Progress) -> None:
    """Write all rows of a checked file, or none.

    It is checked again, since the record may have changed: what is bad now is told as
    a check tells it, and nothing is written.
    """
    _hold(batch, ImportState.CHECKED, ImportState.WRITING)
    try:
        checked = plan_content(batch, progress=progress)
    except Unreadable as problem:
        fail(batch, problem=str(problem))
        return
    _keep(batch, checked)
    batch.state = ImportState.CHECKED
    if not batch.error_count:
        try:
            write_plans(
                batch,
                checked.plans,
                checked.rows.keys,
                by=by,
                at=at,
                advance=progress.advance,
            )
        except IntegrityError as problem:
            _tell_refusal(batch, problem)
        except RecordChangedError as problem:
            batch.errors, batch.error_count = [[0, "-", "", str(problem)]], 1
        else:
            batch.state, batch.written_by = ImportState.WRITTEN, by
            batch.written_at = at
            ImportedFile.objects.filter(batch=batch).delete()
    batch.save()


@transaction.atomic
def undo(batch: ImportBatch, *, by, at: dt.datetime) -> None:
    """Take the import back as a whole.

    Raises :class:`WrongStep` when it cannot be, naming the first row that was touched.
    """
    _hold(batch, ImportState.WRITTEN)
    try:
        take_back(batch, by=by, at=at)
    except Touched as problem:
        raise WrongStep(
            _("The import cannot be undone: %(reason)s") % {"reason": problem}
        ) from problem
    batch.rows.update(before={})
    batch.state, batch.undone_by, batch.undone_at = ImportState.UNDONE, by, at
    batch.save(update_fields=["state", "undone_by", "undone_at"])


@transaction.atomic
def forget_values(record: models.Model) -> None:
    """Empty what imports keep of what ``record`` said before them.

    For a row about somebody who is erased. Save the row too: then the import that
    wrote it cannot be undone any more.
    """
    kind = ContentType.objects.get_for_model(record)
    rows = ImportedRow.objects.filter(content_type=kind, object_id=record.pk)
    rows.update(before={})


@transaction.atomic
def forget_lists_of_people() -> None:
    """Drop every list of people that was brought in and not written.

    For when somebody is erased: whether a file names them is not known without reading
    it as its clerk would. It can be brought in once more.
    """
    codes = [code for code in resource_codes() if is_personal(resource_named(code))]
    _forget(ImportedFile.objects.filter(batch__resource__in=codes))


def fail(batch: ImportBatch, *, problem: str = "") -> None:
    """Say that the file cannot be brought in, and why; "": it is the portal's fault."""
    fault = _("A fault of the portal. Tell whoever looks after it.")
    batch.state, batch.problem = ImportState.FAILED, problem or fault
    batch.save(update_fields=["state", "problem"])


def plan_content(batch: ImportBatch, *, progress: Progress) -> Checked:
    """Read and plan the file of ``batch``; raises :class:`Unreadable`."""
    resource = resource_named(batch.resource)
    content = ImportedFile.objects.filter(batch=batch).first()
    if content is None:
        raise Unreadable(_("The file is not kept any more. Bring it in once more."))
    sheet = read_sheet(
        bytes(content.content), lambda sheet: count_headings(resource, sheet)
    )
    table = table_of(resource, sheet, batch.file_name)
    # Each row counts once when it is checked, once when it is written.
    is_writing = batch.state != ImportState.CHECKING
    progress.begin(len(table.rows) * (2 if is_writing else 1))
    plans, rows = plan_table(
        resource, table, file=batch.file_name, advance=progress.advance
    )
    positions = {placed.position: placed.heading for placed in table.columns}
    plans[-1].errors += [
        RowError(batch.file_name, one.row, positions[one.column], one.value, one.remedy)
        for one in sheet.broken
        if one.column in positions
    ]
    return Checked(sheet, plans, rows)


def _keep(batch: ImportBatch, checked: Checked) -> None:
    errors = checked.errors
    batch.counts = checked.counts
    batch.error_count = len(errors)
    batch.errors = [
        [error.row, error.column, error.value[:200], error.remedy]
        for error in errors[:MOST_ERRORS]
    ]
    batch.notes = list(checked.sheet.decisions)
    same = ImportBatch.objects.filter(
        resource=batch.resource, sha256=batch.sha256, state=ImportState.WRITTEN
    )
    if same.exclude(pk=batch.pk).exists():
        batch.notes.append(_("The same file was written before."))


def _tell_refusal(batch: ImportBatch, problem: IntegrityError) -> None:
    remedy = _("The database refuses the rows. Check the file again: %(problem)s") % {
        "problem": str(problem).strip()
    }
    batch.errors, batch.error_count = [[0, "-", "", remedy]], 1


def _refuse_bad(batch: ImportBatch) -> None:
    if batch.error_count:
        raise WrongStep(_("Some rows are bad. Correct them, and bring the file again."))


def _hold(batch: ImportBatch, *states: ImportState) -> None:
    """Lock the import and read it anew: two clerks cannot both act on it."""
    locked = ImportBatch.objects.select_for_update()
    batch.refresh_from_db(from_queryset=locked)
    if batch.state not in states:
        raise WrongStep(
            _("The import is %(state)s; this cannot be done to it now.")
            % {"state": ImportState(batch.state).label}
        )


def _forget_old(at: dt.datetime) -> None:
    old = ImportedFile.objects.filter(batch__received_at__lt=at - _KEPT)
    _forget(old)


def _forget(files: models.QuerySet) -> None:
    """Delete these files and the bad cells that were read of them."""
    files = files.exclude(batch__state=ImportState.WRITING)
    batches = list(files.values_list("batch", flat=True))
    ImportBatch.objects.filter(pk__in=batches).update(errors=[])
    ImportedFile.objects.filter(batch__in=batches).delete()
