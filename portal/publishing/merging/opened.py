"""What a form said when it was opened. The form carries it, signed, to its saving."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django import forms
from django.core import signing
from django.db import models

from portal.publishing.merging.values import Value, said

Said = dict[str, Value]


@dataclass(frozen=True)
class Opened:
    """``stamp`` tells when the record was last changed; ``forms`` what each form said,
    by its prefix ("" for the record's own), ``rows`` what each row of an inline said,
    by the inline's prefix and the row's key."""

    stamp: str
    forms: dict[str, Said] = field(default_factory=dict)
    rows: dict[str, dict[str, Said]] = field(default_factory=dict)

    def signed(self, record: models.Model) -> str:
        """The text that the form of ``record`` carries."""
        return signing.dumps(asdict(self), salt=_salt(record), compress=True)

    @property
    def at(self) -> dt.datetime | None:
        """When the record was last changed before the form was opened."""
        return None if self.stamp == _NEVER else dt.datetime.fromisoformat(self.stamp)


_NEVER = "never"


def opened(
    record: models.Model,
    found: Iterable[forms.BaseForm],
    formsets: Iterable[forms.BaseModelFormSet],
) -> Opened:
    """What the forms and inlines of ``record`` say before anybody writes in them."""
    return Opened(
        stamp_of(record),
        {one.prefix or "": said(one) for one in found},
        {
            formset.prefix: {
                str(row.instance.pk): said(row) for row in formset.initial_forms
            }
            for formset in formsets
        },
    )


def read_opened(text: str, record: models.Model) -> Opened | None:
    """What ``text`` tells of the form of ``record``; None where it is no such text."""
    try:
        return Opened(**signing.loads(text, salt=_salt(record)))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stamp_of(record: models.Model) -> str:
    return record.updated_at.isoformat() if record.updated_at else _NEVER


def _salt(record: models.Model) -> str:
    return f"opened:{record._meta.label_lower}:{record.pk}"
