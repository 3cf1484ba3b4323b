"""Topics, places and parties that become public with a record or with a change to it.

No record that is public shows them yet, so another person than their author has to
approve the first one that does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext as _

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.publishing.public_uses import not_used_in_public
from portal.publishing.review import four_eyes
from portal.publishing.review.versions import Content, Reference, rows_used


def own_new_names(
    records: Sequence[Publishable],
    *,
    user,
    at: dt.datetime,
) -> dict[int, list[models.Model]]:
    """Return by key of the record the names that become public with it and that
    ``user`` wrote; records without such a name are left out.

    ``records`` are of one kind; the number of queries does not depend on how many they
    are. No other person need have read all languages of such a name.
    """
    if not records:
        return {}
    model = type(records[0])
    used = {
        pk: {row for row in rows if _is_name(row[0])}
        for pk, rows in rows_used(model, [record.pk for record in records]).items()
    }
    own = _written_and_new(set().union(*used.values()), user, at)
    return {
        pk: [own[row] for row in sorted(rows & own.keys(), key=_order)]
        for pk, rows in used.items()
        if rows & own.keys()
    }


def require_other_author(content: Content, *, by, at: dt.datetime) -> None:
    """Raise NeedsAnother if ``by`` wrote a name that becomes public with ``content``,
    that of a record or of a change to one."""
    if not four_eyes.applies_to(by):
        return
    names = {(row.model, row.pk) for row in content.related if _is_name(row.model)}
    own = _written_and_new(names, by, at)
    if own:
        in_order = [own[row] for row in sorted(own, key=_order)]
        raise needs_other_author(content.record, in_order)


def needs_other_author(
    record: Publishable, names: Sequence[models.Model]
) -> four_eyes.NeedsAnother:
    """The error for the author of ``names``, which become public with ``record``."""
    return four_eyes.NeedsAnother(
        _(
            "You wrote names that become public with “%(record)s”: %(names)s. Another "
            "person has to approve it."
        )
        % {"record": record.public_code, "names": ", ".join(map(str, names))}
    )


def _written_and_new(
    rows: set[Reference], user, at: dt.datetime
) -> dict[Reference, models.Model]:
    """Those of ``rows`` that ``user`` added or changed and no published record uses."""
    written: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, pk in _written_among(rows, user):
        written[model].add(pk)
    return {
        (model, row.pk): row
        for model, pks in written.items()
        for row in not_used_in_public(model, pks, at=at)
    }


def _written_among(rows: set[Reference], user) -> set[Reference]:
    """Those of ``rows`` that ``user`` added or changed, by the audit log."""
    by_key = {(model._meta.label_lower, str(pk)): (model, pk) for model, pk in rows}
    entries = models.Q(pk__in=[])
    for label in {label for label, _key in by_key}:
        keys = [key for other, key in by_key if other == label]
        entries |= models.Q(model=label, row__in=keys)
    written = Deed.objects.filter(
        entries, by=user, verb__in=(Verb.CREATED, Verb.CHANGED)
    )
    found = written.order_by().values_list("model", "row").distinct()
    return {by_key[one] for one in found}


def _order(row: Reference) -> tuple[str, int]:
    return row[0]._meta.label, row[1]


def _is_name(model: type[models.Model] | None) -> bool:
    """Whether rows of ``model`` are shown with records and are not records."""
    return bool(
        model and issubclass(model, Linked) and not issubclass(model, Publishable)
    )
