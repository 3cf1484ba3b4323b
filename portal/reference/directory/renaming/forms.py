"""Form of a topic, place or party, with its waiting change and conflict check."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.core.audit.diff import diff_values
from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import (
    get_audited_columns,
    get_column_values,
    serialize_column,
)
from portal.reference.directory.models import NameChange
from portal.reference.directory.renaming.operations import open_change
from portal.reference.directory.renaming.versions import read_values, sign_values


class NameForm(forms.ModelForm):
    """Form of a shared name; it shows the open change of the name, if there is one.

    Saving is rejected if a colleague saved the name after the form was opened. The
    hidden field ``opened`` has the signed values from that time. ``open_change`` is the
    open change or None.
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_change: NameChange | None = None
        self._current: dict = {}
        if self.instance.pk is None:
            return
        self.open_change = open_change(self.instance)
        self._current = get_column_values(self.instance)
        if self.open_change:
            self._current |= self.open_change.wanted
            self._show_open_change()
        # The field is internal; clerks do not edit it.
        self.initial["opened"] = (
            self.data.get(self.add_prefix("opened"))
            if self.is_bound
            else sign_values(self._current)
        )

    def _show_open_change(self) -> None:
        for column in get_audited_columns(type(self.instance)):
            if column.name in self.fields:
                self.initial[column.name] = self._current[column.attname]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is not None:
            self._refuse_outdated()
        return cleaned

    def _refuse_outdated(self) -> None:
        opened = read_values(self.data.get(self.add_prefix("opened"), ""))
        if opened == self._current:
            return
        # Submitting the form again is accepted: the error message lists what it
        # overwrites.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = sign_values(self._current)
        model = type(self.instance)
        changed_values = [
            f"{get_field_label(model, change.field, change.language)}: "
            f"{change.new or '–'}"
            for change in diff_values(model, opened or {}, self._current)
        ]
        raise ValidationError(
            _(
                "Nothing was saved, because a colleague changed this name "
                "after you opened the form. Current values: %(values)s. "
                "Correct the form and save it again."
            ),
            params={"values": "; ".join(changed_values)},
        )

    def get_proposed_values(self) -> dict:
        """Return the values requested for the row (column → value in JSON form).

        Fields that are not in the form keep the value of the waiting change.
        """
        changed = {
            column.attname: serialize_column(self.instance, column)
            for column in _get_named_columns(self.instance, self.changed_data)
        }
        return {**self._current, **changed}


def _get_named_columns(row: models.Model, names: list[str]) -> list[models.Field]:
    return [column for column in get_audited_columns(type(row)) if column.name in names]
