"""The form of a record for a translator: all of it is shown, and what is written in
their own languages can be changed; nothing else, whatever a browser sends.

What they save goes the way of every change: into a draft at once, to a published record
as a change that waits for approval.
"""

from collections.abc import Iterator

from django.contrib.admin.options import InlineModelAdmin
from django.db import models

from portal.accounts.discretion import DiscreetFields
from portal.history.snapshots import columns_of, language_of
from portal.publishing.review.proposing import ProposingAdmin
from portal.publishing.review.reading import may
from portal.publishing.typed import TypedFields


def only_translates(user, model: type[models.Model]) -> bool:
    """Whether ``user`` may translate records of ``model``, and not change them else."""
    is_translator = bool(user.translates) and may(user, "translate", model)
    return is_translator and not may(user, "change", model)


def own_columns(user, model: type[models.Model]) -> list[str]:
    """The columns of ``model`` in the languages that ``user`` translates."""
    columns = columns_of(model)
    return [one.name for one in columns if language_of(one) in user.translates]


def _other_columns(user, model: type[models.Model]) -> Iterator[str]:
    own = set(own_columns(user, model))
    yield from (one.name for one in columns_of(model) if one.name not in own)
    yield from (one.name for one in model._meta.many_to_many if one.editable)


class TranslatingAdmin(ProposingAdmin):
    """Lets a translator save the form of one record, and act on none in the list."""

    def has_change_permission(self, request, obj=None):
        if super().has_change_permission(request, obj):
            return True
        return obj is not None and only_translates(request.user, self.model)

    def note_languages(self, request):
        if only_translates(request.user, self.model):
            return list(request.user.translates)
        return super().note_languages(request)

    def get_readonly_fields(self, request, obj=None):
        names = super().get_readonly_fields(request, obj)
        if obj is None or not only_translates(request.user, self.model):
            return names
        return list(dict.fromkeys([*names, *_other_columns(request.user, self.model)]))

    def get_fieldsets(self, request, obj=None):
        """In the order of the record, as its editor sees it."""
        found = super().get_fieldsets(request, obj)
        if obj is None or not only_translates(request.user, self.model):
            return found
        order = [*self.opts.fields, *self.opts.many_to_many]
        places = {field.name: place for place, field in enumerate(order)}
        return [
            (
                heading,
                {
                    **options,
                    "fields": sorted(
                        options["fields"], key=lambda name: places.get(name, len(order))
                    ),
                },
            )
            for heading, options in found
        ]


class PartInline(DiscreetFields, TypedFields, InlineModelAdmin):
    """Rows of a record in its form. They have no rights of their own: whoever may
    change the record may change them, whoever sees it sees them."""

    def has_view_permission(self, request, obj=None):
        seeing = ("view", "change", "review", "translate")
        return any(may(request.user, one, self.parent_model) for one in seeing)

    def has_add_permission(self, request, obj):
        action = "change" if obj else "add"
        return may(request.user, action, self.parent_model)

    def has_delete_permission(self, request, obj=None):
        return self.has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if self.has_add_permission(request, obj):
            return True
        is_translated = bool(own_columns(request.user, self.model))
        return is_translated and only_translates(request.user, self.parent_model)

    def get_readonly_fields(self, request, obj=None):
        names = super().get_readonly_fields(request, obj)
        if not only_translates(request.user, self.parent_model):
            return names
        shown = [*names, *_other_columns(request.user, self.model)]
        keys = [key.name for key in self.opts.fields if self._is_owner(key)]
        return [
            name
            for name in dict.fromkeys(shown)
            if name not in keys and not self.is_hidden(request, name)
        ]

    def _is_owner(self, key: models.Field) -> bool:
        """Whether ``key`` is the column by which a row points to its record."""
        return key.related_model is self.parent_model and not key.null
