"""Operations on imports: create, check, answer questions, write, undo."""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.content.publishing.dependencies import enqueue_refresh_of
from portal.content.publishing.import_choices import ImportState
from portal.content.publishing.models import ImportBatch, ImportedFile, ImportedRow
from portal.content.publishing.models.import_batches import EMPTY_VALUES
from portal.content.spreadsheets.heading_mappings import (
    get_answered_headings,
    load_heading_choices,
    remember_headings,
)
from portal.content.spreadsheets.headings import count_headings, find_table
from portal.content.spreadsheets.import_plan import (
    CREATED,
    PROPOSED,
    UNCHANGED,
    UPDATED,
    ImportPlan,
    RowError,
    RowWarning,
)
from portal.content.spreadsheets.permissions import has_personal_data
from portal.content.spreadsheets.planning import plan_table
from portal.content.spreadsheets.previews import build_preview, compute_plan_digest
from portal.content.spreadsheets.progress import ImportProgress
from portal.content.spreadsheets.proposing import propose_changes
from portal.content.spreadsheets.questions import (
    CODE_PAGE,
    Answers,
    NeedsAnswer,
    Question,
)
from portal.content.spreadsheets.reading import check_size, read_sheet
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import RowParser
from portal.content.spreadsheets.sheet import Sheet, UnreadableSpreadsheetError
from portal.content.spreadsheets.undo import ModifiedSinceImportError, revert_import
from portal.content.spreadsheets.writing import RecordChangedError, write_plans
from portal.core.audit import operations as audit
from portal.core.files.file_names import shorten_file_name
from portal.core.jobs import operations as jobs

# Limits of what is stored per import. Further errors appear once these are corrected.
MAX_STORED_ERRORS = 5_000
MAX_STORED_WARNINGS = 1_000
# Questions per page; the others follow after these are answered.
MAX_QUESTIONS_PER_PAGE = 100
# Time after which an unwritten file and the values read from it are deleted.
_RETENTION = dt.timedelta(days=30)


class InvalidImportStateError(ValueError):
    """Raised when the import's state does not allow the operation.

    The message explains why.
    """


@dataclass
class CheckedImport:
    """Result of reading and planning a file."""

    sheet: Sheet
    plans: list[ImportPlan]
    row_parser: RowParser

    @property
    def errors(self) -> list[RowError]:
        errors = [error for plan in self.plans for error in plan.errors]
        return sorted(errors, key=lambda error: error.row)

    @property
    def warnings(self) -> list[RowWarning]:
        warnings = [
            RowWarning(numbers[0] if numbers else 0, "-", "", text)
            for numbers, text in self.sheet.warnings
        ]
        return sorted(
            [*warnings, *self.row_parser.warnings], key=lambda warning: warning.row
        )

    @property
    def counts(self) -> dict:
        """Row counts by action, for the page of the import.

        ``others`` lists (kind, created, updated) for related records that are written
        with the rows, such as people.
        """
        plan = self.plans[-1]
        counts = {
            action: plan.count_rows(action)
            for action in (CREATED, UPDATED, PROPOSED, UNCHANGED)
        }
        related_counts = [
            [
                capfirst(str(related_plan.resource.model._meta.verbose_name_plural)),
                related_plan.count_rows(CREATED),
                related_plan.count_rows(UPDATED),
            ]
            for related_plan in self.plans[:-1]
        ]
        return {
            "rows": len(self.row_parser.table.rows),
            **counts,
            "others": related_counts,
        }


@transaction.atomic
def create_import(
    resource: Resource,
    *,
    content: bytes,
    name: str,
    by,
    at: dt.datetime,
    answers: Answers | None = None,
) -> ImportBatch:
    """Store an uploaded file as a new import for ``resource``; it is not read yet.

    ``answers`` are answers to questions of an earlier import of the same file. Raises
    UnreadableSpreadsheetError if the file is empty or too large.
    """
    check_size(len(content))
    _delete_expired_files(at)
    batch = ImportBatch.objects.create(
        resource=resource.code(),
        file_name=shorten_file_name(name, 255),
        sha256=hashlib.sha256(content).hexdigest(),
        received_by=by,
        received_at=at,
        answers=dict(answers or {}),
    )
    ImportedFile.objects.create(batch=batch, content=content)
    return batch


def enqueue_check(batch: ImportBatch, *, at: dt.datetime) -> None:
    """Enqueue a job that checks the file."""
    _enqueue(batch, "check", at=at)


@transaction.atomic
def answer(batch: ImportBatch, *, answers: dict[str, str], by, at: dt.datetime) -> None:
    """Save the answers of ``by`` and enqueue another check of the file.

    Answers about headings are remembered for later imports. Raises
    InvalidImportStateError if the import has no questions.
    """
    _lock_batch(batch, ImportState.ASKING, ImportState.CHECKED)
    if not batch.questions:
        raise InvalidImportStateError(_("This import has no questions to answer."))
    remember_headings(
        batch.resource,
        fields_by_heading=get_answered_headings(batch.questions, answers),
        by=by,
        at=at,
    )
    batch.answers |= answers
    batch.state = ImportState.CHECKING
    batch.save(update_fields=["answers", "state"])
    _enqueue(batch, "check", at=at)


@transaction.atomic
def enqueue_write(batch: ImportBatch, *, plan_sha256: str, by, at: dt.datetime) -> None:
    """Enqueue a job that writes the rows on behalf of ``by``.

    ``plan_sha256`` is the digest of the values that the user was shown. Raises
    InvalidImportStateError if the import has errors or other values would be written.
    """
    _lock_batch(batch, ImportState.CHECKED)
    _require_no_errors(batch)
    if plan_sha256 != batch.plan_sha256:
        raise InvalidImportStateError(
            _(
                "The file has been checked again. Check the values before "
                "you import them."
            )
        )
    batch.state, batch.written_by = ImportState.WRITING, by
    batch.save(update_fields=["state", "written_by"])
    _enqueue(batch, "write", at=at)


def _enqueue(batch: ImportBatch, verb: str, *, at: dt.datetime) -> None:
    # The worker writes messages in the language of the user who started the job.
    jobs.enqueue(
        "publishing.import_rows",
        at=at,
        batch=batch.pk,
        verb=verb,
        language=get_language() or "en",
    )


@transaction.atomic
def check_import(
    batch: ImportBatch, *, at: dt.datetime, progress: ImportProgress
) -> None:
    """Read the file, plan its rows, and store the preview or all errors."""
    _lock_batch(batch, ImportState.CHECKING)
    _check(batch, progress=progress)


def _check(batch: ImportBatch, *, progress: ImportProgress) -> CheckedImport | None:
    """Read and plan the file, and store the result.

    Returns None if nothing can be written: the file cannot be read, cells are invalid,
    or questions are unanswered.
    """
    try:
        checked = plan_content(batch, progress=progress)
    except UnreadableSpreadsheetError as error:
        mark_import_failed(batch, problem=str(error))
        return None
    except NeedsAnswer as needed:
        # Of an earlier check, only the questions about the file and the answers apply.
        is_code_page = any(item.key == CODE_PAGE for item in needed.questions)
        kept, answers = _get_code_page_questions(batch), batch.answers
        _clear_values(batch)
        batch.answers, batch.counts, batch.notes = answers, {}, []
        batch.error_count = batch.warning_count = 0
        batch.questions = [
            *([] if is_code_page else kept),
            *_as_json(needed.questions),
        ]
        batch.state = ImportState.ASKING
        batch.save()
        return None
    _store_check_result(batch, checked)
    has_questions = batch.counts["questions"] > 0
    is_asking = has_questions and not batch.error_count
    batch.state = ImportState.ASKING if is_asking else ImportState.CHECKED
    batch.save()
    return None if has_questions or batch.error_count else checked


@transaction.atomic
def write_import(
    batch: ImportBatch, *, by, at: dt.datetime, progress: ImportProgress
) -> None:
    """Write all rows of a checked file, or none; propose changes of published records.

    The file is checked again first, because records may have changed since. Nothing is
    written if cells are invalid, questions are unanswered, or the planned values differ
    from those that the user was shown; the new result is stored instead.
    """
    _lock_batch(batch, ImportState.CHECKED, ImportState.WRITING)
    confirmed_sha256 = batch.plan_sha256
    checked = _check(batch, progress=progress)
    if not ImportedFile.objects.filter(batch=batch).exists():
        # Deleted by an erasure of personal data, because the file may name the person.
        mark_import_failed(batch, problem=_deleted_file_message())
        return
    if checked is None:
        return
    if batch.plan_sha256 != confirmed_sha256:
        # Imports from before this check existed have no digest.
        batch.notes.append(
            _(
                "Nothing was imported, because a record has changed since "
                "the file was checked. Check the values again before you "
                "import them."
            )
            if confirmed_sha256
            else _(
                "The file has been checked again. Check the values before "
                "you import them."
            )
        )
        batch.save()
        return
    arguments = (batch, checked.plans, checked.row_parser.key_index)
    try:
        with transaction.atomic():
            entries, referenced_records = write_plans(
                *arguments, by=by, at=at, on_progress=progress.advance
            )
            entries += propose_changes(
                *arguments, by=by, at=at, on_progress=progress.advance
            )
            audit.append_entries(entries, by=by, at=at)
            enqueue_refresh_of(referenced_records, at=at)
    except IntegrityError as error:
        _store_integrity_error(batch, error)
    except RecordChangedError as error:
        batch.errors, batch.error_count = [[0, "-", "", str(error)]], 1
    else:
        batch.state, batch.written_by = ImportState.WRITTEN, by
        batch.written_at = at
        _clear_values(batch)
        ImportedFile.objects.filter(batch=batch).delete()
    batch.save()


@transaction.atomic
def undo_import(batch: ImportBatch, *, by, at: dt.datetime) -> None:
    """Undo a written import completely; discard the changes that it proposed.

    Raises InvalidImportStateError, naming the first changed row, if a record was
    changed since or is used by other records, or if a proposed change was edited or
    approved.
    """
    _lock_batch(batch, ImportState.WRITTEN)
    try:
        revert_import(batch, by=by, at=at)
    except ModifiedSinceImportError as error:
        raise InvalidImportStateError(
            _("This import cannot be undone: %(reason)s") % {"reason": error}
        ) from error
    batch.rows.update(before={})
    batch.state, batch.undone_by, batch.undone_at = ImportState.UNDONE, by, at
    batch.save(update_fields=["state", "undone_by", "undone_at"])


@transaction.atomic
def erase_stored_values(record: models.Model) -> None:
    """Erase the values stored for undo of one record, for personal data erasure.

    Save the record as well: the import that wrote it can then no longer be undone.
    """
    content_type = ContentType.objects.get_for_model(record)
    rows = ImportedRow.objects.filter(content_type=content_type, object_id=record.pk)
    rows.update(before={})


@transaction.atomic
def erase_unwritten_personal_files() -> None:
    """Delete all unwritten import files that may contain personal data.

    Called when a person is erased: it is unknown whether a file names that person. The
    users can upload their files again.
    """
    codes = [
        code for code in get_resource_codes() if has_personal_data(get_resource(code))
    ]
    _delete_files(ImportedFile.objects.filter(batch__resource__in=codes))


def mark_import_failed(batch: ImportBatch, *, problem: str = "") -> None:
    """Mark the import as failed with the message ``problem``.

    An empty message means an internal error.
    """
    default_message = _(
        "There is a problem with the system. Contact the system administrator."
    )
    batch.state, batch.problem = ImportState.FAILED, problem or default_message
    _clear_values(batch)
    batch.save(update_fields=["state", "problem", *EMPTY_VALUES])


def plan_content(batch: ImportBatch, *, progress: ImportProgress) -> CheckedImport:
    """Read and plan the file of ``batch``.

    Raises UnreadableSpreadsheetError, and NeedsAnswer for a question about the whole
    file.
    """
    resource = get_resource(batch.resource)
    stored_file = ImportedFile.objects.filter(batch=batch).first()
    if stored_file is None:
        raise UnreadableSpreadsheetError(_deleted_file_message())
    choices = load_heading_choices(batch.resource, batch.answers)
    sheet = read_sheet(
        bytes(stored_file.content),
        lambda sheet: count_headings(resource, sheet, choices),
        batch.answers,
    )
    table = find_table(resource, sheet, batch.file_name, choices)
    if not table.is_complete:
        raise NeedsAnswer(table.questions)
    # Each row counts once when checked and once when written.
    is_writing = batch.state != ImportState.CHECKING
    progress.start(len(table.rows) * (2 if is_writing else 1))
    plans, row_parser = plan_table(
        resource,
        table,
        file=batch.file_name,
        answers=batch.answers,
        on_progress=progress.advance,
    )
    headings = {placed.index: placed.heading for placed in table.columns}
    plans[-1].errors += [
        RowError(
            batch.file_name, cell.row, headings[cell.column], cell.value, cell.remedy
        )
        for cell in sheet.broken_cells
        if cell.column in headings
    ]
    return CheckedImport(sheet, plans, row_parser)


def _deleted_file_message() -> str:
    return _("The file is no longer stored. Import it again.")


def _store_check_result(batch: ImportBatch, checked: CheckedImport) -> None:
    errors = checked.errors
    questions = checked.row_parser.questions
    open_flags = [not question.answer(batch.answers) for question in questions]
    batch.counts = checked.counts | {"questions": sum(open_flags)}
    batch.error_count = len(errors)
    batch.errors = [
        [error.row, error.column, error.value[:200], error.remedy]
        for error in errors[:MAX_STORED_ERRORS]
    ]
    warnings = checked.warnings
    batch.warning_count = len(warnings)
    batch.warnings = [
        [warning.row, warning.column, warning.value[:200], warning.text]
        for warning in warnings[:MAX_STORED_WARNINGS]
    ]
    # Keep the questions about the file, so that their answers can still be changed.
    row_questions = _next_questions(checked.row_parser.questions, batch.answers)
    batch.questions = [
        *_get_code_page_questions(batch),
        *_as_json(checked.row_parser.table.questions),
        *_as_json(row_questions),
    ]
    batch.preview = (
        {} if errors else build_preview(checked.plans, checked.row_parser.table)
    )
    batch.plan_sha256 = compute_plan_digest(checked.plans)
    batch.notes = [*checked.sheet.decisions, *checked.row_parser.table.decisions]
    same_file_imports = ImportBatch.objects.filter(
        resource=batch.resource, sha256=batch.sha256, state=ImportState.WRITTEN
    )
    if same_file_imports.exclude(pk=batch.pk).exists():
        batch.notes.append(_("This file has already been imported."))


def _next_questions(questions: list[Question], answers: Answers) -> list[Question]:
    """Return the questions of the next page, unanswered ones first."""
    is_answered = [bool(question.answer(answers)) for question in questions]
    ordered = sorted(zip(is_answered, questions, strict=True), key=lambda pair: pair[0])
    return [question for _is_answered, question in ordered[:MAX_QUESTIONS_PER_PAGE]]


def _get_code_page_questions(batch: ImportBatch) -> list[dict]:
    return [question for question in batch.questions if question["key"] == CODE_PAGE]


def _as_json(questions: list[Question]) -> list[dict]:
    return [asdict(question) for question in questions]


def _store_integrity_error(batch: ImportBatch, problem: IntegrityError) -> None:
    remedy = _(
        "The rows could not be saved. Check the file and import it again: %(problem)s"
    ) % {"problem": str(problem).strip()}
    batch.errors, batch.error_count = [[0, "-", "", remedy]], 1


def _require_no_errors(batch: ImportBatch) -> None:
    if batch.error_count:
        raise InvalidImportStateError(
            _("Some rows have errors. Correct them and import the file again.")
        )


def _lock_batch(batch: ImportBatch, *states: ImportState) -> None:
    """Lock and reload the import; raise InvalidImportStateError for another state.

    The lock prevents that two users act on the same import at once.
    """
    locked = ImportBatch.objects.select_for_update()
    batch.refresh_from_db(from_queryset=locked)
    if batch.state not in states:
        raise InvalidImportStateError(
            _("You cannot do this because the status of the import is “%(state)s”.")
            % {"state": ImportState(batch.state).label}
        )


def _delete_expired_files(at: dt.datetime) -> None:
    expired = ImportedFile.objects.filter(batch__received_at__lt=at - _RETENTION)
    _delete_files(expired.exclude(batch__state=ImportState.WRITING))


def _delete_files(files: models.QuerySet) -> None:
    """Delete files and the values that were read from them.

    An import that is being written is locked by its job; the job empties the values
    itself when it finds the file deleted (see :func:`write_import`).
    """
    batches = list(files.values_list("batch", flat=True))
    erasable = ImportBatch.objects.exclude(state=ImportState.WRITING)
    erasable.filter(pk__in=batches).update(**_empty_values())
    ImportedFile.objects.filter(batch__in=batches).delete()


def _empty_values() -> dict[str, list | dict]:
    return {name: empty() for name, empty in EMPTY_VALUES.items()}


def _clear_values(batch: ImportBatch) -> None:
    for name, empty in _empty_values().items():
        setattr(batch, name, empty)
