"""What a colleague is: roles to be ticked, in place of groups and single rights.

What a role may do stands in the code (``portal.accounts.roles``), so groups have no
form of their own.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 registers Group
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.choices import Role

admin.site.unregister(Group)


class RolesField(forms.ModelMultipleChoiceField):
    """The roles that the portal knows, named as the office names them."""

    def label_from_instance(self, obj):
        return Role(obj.name).label


class RoleFilter(admin.SimpleListFilter):
    """Colleagues who have a role."""

    title = pgettext_lazy("of staff", "role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        known = self.value() in Role.values
        return queryset.filter(groups__name=self.value()) if known else queryset


class RolesAdmin(admin.ModelAdmin):
    """An account is given roles and nothing else. Nobody but a superuser gives roles to
    themselves."""

    filter_horizontal = ()

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_list_display(self, request):
        return [*super().get_list_display(request), "roles"]

    def get_list_filter(self, request):
        found = super().get_list_filter(request)
        return [RoleFilter if one == "groups" else one for one in found]

    def get_fieldsets(self, request, obj=None):
        is_own = obj is not None and obj.pk == request.user.pk
        groups = "roles" if is_own and not request.user.is_superuser else "groups"
        instead = {"groups": groups, "user_permissions": None}
        found = []
        for name, options in super().get_fieldsets(request, obj):
            fields = [instead.get(one, one) for one in options["fields"]]
            found.append((name, {**options, "fields": list(filter(None, fields))}))
        return found

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "roles"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RolesField(
            label=pgettext_lazy("of staff", "roles"),
            queryset=Group.objects.filter(name__in=Role.values).order_by("pk"),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("Who has several roles may do what any of them may."),
        )

    @admin.display(description=pgettext_lazy("of staff", "roles"))
    def roles(self, obj):
        if obj.pk is None:
            return "–"
        held = {group.name for group in obj.groups.all()}
        return ", ".join(str(role.label) for role in Role if role in held) or "–"
