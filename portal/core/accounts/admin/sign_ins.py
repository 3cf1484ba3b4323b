"""Read-only admin of the sign-in log."""

from django.contrib import admin

from portal.core.accounts.models import SignIn
from portal.core.audit.admin import ReadOnlyAdmin


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "address", "outcome", "factor")
    list_filter = ("outcome", "factor")
    list_select_related = ("user",)
    search_fields = ("=user__username", "=address")
    fields = list_display
