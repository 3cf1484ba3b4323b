"""Signed baseline of a form: its values at the time it was opened.

The form contains the baseline in a hidden field.
"""

import datetime as dt
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

    version: str
    form_values: dict[str, FormValues] = field(default_factory=dict)
    row_values: dict[str, dict[str, FormValues]] = field(default_factory=dict)

    def sign(self, record: models.Model) -> str:
        """Return the baseline as signed text, valid for ``record`` only."""
        payload = {
            "stamp": self.version,
            "forms": self.form_values,
            "rows": self.row_values,
        }
        return signing.dumps(payload, salt=_salt(record), compress=True)

    @property
    def changed_at(self) -> dt.datetime | None:
        """Time of the record's last change, None if it was never changed."""
        return (
            None if self.version == _NEVER else dt.datetime.fromisoformat(self.version)
        )


_NEVER = "never"


def build_baseline(
    record: models.Model,
    current_forms: Iterable[forms.BaseForm],
    formsets: Iterable[forms.BaseModelFormSet],
) -> FormBaseline:
    """Return the baseline of the unchanged forms and formsets of ``record``."""
    return FormBaseline(
        get_record_version(record),
        {form.prefix or "": get_initial_values(form) for form in current_forms},
        {
            formset.prefix: {
                str(row_form.instance.pk): get_initial_values(row_form)
                for row_form in formset.initial_forms
            }
            for formset in formsets
        },
    )


def load_baseline(text: str, record: models.Model) -> FormBaseline | None:
    """Return the baseline in ``text``.

    Returns None if the signature is invalid or belongs to another record.
    """
    try:
        payload = signing.loads(text, salt=_salt(record))
        return FormBaseline(payload["stamp"], payload["forms"], payload["rows"])
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def get_record_version(record: models.Model) -> str:
    """Return the ISO time of the record's last change, which identifies its version."""
    return record.updated_at.isoformat() if record.updated_at else _NEVER


def _salt(record: models.Model) -> str:
    return f"opened:{record._meta.label_lower}:{record.pk}"
