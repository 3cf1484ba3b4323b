"""Assignment of roles to users in the admin, in place of groups and permissions.

The permissions of a role are declared in the code, so groups cannot be edited.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 registers Group
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.accounts.choices import Role

admin.site.unregister(Group)


class RoleMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Multiple choice of role groups, labelled with the translated role names."""

    def label_from_instance(self, obj):
        return Role(obj.name).label


class RoleFilter(admin.SimpleListFilter):
    """Change list filter by role of a user."""

    title = pgettext_lazy("of staff", "role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        is_valid = self.value() in Role.values
        return queryset.filter(groups__name=self.value()) if is_valid else queryset


class RoleAssignmentAdmin(admin.ModelAdmin):
    """Base class of the user admin that assigns roles instead of groups.

    Single permissions are not displayed. Only superusers can change their own roles.
    """

    filter_horizontal = ()

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_list_display(self, request):
        return [*super().get_list_display(request), "roles"]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return [RoleFilter if name == "groups" else name for name in filters]

    def get_fieldsets(self, request, obj=None):
        is_own = obj is not None and obj.pk == request.user.pk
        groups_field = "roles" if is_own and not request.user.is_superuser else "groups"
        replacements = {"groups": groups_field, "user_permissions": None}
        fieldsets = []
        for name, options in super().get_fieldsets(request, obj):
            fields = [replacements.get(field, field) for field in options["fields"]]
            fieldsets.append((name, {**options, "fields": list(filter(None, fields))}))
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "roles"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RoleMultipleChoiceField(
            label=capfirst(pgettext_lazy("of staff", "roles")),
            queryset=Group.objects.filter(name__in=Role.values).order_by("pk"),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_(
                "A user with several roles has the permissions of all of them."
            ),
        )

    @admin.display(description=pgettext_lazy("of staff", "roles"))
    def roles(self, obj):
        if obj.pk is None:
            return "–"
        codes = {group.name for group in obj.groups.all()}
        return ", ".join(str(role.label) for role in Role if role in codes) or "–"
