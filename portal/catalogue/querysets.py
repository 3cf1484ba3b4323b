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

from portal.catalogue.choices import BROAD_WORDS, NOT_DONE, RECORD_WORDS
from portal.languages import Language
from portal.translations.shown import languages_read

# A list tells that there are more; it costs the same however many there are.
MOST_COUNTED = 1000


class InOrder(Func):
    """A column by whose index SQLite is not to look: it would read and sort all rows of
    several kinds where the order's own index has the few that are wanted in front."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def looked_at_in_turn(rows: models.QuerySet, of_row: models.QuerySet):
    """Those of ``rows`` for which ``of_row`` (naming the row by OuterRef) has any.

    A condition in a CASE is asked row by row, in the order of the list, until there are
    enough; a bare EXISTS PostgreSQL would turn into a join of all there are, and sort.
    """
    has_any = Case(When(Exists(of_row), then=1), default=0)
    return rows.alias(has_any=has_any).filter(has_any=1)


class CountOf(Subquery):
    """How many rows a query has, asked once for all rows that are told it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_count(rows: models.QuerySet) -> CountOf:
    """How many ``rows`` there are, as an annotation; at most MOST_COUNTED and one."""
    return CountOf(rows.order_by().values("pk")[: MOST_COUNTED + 1])


def texts_shown_in(language: Language) -> Prefetch:
    """The texts of entries that a reader of ``language`` may be shown."""
    texts = apps.get_model("catalogue", "EntryText").objects.filter(
        language__in=languages_read(language)
    )
    return Prefetch("texts", texts, to_attr="texts_read")


class EntryQuerySet(models.QuerySet):
    """Catalogue entries …"""

    def of_kind(self, *codes: str) -> "EntryQuerySet":
        """… of these kinds of record."""
        return self.filter(kind__in=codes)

    def of_kinds_in_order(self, *codes: str) -> "EntryQuerySet":
        """… of these kinds, of which the first few in some order are wanted."""
        if len(codes) < 2:
            return self.of_kind(*codes)
        return self.alias(any_kind=InOrder("kind")).filter(any_kind__in=codes)

    def tagged(
        self, axis: str, *values: str, kind: str = "", in_order: bool = False
    ) -> "EntryQuerySet":
        """… that carry one of these values for the filter word ``axis``.

        ``kind``, where all are of one, leaves fewer tags to be read. ``in_order``: only
        the first of them are wanted.
        """
        tags = self.model.tags.rel.related_model.objects.filter(
            axis=axis, value__in=values
        )
        if kind:
            tags = tags.filter(kind=kind)
        if in_order and axis in BROAD_WORDS:
            # Most have it: to look at each in turn ends sooner than to list them all.
            return looked_at_in_turn(self, tags.filter(entry=OuterRef("pk")))
        return self.filter(pk__in=tags.values("entry"))

    def matching(
        self, filters, *, kind: str = "", in_order: bool = False
    ) -> "EntryQuerySet":
        """… that every given word of ``filters`` (a ListFilters) lets through.

        ``from`` and ``to`` match any overlap; ``year`` and ``as_of`` look at the last
        day of the stated period and leave out what has no date on record. ``kind``
        and ``in_order`` as in :meth:`tagged`.

        Entries keep the keys of unpublished countries and organs that their records
        name. A filter by such a key finds nothing, like one by an unknown key.
        """
        found = self._within(filters)
        for axis, values in filters.tags.items():
            found = found.tagged(axis, *values, kind=kind, in_order=in_order)
            if axis in RECORD_WORDS:
                published = self.model.objects.of_kind(axis).filter(code__in=values)
                found = found.filter(Exists(published))
        if filters.state:
            found = found.filter(state__in=filters.state)
        if filters.done:
            found = found.exclude(state__in=NOT_DONE)
        return found

    def _within(self, filters) -> "EntryQuerySet":
        found = self
        if filters.year:
            found = found.filter(year=filters.year)
        if filters.since:
            found = found.filter(last_on__gte=filters.since)
        if filters.until:
            found = found.filter(starts_on__lte=filters.until)
        if filters.as_of:
            found = found.filter(last_on__lte=filters.as_of)
        if filters.dated is not None:
            found = found.filter(last_on__isnull=not filters.dated)
        return found

    def covering(self, first: dt.date, last: dt.date) -> "EntryQuerySet":
        """… whose period touches the days from ``first`` to ``last``."""
        return self.filter(last_on__gte=first, starts_on__lte=last)

    def latest_change_first(self) -> "EntryQuerySet":
        return self.order_by("-changed_at", "-sort_on", "kind", "code")

    def newest_first(self) -> "EntryQuerySet":
        return self.order_by("-sort_on", "-code")

    def newest_of_each(
        self, axis: str, value: str, parts: Iterable[tuple[str, str, int]]
    ) -> models.query.RawQuerySet:
        """… tagged so: of each kind and part of ``parts`` the newest, as many as it
        says, each with ``total`` as in :meth:`counted`. In no order."""
        tags = self.model.tags.rel.related_model.objects.filter(axis=axis, value=value)
        arms, given = [], []
        for kind, part, most in parts:
            own = tags.filter(kind=kind, part=part)
            # Organs have no date: the highest stand first.
            rank = KeyTransform("rank", "entry__facts")
            newest = own.order_by("-sort_on", rank, "-entry__code").annotate(
                total=capped_count(own)
            )
            sql, params = newest.values("entry_id", "total")[
                :most
            ].query.sql_with_params()
            arms.append(f"SELECT entry_id, total FROM ({sql}) AS arm{len(arms)}")  # noqa: S608 compiled above
            given += params
        columns = [
            f"entry.{column.column}"
            for column in self.model._meta.concrete_fields
            if column.name != "programme"
        ]
        return self.raw(
            f"SELECT {', '.join(columns)}, newest.total "  # noqa: S608 names of columns
            f"FROM ({' UNION ALL '.join(arms)}) AS newest "
            f"JOIN {self.model._meta.db_table} entry ON entry.id = newest.entry_id",
            given,
        )

    def counted(self) -> "EntryQuerySet":
        """… each with ``total``, how many there are, in the same query.

        Nobody counts beyond ``MOST_COUNTED``: one more than that stands for any number.
        """
        return self.annotate(total=capped_count(self))

    def shown_in(
        self, language: Language, *, with_programme: bool = False
    ) -> "EntryQuerySet":
        """… with the texts that a reader of ``language`` may be shown.

        The programme, twenty sessions in twelve languages, is read only if asked for.
        """
        found = self if with_programme else self.defer("programme")
        return found.prefetch_related(texts_shown_in(language))
