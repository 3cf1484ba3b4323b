"""Result objects of planning an import: planned rows, errors and warnings."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from portal.content.publishing.models import EvidenceOnlyHost

if TYPE_CHECKING:
    from portal.content.spreadsheets.resources import Resource

CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "kept"


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


@dataclass
class RowPlan:
    """Planned action for one row.

    ``record`` is unsaved if ``action`` is CREATED. ``cells``, ``values`` (the parsed
    values to save) and ``before`` (the stored values of an updated record) are by field
    name.
    """

    number: int
    cells: dict[str, str]
    action: str
    record: models.Model
    values: dict[str, object]
    before: dict[str, object] = field(default_factory=dict)


@dataclass
class ImportPlan:
    """Planned actions for the rows of one resource, with all errors found."""

    resource: "Resource"
    rows: list[RowPlan] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def count_rows(self, action: str) -> int:
        return sum(1 for row in self.rows if row.action == action)


def may_be_used(row: RowPlan) -> bool:
    """Return whether a published record may use the row that an import creates or
    changes.

    A new row is not used by any record, except that a new evidence-only host may be the
    host of an existing source.
    """
    return row.action == UPDATED or isinstance(row.record, EvidenceOnlyHost)
