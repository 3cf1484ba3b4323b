from django.contrib import admin

from portal.changes.models import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The sequence can be read, never edited."""

    list_display = ("position", "kind", "code", "action", "revision", "changed_at")
    list_filter = ("kind", "action")
    search_fields = ("=code",)
    ordering = ("-position",)
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
