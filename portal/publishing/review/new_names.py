"""Topics, places and parties that become public with a record or with a change to it.

No record that is public shows them yet, so another person than their author has to
approve the first one that does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import models
from django.db.models import F, IntegerField, Value
from django.utils.translation import gettext as _

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import Snapshot, columns_of, part_model
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.publishing.public_uses import not_used_in_public
from portal.publishing.review import four_eyes

# A row by its model and key.
Row = tuple[type[models.Model], int]


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
        used[records[0].pk] |= set(_rows_in(model, wanted))
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


def _written_and_new(rows: set[Row], user, at: dt.datetime) -> dict[Row, models.Model]:
    """Those of ``rows`` that ``user`` added or changed, by the audit log, and that no
    published record uses."""
    pks: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, pk in rows:
        pks[model].add(pk)
    entries = models.Q(pk__in=[])
    for model, some in pks.items():
        keys = [str(pk) for pk in some]
        entries |= models.Q(model=model._meta.label_lower, row__in=keys)
    written = Deed.objects.filter(
        entries, by=user, verb__in=(Verb.CREATED, Verb.CHANGED)
    )
    found = set(written.order_by().values_list("model", "row").distinct())
    own = {}
    for model, some in pks.items():
        label = model._meta.label_lower
        authored = [pk for pk in some if (label, str(pk)) in found]
        for row in not_used_in_public(model, authored, at=at) if authored else ():
            own[model, row.pk] = row
    return own


def _order(row: Row) -> tuple[str, int]:
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
    used: dict[int, set[Row]] = {pk: set() for pk in pks}
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


def _rows_in(model: type[Publishable], wanted: Snapshot) -> Iterable[Row]:
    """The names that a record uses when it says what ``wanted`` says."""
    for relation in model._meta.many_to_many:
        if _is_name(relation.related_model):
            for pk in wanted.links.get(relation.name, ()):
                yield relation.related_model, pk
    yield from _rows_of_columns(model, wanted.values)
    for name, parts in wanted.parts.items():
        for part in parts:
            yield from _rows_of_columns(part_model(model, name), part.values)


def _rows_of_columns(model: type[models.Model], values: Mapping) -> Iterable[Row]:
    for column in columns_of(model):
        is_set = values.get(column.attname) is not None
        if column.is_relation and _is_name(column.related_model) and is_set:
            yield column.related_model, values[column.attname]
