"""Visibility in the admin: hide data of models that a user has no permission to view.

Such data does not appear in form fields, list columns, filters, search, lookups in the
URL or the list of related objects on the delete page. The view permission is that of
the ModelAdmin registered for the model. Models without a ModelAdmin (child rows of a
record, link tables) are never hidden, because they are displayed with their record.
"""

from collections.abc import Iterable

from django.contrib.admin import AdminSite
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import NestedObjects, flatten
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models, router
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext as _


def is_model_hidden(site: AdminSite, request, model: type[models.Model]) -> bool:
    """Return whether ``model`` has a ModelAdmin whose objects the user may not view."""
    if not site.is_registered(model):
        return False
    return not site.get_model_admin(model).has_view_permission(request)


def get_lookup_models(
    model: type[models.Model], lookup: str
) -> list[type[models.Model]]:
    """Return the models that a lookup path goes through, starting from ``model``.

    For example ``participant__seminar__code`` goes through two models. Prefixes of
    admin search fields (``^``, ``=``, ``@``) are ignored.
    """
    related_models = []
    for part in lookup.lstrip("^=@-").split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            break
        if not getattr(field, "path_infos", None):
            break
        model = field.path_infos[-1].to_opts.model
        related_models.append(model)
    return related_models


class VisibilityFormMixin(BaseModelAdmin):
    """Mixin for ModelAdmin and inlines that omits fields related to hidden models.

    ``revealed_models`` of an admin class maps the names of its computed read-only
    fields to the model whose data they display.
    """

    def is_field_hidden(self, request, name: str) -> bool:
        """Return whether a field, column or lookup path reveals a hidden model."""
        revealed_model = getattr(self, "revealed_models", {}).get(name)
        field_models = (
            [revealed_model] if revealed_model else get_lookup_models(self.model, name)
        )
        # User names are shown even to staff who may not view the list of users.
        checked_models = (
            model for model in field_models if model is not get_user_model()
        )
        return any(
            is_model_hidden(self.admin_site, request, model) for model in checked_models
        )

    def get_exclude(self, request, obj=None):
        fields = [*self.opts.fields, *self.opts.many_to_many]
        relation_names = (field.name for field in fields if field.is_relation)
        hidden = [
            name for name in relation_names if self.is_field_hidden(request, name)
        ]
        excluded = super().get_exclude(request, obj)
        return [*(excluded or ()), *hidden] if hidden else excluded

    def get_readonly_fields(self, request, obj=None):
        return self._filter_visible(request, super().get_readonly_fields(request, obj))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [
            (
                name,
                {**options, "fields": self._filter_visible(request, options["fields"])},
            )
            for name, options in fieldsets
        ]

    def _filter_visible(self, request, names: Iterable) -> list:
        return [
            name
            for name in names
            if not any(
                self.is_field_hidden(request, field_name)
                for field_name in flatten([name])
            )
        ]


class VisibilityAdminMixin(VisibilityFormMixin):
    """Mixin for ModelAdmin that also protects the change list and the delete page.

    It omits list columns, filters and search fields related to hidden models, and
    rejects such lookups in the URL.
    """

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return [
            column
            for column in columns
            if not (isinstance(column, str) and self.is_field_hidden(request, column))
        ]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return [
            list_filter
            for list_filter in filters
            if not self._is_filter_hidden(request, list_filter)
        ]

    def _is_filter_hidden(self, request, list_filter) -> bool:
        field = list_filter[0] if isinstance(list_filter, tuple) else list_filter
        return isinstance(field, str) and self.is_field_hidden(request, field)

    def get_search_fields(self, request):
        search_fields = super().get_search_fields(request)
        return [
            name for name in search_fields if not self.is_field_hidden(request, name)
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Check the permission before the object is looked up.

        Django would return 403 for an existing object and redirect for a missing one,
        which discloses whether the object exists.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def lookup_allowed(self, lookup, value, request):
        """Reject lookups through hidden models.

        Django allows lookups on any direct relation, which would disclose for example
        which seminars have participants.
        """
        if self.is_field_hidden(request, lookup):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_deleted_objects(self, objs, request):
        """Refuse to delete objects on which hidden objects depend.

        The hidden objects are not named.
        """
        using = router.db_for_write(self.model)
        collector = NestedObjects(using=using, origin=objs)
        collector.collect(objs)
        affected_models = {*collector.model_objs, *map(type, collector.protected)}
        if any(
            is_model_hidden(self.admin_site, request, model)
            for model in affected_models
        ):
            message = _(
                "You do not have permission to view this. Ask a colleague "
                "who has access."
            )
            return [str(obj) for obj in objs], {}, set(), [message]
        return super().get_deleted_objects(objs, request)
