from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from portal.accounts.reauthentication import ReauthenticatedAdmin
from portal.history.admin import RememberedAdmin

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReauthenticatedAdmin, RememberedAdmin, GroupAdmin):
    """Roles are groups; what they may do is changed by who has just signed in."""
