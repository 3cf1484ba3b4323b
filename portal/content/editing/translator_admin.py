"""Record forms for translators, who see all fields and edit texts in their languages
only.

All other fields are read-only, so submitted values for them are ignored. Saves of
translators are handled like other edits: a draft is changed directly, for a published
record a proposed change is created.
"""

from collections.abc import Iterator

from django.contrib.admin.options import InlineModelAdmin
from django.db import models
from django.utils.translation import ngettext_lazy

from portal.content.editing.sections import Section
from portal.content.form_fields.typed_fields import ValidatedFieldsMixin
from portal.content.review.proposal_differences import has_model_permission
from portal.content.review.proposal_form import ProposalFormAdmin
from portal.core.accounts.visibility import VisibilityFormMixin
from portal.core.audit.snapshots import get_audited_columns, get_column_language

# Rows of one inline that a form may have. Each one is parsed and, after an error,
# rendered again; thousands of them would take longer than a request may.
MAX_ROWS = 500
_TOO_MANY_ROWS = ngettext_lazy(
    "Nothing was saved: this part of a form can have at most %(num)d row. Remove rows "
    "and save again.",
    "Nothing was saved: this part of a form can have at most %(num)d rows. Remove rows "
    "and save again.",
    "num",
)


def is_translator_only(user, model: type[models.Model]) -> bool:
    """Return whether ``user`` may translate records of ``model`` but not change them
    otherwise."""
    is_translator = bool(user.translates) and has_model_permission(
        user, "translate", model
    )
    return is_translator and not has_model_permission(user, "change", model)


def get_translatable_columns(user, model: type[models.Model]) -> list[str]:
    """Return the columns of ``model`` in the languages that ``user`` translates."""
    columns = get_audited_columns(model)
    return [
        column.name
        for column in columns
        if get_column_language(column) in user.translates
    ]


def _get_untranslatable_columns(user, model: type[models.Model]) -> Iterator[str]:
    """Yield the columns and editable relations of ``model`` that ``user`` may not
    translate."""
    translatable = set(get_translatable_columns(user, model))
    for column in get_audited_columns(model):
        if column.name not in translatable:
            yield column.name
    for relation in model._meta.many_to_many:
        if relation.editable:
            yield relation.name


class TranslatorAdmin(ProposalFormAdmin):
    """Admin mixin that lets translators edit single records but not run list
    actions."""

    def has_change_permission(self, request, obj=None):
        if super().has_change_permission(request, obj):
            return True
        return obj is not None and is_translator_only(request.user, self.model)

    def get_public_note_languages(self, request):
        if is_translator_only(request.user, self.model):
            return list(request.user.translates)
        return super().get_public_note_languages(request)

    def get_readonly_fields(self, request, obj=None):
        names = super().get_readonly_fields(request, obj)
        if obj is None or not is_translator_only(request.user, self.model):
            return names
        return list(
            dict.fromkeys(
                [*names, *_get_untranslatable_columns(request.user, self.model)]
            )
        )


class ChildInline(VisibilityFormMixin, ValidatedFieldsMixin, InlineModelAdmin):
    """Inline for child rows of a record, with the permissions of the record.

    ``section`` is the section of the form that the rows are in. A form with more rows
    than ``MAX_ROWS`` is refused.
    """

    section: Section
    max_num = MAX_ROWS

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(
            request, obj, **{"absolute_max": MAX_ROWS, **kwargs}
        )
        messages = {**formset.default_error_messages, "too_many_forms": _TOO_MANY_ROWS}
        formset.default_error_messages = messages
        return formset

    def has_view_permission(self, request, obj=None):
        actions = ("view", "change", "review", "translate")
        return any(
            has_model_permission(request.user, action, self.parent_model)
            for action in actions
        )

    def has_add_permission(self, request, obj):
        action = "change" if obj else "add"
        return has_model_permission(request.user, action, self.parent_model)

    def has_delete_permission(self, request, obj=None):
        return self.has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if self.has_add_permission(request, obj):
            return True
        is_translated = bool(get_translatable_columns(request.user, self.model))
        return is_translated and is_translator_only(request.user, self.parent_model)

    def get_readonly_fields(self, request, obj=None):
        names = super().get_readonly_fields(request, obj)
        if not is_translator_only(request.user, self.parent_model):
            return names
        field_names = [*names, *_get_untranslatable_columns(request.user, self.model)]
        parent_keys = [key.name for key in self.opts.fields if self._is_parent_key(key)]
        return [
            name
            for name in dict.fromkeys(field_names)
            if name not in parent_keys and not self.is_field_hidden(request, name)
        ]

    def _is_parent_key(self, key: models.Field) -> bool:
        """Return whether ``key`` is the foreign key from a child row to its record."""
        return key.related_model is self.parent_model and not key.null
