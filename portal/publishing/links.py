"""Organs, parties, places, countries and topics that records point to, by name.

However many such relations a record has, they are read in one query: a page of twenty
visits with seven relations each costs no more than one visit with one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache

from django.db import models
from django.db.models import Case, CharField, IntegerField, Value, When

from portal.languages import DEFAULT, UNDETERMINED, Language
from portal.publishing.choices import Status
from portal.publishing.models import Publishable
from portal.translations.querysets import translated_fields
from portal.translations.shown import (
    Shown,
    choose,
    columns_read,
    languages_read,
    shown,
)

# So many records are named in one statement.
_AT_ONCE = 500


@dataclass(frozen=True)
class Link:
    """One thing that a record points to.

    ``key`` is its public key, "" for a party that is no organ on record; ``country`` is
    an iso2 code or ""; ``path`` is its address behind the language prefix, "" where it
    has no page that the reader may open; ``zone`` is the time zone of a place. ``row``
    names the linked row and ``country_row`` that of its country, "" where it has none:
    ``directory.organ:5``.
    """

    key: str
    name: Shown
    country: str
    path: str
    zone: str = ""
    row: str = field(default="", compare=False)
    country_row: str = field(default="", compare=False)


class Linked:
    """Mixin of models that records point to.

    ``link_key`` names the field of the public key (None: it has none), ``link_country``
    the path to the iso2 code of its country, ``link_zone`` the field of its time zone,
    ``link_path`` the address of its page with ``{key}`` in it.
    """

    link_key: str | None = "key"
    link_country: str | None = None
    link_zone: str | None = None
    link_path: str = ""


def relations_of(model: type[models.Model]) -> list[models.ManyToManyField]:
    """The many-to-many relations of ``model`` that are loaded as links."""
    return [
        relation
        for relation in model._meta.many_to_many
        if issubclass(relation.related_model, Linked)
    ]


def load_links(
    records: Iterable[models.Model], language: Language, *, only_public: bool = False
) -> dict[int, dict[str, list[Link]]]:
    """Links by record's pk and relation's name, in the order they were entered.

    Every relation of every record is there, an empty list where nothing is linked.
    ``only_public`` leaves out what is a public record of its own and not published.
    """
    records = list(records)
    found = {}
    if not records:
        return found
    if language is DEFAULT and not only_public and all(map(_at_hand, records)):
        return {record.pk: _at_hand(record) for record in records}
    relations = relations_of(type(records[0]))
    for record in records:
        found[record.pk] = {relation.name: [] for relation in relations}
    queries = [
        _rows_of(relation, position, list(found), language)
        for position, relation in enumerate(relations)
    ]
    if not queries:
        return found
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for row in sorted(rows, key=lambda row: row[:2]):
        relation = relations[row[0]]
        is_hidden = issubclass(relation.related_model, Publishable) and not row[6]
        if not (only_public and is_hidden):
            found[row[2]][relation.name].append(_link(relation, row, language))
    return found


def at_hand(*paths: str) -> Callable[[Sequence[models.Model]], AbstractContextManager]:
    """What a kind gathers: its links and the relations ``paths``, for many at once.

    Within, drawing such a record makes no query, as long as it reads nothing else;
    afterwards nothing is kept on the records. What they had loaded before is read
    again, since it may be out of date.
    """

    @contextmanager
    def gather(records: Sequence[models.Model]) -> Iterator[None]:
        _let_go(records, paths)
        _forget_loaded(records, paths)
        models.prefetch_related_objects(records, *paths)
        if relations_of(type(records[0])):
            found = load_links(records, DEFAULT)
            for record in records:
                record.links_at_hand = found[record.pk]
        try:
            yield
        finally:
            _let_go(records, paths)

    return gather


def _forget_loaded(records: Sequence[models.Model], paths: tuple[str, ...]) -> None:
    """Drop the rows that foreign keys name: they may have changed since."""
    for path in paths:
        column = type(records[0])._meta.get_field(path.split("__")[0])
        for record in records if column.many_to_one else ():
            if column.is_cached(record):
                column.delete_cached_value(record)


def _let_go(records: Sequence[models.Model], paths: tuple[str, ...]) -> None:
    for record in records:
        vars(record).pop("links_at_hand", None)
        for path in paths:
            kept = vars(record).get("_prefetched_objects_cache", {})
            kept.pop(path.split("__")[0], None)


def _at_hand(record: models.Model) -> dict[str, list[Link]] | None:
    return vars(record).get("links_at_hand")


def zone_of(places: list[Link]) -> str:
    """The time zone of the first of ``places``; an event's times are shown in it.

    "" when nothing is on record of where it takes place.
    """
    return places[0].zone if places else ""


def link_to(target: models.Model | None, language: Language) -> Link | None:
    """The link to one record that a foreign key names; None while it is not public."""
    if target is None:
        return None
    is_record = isinstance(target, Publishable)
    if is_record and not target.is_published:
        return None
    key = getattr(target, target.link_key)
    path = target.link_path.format(key=key.lower()) if is_record else ""
    return Link(key, shown(target, "name", language), "", path)


def _rows_of(relation, position: int, owners: list[int], language: Language):
    rows = _rows_of_all(relation, position, language)
    return rows.filter(**{f"{relation.m2m_field_name()}__in": owners})


@cache
def _rows_of_all(relation, position: int, language: Language) -> models.QuerySet:
    """The rows of every owner; never read, but filtered.

    Resolving the columns takes longer than the query, and they are always the same.
    """
    through = relation.remote_field.through
    target = relation.m2m_reverse_field_name()
    model = relation.related_model
    names = _name_columns(model, language)
    return (
        models.QuerySet(through)
        .order_by()
        .values_list(
            Value(position, IntegerField()),
            "pk",
            f"{relation.m2m_field_name()}_id",
            _text(target, model.link_key),
            _text(target, model.link_country),
            _text(target, model.link_zone),
            _is_open(model, target),
            f"{target}_id",
            _country_pk(model, target),
            *[_text(target, name) for name in names],
        )
    )


def _text(target: str, name: str | None) -> str | Value:
    """A text column of ``target``. Keys, time zones and names all are texts, so the
    arms of the union fit together."""
    return f"{target}__{name}" if name else Value("", CharField())


def _is_open(model: type[models.Model], target: str):
    if not issubclass(model, Publishable):
        return Value(1 if model.link_path else 0, IntegerField())
    is_published = When(**{f"{target}__status": Status.PUBLISHED}, then=Value(1))
    return Case(is_published, default=Value(0), output_field=IntegerField())


def _country_pk(model: type[models.Model], target: str):
    country = country_field(model)
    if country:
        return f"{target}__{country.attname}"
    return models.functions.Cast(Value(None), models.BigIntegerField())


def country_field(model: type[models.Model]) -> models.ForeignKey | None:
    """The foreign key by which a linked model has its country, None without one."""
    name, _separator, column = (model.link_country or "").partition("__")
    return model._meta.get_field(name) if column else None


def _name_columns(model: type[models.Model], language: Language) -> list[str | None]:
    is_translated = "name" in translated_fields(model)
    names = columns_read("name", language) if is_translated else ["name"]
    return [*names, None, None][:3]


def _link(relation, row: tuple, language: Language) -> Link:
    _position, _pk, _owner, key, country, zone, is_open, pk, country_pk, *texts = row
    model = relation.related_model
    if "name" in translated_fields(model):
        name = choose(
            dict(zip(languages_read(language), texts, strict=False)), language
        )
    else:
        name = Shown(texts[0], UNDETERMINED)
    path = model.link_path.format(key=key.lower()) if is_open else ""
    above = country_field(model)
    return Link(
        key,
        name,
        country,
        path,
        zone,
        f"{model._meta.label_lower}:{pk}",
        f"{above.related_model._meta.label_lower}:{country_pk}" if country_pk else "",
    )


def linked_pks(record: models.Model, name: str) -> list[int]:
    """What the relation ``name`` of ``record`` holds, in the order it was entered."""
    relation = record._meta.get_field(name)
    through = relation.remote_field.through
    rows = through.objects.filter(**{f"{relation.m2m_field_name()}_id": record.pk})
    target = f"{relation.m2m_reverse_field_name()}_id"
    return list(rows.order_by("pk").values_list(target, flat=True))


def put_links(record: models.Model, name: str, pks: list[int]) -> None:
    """Make the relation ``name`` of ``record`` hold exactly ``pks``, in this order."""
    put_links_of_many(type(record), name, {record.pk: pks})


def put_links_of_many(
    model: type[models.Model], name: str, pks: dict[int, list[int]]
) -> None:
    """The same of many records of ``model``: ``pks`` are by the pk of the record."""
    relation = model._meta.get_field(name)
    through = relation.remote_field.through
    owner = f"{relation.m2m_field_name()}_id"
    target = f"{relation.m2m_reverse_field_name()}_id"
    owners = list(pks)
    for start in range(0, len(owners), _AT_ONCE):
        some = owners[start : start + _AT_ONCE]
        through.objects.filter(**{f"{owner}__in": some}).delete()
    through.objects.bulk_create(
        through(**{owner: pk, target: linked}) for pk in owners for linked in pks[pk]
    )
