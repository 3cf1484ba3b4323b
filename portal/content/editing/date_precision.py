"""Dates in forms together with the field that says how exactly they are known."""

from django import forms
from django.utils.translation import gettext_lazy as _

# The browser shows the same texts while the user types (admin/change_form.html).
MISSING_PRECISION = _("Choose how exactly the date is known: day, month or year.")
MISSING_DATE = _("Enter a date, or clear the date precision.")


def mark_precision_field(form: forms.BaseForm, date: str, precision: str) -> None:
    """Name the date in the input of its precision, for the check in the browser."""
    if date in form.fields and precision in form.fields:
        field = form.fields[precision]
        field.widget.attrs["data-precision-of"] = date
        field.error_messages["required"] = MISSING_PRECISION


def check_precision(form: forms.BaseForm, date: str, precision: str) -> None:
    """Add an error to the empty one of ``date`` and ``precision`` if one is filled in.

    Called from ``clean`` of the form. The constraint of the model, which would report
    the same for the whole form, is then not checked.
    """
    values = form.cleaned_data
    if date not in values or precision not in values:
        return
    if values[date] and not values[precision]:
        form.add_error(precision, MISSING_PRECISION)
    elif values[precision] and not values[date]:
        form.add_error(date, MISSING_DATE)
