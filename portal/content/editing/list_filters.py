"""Columns and filters of record lists: status, languages, and the task filter."""

import datetime as dt

from babel.dates import format_date
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.content.editing.record_tasks import (
    RecordTask,
    get_described_pks,
    get_task_condition,
    get_task_conditions,
    is_own,
    submission_time,
)
from portal.content.publishing.choices import Status
from portal.core.translations.locales import get_cldr_locale
from portal.core.translations.localized_text import (
    get_active_language,
    written_languages,
)

# Short names of languages in lists: a list has little room for this column.
SHORT_LANGUAGE_NAMES = {
    "zh-hans": pgettext_lazy("short name of a language", "zh"),
    "zh-hant": pgettext_lazy("short name of a language", "zh-Hant"),
    "en": pgettext_lazy("short name of a language", "en"),
    "vi": pgettext_lazy("short name of a language", "vi"),
    "th": pgettext_lazy("short name of a language", "th"),
    "lo": pgettext_lazy("short name of a language", "lo"),
    "km": pgettext_lazy("short name of a language", "km"),
    "my": pgettext_lazy("short name of a language", "my"),
    "id": pgettext_lazy("short name of a language", "id"),
    "ms": pgettext_lazy("short name of a language", "ms"),
    "fil": pgettext_lazy("short name of a language", "fil"),
    "pt": pgettext_lazy("short name of a language", "pt"),
}


# Not “status”: many records have a status of their own, such as held or suspended.
_STATUS = gettext_lazy("publishing status")
_TITLE_COLUMNS = ("localized_title", "display_title")


class StatusFilter(admin.ChoicesFieldListFilter):
    """Filter by the publishing status, named like the column."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _STATUS


class RecordChangeList(ChangeList):
    """List of records with the time at which each came to review."""

    def get_queryset(self, request, exclude_parameters=None):
        records = super().get_queryset(request, exclude_parameters)
        return records.annotate(submitted_at=submission_time(self.model))


class RecordListAdmin(admin.ModelAdmin):
    """Admin of records with the columns of :data:`STATUS_COLUMNS`."""

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def get_list_display_links(self, request, list_display):
        """Link the code and the title, so that the target is large."""
        linked = (self.model.code_field, *_TITLE_COLUMNS)
        return [name for name in list_display if name in linked]

    @admin.display(description=_STATUS, ordering="status")
    def status_since(self, obj):
        """Return the status, and since when the record waits for review, or when it
        will be published."""
        since = getattr(obj, "submitted_at", None) or obj.updated_at
        if obj.status == Status.IN_REVIEW and since:
            text = _("in review, waiting since %(day)s")
            return text % {"day": _format_day(since)}
        if obj.status == Status.APPROVED and obj.publish_at:
            text = _("approved, will be published on %(day)s, %(time)s")
            clock = date_format(timezone.localtime(obj.publish_at), "H:i")
            return text % {"day": _format_day(obj.publish_at), "time": clock}
        return obj.get_status_display()

    @admin.display(description=gettext_lazy("languages"))
    def content_languages(self, obj):
        codes = written_languages(obj, obj.text_fields)
        return " ".join(str(SHORT_LANGUAGE_NAMES[code]) for code in codes)

    @admin.display(description=gettext_lazy("last updated"), ordering="updated_at")
    def changed_on(self, obj):
        return _format_day(obj.updated_at) if obj.updated_at else ""


STATUS_COLUMNS = ("status_since", "content_languages", "changed_on")


def _format_day(time: dt.datetime) -> str:
    """Return the day in the office's time zone, short: a list has narrow columns."""
    locale = get_cldr_locale(get_active_language())
    return format_date(timezone.localtime(time), "medium", locale=locale)


class TaskFilter(admin.SimpleListFilter):
    """Filter by what a record means for the user, as on the start page.

    It offers the tasks for which the user has permission.
    """

    title = gettext_lazy("task")
    parameter_name = "task"

    def lookups(self, request, model_admin):
        tasks = get_task_conditions(model_admin.model, request.user)
        labels = {
            RecordTask.REVIEW: gettext_lazy("waiting for my review"),
            "waiting": gettext_lazy("waiting for any reviewer"),
            RecordTask.RETURNED: gettext_lazy("returned to me"),
            RecordTask.DRAFT: gettext_lazy("my drafts"),
            RecordTask.SUBMITTED: gettext_lazy("submitted by me"),
            RecordTask.SCHEDULED: gettext_lazy("scheduled"),
            "mine": gettext_lazy("all of mine"),
        }
        return [
            (str(value), label)
            for value, label in labels.items()
            if value in tasks or value not in RecordTask.values
        ]

    def queryset(self, request, queryset):
        value, user, model = self.value(), request.user, queryset.model
        if value not in dict(self.lookup_choices):
            return queryset
        if value == "waiting":
            return queryset.filter(status=Status.IN_REVIEW)
        if value == "mine":
            return queryset.filter(is_own(model, user) | Q(updated_by=user))
        condition = get_task_condition(
            model,
            user,
            RecordTask(value),
            described_pks=get_described_pks(user).get(model, ()),
        )
        return queryset.filter(condition)
