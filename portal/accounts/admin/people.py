from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import PersonForm
from portal.accounts.models import User
from portal.history.admin import RememberedAdmin


@admin.register(User)
class UserAdmin(RememberedAdmin, DjangoUserAdmin):
    form = PersonForm
    list_display = ("username", "email", "is_active", "is_staff", "is_actor")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_actor", "groups")
    fieldsets = (
        *DjangoUserAdmin.fieldsets,
        (_("Languages"), {"fields": ("interface_language", "translates")}),
        (None, {"fields": ("is_actor",)}),
    )
    readonly_fields = ("is_actor", "last_login", "date_joined")
