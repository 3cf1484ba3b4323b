"""Topics, places and parties that become public with a record or with a change to it.

The approver has to see their names: no record that is public shows them yet.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import F, IntegerField, Value
from django.utils.translation import gettext as _

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import (
    Snapshot,
    columns_of,
    language_of,
    name_of,
    part_model,
)
from portal.history.telling import field_label
from portal.languages import BY_CODE
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.publishing.public_uses import not_used_in_public
from portal.publishing.review import four_eyes

# A row by its model and key.
Row = tuple[type[models.Model], int]


@dataclass(frozen=True)
class NameText:
    """One column of a new name: its label, its value and the value's BCP 47 tag.

    ``language`` is "" where the value is in no language.
    """

    label: str
    text: str
    language: str


@dataclass(frozen=True)
class NewName:
    """A topic, place or party that no published record uses, with all that it says."""

    row: models.Model
    texts: list[NameText]

    @property
    def kind(self) -> str:
        return str(self.row._meta.verbose_name)


def names_made_public(
    records: Sequence[Publishable], *, at: dt.datetime
) -> dict[int, list[NewName]]:
    """Return by key of the record the names that publishing it makes public.

    ``records`` are of one kind. The number of queries does not depend on how many they
    are. A row that several of them use is listed under each.
    """
    if not records:
        return {}
    used = _rows_used(type(records[0]), [record.pk for record in records])
    return _new_among(used, at)


def names_made_public_by_changes(
    changes: Mapping[int, tuple[type[Publishable], Snapshot]], *, at: dt.datetime
) -> dict[int, list[NewName]]:
    """Return by key of ``changes`` the names that accepting each makes public.

    ``changes`` maps the key of a proposal to the model of its record and to what the
    record is to say.
    """
    used = {
        key: set(_rows_in(model, wanted)) for key, (model, wanted) in changes.items()
    }
    return _new_among(used, at)


def own_new_names(
    records: Sequence[Publishable],
    *,
    user,
    at: dt.datetime,
    wanted: Snapshot | None = None,
) -> dict[int, list[NewName]]:
    """Return by key of the record those names of :func:`names_made_public` that
    ``user`` wrote; records without such a name are left out.

    With ``wanted``, what a change of the only record is to say, its names count too.
    No other person need have read all languages of such a name.
    """
    if not records:
        return {}
    model = type(records[0])
    used = _rows_used(model, [record.pk for record in records])
    if wanted is not None:
        used[records[0].pk] |= set(_rows_in(model, wanted))
    new = _new_among(used, at)
    rows = {_row_of(name) for names in new.values() for name in names}
    written = _written_by(user, rows)
    own = {
        pk: [name for name in names if _row_of(name) in written]
        for pk, names in new.items()
    }
    return {pk: names for pk, names in own.items() if names}


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
    record: Publishable, names: Sequence[NewName]
) -> four_eyes.NeedsAnother:
    """The error for the author of ``names``, which become public with ``record``."""
    return four_eyes.NeedsAnother(
        _(
            "You wrote names that become public with “%(record)s”: %(names)s. Another "
            "person has to approve it."
        )
        % {
            "record": record.public_code,
            "names": ", ".join(str(name.row) for name in names),
        }
    )


def _row_of(name: NewName) -> Row:
    return type(name.row), name.row.pk


def _written_by(user, rows: set[Row]) -> set[Row]:
    """Those of ``rows`` that ``user`` added or changed, by the audit log."""
    entries = models.Q(pk__in=[])
    for model, pks in _by_model([rows]).items():
        keys = [str(pk) for pk in pks]
        entries |= models.Q(model=model._meta.label_lower, row__in=keys)
    written = Deed.objects.filter(
        entries, by=user, verb__in=(Verb.CREATED, Verb.CHANGED)
    )
    found = set(written.order_by().values_list("model", "row").distinct())
    return {one for one in rows if (one[0]._meta.label_lower, str(one[1])) in found}


def lock_names(record: Publishable) -> None:
    """Lock the topics, places and parties that ``record`` uses until the transaction
    ends, in the order of model and key.

    For approval: none of them is renamed between the comparison with what was shown
    and the publication.
    """
    used = _rows_used(type(record), [record.pk])[record.pk]
    by_model = _by_model([used])
    for model in sorted(by_model, key=lambda one: one._meta.label):
        locked = models.QuerySet(model).select_for_update(of=("self",))
        list(locked.filter(pk__in=by_model[model]).order_by("pk").values_list("pk"))


def _new_among(used: Mapping[int, set[Row]], at: dt.datetime) -> dict:
    new = {
        (model, row.pk): NewName(row, _texts(row))
        for model, pks in _by_model(used.values()).items()
        for row in _with_relations(not_used_in_public(model, pks, at=at))
    }
    return {
        key: [new[row] for row in sorted(rows & new.keys(), key=_order)]
        for key, rows in used.items()
    }


def _by_model(groups: Iterable[set[Row]]) -> dict[type[models.Model], set[int]]:
    by_model: dict[type[models.Model], set[int]] = defaultdict(set)
    for rows in groups:
        for model, pk in rows:
            by_model[model].add(pk)
    return by_model


def _order(row: Row) -> tuple[str, int]:
    return row[0]._meta.label, row[1]


def _with_relations(rows: models.QuerySet) -> models.QuerySet:
    related = [one.name for one in columns_of(rows.model) if one.is_relation]
    return rows.select_related(*related) if related else rows


def _texts(row: models.Model) -> list[NameText]:
    """Every column of ``row`` that says something, in the order of the form."""
    texts = []
    for column in columns_of(type(row)):
        value, code = getattr(row, column.name), language_of(column)
        if value not in (None, ""):
            label = field_label(type(row), name_of(column), code)
            tag = BY_CODE[code].tag if code else ""
            texts.append(NameText(label, str(value), tag))
    return texts


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
