"""Fields of forms for days: one way to read each day, in years that are possible."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from portal.publishing.characters import plain
from portal.publishing.years import check_day, check_era, check_scheduled_day

# What inputs hold, in every language.
WRITTEN_FORMAT = "%Y-%m-%d"
# Read in every language. 03/04/2018 is in none: it is a day of March or of April.
_YEAR_FIRST = (WRITTEN_FORMAT, "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")


class DayField(forms.DateField):
    """A day of an event, in common years of four digits.

    Only forms are read in which day and month cannot be confused.

    ``check`` raises ValidationError for other days; it takes the place of the check of
    years.
    """

    default_error_messages = {"invalid": _("Write the day as YYYY-MM-DD.")}

    def __init__(self, *, check: Callable[[dt.date], None] = check_day, **kwargs):
        super().__init__(**kwargs)
        self.validators.append(check)
        self.widget.format = WRITTEN_FORMAT

    @property
    def input_formats(self) -> list[str]:
        """Formats that begin with the year, and those of the language that name the
        month."""
        named = [
            one
            for one in get_format("DATE_INPUT_FORMATS")
            if "%Y" in one and ("%b" in one or "%B" in one)
        ]
        return [*_YEAR_FIRST, *named]

    def to_python(self, value):
        if isinstance(value, str):
            value = plain(value)
            check_era(value)
        return super().to_python(value)


class DayAndTimeField(forms.SplitDateTimeField):
    """A day as in :class:`DayField`, and a time.

    By default it is a time to publish or to expire, which may be far in the future.
    """

    def __init__(
        self, *, check: Callable[[dt.date], None] = check_scheduled_day, **kwargs
    ):
        super().__init__(**kwargs)
        before, time = self.fields
        day = DayField(check=check, required=before.required, localize=before.localize)
        day.error_messages = {**before.error_messages, **day.error_messages}
        day.disabled = before.disabled
        self.fields = (day, time)
