"""Admin forms of seminars and of the sessions of their programme."""

from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.content.editing.forms import RecordForm
from portal.content.form_fields.day_fields import DayField
from portal.content.form_fields.local_time import get_time_zone
from portal.core.accounts.language_widgets import LanguageCheckboxSelectMultiple
from portal.core.languages import LANGUAGES
from portal.reference.directory.models import Place
from seminars.models import Seminar

# Longer digit strings cannot be primary keys, and int() raises ValueError for strings
# of thousands of digits.
_MAX_KEY_DIGITS = 20
# Fields of a session that decide its place in the programme.
_ORDER_FIELDS = frozenset({"position", "starts_at", "place"})


class SeminarForm(RecordForm):
    """Form of a seminar, with check boxes for the languages of instruction."""

    instruction_languages = forms.MultipleChoiceField(
        label=capfirst(_("languages of instruction")),
        choices=[(language.tag, language.native_name) for language in LANGUAGES],
        widget=LanguageCheckboxSelectMultiple,
        required=False,
    )


class CopySeminarForm(forms.Form):
    """Form that asks for the first day of the copy of a seminar."""

    first_day_on = DayField(
        label=capfirst(_("start date of the new seminar")), widget=AdminDateWidget
    )


class SessionForm(forms.ModelForm):
    """Form of a session. Times are entered in the time zone of the session's place.

    A session without a place uses the time zone of the seminar: ``time_zone`` as
    submitted, ``stored_time_zone`` as saved. Both are IANA names; "" means the default
    time zone.
    """

    def __init__(
        self, *args, time_zone: str = "", stored_time_zone: str = "", **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.default_time_zone = time_zone
        self.stored_time_zone = _get_time_zone(self.instance.place, stored_time_zone)
        self.has_time_zone_changed = False
        for name in ("starts_at", "ends_at"):
            at = getattr(self.instance, name)
            if at:
                self.initial[name] = timezone.make_naive(at, self.stored_time_zone)

    def clean(self):
        cleaned = super().clean()
        has_place_field = "place" in self.fields
        place = cleaned.get("place") if has_place_field else self.instance.place
        time_zone = _get_time_zone(place, self.default_time_zone)
        for name in ("starts_at", "ends_at"):
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=time_zone)
        has_time_fields = "starts_at" in self.fields
        self.has_time_zone_changed = (
            has_time_fields and time_zone.key != self.stored_time_zone.key
        )
        return cleaned

    def has_changed(self):
        """Return whether a field changed, or the time zone that its times are in.

        If the time zone changed, the same entered times are other moments.
        """
        has_start_time = self.instance.pk and self.instance.starts_at
        return super().has_changed() or bool(
            has_start_time and self.has_time_zone_changed
        )


class SessionFormSet(BaseInlineFormSet):
    """Formset that passes the time zone of the seminar to each session form."""

    @property
    def has_changed_order(self) -> bool:
        """Return whether sessions were added or their numbers, times or places changed.

        Other edits, such as a translation, do not put the sessions in another order.
        """
        return any(
            form.has_time_zone_changed or _ORDER_FIELDS.intersection(form.changed_data)
            for form in self.initial_forms
        ) or any(form.has_changed() for form in self.extra_forms)

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), **self._time_zone_kwargs}

    @cached_property
    def _time_zone_kwargs(self) -> dict[str, str]:
        """Return the time zone of the seminar's first place, as submitted and as saved.

        The keys of the dict are keyword arguments of ``SessionForm``.
        """
        places = Seminar.places.through.objects.filter(seminar=self.instance.pk)
        stored = list(places.order_by("pk").values_list("place", "place__time_zone"))
        stored_time_zone = stored[0][1] if stored else ""
        if not self.is_bound:
            return {"time_zone": stored_time_zone, "stored_time_zone": stored_time_zone}
        submitted_places = self.data.getlist("places")
        submitted_pks = [
            int(pk)
            for pk in submitted_places
            if pk.isdecimal() and len(pk) < _MAX_KEY_DIGITS
        ]
        time_zones = [time_zone for pk, time_zone in stored if pk in submitted_pks]
        if not time_zones and submitted_pks:
            first = Place.objects.filter(pk=submitted_pks[0])
            time_zones = list(first.values_list("time_zone", flat=True))
        return {
            "time_zone": time_zones[0] if time_zones else "",
            "stored_time_zone": stored_time_zone,
        }


def _get_time_zone(place: Place | None, default: str) -> ZoneInfo:
    return get_time_zone(place.time_zone if place else default)
