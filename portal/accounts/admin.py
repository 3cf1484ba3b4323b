from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from portal.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "email", "is_active", "is_staff", "is_actor")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_actor", "groups")
    readonly_fields = ("is_actor",)
