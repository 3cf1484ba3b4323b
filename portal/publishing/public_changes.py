"""The sequence of public changes at the desk.

It stands here, not with its rows: only the rooms above them know the kinds of record.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.catalogue.registry import kinds
from portal.history.admin import ReadAdmin


def _labels() -> dict[str, str]:
    return {kind.code: kind.label for kind in kinds()}


class KindFilter(admin.SimpleListFilter):
    """All kinds there are; which of them stand in the sequence is not looked up."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return list(_labels().items())

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ChangeAdmin(ReadAdmin):
    """The sequence can be read, never edited."""

    list_display = ("position", "of_kind", "code", "action", "revision", "changed_at")
    list_filter = (KindFilter, "action")
    search_fields = ("=code",)
    ordering = ("-position",)
    show_full_result_count = False
    fields = list_display

    @admin.display(description=_("kind"), ordering="kind")
    def of_kind(self, obj):
        return _labels().get(obj.kind, obj.kind)

    def get_readonly_fields(self, request, obj=None):
        return self.fields
