from django.db.models import F

from portal.figures.asking import Asked
from portal.publishing.querysets import PublishableQuerySet


class ReportedFigureQuerySet(PublishableQuerySet):
    """Totals that others published …"""

    def told_by(self, asked: Asked) -> "ReportedFigureQuerySet":
        """… for the days up to the one asked for, the latest first, numbers before
        sentences without one."""
        found = self.filter(as_of__lte=asked.as_of)
        if asked.country:
            found = found.filter(country__iso2=asked.country)
        if asked.year:
            found = found.filter(as_of__year=asked.year)
        return found.order_by("-as_of", F("value").desc(nulls_last=True), "key")
