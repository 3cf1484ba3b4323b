"""Drafts of record forms that the browser keeps while a user types.

The script ``staff-drafts.js`` stores them; this module says under which key, and which
fields it must not store.
"""

from django.db import models

from portal.content.publishing.models import Publishable
from portal.core.audit.snapshots import get_child_model


def build_draft_context(
    model: type[Publishable], record: Publishable | None, *, user
) -> dict[str, str]:
    """Return the template context: ``draft_key`` and ``draft_excluded``.

    The key is that of one record and one user; ``record`` is None for the form of a new
    record. The excluded fields, separated by spaces, are those that are personal data
    or refer to a person.
    """
    pk = record.pk if record is not None else "new"
    return {
        "draft_key": f"{model._meta.label_lower}:{pk}:{user.pk}",
        "draft_excluded": " ".join(sorted(get_personal_field_names(model))),
    }


def get_personal_field_names(model: type[Publishable]) -> set[str]:
    """Return the names of personal fields of a record and of its child rows."""
    models_in_form = [
        model,
        *(get_child_model(model, name) for name in model.child_relations),
    ]
    return {
        field.name
        for form_model in models_in_form
        for field in (*form_model._meta.fields, *form_model._meta.many_to_many)
        if _is_personal(form_model, field)
    }


def _is_personal(model: type[models.Model], field: models.Field) -> bool:
    related = field.related_model
    return field.name in getattr(model, "personal_fields", ()) or bool(
        related and getattr(related, "personal_fields", ())
    )
