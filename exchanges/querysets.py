import datetime as dt

from exchanges.choices import ActionState
from portal.translations.querysets import TranslatedQuerySet


class AgreedActionQuerySet(TranslatedQuerySet):
    """Agreed actions …"""

    def due(self, on: dt.date) -> "AgreedActionQuerySet":
        """… that are open on their last day or after it."""
        return self.filter(state=ActionState.OPEN, due_on__lte=on)
