"""What is to be done with the rows of a file, and what is wrong with them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from portal.publishing.resources import Resource

CREATED, UPDATED, UNCHANGED, KEPT = "created", "updated", "unchanged", "kept"


@dataclass(frozen=True)
class RowError:
    """Why a row cannot be used: where it stands, what stands there, what to do."""

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
    """What a clerk should look at in a row that can be used; ``row`` 0: in the file."""

    row: int
    column: str
    value: str
    text: str


class LoadRefused(ValueError):
    """Some rows are bad, so nothing was loaded. ``errors`` has a RowError for each."""

    def __init__(self, errors: list[RowError]):
        self.errors = errors
        super().__init__(
            _("%(count)s cells are bad. Nothing was loaded.") % {"count": len(errors)}
        )


@dataclass
class RowPlan:
    """What will be done with a row: ``record`` is unsaved when it is to be created.

    ``before`` has what is on record where a sheet of the office changes it.
    """

    number: int
    cells: dict[str, str]
    action: str
    record: models.Model
    values: dict[str, object]
    before: dict[str, object] = field(default_factory=dict)


@dataclass
class Plan:
    """What will be done with one file."""

    resource: "Resource"
    rows: list[RowPlan] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def count(self, action: str) -> int:
        return sum(1 for row in self.rows if row.action == action)
