from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline, TranslationTabularInline

from portal.accounts.form_tokens import PendingSubmission, describe_repeat, new_token
from portal.publishing.admin import RecordAdmin, StampedAdmin
from portal.publishing.clocks import WallClockField
from portal.publishing.translating import PartInline
from portal.translations.shown import choose, reader_language
from seminars import operations
from seminars.forms import (
    CopyForm,
    SeminarForm,
    SessionForm,
    SessionFormSet,
)
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


class SessionInline(PartInline, TranslationStackedInline):
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

    def get_queryset(self, request):
        # Each row asks on which clock its times are read.
        return super().get_queryset(request).select_related("place")


class MaterialInline(PartInline, TranslationTabularInline):
    model = Material
    extra = 0
    autocomplete_fields = ("file",)


@admin.register(Seminar)
class SeminarAdmin(RecordAdmin):
    form = SeminarForm
    change_form_template = "admin/seminars/seminar/change_form.html"
    list_filter = ("scope", "audience", "state", "participating_countries")
    search_fields = ("name_keys__named", "code")
    readonly_fields = ("participants_on_record",)
    tells_of = {"participants_on_record": Participant}
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

    def get_urls(self):
        copying = path(
            "<int:pk>/copy/",
            self.admin_site.admin_view(self.copy),
            name="seminars_seminar_copy",
        )
        return [copying, *super().get_urls()]

    def copy(self, request, pk):
        """Plan a seminar again: asks for the first day, and opens the new draft."""
        # Checked first: otherwise 403 and 404 tell which seminars there are.
        is_seen = self.has_view_permission(request)
        if not (is_seen and self.has_add_permission(request)):
            raise PermissionDenied
        seminar = get_object_or_404(self.get_queryset(request), pk=pk)
        proposed = {"first_day_on": operations.a_year_later(seminar)}
        if request.method == "POST":
            form = CopyForm(request.POST, initial=proposed)
            return self._save_copy(request, seminar, form)
        form = CopyForm(initial=proposed)
        token = new_token(request, model=Seminar, form=f"copy:{seminar.pk}")
        return self._copy_page(request, seminar, form, token)

    def _save_copy(self, request, seminar, form):
        """Create the copy once, however often the form is sent."""
        with transaction.atomic():
            pending = PendingSubmission(
                request, model=Seminar, form=f"copy:{seminar.pk}"
            )
            if pending.earlier is not None:
                return self._respond_to_repeated_copy(request, pending.earlier)
            if pending.error:
                form.add_error(None, pending.error)
            if not form.is_valid():
                pending.release()
                return self._copy_page(request, seminar, form, pending.text)
            copied = operations.copy_seminar(
                seminar, **form.cleaned_data, by=request.user, at=timezone.now()
            )
            pending.complete(copied)
        message = gettext("%(code)s is a draft now. Look through it and complete it.")
        self.message_user(request, message % {"code": copied.code}, messages.SUCCESS)
        return redirect("admin:seminars_seminar_change", copied.pk)

    def _respond_to_repeated_copy(self, request, earlier):
        copied = earlier.saved_row(self.get_queryset(request))
        self.message_user(request, describe_repeat(copied), messages.WARNING)
        if copied is None:
            return redirect("admin:seminars_seminar_changelist")
        return redirect("admin:seminars_seminar_change", copied.pk)

    def _copy_page(self, request, seminar, form, token: str) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Copy as next year’s seminar"),
            "subtitle": str(seminar),
            "original": seminar,
            "opts": self.opts,
            "form": form,
            "form_token": token,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/seminars/seminar/copy.html", context)

    @admin.display(description=_("participants on record"))
    def participants_on_record(self, obj):
        """The way to the seminar's participants, who are no part of its form."""
        if obj.pk is None:
            return "–"
        count = obj.participants.count()
        told = ngettext("%(count)s participant", "%(count)s participants", count)
        url = reverse("admin:seminars_participant_changelist")
        differs = ngettext(
            "%(count)s participant is on record; check which number is right.",
            "%(count)s participants are on record; check which number is right.",
            count,
        )
        return format_html(
            '<a href="{}?seminar__id__exact={}" data-on-record="{}" data-differs="{}">'
            "{}</a>",
            url,
            obj.pk,
            count,
            differs % {"count": count},
            told % {"count": count},
        )


class SeminarFilter(admin.RelatedFieldListFilter):
    """The latest seminars by code and title; nothing else of them is read."""

    def field_choices(self, field, request, model_admin):
        latest = Seminar.objects.order_by("-sort_on", "-pk")
        rows = latest.values_list("pk", "code", "title_zh_hans", "title_en")
        language = reader_language()
        found = []
        for pk, code, chinese, english in rows[:_OFFERED]:
            title = choose({"zh-hans": chinese, "en": english}, language)
            found.append((pk, f"{code} {title or ''}".strip()))
        return found


@admin.register(Participant)
class ParticipantAdmin(StampedAdmin):
    list_display = ("person", "seminar_code", "organ", "updated_at")
    list_filter = (("seminar", SeminarFilter), "person__country")
    list_select_related = ("person", "organ", "seminar")
    search_fields = (
        "person__name_latin_key__named",
        "person__name_own_key__named",
        "=seminar__code",
    )
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
        "participant__person__name_latin_key__named",
        "participant__person__name_own_key__named",
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
        "training_record__participant__person__name_latin_key__named",
        "training_record__participant__person__name_own_key__named",
    )
    autocomplete_fields = ("training_record",)
    date_hierarchy = "issued_on"
