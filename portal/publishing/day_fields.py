"""Fields of forms for days: one way to read each day, in years that are possible."""

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from portal.publishing.characters import plain
from portal.publishing.years import check_day, check_era


class DayField(forms.DateField):
    """A day. Formats that can mean two days, and years of two digits, are not taken."""

    default_validators = [check_day]
    default_error_messages = {"invalid": _("Write the day as YYYY-MM-DD.")}

    @property
    def input_formats(self) -> list[str]:
        """Those of the language that begin with the year or name the month."""
        return [
            one
            for one in get_format("DATE_INPUT_FORMATS")
            if one.startswith("%Y") or ("%Y" in one and "%m" not in one)
        ]

    def to_python(self, value):
        if isinstance(value, str):
            value = plain(value)
            check_era(value)
        return super().to_python(value)


class DayAndTimeField(forms.SplitDateTimeField):
    """A day as in :class:`DayField`, and a time."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        before, time = self.fields
        day = DayField(required=before.required, localize=before.localize)
        day.error_messages = {**before.error_messages, **day.error_messages}
        day.disabled = before.disabled
        self.fields = (day, time)
