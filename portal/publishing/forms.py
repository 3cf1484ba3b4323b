"""The form of a record: it refuses to write over what a colleague has done since."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.publishing.clocks import WallClockField, clock_of
from portal.publishing.merging import Conflict, conflicts, in_words, merge
from portal.publishing.models import Publishable


class RecordForm(forms.ModelForm):
    """``seen`` carries when the record was last changed as its clerk opened it.

    ``conflict`` is what a colleague changed since, shown beside one's own words; sent
    once more, the form is taken. The time to publish is one of the record's first
    place. ``reader`` is who fills it in; None may know no row by its name.
    """

    reader = None

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _stamp(self.instance)
        self.conflict = []
        self.clock = clock_of(self.instance)
        if "publish_at" in self.fields:
            self._show_on_clock()

    def both_versions(self) -> list[Conflict]:
        """What a colleague changed since, in the words of a page."""
        return in_words(self.instance, self.conflict, reader=self.reader)

    def _show_on_clock(self) -> None:
        known = self.fields["publish_at"]
        told = _("On the clock of %(zone)s.") % {"zone": self.clock.key}
        self.fields["publish_at"] = WallClockField(
            label=known.label,
            help_text=f"{known.help_text} {told}",
            required=False,
            widget=known.widget,
        )
        at = self.instance.publish_at
        self.initial["publish_at"] = timezone.make_naive(at, self.clock) if at else None

    def clean_publish_at(self):
        typed = self.cleaned_data["publish_at"]
        return typed.replace(tzinfo=self.clock) if typed else None

    def clean(self):
        cleaned = super().clean()
        seen, stamp = self.cleaned_data.get("seen"), _stamp(self.instance)
        if self.instance.pk and seen and seen != stamp:
            self.conflict = conflicts(self.instance, self.data, since=_moment(seen))
            merge(self, self.conflict, stamp)
            raise ValidationError(
                _(
                    "%(who)s has changed this record since you opened it. Nothing was "
                    "saved. Look at both versions, correct the form and save it again."
                ),
                params={"who": self.instance.updated_by},
            )
        return cleaned


def _stamp(record: Publishable) -> str:
    return record.updated_at.isoformat() if record.updated_at else "never"


def _moment(stamp: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(stamp).astimezone(dt.UTC)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
