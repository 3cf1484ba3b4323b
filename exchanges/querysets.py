import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from exchanges.choices import ActionState
from portal.content.publishing.querysets import PublishableQuerySet
from portal.core.translations.querysets import TranslatedQuerySet


class MechanismQuerySet(PublishableQuerySet):
    """Queryset of mechanisms."""

    def of_organs(self, organs: Iterable[models.Model]) -> "MechanismQuerySet":
        """Filter to mechanisms in which one of ``organs`` is on either side."""
        organs = list(organs)
        has_side = Q(side_a_organs__in=organs) | Q(side_b_organs__in=organs)
        return self.filter(pk__in=self.filter(has_side).order_by().values("pk"))

    def country_codes(self) -> list[str]:
        """Return the ISO 3166 alpha-2 codes of the countries of all sides, sorted.

        China is one of them if there is any mechanism: each has a Chinese side.
        """
        others = self.order_by().values_list("other_country__iso2", flat=True)
        codes = set(others.distinct())
        return sorted({"CN", *codes} - {None}) if codes else []

    def sides_with_counterparts(
        self, side: str, organs: models.QuerySet
    ) -> models.QuerySet:
        """Return the ids of organs on ``side`` whose counterparts are on record.

        ``side`` is "a" or "b". Counterparts are organs of the other side that are among
        ``organs``, and its parties.
        """
        other = "b" if side == "a" else "a"
        has_other_side = Q(**{f"side_{other}_organs__in": organs.values("pk")}) | Q(
            **{f"side_{other}_parties__isnull": False}
        )
        ids = self.filter(has_other_side, **{f"side_{side}_organs__isnull": False})
        return ids.order_by().values(f"side_{side}_organs")


class AgreedActionQuerySet(TranslatedQuerySet):
    """Queryset of actions agreed at meetings."""

    def due_by(self, date: dt.date) -> "AgreedActionQuerySet":
        """Return the open actions that are due on or before ``date``."""
        return self.filter(state=ActionState.OPEN, due_on__lte=date)
