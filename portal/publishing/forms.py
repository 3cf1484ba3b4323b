"""The form of a record: it refuses to write over what a colleague has done since."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.publishing.clocks import WallClockField, clock_of
from portal.publishing.merging.telling import Conflict
from portal.publishing.years import check_scheduled_day


class RecordForm(forms.ModelForm):
    """``seen`` carries what the form said as its clerk opened it, and ``merged`` is set
    where a colleague has saved since (``portal.publishing.merging``).

    The form is refused then; sent once more, it is taken. The time to publish is one of
    the record's first place.
    """

    merged = None
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # It is nothing that a clerk changes.
            self.initial["seen"] = self.data.get(self.add_prefix("seen"))
        self.clock = clock_of(self.instance)
        if "publish_at" in self.fields:
            self._show_on_clock()

    @property
    def conflict(self) -> list[Conflict]:
        """What a colleague changed since, beside one's own words."""
        return self.merged.conflicts if self.merged else []

    def _show_on_clock(self) -> None:
        known = self.fields["publish_at"]
        told = _("On the clock of %(zone)s.") % {"zone": self.clock.key}
        self.fields["publish_at"] = WallClockField(
            check=check_scheduled_day,
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
        if self.merged:
            raise ValidationError(
                _(
                    "%(who)s has changed this record since you opened it. Nothing was "
                    "saved. Look at both versions, correct the form and save it again."
                ),
                params={"who": self.merged.who},
            )
        return cleaned
