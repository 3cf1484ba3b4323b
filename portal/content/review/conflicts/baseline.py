"""Signed baseline of a form: its values at the time it was opened.

The form contains the baseline in a hidden field.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.core import signing
from django.db import models

from portal.content.review.conflicts.form_values import Value, get_initial_values

FormValues = dict[str, Value]


@dataclass(frozen=True)
class FormBaseline:
    """Values of a form and its inlines at the time the form was opened.

    ``version`` is the ISO time of the record's last change. ``form_values`` are by form
    prefix ("" for the form of the record) and field name, ``row_values`` by inline
    prefix, row primary key and field name.
    """

    version: str = ""
    form_values: dict[str, FormValues] = field(default_factory=dict)
    row_values: dict[str, dict[str, FormValues]] = field(default_factory=dict)


def sign_baseline(
    record: models.Model,
    current_forms: Iterable[forms.BaseForm],
    formsets: Iterable[forms.BaseModelFormSet],
) -> str:
    """Return the baseline of unchanged forms and formsets as signed text.

    The text is valid for ``record`` only.
    """
    row_values = {
        formset.prefix: {
            str(form.instance.pk): get_initial_values(form)
            for form in formset.initial_forms
        }
        for formset in formsets
    }
    payload = {
        "stamp": get_record_version(record),
        "forms": {
            form.prefix or "": get_initial_values(form) for form in current_forms
        },
        "rows": row_values,
    }
    return signing.dumps(payload, salt=_salt(record), compress=True)


def load_baseline(text: str, record: models.Model) -> FormBaseline:
    """Return the baseline in ``text``.

    Returns an empty one if the signature is invalid or belongs to another record.
    """
    try:
        payload = signing.loads(text, salt=_salt(record))
        return FormBaseline(payload["stamp"], payload["forms"], payload["rows"])
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return FormBaseline()


def get_record_version(record: models.Model) -> str:
    """Return the ISO time of the record's last change, which identifies its version."""
    return record.updated_at.isoformat() if record.updated_at else "never"


def _salt(record: models.Model) -> str:
    return f"opened:{record._meta.label_lower}:{record.pk}"
