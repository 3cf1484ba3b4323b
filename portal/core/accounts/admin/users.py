"""Admin of staff accounts."""

from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import operations
from portal.core.accounts.admin.roles import RoleAssignmentAdmin
from portal.core.accounts.forms import StaffUserChangeForm, StaffUserCreationForm
from portal.core.accounts.models import User
from portal.core.accounts.reauthentication import ReauthenticationRequiredMixin
from portal.core.accounts.user_access_view import UserAccessView, get_privileges
from portal.core.audit.admin import AuditedAdmin


@admin.register(User)
class UserAdmin(
    ReauthenticationRequiredMixin, RoleAssignmentAdmin, AuditedAdmin, DjangoUserAdmin
):
    """Admin of staff accounts.

    Administrators send invitation links, and users choose their passwords themselves,
    so that no administrator knows the password of another user.
    """

    form = StaffUserChangeForm
    add_form = StaffUserCreationForm
    add_form_template = None
    change_form_template = "account/user_form.html"
    list_display = ("username", "email", "is_active", "is_staff", "is_actor")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_actor", "groups")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        *DjangoUserAdmin.fieldsets[2:],
        (_("Languages"), {"fields": ("interface_language", "translates")}),
        (None, {"fields": ("is_actor",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "first_name",
                    "last_name",
                    "email",
                    "interface_language",
                    "groups",
                )
            },
        ),
    )
    readonly_fields = ("is_actor", "last_login", "date_joined")

    def get_urls(self):
        """Add the access view, and omit Django's view that sets a user's password."""
        access = UserAccessView.as_view(model_admin=self)
        return [
            path(
                "<int:pk>/access/",
                self.admin_site.admin_view(access),
                name="accounts_user_access",
            ),
            *super(DjangoUserAdmin, self).get_urls(),
        ]

    def get_readonly_fields(self, request, obj=None):
        """Let only superusers appoint superusers or grant single permissions.

        Other administrators can only assign roles.
        """
        superuser_only_fields = (
            () if request.user.is_superuser else ("is_superuser", "user_permissions")
        )
        return (*super().get_readonly_fields(request, obj), *superuser_only_fields)

    def has_change_permission(self, request, obj=None):
        """Let only superusers change superusers and system users."""
        is_unprivileged = obj is None or not (obj.is_superuser or obj.is_actor)
        is_allowed = super().has_change_permission(request, obj)
        return is_allowed and (is_unprivileged or request.user.is_superuser)

    def has_delete_permission(self, request, obj=None):
        is_unprivileged = obj is None or not (obj.is_superuser or obj.is_actor)
        is_allowed = super().has_delete_permission(request, obj)
        return is_allowed and (is_unprivileged or request.user.is_superuser)

    def get_object(self, request, object_id, from_field=None):
        user = super().get_object(request, object_id, from_field)
        if user is not None and request.method == "POST":
            request.privileges_before = get_privileges(user)
        return user

    def save_related(self, request, form, formsets, change):
        """End the sessions of a user whose privileges have changed.

        Users who change their own privileges keep the current session.
        """
        super().save_related(request, form, formsets, change)
        user = User.objects.get(pk=form.instance.pk)
        if change and get_privileges(user) != request.privileges_before:
            operations.end_sessions(user)
            if user.pk == request.user.pk:
                update_session_auth_hash(request, user)

    def response_add(self, request, obj, post_url_continue=None):
        """Redirect to the access view, where the invitation link is created."""
        url = reverse("admin:accounts_user_access", args=[obj.pk])
        return HttpResponseRedirect(url)
