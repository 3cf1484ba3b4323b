from collections.abc import Collection

from django.db.models import F

from portal.content.figures.query import FigureQuery
from portal.content.publishing.querysets import PublishableQuerySet


class ReportedFigureQuerySet(PublishableQuerySet):
    """Queryset of figures reported by other sources."""

    def for_query(self, query: FigureQuery) -> "ReportedFigureQuerySet":
        """Filter by the date, country and year of the query.

        Newest first; figures with a value come before those without.
        """
        figures = self.filter(as_of__lte=query.as_of)
        if query.country:
            figures = figures.filter(country__iso2=query.country)
        if query.year:
            figures = figures.filter(as_of__year=query.year)
        return figures.order_by("-as_of", F("value").desc(nulls_last=True), "key")

    def totals(self, subjects: Collection[str]) -> "ReportedFigureQuerySet":
        """Filter to figures about ``subjects`` that have a value, the newest first.

        Of several figures of the same date the highest value comes first.
        """
        totals = self.filter(subject__in=subjects, value__isnull=False)
        return totals.order_by("-as_of", "-value", "key")
