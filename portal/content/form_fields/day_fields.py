"""Form fields for dates that accept only unambiguous formats and plausible years."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from portal.content.form_fields.characters import plain
from portal.content.publishing.year_validator import (
    check_day,
    check_era,
    check_scheduled_day,
)

# Format of the value in date inputs, in every language.
ISO_FORMAT = "%Y-%m-%d"
# Formats accepted in every language. 03/04/2018 is accepted in none: it could be a day
# in March or in April.
_YEAR_FIRST = (ISO_FORMAT, "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")


class DayField(forms.DateField):
    """Form field for a date in a four-digit year of the common calendar.

    Accepts only formats in which day and month cannot be confused. ``check`` takes the
    date and raises ValidationError if it is not allowed; the default checks that the
    year is plausible for an event.
    """

    default_error_messages = {
        "invalid": _("Enter the date as YYYY-MM-DD, for example 2024-09-01.")
    }

    def __init__(self, *, check: Callable[[dt.date], None] = check_day, **kwargs):
        super().__init__(**kwargs)
        self.validators.append(check)
        self.widget.format = ISO_FORMAT

    @property
    def input_formats(self) -> list[str]:
        """Return the formats that begin with the year and those of the active language
        that spell out the month."""
        month_name_formats = [
            input_format
            for input_format in get_format("DATE_INPUT_FORMATS")
            if "%Y" in input_format and ("%b" in input_format or "%B" in input_format)
        ]
        return [*_YEAR_FIRST, *month_name_formats]

    def to_python(self, value):
        if isinstance(value, str):
            value = plain(value)
            check_era(value)
        return super().to_python(value)


class DayAndTimeField(forms.SplitDateTimeField):
    """Form field for a date, as in :class:`DayField`, and a time.

    The default ``check`` is for times of publication or expiry, which may be far in the
    future.
    """

    def __init__(
        self, *, check: Callable[[dt.date], None] = check_scheduled_day, **kwargs
    ):
        super().__init__(**kwargs)
        default_day, time = self.fields
        day = DayField(
            check=check, required=default_day.required, localize=default_day.localize
        )
        day.error_messages = {**default_day.error_messages, **day.error_messages}
        day.disabled = default_day.disabled
        self.fields = (day, time)
