"""The form of a record: it refuses to write over what a colleague has done since."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.publishing.models import Publishable


class RecordForm(forms.ModelForm):
    """``seen`` carries when the record was last changed as its clerk opened it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _stamp(self.instance)

    def clean(self):
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen")
        if self.instance.pk and seen and seen != _stamp(self.instance):
            raise ValidationError(
                _(
                    "%(who)s has changed this record since you opened it. Nothing was "
                    "saved: open it again and enter your changes once more."
                ),
                params={"who": self.instance.updated_by},
            )
        return cleaned


def _stamp(record: Publishable) -> str:
    return record.updated_at.isoformat() if record.updated_at else "never"
