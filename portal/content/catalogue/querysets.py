import datetime as dt
from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Subquery,
    When,
)
from django.db.models.fields.json import KeyTransform

from portal.content.catalogue.choices import (
    BROAD_FILTERS,
    RECORD_FILTERS,
    STATES_NOT_HELD,
)
from portal.content.catalogue.registry import get_kind
from portal.core.languages import Language
from portal.core.translations.localized_text import get_fallback_chain

# Limit for counting list entries; above it a list only shows that there are more, so
# counting costs the same for every list.
COUNT_LIMIT = 1000


class WithoutIndex(Func):
    """Hide a column from SQLite's query planner (unary plus).

    SQLite then uses the index of ORDER BY, where the first rows come early, instead of
    the index of this column, which would read and sort all matching rows.
    """

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def filter_row_by_row(rows: models.QuerySet, condition: models.QuerySet):
    """Filter ``rows`` to those for which the subquery ``condition`` returns any row.

    ``condition`` refers to the outer row by OuterRef. It is evaluated row by row: the
    CASE keeps PostgreSQL from rewriting EXISTS into a join and sort of all rows, so
    with LIMIT the scan stops early.
    """
    has_any = Case(When(Exists(condition), then=1), default=0)
    return rows.alias(has_any=has_any).filter(has_any=1)


class SubqueryCount(Subquery):
    """COUNT(*) of a subquery; it is evaluated once per statement."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_count(rows: models.QuerySet) -> SubqueryCount:
    """Return an annotation with the number of ``rows``, at most COUNT_LIMIT + 1."""
    return SubqueryCount(rows.order_by().values("pk")[: COUNT_LIMIT + 1])


def prefetch_texts(language: Language) -> Prefetch:
    """Return a prefetch of the entry texts that may be displayed in ``language``.

    The attribute ``prefetched_texts`` of each entry then holds its texts in
    ``language`` and in the fallback languages.
    """
    texts = apps.get_model("catalogue", "EntryText").objects.filter(
        language__in=get_fallback_chain(language)
    )
    return Prefetch("texts", texts, to_attr="prefetched_texts")


class EntryQuerySet(models.QuerySet):
    """Queryset of catalogue entries."""

    def of_kind(self, *codes: str) -> "EntryQuerySet":
        """Filter to entries of these kinds."""
        return self.filter(kind__in=codes)

    def country_codes(self) -> list[str]:
        """Return the ISO 3166-1 alpha-2 codes of the published countries, sorted."""
        countries = self.of_kind("country").order_by("code")
        return list(countries.values_list("code", flat=True))

    def of_kinds_first_rows(self, *codes: str) -> "EntryQuerySet":
        """Filter to entries of these kinds, for queries that need only the first rows.

        The database is kept from using the index of the column ``kind`` (see
        WithoutIndex).
        """
        if len(codes) < 2:
            return self.of_kind(*codes)
        return self.alias(any_kind=WithoutIndex("kind")).filter(any_kind__in=codes)

    def tagged(
        self, axis: str, *values: str, kind: str = "", first_rows_only: bool = False
    ) -> "EntryQuerySet":
        """Filter to entries with one of ``values`` for the tag ``axis``.

        Pass ``kind`` if all entries have that kind: fewer tags are read. Set
        ``first_rows_only`` if only the first rows of a sorted list are needed.
        """
        tags = self.model.tags.rel.related_model.objects.filter(
            axis=axis, value__in=values
        )
        if kind:
            tags = tags.filter(kind=kind)
        if first_rows_only and axis in BROAD_FILTERS:
            # Most entries match a broad filter: checking row by row ends sooner than
            # listing all matches.
            return filter_row_by_row(self, tags.filter(entry=OuterRef("pk")))
        return self.filter(pk__in=tags.values("entry"))

    def matching(
        self, filters, *, kind: str = "", first_rows_only: bool = False
    ) -> "EntryQuerySet":
        """Filter to entries that match all of ``filters`` (a ListFilters).

        ``from`` and ``to`` match any overlap; ``year`` and ``as_of`` compare the last
        day of the period and exclude records without a date. ``kind`` and
        ``first_rows_only`` are as in :meth:`tagged`.

        Entries contain keys of unpublished countries and organs of their records.
        Filtering by such a key returns nothing, as for an unknown key.
        """
        entries = self._filter_period(filters)
        for axis, values in filters.tags.items():
            entries = entries.tagged(
                axis, *values, kind=kind, first_rows_only=first_rows_only
            )
            if axis in RECORD_FILTERS:
                published = self.model.objects.of_kind(axis).filter(code__in=values)
                entries = entries.filter(Exists(published))
        if filters.state:
            entries = entries.filter(state__in=filters.state)
        if filters.done:
            entries = entries.exclude(state__in=STATES_NOT_HELD)
        return entries

    def _filter_period(self, filters) -> "EntryQuerySet":
        entries = self
        if filters.year:
            entries = entries.filter(year=filters.year)
        if filters.since:
            entries = entries.filter(last_on__gte=filters.since)
        if filters.until:
            entries = entries.filter(starts_on__lte=filters.until)
        if filters.as_of:
            entries = entries.filter(last_on__lte=filters.as_of)
        if filters.dated is not None:
            entries = entries.filter(last_on__isnull=not filters.dated)
        return entries

    def overlapping(self, first: dt.date, last: dt.date) -> "EntryQuerySet":
        """Filter to entries whose period overlaps the days ``first`` to ``last``."""
        return self.filter(last_on__gte=first, starts_on__lte=last)

    def latest_change_first(self) -> "EntryQuerySet":
        return self.order_by("-changed_at", "-sort_on", "kind", "code")

    def newest_first(self) -> "EntryQuerySet":
        return self.order_by("-sort_on", "-code")

    def newest_per_group(
        self, axis: str, value: str, groups: Iterable[tuple[str, str, int]]
    ) -> models.query.RawQuerySet:
        """Return the newest entries with this tag for each group, unordered.

        ``groups`` are tuples (kind, part, maximum number of entries). Every entry has
        the attribute ``total`` with the size of its group, at most COUNT_LIMIT + 1.
        """
        tags = self.model.tags.rel.related_model.objects.filter(axis=axis, value=value)
        subqueries, params = [], []
        for kind, subgroup, limit in groups:
            group_tags = tags.filter(kind=kind, part=subgroup)
            # Organs have no date; they are sorted by rank, highest first, then by key.
            rank = KeyTransform("rank", "entry__facts")
            code = "-entry__code" if get_kind(kind).is_dated else "entry__code"
            newest_tags = group_tags.order_by("-sort_on", rank, code).annotate(
                total=capped_count(group_tags)
            )
            limited_tags = newest_tags.values("entry_id", "total")[:limit]
            sql, subquery_params = limited_tags.query.sql_with_params()
            subqueries.append(
                f"SELECT entry_id, total FROM ({sql}) AS arm{len(subqueries)}"  # noqa: S608
            )
            params += subquery_params
        columns = [
            f"entry.{column.column}"
            for column in self.model._meta.concrete_fields
            if column.name != "programme"
        ]
        return self.raw(
            f"SELECT {', '.join(columns)}, newest.total "  # noqa: S608 names of columns
            f"FROM ({' UNION ALL '.join(subqueries)}) AS newest "
            f"JOIN {self.model._meta.db_table} entry ON entry.id = newest.entry_id",
            params,
        )

    def with_total(self) -> "EntryQuerySet":
        """Annotate ``total``, the number of entries in the queryset.

        Counting stops at COUNT_LIMIT + 1, which stands for any larger number.
        """
        return self.annotate(total=capped_count(self))

    def with_texts_for(
        self, language: Language, *, with_programme: bool = False
    ) -> "EntryQuerySet":
        """Prefetch the texts that may be displayed in ``language``.

        The programme is loaded only with ``with_programme``: it can hold twenty
        sessions in twelve languages.
        """
        entries = self if with_programme else self.defer("programme")
        return entries.prefetch_related(prefetch_texts(language))
