"""Topics, places and parties that become public with a record or with a change to it.

No record that is public shows them yet, so another person than their author has to
approve the first one that does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import models
from django.db.models import F, IntegerField, Value
from django.utils.translation import gettext as _

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import Snapshot, part_model
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.publishing.public_uses import not_used_in_public
from portal.publishing.review import four_eyes
from portal.publishing.review.versions import Reference, references_of


def own_new_names(
    records: Sequence[Publishable],
    *,
    user,
    at: dt.datetime,
    wanted: Snapshot | None = None,
) -> dict[int, list[models.Model]]:
    """Return by key of the record the names that become public with it and that
    ``user`` wrote; records without such a name are left out.

    ``records`` are of one kind; the number of queries does not depend on how many they
    are. With ``wanted``, what a change of the only record is to say, its names count
    too. No other person need have read all languages of such a name.
    """
    if not records:
        return {}
    model = type(records[0])
    used = _rows_used(model, [record.pk for record in records])
    if wanted is not None:
        used[records[0].pk] |= {
            row for row in references_of(model, wanted) if _is_name(row[0])
        }
    own = _written_and_new(set().union(*used.values()), user, at)
    return {
        pk: [own[row] for row in sorted(rows & own.keys(), key=_order)]
        for pk, rows in used.items()
        if rows & own.keys()
    }


def require_other_author(
    record: Publishable, *, by, at: dt.datetime, wanted: Snapshot | None = None
) -> None:
    """Raise NeedsAnother if ``by`` wrote a name that becomes public with ``record``, or
    with a change of it that is to say ``wanted``."""
    if four_eyes.applies_to(by):
        own = own_new_names([record], user=by, at=at, wanted=wanted)
        if own:
            raise needs_other_author(record, own[record.pk])


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


def _relations(model: type[models.Model]) -> list[models.Field]:
    """The foreign keys and many-to-many relations of ``model`` that lead to names."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [field for field in fields if _is_name(field.related_model)]


def _lookups(model: type[Publishable]) -> list[tuple[str, type[models.Model]]]:
    """The lookups from a record of ``model`` to names, its parts' included."""
    lookups = [(field.name, field.related_model) for field in _relations(model)]
    for part in model.parts:
        relation = model._meta.get_field(part)
        lookups += [
            (f"{relation.name}__{field.name}", field.related_model)
            for field in _relations(part_model(model, part))
        ]
    return lookups


def _rows_used(
    model: type[Publishable], pks: Sequence[int]
) -> dict[int, set[tuple[type[models.Model], int]]]:
    """The names that records of ``model`` use, by key of the record; in one query."""
    used: dict[int, set[Reference]] = {pk: set() for pk in pks}
    lookups = _lookups(model)
    arms = [
        models.QuerySet(model)
        .filter(pk__in=pks, **{f"{lookup}__isnull": False})
        .order_by()
        .values_list("pk", Value(number, IntegerField()), F(lookup))
        for number, (lookup, _target) in enumerate(lookups)
    ]
    if not arms:
        return used
    for pk, number, target in arms[0].union(*arms[1:]) if arms[1:] else arms[0]:
        used[pk].add((lookups[number][1], target))
    return used
