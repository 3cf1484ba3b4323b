"""Validation of the row selection that an admin list submits with an action."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models


class SelectionAdmin(ModelAdmin):
    """Mixin that ignores selected keys which are not valid primary keys of the model.

    List it before the admin class. Only a manipulated request contains such a key; the
    database would reject the whole query.
    """

    def changelist_view(self, request, extra_context=None):
        submitted_keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        valid_keys = [key for key in submitted_keys if _is_key(self.opts.pk, key)]
        if valid_keys != submitted_keys:
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, valid_keys)
        return super().changelist_view(request, extra_context)


def _is_key(field: models.Field, key: str) -> bool:
    try:
        field.clean(key, None)
    except ValidationError:
        return False
    return "\0" not in key
