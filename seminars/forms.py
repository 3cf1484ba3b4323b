"""Forms of the programme: times are typed and shown as on the clock of the place."""

from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.language_boxes import LanguageBoxes
from portal.directory.models import Place
from portal.languages import LANGUAGES
from portal.publishing.clocks import clock
from portal.publishing.day_fields import DayField
from portal.publishing.forms import RecordForm
from seminars.models import Seminar

# Longer ones are no keys, and no numbers either if they are very long.
_LONGEST_KEY = 20


class SeminarForm(RecordForm):
    """A seminar; its languages of instruction are ticked, not typed as JSON."""

    instruction_languages = forms.MultipleChoiceField(
        label=_("languages of instruction"),
        choices=[(language.tag, language.own_name) for language in LANGUAGES],
        widget=LanguageBoxes,
        required=False,
    )


class CopyForm(forms.Form):
    """Asks from which day on a seminar is planned again."""

    first_day_on = DayField(
        label=_("first day of the new seminar"), widget=AdminDateWidget
    )


class SessionForm(forms.ModelForm):
    """A session; its times are those of its place, else of the seminar's first place.

    ``zone`` and ``zone_before`` are the seminar's, as typed now and as stored.
    """

    def __init__(self, *args, zone: str = "", zone_before: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.default_zone = zone
        self.zone_before = _clock(self.instance.place, zone_before)
        self.is_moved = False
        for name in ("starts_at", "ends_at"):
            at = getattr(self.instance, name)
            if at:
                self.initial[name] = timezone.make_naive(at, self.zone_before)

    def clean(self):
        cleaned = super().clean()
        is_shown = "place" in self.fields
        place = cleaned.get("place") if is_shown else self.instance.place
        clock = _clock(place, self.default_zone)
        for name in ("starts_at", "ends_at"):
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=clock)
        is_timed = "starts_at" in self.fields
        self.is_moved = is_timed and clock.key != self.zone_before.key
        return cleaned

    def has_changed(self):
        """Also when the same words are now read on the clock of another place."""
        is_timed = self.instance.pk and self.instance.starts_at
        return super().has_changed() or bool(is_timed and self.is_moved)


class SessionFormSet(BaseInlineFormSet):
    """The programme of a seminar, which tells its rows the zone of the seminar."""

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), **self._zones}

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The zone of the first place: as stored, and as it is being typed."""
        places = Seminar.places.through.objects.filter(seminar=self.instance.pk)
        stored = list(places.order_by("pk").values_list("place", "place__time_zone"))
        before = stored[0][1] if stored else ""
        if not self.is_bound:
            return {"zone": before, "zone_before": before}
        sent = self.data.getlist("places")
        typed = [int(pk) for pk in sent if pk.isdecimal() and len(pk) < _LONGEST_KEY]
        kept = [zone for pk, zone in stored if pk in typed]
        if not kept and typed:
            first = Place.objects.filter(pk=typed[0])
            kept = list(first.values_list("time_zone", flat=True))
        return {"zone": kept[0] if kept else "", "zone_before": before}


def _clock(place: Place | None, default: str) -> ZoneInfo:
    return clock(place.time_zone if place else default)
