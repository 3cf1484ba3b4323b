"""Warning about possible duplicates when a new row is entered.

Names are compared as in the staff search: in all languages, ignoring case, diacritics,
punctuation and the difference between traditional and simplified characters. The form
only warns: submitting it again confirms that a different person or body is meant.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.models import DatedRecord, Publishable
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.fields import comparable_name
from portal.core.translations.normal_form import fold, remove_punctuation

# Maximum number of rows of one country that are compared, newest first.
_MAX_COMPARED = 20_000
_MAX_REPORTED = 5


def build_comparison_keys(names: Iterable[str | None]) -> set[str]:
    """Build comparison keys of ``names``: similar names have a key in common.

    Names are similar even if their words are in another order or joined (Zhangsan, San
    Zhang).
    """
    keys = set()
    for name in filter(None, names):
        words = remove_punctuation(fold(name)).split()
        keys |= {comparable_name(name), " ".join(sorted(words))}
    return keys - {""}


def find_possible_duplicates(
    rows: models.QuerySet, columns: Sequence[str], keys: set[str]
) -> list[models.Model]:
    """Return up to five ``rows`` with a name in ``columns`` that has one of
    ``keys``."""
    newest_rows = models.QuerySet(rows.model, rows.query.chain()).order_by("-pk")
    pks = [
        pk
        for pk, *names in newest_rows.values_list("pk", *columns)[:_MAX_COMPARED]
        if keys & build_comparison_keys(names)
    ][:_MAX_REPORTED]
    return list(rows.filter(pk__in=pks).order_by("pk")) if pks else []


def find_records_like(record: Publishable) -> list[Publishable]:
    """Return up to five records of the same kind with the title and days of ``record``.

    Titles are compared in every language, as names are. Records without a date are
    compared with the newest ones that have none.
    """
    title = record.text_fields[0]
    columns = [build_localized_fieldname(title, code) for code in LANGUAGES_BY_CODE]
    keys = build_comparison_keys(getattr(record, column) for column in columns)
    if not keys:
        return []
    days = {name: getattr(record, name) for name in record.date_precisions}
    if isinstance(record, DatedRecord):
        days["ends_on"] = record.ends_on
    others = models.QuerySet(type(record)).filter(**days).exclude(pk=record.pk)
    return find_possible_duplicates(others, columns, keys)


class DuplicateWarningForm(forms.ModelForm):
    """Form that rejects a new row once if rows of the same country have a similar name.

    ``name_columns`` are the compared fields. The hidden field ``confirmed_duplicates``
    identifies the names of the previous warning: submitting the same names again saves
    the row, other names are checked.
    """

    name_columns: Sequence[str] = ()
    confirmed_duplicates = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned_data = super().clean()
        country = self.cleaned_data.get("country")
        if self.instance.pk is None and country is not None:
            self._warn_about_duplicates(country)
        return cleaned_data

    def _warn_about_duplicates(self, country: models.Model) -> None:
        keys = build_comparison_keys(
            self.cleaned_data.get(name) for name in self.name_columns
        )
        token = _build_confirmation_token(keys, country)
        if not keys or self.cleaned_data.get("confirmed_duplicates") == token:
            return
        rows = type(self.instance).objects.filter(country=country)
        duplicates = find_possible_duplicates(rows, self.name_columns, keys)
        if not duplicates:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("confirmed_duplicates")] = token
        raise ValidationError(
            _(
                "There is already a record with this name: %(names)s. If "
                "yours is a different one, save again."
            ),
            code="possible_duplicate",
            params={"names": ", ".join(map(str, duplicates))},
        )


def _build_confirmation_token(keys: set[str], country: models.Model) -> str:
    """Return a hash of the names and the country that identifies a warning."""
    text = "\n".join([str(country.pk), *sorted(keys)])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
