"""Filter of the list of audit entries: person, kind of record, action and days."""

import datetime as dt

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from portal.core.audit.choices import AuditAction

# Names of the parameters in the address of the list.
PARAMETERS = ("by", "record_model", "verb", "from", "to")
_ANY = ("", gettext_lazy("All"))


class EntryFilterForm(forms.Form):
    """Form with the values of the filter, all of them optional.

    Its fields have the names in ``PARAMETERS``.
    """

    def __init__(self, data, *, record_models: list[type[models.Model]]):
        """Bind the form to the parameters ``data`` of a request.

        ``record_models`` are the kinds of record that can be chosen.
        """
        super().__init__(data, label_suffix="")
        # "from" cannot be the name of a class attribute.
        self.fields = {
            "by": forms.ModelChoiceField(
                get_user_model().objects.order_by("username"),
                label=gettext("Person"),
                required=False,
                empty_label=_ANY[1],
                error_messages={"invalid_choice": gettext("There is no such person.")},
            ),
            "record_model": forms.ChoiceField(
                label=gettext("Type of record"),
                required=False,
                choices=[_ANY, *_get_kind_choices(record_models)],
            ),
            "verb": forms.ChoiceField(
                label=gettext("Action"),
                required=False,
                choices=[_ANY, *AuditAction.choices],
            ),
            "from": _build_day_field(gettext("From day")),
            "to": _build_day_field(gettext("To day")),
        }

    def clean(self):
        first_day, last_day = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first_day and last_day and first_day > last_day:
            message = gettext(
                "%(to)s is before %(from)s. Choose a last day that is not before the "
                "first day."
            )
            days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
            self.add_error("to", message % days)
        return self.cleaned_data

    def filter(self, entries: models.QuerySet) -> models.QuerySet:
        """Return the entries that match; none if a value is invalid.

        Both days are included. They begin at midnight in the time zone of the office.
        """
        if not self.is_valid():
            return entries.none()
        values = self.cleaned_data
        for name in ("by", "record_model", "verb"):
            if values[name]:
                entries = entries.filter(**{name: values[name]})
        if values["from"]:
            entries = entries.filter(at__gte=_get_midnight(values["from"]))
        if values["to"]:
            next_day = values["to"] + dt.timedelta(days=1)
            entries = entries.filter(at__lt=_get_midnight(next_day))
        return entries


class EntryFilter(admin.ListFilter):
    """Change list filter that shows one form with all fields of the filter.

    The persons, kinds and actions that can be chosen do not depend on the entries:
    those in use could be determined only by reading the whole log.
    """

    title = gettext_lazy("audit entries")
    template = "admin/history/entry_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        for name in PARAMETERS:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = EntryFilterForm(
            self.used_parameters, record_models=_get_record_models(model_admin)
        )

    def has_output(self):
        return True

    def expected_parameters(self):
        return list(PARAMETERS)

    def choices(self, changelist):
        """Return the other parameters of the list, which the form has to keep."""
        return [
            {"name": name, "value": value}
            for name, values in changelist.filter_params.items()
            for value in values
            if name not in PARAMETERS
        ]

    def queryset(self, request, queryset):
        return self.form.filter(queryset)


class _DayField(forms.DateField):
    """Day in the form YYYY-MM-DD, whatever the language."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self, value):
        try:
            day = super().clean(value)
        except forms.ValidationError:
            day = None
            is_valid = False
        else:
            # The next day must be a date too.
            is_valid = day is None or 1900 <= day.year < dt.MAXYEAR
        if not is_valid:
            message = gettext(
                "“%(value)s” is not a day. Write year, month and day, as in 2026-05-31."
            )
            raise forms.ValidationError(message % {"value": value}, code="invalid")
        return day


def _build_day_field(label: str) -> forms.DateField:
    return _DayField(label=label, required=False, input_formats=["%Y-%m-%d"])


def _get_midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _get_record_models(model_admin) -> list[type[models.Model]]:
    """Return the kinds of record in the staff admin that the log can be about."""
    site = model_admin.admin_site
    return [
        model
        for model in apps.get_models()
        if site.is_registered(model) and model is not model_admin.model
    ]


def _get_kind_choices(record_models: list[type[models.Model]]) -> list[tuple[str, str]]:
    return sorted(
        (
            (model._meta.label_lower, capfirst(str(model._meta.verbose_name)))
            for model in record_models
        ),
        key=lambda choice: choice[1],
    )
