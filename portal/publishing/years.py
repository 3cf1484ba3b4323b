"""Of which years days can be written down at the desk."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST, LAST = 1000, 2999


def in_known_years(day: dt.date) -> None:
    """Raise ValidationError for a day that can only be a slip of the hand.

    Of the very first and last days that there are no zone, and no day before or after,
    can be reckoned.
    """
    if not FIRST <= day.year <= LAST:
        told = _("Write a day of the years %(first)s to %(last)s.")
        raise ValidationError(told % {"first": FIRST, "last": LAST})
