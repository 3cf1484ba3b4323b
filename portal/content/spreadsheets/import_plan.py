"""Result objects of planning an import: planned rows, errors and warnings."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from portal.content.publishing.models import EvidenceOnlyHost
from portal.core.audit.field_edits import FieldEdit

if TYPE_CHECKING:
    from portal.content.spreadsheets.resources import Resource

CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "kept"
# A change of a published record, which another person has to approve.
PROPOSED = "proposed"


@dataclass(frozen=True)
class RowError:
    """Error in one cell of an imported file.

    ``row`` is the row number in the file, ``column`` the heading ("-" for the whole
    row), ``value`` the text of the cell, and ``remedy`` a sentence that explains how to
    correct it.
    """

    file: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self):
        return _(
            "%(file)s, row %(row)s, column %(column)s, “%(value)s”: %(remedy)s"
        ) % {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value[:100],
            "remedy": self.remedy,
        }


@dataclass(frozen=True)
class RowWarning:
    """Warning about a row that can be imported but should be checked.

    ``row`` is the row number in the file; 0 means the file as a whole.
    """

    row: int
    column: str
    value: str
    text: str


class RecordLoadError(ValueError):
    """Raised when rows are invalid and therefore nothing was loaded.

    ``errors`` holds a RowError for each invalid cell.
    """

    def __init__(self, errors: list[RowError]):
        self.errors = errors
        super().__init__(
            _("%(count)s cells have errors. Nothing was imported.")
            % {"count": len(errors)}
        )


class UnknownCodesError(ValueError):
    """Raised when no row has a code for which the operator made a decision.

    ``codes`` are these codes in order. Nothing was loaded.
    """

    def __init__(self, codes: list[str]):
        self.codes = codes
        super().__init__(", ".join(codes))


@dataclass(frozen=True)
class KeptField:
    """Field of a record that differs from the file and is not changed.

    ``stored`` and ``in_file`` are the two values. ``edit`` is the edit because of which
    the value is kept; None if the record as a whole is kept, because ``reason``: what
    would be invalid otherwise.
    """

    field: str
    stored: object
    in_file: object
    edit: FieldEdit | None = None
    reason: str = ""


@dataclass(frozen=True)
class AbsentRecord:
    """Record of an earlier file that is in the file no longer. It is not changed.

    ``uses`` are kind and code of the records that refer to it.
    """

    record: models.Model
    uses: list[tuple[str, str]]


@dataclass
class RowPlan:
    """Planned action for one row.

    ``record`` is unsaved if ``action`` is CREATED, or if it is SKIPPED because a person
    deleted the record (``deletion``), because it may be one of the records ``similar``,
    which have no key, or because its code is that of ``code_owner``, a record that a
    person created. ``cells``, ``values`` (the parsed values to save) and ``before``
    (the stored values of a record to update, or to propose a change of) are by field
    name. ``kept`` are the fields
    that a record file does not change. ``file_code`` is the code in the file if the
    operator decided which record the row is. ``left_out`` are the cells, by field, that
    refer to a code like that of a ``code_owner``.
    """

    number: int
    cells: dict[str, str]
    action: str
    record: models.Model
    values: dict[str, object]
    before: dict[str, object] = field(default_factory=dict)
    kept: list[KeptField] = field(default_factory=list)
    deletion: FieldEdit | None = None
    similar: list[models.Model] = field(default_factory=list)
    code_owner: models.Model | None = None
    file_code: str = ""
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass
class ImportPlan:
    """Planned actions for the rows of one resource, with all errors found.

    ``absent`` are records of an earlier version of a record file.
    """

    resource: "Resource"
    rows: list[RowPlan] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    absent: list[AbsentRecord] = field(default_factory=list)

    def count_rows(self, action: str) -> int:
        return sum(1 for row in self.rows if row.action == action)


def may_be_used(row: RowPlan) -> bool:
    """Return whether a published record may use the row that an import creates or
    changes.

    A new row is not used by any record, except that a new evidence-only host may be the
    host of an existing source.
    """
    return row.action == UPDATED or isinstance(row.record, EvidenceOnlyHost)
