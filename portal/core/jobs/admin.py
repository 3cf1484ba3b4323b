from django.contrib import admin

from portal.core.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """Admin of background jobs, which can be viewed and deleted but not edited."""

    list_display = ("name", "state", "attempts", "created_at", "finished_at")
    list_filter = ("state", "name")
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
