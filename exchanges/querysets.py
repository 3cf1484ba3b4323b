import datetime as dt

from exchanges.choices import ActionState
from portal.core.translations.querysets import TranslatedQuerySet


class AgreedActionQuerySet(TranslatedQuerySet):
    """Queryset of actions agreed at meetings."""

    def due_by(self, date: dt.date) -> "AgreedActionQuerySet":
        """Return the open actions that are due on or before ``date``."""
        return self.filter(state=ActionState.OPEN, due_on__lte=date)
