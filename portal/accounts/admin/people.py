from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import operations
from portal.accounts.access import AccessPage, rights_of
from portal.accounts.admin.roles import RolesAdmin
from portal.accounts.forms import InvitedForm, PersonForm
from portal.accounts.models import User
from portal.accounts.reauthentication import ReauthenticatedAdmin
from portal.history.admin import RememberedAdmin


@admin.register(User)
class UserAdmin(ReauthenticatedAdmin, RolesAdmin, RememberedAdmin, DjangoUserAdmin):
    """People are invited, and choose their passwords themselves: nobody else ever
    knows one."""

    form = PersonForm
    add_form = InvitedForm
    add_form_template = None
    change_form_template = "account/person_form.html"
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
        """Without the page on which one sets the password of another person."""
        access = AccessPage.as_view(model_admin=self)
        return [
            path(
                "<int:pk>/access/",
                self.admin_site.admin_view(access),
                name="accounts_user_access",
            ),
            *super(DjangoUserAdmin, self).get_urls(),
        ]

    def get_readonly_fields(self, request, obj=None):
        """Who is no superuser makes none, and gives no right beside those of roles."""
        fixed = (
            () if request.user.is_superuser else ("is_superuser", "user_permissions")
        )
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_change_permission(self, request, obj=None):
        """A superuser, and an account of the portal itself, is not for everyone."""
        is_mine = obj is None or not (obj.is_superuser or obj.is_actor)
        allowed = super().has_change_permission(request, obj)
        return allowed and (is_mine or request.user.is_superuser)

    def has_delete_permission(self, request, obj=None):
        is_mine = obj is None or not (obj.is_superuser or obj.is_actor)
        allowed = super().has_delete_permission(request, obj)
        return allowed and (is_mine or request.user.is_superuser)

    def get_object(self, request, object_id, from_field=None):
        person = super().get_object(request, object_id, from_field)
        if person is not None and request.method == "POST":
            request.rights_before = rights_of(person)
        return person

    def save_related(self, request, form, formsets, change):
        """Other rights begin with a new sign-in; one's own session goes on."""
        super().save_related(request, form, formsets, change)
        person = User.objects.get(pk=form.instance.pk)
        if change and rights_of(person) != request.rights_before:
            operations.end_sessions(person)
            if person.pk == request.user.pk:
                update_session_auth_hash(request, person)

    def response_add(self, request, obj, post_url_continue=None):
        """On to the page that gives the new colleague's link."""
        address = reverse("admin:accounts_user_access", args=[obj.pk])
        return HttpResponseRedirect(address)
