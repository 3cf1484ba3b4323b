"""What a person may not see at the desk, they may not find, count or infer either.

Whether somebody may see the rows of a model is asked of the model's own admin; rows
that have none (parts of a record, links) are seen with what they belong to.
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


def hides(site: AdminSite, request, model: type[models.Model]) -> bool:
    """Whether ``model`` has a list at the desk that this person may not see."""
    if not site.is_registered(model):
        return False
    return not site.get_model_admin(model).has_view_permission(request)


def models_on(model: type[models.Model], lookup: str) -> list[type[models.Model]]:
    """The models to which ``lookup`` leads from ``model``
    (``participant__seminar__code``: two of them)."""
    found = []
    for part in lookup.lstrip("^=@-").split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            break
        if not getattr(field, "path_infos", None):
            break
        model = field.path_infos[-1].to_opts.model
        found.append(model)
    return found


class DiscreetFields(BaseModelAdmin):
    """A form, or rows in a form, without relations to what the person may not see.

    An admin class says by ``tells_of`` which of its read-only fields tell of rows of
    another model: name → model.
    """

    def is_hidden(self, request, name: str) -> bool:
        """Whether the column, relation or lookup ``name`` leads to what is hidden."""
        told = getattr(self, "tells_of", {}).get(name)
        reached = [told] if told else models_on(self.model, name)
        # Colleagues are named wherever they have signed.
        others = (model for model in reached if model is not get_user_model())
        return any(hides(self.admin_site, request, model) for model in others)

    def get_exclude(self, request, obj=None):
        relations = [*self.opts.fields, *self.opts.many_to_many]
        names = (field.name for field in relations if field.is_relation)
        hidden = [name for name in names if self.is_hidden(request, name)]
        excluded = super().get_exclude(request, obj)
        return [*(excluded or ()), *hidden] if hidden else excluded

    def get_readonly_fields(self, request, obj=None):
        return self._seen(request, super().get_readonly_fields(request, obj))

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        return [
            (name, {**options, "fields": self._seen(request, options["fields"])})
            for name, options in found
        ]

    def _seen(self, request, names: Iterable) -> list:
        return [
            name
            for name in names
            if not any(self.is_hidden(request, one) for one in flatten([name]))
        ]


class DiscreetAdmin(DiscreetFields):
    """A list whose columns, filters and search, and whose address, tell nothing of what
    the person may not see; nor does the page that asks before rows are deleted."""

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return [
            one
            for one in shown
            if not (isinstance(one, str) and self.is_hidden(request, one))
        ]

    def get_list_filter(self, request):
        found = super().get_list_filter(request)
        return [one for one in found if not self._is_filter_hidden(request, one)]

    def _is_filter_hidden(self, request, list_filter) -> bool:
        told = list_filter[0] if isinstance(list_filter, tuple) else list_filter
        return isinstance(told, str) and self.is_hidden(request, told)

    def get_search_fields(self, request):
        found = super().get_search_fields(request)
        return [name for name in found if not self.is_hidden(request, name)]

    def history_view(self, request, object_id, extra_context=None):
        """Refuse before the row is looked up: Django answers 403 for a row that is
        there and redirects for one that is not."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def lookup_allowed(self, lookup, value, request):
        """Django allows any relation of one step: who has participants, how many."""
        if self.is_hidden(request, lookup):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_deleted_objects(self, objs, request):
        """Rows that hang on what is hidden cannot be deleted; by what is not told."""
        using = router.db_for_write(self.model)
        collector = NestedObjects(using=using, origin=objs)
        collector.collect(objs)
        involved = {*collector.model_objs, *map(type, collector.protected)}
        if any(hides(self.admin_site, request, model) for model in involved):
            told = _("Something that you may not see. Ask a colleague who may.")
            return [str(obj) for obj in objs], {}, set(), [told]
        return super().get_deleted_objects(objs, request)
