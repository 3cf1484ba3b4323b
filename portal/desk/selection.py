"""The rows that are chosen in a list, as the browser sends them."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models


class SelectionAdmin(ModelAdmin):
    """Ignores chosen keys that no row of the list can have.

    Put it before the admin class. Only a request made by hand holds such a key; the
    database would refuse the whole query.
    """

    def changelist_view(self, request, extra_context=None):
        sent = request.POST.getlist(ACTION_CHECKBOX_NAME)
        chosen = [key for key in sent if _is_key(self.opts.pk, key)]
        if chosen != sent:
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, chosen)
        return super().changelist_view(request, extra_context)


def _is_key(field: models.Field, key: str) -> bool:
    try:
        field.clean(key, None)
    except ValidationError:
        return False
    return "\0" not in key
