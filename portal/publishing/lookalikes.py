"""A warning before something is entered that is on record under the same name.

Names are compared as staff search compares them: without case, marks, punctuation and
the difference of traditional and simplified characters, in whatever language. It only
warns: who saves the same form again means another one.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.translations.fields import comparable_name
from portal.translations.folding import fold, without_punctuation

# So many names of one country are compared, the newest first.
_MOST_READ = 20_000
_MOST_TOLD = 5


def lookalike_keys(names: Iterable[str | None]) -> set[str]:
    """What is the same for ``names`` that a reader takes for the same.

    Words may stand in another order, and run together or not (Zhangsan, San Zhang).
    """
    keys = set()
    for name in filter(None, names):
        words = without_punctuation(fold(name)).split()
        keys |= {comparable_name(name), " ".join(sorted(words))}
    return keys - {""}


def lookalikes(
    rows: models.QuerySet, columns: Sequence[str], keys: set[str]
) -> list[models.Model]:
    """Those of ``rows`` of which one of ``columns`` has one of ``keys``; a few."""
    read = models.QuerySet(rows.model, rows.query.chain()).order_by("-pk")
    found = [
        pk
        for pk, *names in read.values_list("pk", *columns)[:_MOST_READ]
        if keys & lookalike_keys(names)
    ][:_MOST_TOLD]
    return list(rows.filter(pk__in=found).order_by("pk")) if found else []


class LookalikeForm(forms.ModelForm):
    """A new row of a country: warns once of those that are named the same.

    ``name_columns`` are compared with one another. ``seen_lookalikes`` carries which
    names the clerk was warned of, so that other names are looked at anew.
    """

    name_columns: Sequence[str] = ()
    seen_lookalikes = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        country = self.cleaned_data.get("country")
        if self.instance.pk is None and country is not None:
            self._warn_once(country)
        return cleaned

    def _warn_once(self, country: models.Model) -> None:
        keys = lookalike_keys(self.cleaned_data.get(name) for name in self.name_columns)
        mark = _mark(keys, country)
        if not keys or self.cleaned_data.get("seen_lookalikes") == mark:
            return
        rows = type(self.instance).objects.filter(country=country)
        found = lookalikes(rows, self.name_columns, keys)
        if not found:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_lookalikes")] = mark
        raise ValidationError(
            _(
                "On record with this name already: %(names)s. If you mean another one, "
                "save again."
            ),
            code="lookalike",
            params={"names": ", ".join(map(str, found))},
        )


def _mark(keys: set[str], country: models.Model) -> str:
    told = "\n".join([str(country.pk), *sorted(keys)])
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
