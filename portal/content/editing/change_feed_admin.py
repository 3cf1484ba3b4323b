"""Staff admin of the public change sequence.

It is not part of the app that defines the change model, because that app may not import
the registry of record kinds.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.registry import all_kinds
from portal.core.audit.admin import ReadOnlyAdmin


def _get_kind_labels() -> dict[str, str]:
    return {kind.code: kind.label for kind in all_kinds()}


class ChangeKindFilter(admin.SimpleListFilter):
    """Filter by record kind that lists all registered kinds.

    The kinds that occur in the sequence are not queried.
    """

    title = _("type")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return list(_get_kind_labels().items())

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ChangeAdmin(ReadOnlyAdmin):
    """Read-only admin of the public change sequence."""

    list_display = (
        "position",
        "kind_label",
        "code",
        "action",
        "revision",
        "changed_at",
    )
    list_filter = (ChangeKindFilter, "action")
    search_fields = ("=code",)
    ordering = ("-position",)
    show_full_result_count = False
    fields = list_display

    @admin.display(description=_("type"), ordering="kind")
    def kind_label(self, obj):
        return _get_kind_labels().get(obj.kind, obj.kind)

    def get_readonly_fields(self, request, obj=None):
        return self.fields
