"""The sign-in log: read by those who may, written by nobody."""

from django.contrib import admin

from portal.accounts.models import SignIn


@admin.register(SignIn)
class SignInAdmin(admin.ModelAdmin):
    list_display = ("at", "user", "address", "outcome", "factor")
    list_filter = ("outcome", "factor")
    list_select_related = ("user",)
    search_fields = ("=user__username", "=address")
    fields = list_display

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
