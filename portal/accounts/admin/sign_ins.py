"""The sign-in log: read by those who may, written by nobody."""

from django.contrib import admin

from portal.accounts.models import SignIn
from portal.history.admin import ReadAdmin


@admin.register(SignIn)
class SignInAdmin(ReadAdmin):
    list_display = ("at", "user", "address", "outcome", "factor")
    list_filter = ("outcome", "factor")
    list_select_related = ("user",)
    search_fields = ("=user__username", "=address")
    fields = list_display
