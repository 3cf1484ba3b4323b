"""The verbs of an import: receive a file, check it, write it, undo it."""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.files.names import shortened
from portal.jobs import operations as jobs
from portal.publishing.models import ImportBatch, ImportedFile, ImportedRow
from portal.publishing.models.import_batches import EMPTY_VALUES
from portal.publishing.plans import (
    CREATED,
    UNCHANGED,
    UPDATED,
    Plan,
    RowError,
    RowWarning,
)
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.choices import ImportState
from portal.publishing.spreadsheets.headings import count_headings, table_of
from portal.publishing.spreadsheets.permissions import is_personal
from portal.publishing.spreadsheets.planning import plan_table
from portal.publishing.spreadsheets.previews import digest_of, preview_of
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.questions import (
    CODE_PAGE,
    Answers,
    NeedsAnswer,
    Question,
)
from portal.publishing.spreadsheets.reading import check_size, read_sheet
from portal.publishing.spreadsheets.registry import resource_codes, resource_named
from portal.publishing.spreadsheets.rows import Rows
from portal.publishing.spreadsheets.sheets import Sheet, Unreadable
from portal.publishing.spreadsheets.undoing import Touched, take_back
from portal.publishing.spreadsheets.writing import RecordChangedError, write_plans

# More bad cells than anyone mends by hand; the others show when these are mended.
MOST_ERRORS = 5_000
MOST_WARNINGS = 1_000
# The greatest number of questions on one page; the others follow in the next round.
MOST_QUESTIONS = 100
# A file that was not written by then is deleted, with all that was read from it.
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
    def warnings(self) -> list[RowWarning]:
        found = [
            RowWarning(numbers[0] if numbers else 0, "-", "", text)
            for numbers, text in self.sheet.warnings
        ]
        return sorted([*found, *self.rows.warnings], key=lambda warning: warning.row)

    @property
    def counts(self) -> dict:
        """Counts of rows by action; ``others`` has (kind, created, updated) of records
        of another kind that are written with the rows, such as people."""
        plan = self.plans[-1]
        counts = {a: plan.count(a) for a in (CREATED, UPDATED, UNCHANGED)}
        others = [
            [
                capfirst(str(one.resource.model._meta.verbose_name_plural)),
                one.count(CREATED),
                one.count(UPDATED),
            ]
            for one in self.plans[:-1]
        ]
        return {"rows": len(self.rows.table.rows), **counts, "others": others}


@transaction.atomic
def receive(
    resource: Resource,
    *,
    content: bytes,
    name: str,
    by,
    at: dt.datetime,
    answers: Answers | None = None,
) -> ImportBatch:
    """Take in a file for ``resource``; it is not read yet.

    ``answers`` are those to the questions of an earlier import of the same file.

    Raises :class:`Unreadable` for one that is empty or too large.
    """
    check_size(len(content))
    _forget_old(at)
    batch = ImportBatch.objects.create(
        resource=resource.code(),
        file_name=shortened(name, 255),
        sha256=hashlib.sha256(content).hexdigest(),
        received_by=by,
        received_at=at,
        answers=dict(answers or {}),
    )
    ImportedFile.objects.create(batch=batch, content=content)
    return batch


def ask_to_check(batch: ImportBatch, *, at: dt.datetime) -> None:
    """Have a worker check the file."""
    _enqueue(batch, "check", at=at)


@transaction.atomic
def answer(batch: ImportBatch, *, answers: dict[str, str], at: dt.datetime) -> None:
    """Keep the answers to the questions of the import, and have it checked again.

    Raises :class:`WrongStep` when the import asks nothing.
    """
    _hold(batch, ImportState.ASKING, ImportState.CHECKED)
    if not batch.questions:
        raise WrongStep(_("The import has no questions."))
    batch.answers |= answers
    batch.state = ImportState.CHECKING
    batch.save(update_fields=["answers", "state"])
    _enqueue(batch, "check", at=at)


@transaction.atomic
def ask_to_write(batch: ImportBatch, *, plan_sha256: str, by, at: dt.datetime) -> None:
    """Have a worker write the rows, as ``by`` asks for.

    ``plan_sha256`` is that of the values which ``by`` was shown. Raises
    :class:`WrongStep` when other values would be written now.
    """
    _hold(batch, ImportState.CHECKED)
    _refuse_bad(batch)
    if plan_sha256 != batch.plan_sha256:
        raise WrongStep(
            _("The file was checked again. Read the values, then write them.")
        )
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
    _check(batch, progress=progress)


def _check(batch: ImportBatch, *, progress: Progress) -> Checked | None:
    """Read and plan the file, and save what was found.

    Returns None when there is nothing to write: the file cannot be read, cells are bad,
    or questions are open.
    """
    try:
        checked = plan_content(batch, progress=progress)
    except Unreadable as problem:
        fail(batch, problem=str(problem))
        return None
    except NeedsAnswer as needed:
        batch.questions = _as_json(needed.questions)
        batch.state = ImportState.ASKING
        batch.save()
        return None
    _keep(batch, checked)
    has_questions = batch.counts["questions"] > 0
    is_asking = has_questions and not batch.error_count
    batch.state = ImportState.ASKING if is_asking else ImportState.CHECKED
    batch.save()
    return None if has_questions or batch.error_count else checked


@transaction.atomic
def write(batch: ImportBatch, *, by, at: dt.datetime, progress: Progress) -> None:
    """Write all rows of a checked file, or none.

    It is checked again, since the record may have changed. Bad cells and open questions
    are saved as in a check, and nothing is written; neither is anything when the values
    are other than those of the check before, which the clerk has seen.
    """
    _hold(batch, ImportState.CHECKED, ImportState.WRITING)
    seen = batch.plan_sha256
    checked = _check(batch, progress=progress)
    if not ImportedFile.objects.filter(batch=batch).exists():
        # Deleted meanwhile, because somebody was erased whom it may name.
        fail(batch, problem=_file_is_gone())
        return
    if checked is None:
        return
    if batch.plan_sha256 != seen:
        # An import from before the values were shown has no digest of them.
        batch.notes.append(
            _(
                "Nothing was written: the record has changed since the file was "
                "checked. Read the values again, then write them."
            )
            if seen
            else _("The file was checked again. Read the values, then write them.")
        )
        batch.save()
        return
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
        _clear_values(batch)
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
    _clear_values(batch)
    batch.save(update_fields=["state", "problem", *EMPTY_VALUES])


def plan_content(batch: ImportBatch, *, progress: Progress) -> Checked:
    """Read and plan the file of ``batch``.

    Raises :class:`Unreadable`, and NeedsAnswer for a question about the whole file.
    """
    resource = resource_named(batch.resource)
    content = ImportedFile.objects.filter(batch=batch).first()
    if content is None:
        raise Unreadable(_file_is_gone())
    sheet = read_sheet(
        bytes(content.content),
        lambda sheet: count_headings(resource, sheet),
        batch.answers,
    )
    table = table_of(resource, sheet, batch.file_name)
    # Each row counts once when it is checked, once when it is written.
    is_writing = batch.state != ImportState.CHECKING
    progress.begin(len(table.rows) * (2 if is_writing else 1))
    plans, rows = plan_table(
        resource,
        table,
        file=batch.file_name,
        answers=batch.answers,
        advance=progress.advance,
    )
    positions = {placed.position: placed.heading for placed in table.columns}
    plans[-1].errors += [
        RowError(batch.file_name, one.row, positions[one.column], one.value, one.remedy)
        for one in sheet.broken
        if one.column in positions
    ]
    return Checked(sheet, plans, rows)


def _file_is_gone() -> str:
    return _("The file is not kept any more. Bring it in once more.")


def _keep(batch: ImportBatch, checked: Checked) -> None:
    errors = checked.errors
    questions = checked.rows.questions
    is_open = [not question.answer(batch.answers) for question in questions]
    batch.counts = checked.counts | {"questions": sum(is_open)}
    batch.error_count = len(errors)
    batch.errors = [
        [error.row, error.column, error.value[:200], error.remedy]
        for error in errors[:MOST_ERRORS]
    ]
    warnings = checked.warnings
    batch.warning_count = len(warnings)
    batch.warnings = [
        [warning.row, warning.column, warning.value[:200], warning.text]
        for warning in warnings[:MOST_WARNINGS]
    ]
    # That of the code page is not asked again, but its answer can be changed.
    of_file = [one for one in batch.questions if one["key"] == CODE_PAGE]
    of_rows = _next_questions(checked.rows.questions, batch.answers)
    batch.questions = [*of_file, *_as_json(of_rows)]
    batch.preview = {} if errors else preview_of(checked.plans, checked.rows.table)
    batch.plan_sha256 = digest_of(checked.plans)
    batch.notes = [*checked.sheet.decisions, *checked.rows.table.decisions]
    same = ImportBatch.objects.filter(
        resource=batch.resource, sha256=batch.sha256, state=ImportState.WRITTEN
    )
    if same.exclude(pk=batch.pk).exists():
        batch.notes.append(_("The same file was written before."))


def _next_questions(questions: list[Question], answers: Answers) -> list[Question]:
    """Those without an answer first, as many as are asked at once."""
    is_answered = [bool(question.answer(answers)) for question in questions]
    ordered = sorted(zip(is_answered, questions, strict=True), key=lambda pair: pair[0])
    return [question for _is_answered, question in ordered[:MOST_QUESTIONS]]


def _as_json(questions: list[Question]) -> list[dict]:
    return [asdict(question) for question in questions]


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
    _forget(old.exclude(batch__state=ImportState.WRITING))


def _forget(files: models.QuerySet) -> None:
    """Delete these files, and all that was read from them.

    An import that is being written is left to the job, which has locked it; without its
    file it keeps nothing (see :func:`write`).
    """
    batches = list(files.values_list("batch", flat=True))
    kept = ImportBatch.objects.exclude(state=ImportState.WRITING)
    kept.filter(pk__in=batches).update(**_empty_values())
    ImportedFile.objects.filter(batch__in=batches).delete()


def _empty_values() -> dict[str, list | dict]:
    return {name: empty() for name, empty in EMPTY_VALUES.items()}


def _clear_values(batch: ImportBatch) -> None:
    for name, empty in _empty_values().items():
        setattr(batch, name, empty)
