"""Matching of sheet rows to existing records."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.spreadsheets.columns import InvalidCellError
from portal.content.spreadsheets.import_plan import ImportPlan
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser

_KEY_REMEDY = gettext_lazy(
    "Each row must have its own code or identifier. It cannot be blank or repeated."
)


class RecordMatchError(InvalidCellError):
    """Raised when a row cannot be matched; ``field`` is the field with the cause."""

    def __init__(self, remedy: str, field: str = ""):
        self.field = field
        super().__init__(remedy)


class AlreadyReportedError(InvalidCellError):
    """Raised for an invalid row whose errors are already reported elsewhere."""


class Unanswered(AlreadyReportedError):
    """Raised when the match depends on an unanswered question to the user."""


class RecordFinder:
    """Base class of finders, which match rows to records.

    A finder loads the records of all rows in its constructor, not row by row. ``plans``
    are plans of related records that have to be written first. With
    ``treats_blank_as_empty`` an empty cell clears the value of the record; otherwise
    empty cells are ignored.
    """

    plans: list[ImportPlan] = []
    treats_blank_as_empty = True

    def get_identifying_fields(self, parsed_row: ParsedRow) -> set[str]:
        """Return the fields that must be valid before the row can be matched."""
        raise NotImplementedError

    def find(self, parsed_row: ParsedRow) -> tuple[models.Model, dict] | None:
        """Return the matching record and its column values, None for a new record.

        Raises InvalidCellError if the row cannot be matched, Unanswered if the user has
        to answer a question first.
        """
        raise NotImplementedError

    def get_records(self) -> list[models.Model]:
        """Return the records that were loaded because a row may match them."""
        raise NotImplementedError

    def find_similar(self, parsed_row: ParsedRow) -> list[models.Model]:
        """Return the records that a new row of a record file may be.

        While there are any, the row is not created. Records that an open proposal adds
        are unsaved.
        """
        return []

    def new_instance(self, parsed_row: ParsedRow) -> models.Model:
        """Return an unsaved record for a new row, without the values of its cells."""
        raise NotImplementedError


class KeyRecordFinder(RecordFinder):
    """Finder by key, or by natural key for rows with an empty key."""

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self.resource = resource = row_parser.resource
        self.plans = []
        self._seen: dict[tuple, int] = {}
        keys = [parsed_row.cells.get(resource.key, "") for parsed_row in parsed_rows]
        self._by_key = resource.get_existing([key for key in keys if key])
        # All rows have the same columns.
        cells = parsed_rows[0].cells if parsed_rows else {}
        self._names = [name for name in resource.natural_key if name in cells]
        self._by_natural_key: dict[tuple, list[tuple[models.Model, dict]]] = (
            defaultdict(list)
        )
        for candidate in self._load_candidates(
            [
                parsed_row
                for parsed_row in parsed_rows
                if not parsed_row.cells.get(resource.key)
            ]
        ):
            self._by_natural_key[self._get_natural_key(candidate[1])].append(candidate)

    def get_identifying_fields(self, parsed_row):
        key = self.resource.key
        return {key} if parsed_row.cells.get(key) else set(self._names)

    def find(self, parsed_row):
        key = parsed_row.cells.get(self.resource.key, "")
        natural_key = () if key else self._get_natural_key(parsed_row.values)
        if not key and not any(text and isinstance(text, str) for text in natural_key):
            raise InvalidCellError(_KEY_REMEDY)
        self._check_duplicate_row(
            parsed_row, ("key", key) if key else ("alike", *natural_key)
        )
        match = self._by_key.get(key) if key else self._find_alike(natural_key)
        if match:
            self._check_duplicate_row(parsed_row, ("record", match[0].pk))
        return match

    def get_records(self):
        matches = [self._by_key.values(), *self._by_natural_key.values()]
        records = [record for group in matches for record, _values in group]
        return list({record.pk: record for record in records}.values())

    def new_instance(self, parsed_row):
        return self.resource.model(**self.resource.get_defaults(parsed_row.values))

    def _find_alike(self, natural_key: tuple):
        candidates = self._by_natural_key.get(natural_key, [])
        if len(candidates) > 1:
            raise InvalidCellError(
                _("Several records match. Enter the code of one of them.")
            )
        return candidates[0] if candidates else None

    def _check_duplicate_row(self, parsed_row: ParsedRow, identity: tuple) -> None:
        """Raise InvalidCellError if an earlier row has the same key or record."""
        first_row = self._seen.setdefault(identity, parsed_row.number)
        if first_row == parsed_row.number:
            return
        if identity[0] == "key":
            raise InvalidCellError(_KEY_REMEDY)
        raise InvalidCellError(
            _("This row is the same as row %(row)s. Remove one of the rows.")
            % {"row": first_row}
        )

    def _get_natural_key(self, values: dict[str, object]) -> tuple:
        return tuple(values[name] for name in self._names)

    def _load_candidates(
        self, rows: list[ParsedRow]
    ) -> list[tuple[models.Model, dict]]:
        """Return records that share a text of the natural key with one of ``rows``."""
        candidates: dict[int, tuple[models.Model, dict]] = {}
        for start in range(0, len(rows), QUERY_BATCH_SIZE):
            conditions = [
                Q(**{f"{name}__in": texts})
                for name in self.resource.natural_key
                if (texts := _texts(rows[start : start + QUERY_BATCH_SIZE], name))
            ]
            if conditions:
                records = list(
                    self.resource.get_queryset().filter(reduce(or_, conditions))
                )
                values_by_record = self.resource.get_values(records)
                candidates |= {
                    record.pk: (record, values)
                    for record, values in zip(records, values_by_record, strict=True)
                }
        return list(candidates.values())


def _texts(rows: list[ParsedRow], name: str) -> list[str]:
    return list({row.values[name] for row in rows if _is_text(row, name)})


def _is_text(row: ParsedRow, name: str) -> bool:
    value = row.values.get(name)
    return bool(value) and isinstance(value, str)
