"""Titles of the lists of the staff admin."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IS_POPUP_VAR
from django.utils.text import capfirst


class ListTitleAdmin(ModelAdmin):
    """Mixin that titles a list with the name of its rows.

    Django's title is an instruction, “Select seminar to change”, which is kept where
    a row is chosen in a window of its own.
    """

    def changelist_view(self, request, extra_context=None):
        title = {}
        if IS_POPUP_VAR not in request.GET:
            title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})
