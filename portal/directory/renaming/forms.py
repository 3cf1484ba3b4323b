"""The form of a topic, place or party: it shows the change that waits, and refuses to
overwrite what a colleague saved since it was opened."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.directory.models import NameChange
from portal.directory.renaming.operations import open_change
from portal.directory.renaming.versions import read_values, sign_values
from portal.history.comparing import value_changes
from portal.history.snapshots import columns_of, plain, values_of
from portal.history.telling import field_label


class NameForm(forms.ModelForm):
    """A name with the change of it that waits, if there is one.

    ``opened`` carries the values that the form was opened with, signed. ``waiting`` is
    the open change, None if there is none.
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting: NameChange | None = None
        self._current: dict = {}
        if self.instance.pk is None:
            return
        self.waiting = open_change(self.instance)
        self._current = values_of(self.instance)
        if self.waiting:
            self._current |= self.waiting.wanted
            self._show_waiting()
        # A hidden field of the portal's own, which no clerk changes.
        self.initial["opened"] = (
            self.data.get(self.add_prefix("opened"))
            if self.is_bound
            else sign_values(self._current)
        )

    def _show_waiting(self) -> None:
        for column in columns_of(type(self.instance)):
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
        # Sent once more, the form is taken: the message says what it overwrites.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = sign_values(self._current)
        model = type(self.instance)
        since = [
            f"{field_label(model, change.field, change.language)}: {change.new or '–'}"
            for change in value_changes(model, opened or {}, self._current)
        ]
        raise ValidationError(
            _(
                "A colleague changed this name after you opened the form, so nothing "
                "was saved. It now says: %(values)s. Correct the form and save it "
                "again."
            ),
            params={"values": "; ".join(since)},
        )

    def wanted(self) -> dict:
        """Return the values that the row is to have (column → value as JSON holds it).

        Fields that the form does not show keep the value of the change that waits.
        """
        changed = {
            column.attname: plain(self.instance, column)
            for column in _columns(self.instance, self.changed_data)
        }
        return {**self._current, **changed}


def _columns(row: models.Model, names: list[str]) -> list[models.Field]:
    return [column for column in columns_of(type(row)) if column.name in names]
