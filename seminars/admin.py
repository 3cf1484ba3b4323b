from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.admin import TranslationStackedInline, TranslationTabularInline

from portal.publishing.admin import RecordAdmin, StampedAdmin
from seminars.forms import SeminarForm, SessionForm, SessionFormSet, WallClockField
from seminars.models import (
    Certificate,
    Material,
    Participant,
    Seminar,
    Session,
    TrainingRecord,
)

# How many seminars a filter offers, the latest first; search finds the others.
_OFFERED = 50


class SessionInline(TranslationStackedInline):
    """Times are typed and shown as on the clock of the place."""

    model = Session
    form = SessionForm
    formset = SessionFormSet
    extra = 0
    autocomplete_fields = ("place", "speaker")
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": WallClockField,
            "widget": AdminSplitDateTime,
        }
    }


class MaterialInline(TranslationTabularInline):
    model = Material
    extra = 0
    autocomplete_fields = ("file",)


@admin.register(Seminar)
class SeminarAdmin(RecordAdmin):
    form = SeminarForm
    list_filter = ("scope", "audience", "state", "participating_countries")
    search_fields = ("code", "title_en", "title_zh_hans", "venue_as_recorded")
    readonly_fields = ("participants_on_record",)
    autocomplete_fields = (
        "topics",
        "venue_organs",
        "venue_parties",
        "places",
        "organiser_organs",
        "organiser_parties",
        "host_organs",
        "host_parties",
        "participating_countries",
    )
    inlines = (SessionInline, MaterialInline, *RecordAdmin.inlines)

    def list_columns(self):
        return [*super().list_columns(), "starts_on", "state"]

    @admin.display(description=_("participants on record"))
    def participants_on_record(self, obj):
        """The way to the seminar's participants, who are no part of its form."""
        if obj.pk is None:
            return "–"
        count = obj.participants.count()
        told = ngettext("%(count)s participant", "%(count)s participants", count)
        url = reverse("admin:seminars_participant_changelist")
        return format_html(
            '<a href="{}?seminar__id__exact={}">{}</a>',
            url,
            obj.pk,
            told % {"count": count},
        )


class SeminarFilter(admin.RelatedFieldListFilter):
    """The latest seminars by code and title; nothing else of them is read."""

    def field_choices(self, field, request, model_admin):
        latest = Seminar.objects.order_by("-sort_on", "-pk")
        rows = latest.values_list("pk", "code", "title_zh_hans", "title_en")
        return [
            (pk, f"{code} {chinese or english}")
            for pk, code, chinese, english in rows[:_OFFERED]
        ]


@admin.register(Participant)
class ParticipantAdmin(StampedAdmin):
    list_display = ("person", "seminar_code", "organ", "updated_at")
    list_filter = (("seminar", SeminarFilter), "person__country")
    list_select_related = ("person", "organ", "seminar")
    search_fields = ("person__name_latin", "person__name_own", "=seminar__code")
    autocomplete_fields = ("seminar", "person", "organ")
    ordering = ("-seminar__sort_on", "-seminar", "pk")

    def get_queryset(self, request):
        # Each is named by person and seminar, also where one is looked up.
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=_("seminar"), ordering="seminar__code")
    def seminar_code(self, obj):
        return obj.seminar.code


@admin.register(TrainingRecord)
class TrainingRecordAdmin(StampedAdmin):
    list_display = ("participant", "role", "hours_attended", "result")
    list_filter = (("participant__seminar", SeminarFilter), "role", "result")
    list_select_related = ("participant__person", "participant__seminar")
    search_fields = (
        "participant__person__name_latin",
        "participant__person__name_own",
        "=participant__seminar__code",
    )
    autocomplete_fields = ("participant",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)


@admin.register(Certificate)
class CertificateAdmin(StampedAdmin):
    list_display = ("number", "training_record", "issued_on")
    list_filter = (("training_record__participant__seminar", SeminarFilter),)
    list_select_related = (
        "training_record__participant__person",
        "training_record__participant__seminar",
    )
    search_fields = (
        "number",
        "training_record__participant__person__name_latin",
        "training_record__participant__person__name_own",
    )
    autocomplete_fields = ("training_record",)
    date_hierarchy = "issued_on"
