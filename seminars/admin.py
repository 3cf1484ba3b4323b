from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline, TranslationTabularInline

from portal.content.editing.admin import RecordAdmin, TimestampedAdmin
from portal.content.editing.link_roles import LinkRole
from portal.content.editing.sections import Section
from portal.content.editing.translator_admin import ChildInline
from portal.content.form_fields.local_time import LocalDateTimeField
from portal.core.accounts.form_tokens import (
    PendingSubmission,
    describe_repeat,
    new_token,
)
from portal.core.translations.localized_text import (
    choose_localized_text,
    get_active_language,
)
from seminars import operations
from seminars.forms import (
    CopySeminarForm,
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

# Maximum number of seminars offered by a filter, latest first; the search finds all.
_MAX_FILTER_CHOICES = 50


class SessionInline(ChildInline, TranslationStackedInline):
    """Sessions of a seminar; times are entered and shown in the place's time zone."""

    model = Session
    form = SessionForm
    formset = SessionFormSet
    template = "admin/seminars/sessions.html"
    section = Section.PROGRAMME
    extra = 0
    fields = (
        ("position", "session_kind"),
        "title",
        ("starts_at", "ends_at"),
        "place",
        "speaker_office",
        "speaker",
    )
    autocomplete_fields = ("place", "speaker")
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": LocalDateTimeField,
            "widget": AdminSplitDateTime,
        }
    }

    def get_queryset(self, request):
        # Each session form needs the time zone of its place, and its label the code.
        return super().get_queryset(request).select_related("place", "seminar")


class MaterialInline(ChildInline, TranslationTabularInline):
    model = Material
    section = Section.FILES_AND_SOURCES
    extra = 0
    autocomplete_fields = ("file",)


@admin.register(Seminar)
class SeminarAdmin(RecordAdmin):
    form = SeminarForm
    change_form_template = "admin/seminars/seminar/change_form.html"
    list_filter = ("scope", "audience", "state", "participating_countries")
    sections = {
        Section.WHAT_AND_WHEN: (
            "code",
            "title",
            "scope",
            "audience",
            "state",
            "starts_on",
            "ends_on",
            "date_precision",
            "hours",
            "instruction_languages",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: (
            "organiser_organs",
            "organiser_parties",
            "host_organs",
            "host_parties",
            "co_organiser_organs",
            "co_organiser_parties",
            "places",
            "venue",
            "venue_organs",
            "venue_parties",
            "participating_countries",
            "reported_participants",
            "participants_link",
        ),
        Section.TEXTS: ("summary", "body", "subjects"),
        Section.FROM_SOURCES: (
            "title_zh_basis",
            "organiser_as_recorded",
            "co_organiser_as_recorded",
            "city_as_recorded",
            "venue_as_recorded",
        ),
    }
    link_roles = (
        LinkRole(
            pgettext_lazy("role in a seminar", "Organiser"),
            ("organiser_organs", "organiser_parties"),
        ),
        LinkRole(
            pgettext_lazy("role in a seminar", "Host"), ("host_organs", "host_parties")
        ),
        LinkRole(
            pgettext_lazy("role in a seminar", "Co-organiser"),
            ("co_organiser_organs", "co_organiser_parties"),
        ),
        LinkRole(pgettext_lazy("role in a seminar", "Place"), ("places",)),
        LinkRole(
            pgettext_lazy("role in a seminar", "Venue"),
            ("venue_organs", "venue_parties"),
        ),
    )
    search_fields = ("name_keys__named", "code")
    readonly_fields = ("participants_link",)
    revealed_models = {"participants_link": Participant}
    autocomplete_fields = (
        "topics",
        "venue_organs",
        "venue_parties",
        "places",
        "organiser_organs",
        "organiser_parties",
        "host_organs",
        "host_parties",
        "co_organiser_organs",
        "co_organiser_parties",
        "participating_countries",
    )
    inlines = (SessionInline, MaterialInline, *RecordAdmin.inlines)

    def get_content_columns(self):
        return [*super().get_content_columns(), "starts_on", "state"]

    def get_urls(self):
        copy_url = path(
            "<int:pk>/copy/",
            self.admin_site.admin_view(self.copy_view),
            name="seminars_seminar_copy",
        )
        return [copy_url, *super().get_urls()]

    def copy_view(self, request, pk):
        """Show and process the form that copies a seminar as a new draft.

        The form asks for the first day of the new seminar. Raises PermissionDenied for
        users without permission to view and add seminars.
        """
        # Check permissions before the lookup: otherwise the status code, 403 or 404,
        # would reveal which seminars exist.
        can_view = self.has_view_permission(request)
        if not (can_view and self.has_add_permission(request)):
            raise PermissionDenied
        seminar = get_object_or_404(self.get_queryset(request), pk=pk)
        initial = {"first_day_on": operations.suggest_copy_start_date(seminar)}
        if request.method == "POST":
            form = CopySeminarForm(request.POST, initial=initial)
            return self._save_copy(request, seminar, form)
        form = CopySeminarForm(initial=initial)
        token = new_token(request, model=Seminar, form=f"copy:{seminar.pk}")
        return self._copy_page(request, seminar, form, token)

    def _save_copy(self, request, seminar, form):
        """Create the copy; a repeated submission of the same form creates no second."""
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
            new_seminar = operations.copy_seminar(
                seminar,
                starts_on=form.cleaned_data["first_day_on"],
                by=request.user,
                at=timezone.now(),
            )
            pending.complete(new_seminar)
        message = gettext("Draft %(code)s has been created. Check and complete it.")
        self.message_user(
            request, message % {"code": new_seminar.code}, messages.SUCCESS
        )
        return redirect("admin:seminars_seminar_change", new_seminar.pk)

    def _respond_to_repeated_copy(self, request, earlier):
        new_seminar = earlier.find_saved_object(self.get_queryset(request))
        self.message_user(request, describe_repeat(new_seminar), messages.WARNING)
        if new_seminar is None:
            return redirect("admin:seminars_seminar_changelist")
        return redirect("admin:seminars_seminar_change", new_seminar.pk)

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

    def save_formset(self, request, form, formset, change):
        """Save the rows of an inline; sessions are then put in the order of time."""
        super().save_formset(request, form, formset, change)
        if formset.model is not Session or not formset.has_changed_order:
            return
        unnumbered = [
            row.instance.pk
            for row in formset.extra_forms
            if row.instance.pk and "position" not in row.changed_data
        ]
        if operations.sort_sessions(form.instance, unnumbered=unnumbered):
            messages.info(
                request, gettext("The sessions are now in the order of their time.")
            )

    @admin.display(description=_("recorded participants"))
    def participants_link(self, obj):
        """Return a link to the participants of the seminar, with their number.

        Participants have their own admin pages; they are not edited in the seminar's
        form. The script of the form shows the text of ``data-differs`` if the number
        entered as ``reported_participants`` is another one.
        """
        if obj.pk is None:
            return "–"
        count = obj.participants.count()
        link_text = ngettext("%(count)s participant", "%(count)s participants", count)
        url = reverse("admin:seminars_participant_changelist")
        mismatch_message = ngettext(
            "%(count)s participant has been recorded. Check which number is correct.",
            "%(count)s participants have been recorded. Check which number is correct.",
            count,
        )
        return format_html(
            '<a href="{}?seminar__id__exact={}" data-on-record="{}" data-differs="{}">'
            "{}</a>",
            url,
            obj.pk,
            count,
            mismatch_message % {"count": count},
            link_text % {"count": count},
        )


class RecentSeminarFilter(admin.RelatedFieldListFilter):
    """Admin filter that offers codes and titles of the latest seminars."""

    def field_choices(self, field, request, model_admin):
        latest = Seminar.objects.order_by("-sort_on", "-pk")
        rows = latest.values_list("pk", "code", "title_zh_hans", "title_en")
        language = get_active_language()
        choices = []
        for pk, code, chinese, english in rows[:_MAX_FILTER_CHOICES]:
            title = choose_localized_text({"zh-hans": chinese, "en": english}, language)
            choices.append((pk, f"{code} {title or ''}".strip()))
        return choices


@admin.register(Participant)
class ParticipantAdmin(TimestampedAdmin):
    list_display = ("person", "seminar_code", "organ", "updated_at")
    list_filter = (("seminar", RecentSeminarFilter), "person__country")
    list_select_related = ("person", "organ", "seminar")
    search_fields = (
        "person__name_latin_key__named",
        "person__name_own_key__named",
        "=seminar__code",
    )
    autocomplete_fields = ("seminar", "person", "organ")
    ordering = ("-seminar__sort_on", "-seminar", "pk")

    def get_queryset(self, request):
        # Participant.__str__ reads person and seminar, also in autocomplete results.
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=_("seminar"), ordering="seminar__code")
    def seminar_code(self, obj):
        return obj.seminar.code


@admin.register(TrainingRecord)
class TrainingRecordAdmin(TimestampedAdmin):
    list_display = ("participant", "role", "hours_attended", "result")
    list_filter = (("participant__seminar", RecentSeminarFilter), "role", "result")
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
class CertificateAdmin(TimestampedAdmin):
    list_display = ("number", "training_record", "issued_on")
    list_filter = (("training_record__participant__seminar", RecentSeminarFilter),)
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
