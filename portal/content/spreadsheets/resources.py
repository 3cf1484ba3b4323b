"""Base class that maps the columns of a spreadsheet to the fields of a model.

The same resource serves the record CSV files and the spreadsheets that staff upload.
"""

import re
from typing import ClassVar

from django.db import models

from portal.content.publishing.links import load_links
from portal.content.publishing.models import EvidenceOnlyHost
from portal.content.spreadsheets.columns import (
    Column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.core.languages import DEFAULT_LANGUAGE

# Maximum number of records, or of values of an ``IN`` lookup, per query.
QUERY_BATCH_SIZE = 500


class Resource:
    """Columns and import rules of one model.

    ``file`` is the name of its record CSV file and ``key`` the field that identifies a
    row ("" if only ``finder_class`` can match a row to a record). ``owner`` is "" or
    the foreign key to the record of which the rows are a part: loading such a row is an
    edit of that record. ``changeable_key`` are the fields that identify a row, if
    people could change them in an earlier release: loading the public record then finds
    the row by the audit log. ``joint_fields`` are groups of fields that state one fact
    together, such as a number and its qualifier: loading the public record keeps or
    updates all fields of a group. A date with its precision, and a column with the
    column ``…_basis``, form a group without being listed. The other attributes apply to
    staff spreadsheets only:

    - ``staff_columns`` are columns that the record CSV files do not have.
    - ``natural_key`` names the fields by which a row with an empty key is matched to a
      record; fields whose column is missing in the sheet are ignored.
    - ``finder_class`` matches rows to records, by default ``KeyRecordFinder``.
    - ``is_immediately_public`` is True if an edit appears on public pages without
      approval.
    """

    file: ClassVar[str]
    model: ClassVar[type[models.Model]]
    key: ClassVar[str]
    owner: ClassVar[str] = ""
    columns: ClassVar[list[Column]]
    changeable_key: ClassVar[tuple[str, ...]] = ()
    joint_fields: ClassVar[tuple[tuple[str, ...], ...]] = ()
    staff_columns: ClassVar[list[Column]] = []
    natural_key: ClassVar[tuple[str, ...]] = ()
    is_immediately_public: ClassVar[bool] = False
    finder_class: ClassVar[type | None] = None

    @classmethod
    def code(cls) -> str:
        """Return the resource's identifier in URLs: the file name without ``.csv``."""
        return cls.file.removesuffix(".csv")

    @classmethod
    def get_written_models(cls) -> tuple[type[models.Model], ...]:
        """Return the models that an import writes.

        Importing requires add and change permission for each of them.
        """
        return (cls.model,)

    @property
    def key_column(self) -> Column:
        return next(column for column in self.columns if column.field == self.key)

    def get_defaults(self, values: dict) -> dict:
        """Return field values of a new record that have no column in the file.

        ``values`` are the parsed cells of the row, by field name.
        """
        return {}

    def get_values(self, records: list[models.Model]) -> list[dict[str, object]]:
        """Return the column values of ``records`` as one dict per record.

        Each dict maps field names to values; the order is that of ``records``.
        """
        links = load_links(records, DEFAULT_LANGUAGE)
        return [
            {
                column.field: column.get_value(record, links[record.pk])
                for column in self.columns
            }
            for record in records
        ]

    def get_existing(self, keys: list[str]) -> dict[str, tuple[models.Model, dict]]:
        """Return the records that have one of ``keys``, by key.

        Each value is a pair of the record and its column values.
        """
        typed, existing = self._typed(keys), {}
        for start in range(0, len(typed), QUERY_BATCH_SIZE):
            lookup = {f"{self.key}__in": typed[start : start + QUERY_BATCH_SIZE]}
            records = list(self.get_queryset().filter(**lookup))
            for record, values in zip(records, self.get_values(records), strict=True):
                existing[str(getattr(record, self.key))] = record, values
        return existing

    def get_queryset(self) -> models.QuerySet:
        """Return a queryset of all records that loads the columns' relations."""
        meta = self.model._meta
        multi_valued = {field.name for field in meta.private_fields} | {
            relation.name for relation in meta.related_objects
        }
        names = dict.fromkeys(column.model_field for column in self.columns)
        related = [_relation_path(self.model, name) for name in names]
        prefetched = [name for name in names if name in multi_valued]
        rows = models.QuerySet(self.model).select_related(*filter(None, related))
        return rows.prefetch_related(*prefetched)

    def _typed(self, keys: list[str]) -> list:
        key_field = self.model._meta.get_field(self.key)
        if isinstance(key_field, models.IntegerField):
            # Longer keys exceed the range of an integer column.
            return [int(key) for key in keys if re.fullmatch("[0-9]{1,18}", key)]
        return keys


def _relation_path(model: type[models.Model], path: str) -> str:
    """Return the leading foreign keys of ``path`` as a ``select_related`` path.

    ``path`` is dotted, such as ``person.organ``. Returns "" if its first field is no
    foreign key.
    """
    names = []
    for name in path.split("."):
        field = model._meta.get_field(name)
        if not isinstance(field, models.ForeignKey):
            break
        names.append(name)
        model = field.related_model
    return "__".join(names)


@register_resource
class EvidenceOnlyHostResource(Resource):
    file = "evidence_only_hosts.csv"
    model = EvidenceOnlyHost
    key = "host"
    changeable_key = ("host",)
    columns = [Column("host", "host"), Column("reason", "reason")]
