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


class AgreedActionQuerySet(TranslatedQuerySet):
    """Queryset of actions agreed at meetings."""

    def due_by(self, date: dt.date) -> "AgreedActionQuerySet":
        """Return the open actions that are due on or before ``date``."""
        return self.filter(state=ActionState.OPEN, due_on__lte=date)
