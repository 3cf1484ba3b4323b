"""Links from records to organs, parties, places, countries and topics, with localized
names.

All relations of all given records are read in one query.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, IntegerField, Value, When
from django.db.models.functions import Cast
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable
from portal.core.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES_BY_CODE,
    UNDETERMINED_LANGUAGE,
    Language,
)
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    get_fallback_chain,
    get_localized_columns,
    get_native_text_fields,
    get_texts,
    with_native_text,
)
from portal.core.translations.querysets import translated_fields

# Maximum number of records per SQL statement.
_BATCH_SIZE = 500


@dataclass(frozen=True)
class Link:
    """A link from a record to a related row.

    ``key`` is the public key, "" for a party that is not in the directory; ``country``
    is an iso2 code or "". ``url_path`` is the page address without language prefix, ""
    if there is no public page. ``time_zone`` is that of a place. ``area`` is the key of
    the place that an organ is responsible for or that a party is, ``area_texts`` its
    names by language, and ``parent`` the key of the organ above; "" if there is none.
    ``row``, ``country_row`` and ``area_row`` identify the linked row, its country and
    its area in the form ``directory.organ:5``, "" if there is none. ``chinese_basis``
    is the origin of the Chinese name (``TextBasis``), ``drafts`` are the codes of the
    languages whose name no speaker has read. ``source_name`` is the name as the source
    gives it, for parties only. ``names`` are pairs of language and name for parties
    with names in several languages, loaded by :func:`prefetch_with_links` only.
    """

    key: str
    name: LocalizedText
    country: str
    url_path: str
    time_zone: str = ""
    row: str = field(default="", compare=False)
    country_row: str = field(default="", compare=False)
    texts: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    chinese_basis: str = field(default="", compare=False)
    drafts: tuple[str, ...] = field(default=(), compare=False)
    source_name: str = field(default="", compare=False)
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    area: str = field(default="", compare=False)
    area_texts: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    area_row: str = field(default="", compare=False)
    parent: str = field(default="", compare=False)

    @property
    def basis(self) -> str:
        """Return the origin of ``name`` (``TextBasis``), "" if it is not known."""
        return self.chinese_basis if self._name_code == "zh-hans" else ""

    @property
    def is_draft(self) -> bool:
        """Return whether no speaker of the language of ``name`` has read it."""
        return self._name_code in self.drafts

    @property
    def _name_code(self) -> str:
        """The code of the language in which ``name`` is stored."""
        if not self.name:
            return ""
        return "zh-hans" if self.name.is_converted else self.name.language.code


class LinkTarget:
    """Mixin for models that records link to.

    ``link_key`` is the field of the public key (None: no key), ``link_country`` the
    lookup of the country's iso2 code, ``link_area`` the foreign key to its area,
    ``link_parent`` the lookup of the key of the row above, ``link_time_zone`` the field
    of the time zone, and ``link_path`` the address of the page without language prefix,
    with ``{key}`` as placeholder. ``link_name`` is the field of the name.
    ``link_source_name`` is the field of the name as the source gives it, which readers
    see if ``link_name`` has no text in their language; None if there is none.
    """

    link_key: str | None = "key"
    link_country: str | None = None
    link_area: str | None = None
    link_parent: str | None = None
    link_time_zone: str | None = None
    link_name: str = "name"
    link_source_name: str | None = None
    link_path: str = ""


def get_link_relations(model: type[models.Model]) -> list[models.ManyToManyField]:
    """Return the many-to-many relations of ``model`` to linked models."""
    return [
        relation
        for relation in model._meta.many_to_many
        if issubclass(relation.related_model, LinkTarget)
    ]


def load_links(
    records: Iterable[models.Model], language: Language, *, only_public: bool = False
) -> dict[int, dict[str, list[Link]]]:
    """Load the links of ``records`` by primary key and name of the relation.

    Links are in stored order; a relation without links has an empty list. With
    ``only_public``, links to records that are not published are left out. If the
    default language is requested and the links are prefetched, no query runs.
    """
    records = list(records)
    links_by_record = {}
    if not records:
        return links_by_record
    if (
        language is DEFAULT_LANGUAGE
        and not only_public
        and all(map(_get_prefetched_links, records))
    ):
        return {record.pk: _get_prefetched_links(record) for record in records}
    relations = get_link_relations(type(records[0]))
    for record in records:
        links_by_record[record.pk] = {relation.name: [] for relation in relations}
    queries = [
        _build_relation_query(relation, position, list(links_by_record), language)
        for position, relation in enumerate(relations)
    ]
    if not queries:
        return links_by_record
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for row in sorted(rows, key=lambda row: row[:2]):
        relation = relations[row[0]]
        is_hidden = issubclass(relation.related_model, Publishable) and not row[6]
        if not (only_public and is_hidden):
            links_by_record[row[2]][relation.name].append(
                _build_link_from_row(relation, row, language)
            )
    return links_by_record


def prefetch_with_links(
    *paths: str,
) -> Callable[[Sequence[models.Model]], AbstractContextManager]:
    """Return a context manager that prefetches links and the relations ``paths`` for
    records.

    Inside it, building catalogue entries runs no further query. Values cached on the
    instances before are read again, because they may be outdated; on exit the caches
    are removed.
    """

    @contextmanager
    def prefetch_relations(records: Sequence[models.Model]) -> Iterator[None]:
        _clear_prefetched(records, paths)
        _clear_cached_targets(records, paths)
        models.prefetch_related_objects(records, *paths)
        if get_link_relations(type(records[0])):
            links_by_record = load_links(records, DEFAULT_LANGUAGE)
            _add_all_names(links_by_record)
            for record in records:
                record.prefetched_links = links_by_record[record.pk]
        try:
            yield
        finally:
            _clear_prefetched(records, paths)

    return prefetch_relations


def _add_all_names(links_by_record: dict[int, dict[str, list[Link]]]) -> None:
    """Add the names in all languages to the links to parties, with one query per
    model.

    Other rows have a key, by which the catalogue loads their names.
    """
    pks: dict[str, set[str]] = {}
    groups = [
        links for relations in links_by_record.values() for links in relations.values()
    ]
    for link in (link for links in groups for link in links):
        if link.source_name:
            label, _separator, pk = link.row.partition(":")
            pks.setdefault(label, set()).add(pk)
    names = {
        row: pairs
        for label, row_pks in pks.items()
        for row, pairs in _load_all_names(apps.get_model(label), row_pks)
    }
    for links in groups if names else ():
        links[:] = [replace(link, names=names.get(link.row, ())) for link in links]


def _load_all_names(
    model: type[models.Model], pks: Iterable[str]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield row identifiers with their pairs of language code and non-empty name."""
    columns = {
        code: build_localized_fieldname(model.link_name, code)
        for code in LANGUAGES_BY_CODE
    }
    rows = models.QuerySet(model).filter(pk__in=pks).order_by()
    for pk, *texts in rows.values_list("pk", *columns.values()):
        pairs = zip(columns, texts, strict=True)
        yield (
            f"{model._meta.label_lower}:{pk}",
            tuple((code, text) for code, text in pairs if text),
        )


def _clear_cached_targets(
    records: Sequence[models.Model], paths: tuple[str, ...]
) -> None:
    """Drop cached foreign key targets, because they may have changed in the
    database."""
    for path in paths:
        column = type(records[0])._meta.get_field(path.split("__")[0])
        for record in records if column.many_to_one else ():
            if column.is_cached(record):
                column.delete_cached_value(record)


def _clear_prefetched(records: Sequence[models.Model], paths: tuple[str, ...]) -> None:
    """Remove prefetched links and relations from the instances."""
    for record in records:
        vars(record).pop("prefetched_links", None)
        for path in paths:
            prefetch_cache = vars(record).get("_prefetched_objects_cache", {})
            prefetch_cache.pop(path.split("__")[0], None)


def _get_prefetched_links(record: models.Model) -> dict[str, list[Link]] | None:
    return vars(record).get("prefetched_links")


def time_zone_of(places: list[Link]) -> str:
    """Return the time zone of the first of ``places``; "" without a place.

    Times of an event are displayed in this zone.
    """
    return places[0].time_zone if places else ""


def build_link(target: models.Model | None, language: Language) -> Link | None:
    """Return the link for the target of a foreign key; None if it is an unpublished
    record.

    Only links to records have a path.
    """
    if target is None:
        return None
    is_record = isinstance(target, Publishable)
    if is_record and not target.is_published:
        return None
    key = getattr(target, target.link_key)
    url_path = target.link_path.format(key=key.lower()) if is_record else ""
    texts = get_texts(target, "name", get_fallback_chain(language))
    name = choose_localized_text(texts, language)
    return Link(key, name, "", url_path, texts=texts)


def _build_relation_query(
    relation, position: int, owners: list[int], language: Language
):
    rows = _build_unfiltered_query(relation, position, language)
    return rows.filter(**{f"{relation.m2m_field_name()}__in": owners})


@cache
def _build_unfiltered_query(
    relation, position: int, language: Language
) -> models.QuerySet:
    """Build the query of one relation for all records.

    The query is cached and only filtered, never evaluated: resolving its columns takes
    longer than running it, and it is always the same.
    """
    through = relation.remote_field.through
    target = relation.m2m_reverse_field_name()
    model = relation.related_model
    names = _get_name_columns(model, language)
    area_columns = _get_area_columns(model, language)
    native_fields = get_native_text_fields(model, model.link_name) or (None, None)
    return (
        models.QuerySet(through)
        .order_by()
        .values_list(
            Value(position, IntegerField()),
            "pk",
            f"{relation.m2m_field_name()}_id",
            _get_text_column(target, model.link_key),
            _get_text_column(target, model.link_country),
            _get_text_column(target, model.link_time_zone),
            _build_has_page_expression(model, target),
            f"{target}_id",
            _get_pk_column(target, country_field(model)),
            _get_text_column(target, model.link_parent),
            _get_pk_column(target, area_field(model)),
            *[_get_text_column(target, name) for name in area_columns],
            _get_text_column(target, _get_basis_field(model)),
            _build_drafts_expression(model, target),
            *[_get_text_column(target, name) for name in (*names, *native_fields)],
        )
    )


def _get_text_column(target: str, name: str | None) -> str | Value:
    """Return a text column of the linked row, or "" without a name.

    Keys, time zones and names are all texts, so the subqueries of the union have the
    same column types.
    """
    return f"{target}__{name}" if name else Value("", CharField())


def _build_has_page_expression(model: type[models.Model], target: str):
    """Build an expression for whether the linked row has a public page."""
    if not issubclass(model, Publishable):
        return Value(1 if model.link_path else 0, IntegerField())
    is_published = When(**{f"{target}__status": Status.PUBLISHED}, then=Value(1))
    return Case(is_published, default=Value(0), output_field=IntegerField())


def _get_pk_column(target: str, foreign_key: models.ForeignKey | None):
    """Return the column of a foreign key of the linked row, or NULL without one."""
    if foreign_key:
        return f"{target}__{foreign_key.attname}"
    return models.functions.Cast(Value(None), models.BigIntegerField())


def country_field(model: type[models.Model]) -> models.ForeignKey | None:
    """Return the foreign key from a linked model to its country, or None."""
    name, _separator, column = (model.link_country or "").partition("__")
    return model._meta.get_field(name) if column else None


def area_field(model: type[models.Model]) -> models.ForeignKey | None:
    """Return the foreign key from a linked model to its area, or None."""
    return model._meta.get_field(model.link_area) if model.link_area else None


def _get_area_columns(
    model: type[models.Model], language: Language
) -> list[str | None]:
    """Return the columns of the area of a linked model: key, native name and names.

    They are padded with None to six. All subqueries of the union need the same number
    of columns.
    """
    foreign_key = area_field(model)
    if foreign_key is None:
        return [None] * 6
    area = foreign_key.related_model
    names = get_localized_columns(area.link_name, language)
    columns = [area.link_key, *get_native_text_fields(area, area.link_name), *names]
    return [*(f"{foreign_key.name}__{name}" for name in columns), None, None][:6]


def _get_row(foreign_key: models.ForeignKey | None, pk: int | None) -> str:
    """Return the row identifier of the target of a foreign key, "" without one."""
    return f"{foreign_key.related_model._meta.label_lower}:{pk}" if pk else ""


def _get_name_columns(
    model: type[models.Model], language: Language
) -> list[str | None]:
    """Return the columns of the name, padded with None to four.

    The first is the name as the source gives it, None if the model has no such name.
    The others are those of the fallback languages. All subqueries of the union need the
    same number of columns.
    """
    if model.link_name not in translated_fields(model):
        return [model.link_name, None, None, None]
    names = get_localized_columns(model.link_name, language)
    return [model.link_source_name, *names, None, None][:4]


def _get_basis_field(model: type[models.Model]) -> str | None:
    """Return the field with the origin of the Chinese name, None if there is none."""
    return getattr(model, "text_bases", {}).get((model.link_name, "zh-hans"))


def _build_drafts_expression(model: type[models.Model], target: str):
    """Build an expression for the JSON list of languages with a draft name."""
    if "draft_languages" in {field.name for field in model._meta.fields}:
        return Cast(f"{target}__draft_languages", CharField())
    return Value("", CharField())


def _build_link_from_row(relation, row: tuple, language: Language) -> Link:
    (
        _position,
        _pk,
        _owner,
        key,
        country,
        time_zone,
        has_page,
        pk,
        country_pk,
        parent,
        area_pk,
        area,
        area_native_text,
        area_native_tag,
        area_name_1,
        area_name_2,
        area_name_3,
        basis,
        drafts,
        source_name,
        *columns,
        native_text,
        native_tag,
    ) = row
    model = relation.related_model
    texts = _build_texts(columns, native_text, native_tag, language)
    name = choose_localized_text(texts, language)
    if source_name and (name is None or name.is_fallback):
        name = LocalizedText(source_name, UNDETERMINED_LANGUAGE)
    url_path = model.link_path.format(key=key.lower()) if has_page else ""
    return Link(
        key,
        name,
        country,
        url_path,
        time_zone,
        f"{model._meta.label_lower}:{pk}",
        _get_row(country_field(model), country_pk),
        texts,
        basis,
        tuple(json.loads(drafts)) if drafts else (),
        source_name or "",
        area=area or "",
        area_texts=_build_texts(
            (area_name_1, area_name_2, area_name_3),
            area_native_text,
            area_native_tag,
            language,
        )
        if area
        else {},
        area_row=_get_row(area_field(model), area_pk),
        parent=parent or "",
    )


def _build_texts(
    columns: Sequence[str | None], native_text: str, native_tag: str, language: Language
) -> Mapping[str, str | None]:
    """Return the names by language code; ``columns`` are in the order of the fallback
    languages of ``language``."""
    return with_native_text(
        dict(zip(get_fallback_chain(language), columns, strict=False)),
        native_text,
        native_tag,
    )


def get_linked_pks(record: models.Model, name: str) -> list[int]:
    """Return the primary keys in the relation ``name`` of ``record``, in stored
    order."""
    relation = record._meta.get_field(name)
    through = relation.remote_field.through
    rows = through.objects.filter(**{f"{relation.m2m_field_name()}_id": record.pk})
    target = f"{relation.m2m_reverse_field_name()}_id"
    return list(rows.order_by("pk").values_list(target, flat=True))


def set_links(record: models.Model, name: str, pks: list[int]) -> None:
    """Set the relation ``name`` of ``record`` to exactly ``pks``, in this order."""
    bulk_set_links(type(record), name, {record.pk: pks})


def bulk_set_links(
    model: type[models.Model], name: str, pks: dict[int, list[int]]
) -> None:
    """Set the relation ``name`` of many records of ``model``.

    ``pks`` maps the primary key of each record to the related keys in order.
    """
    relation = model._meta.get_field(name)
    through = relation.remote_field.through
    owner = f"{relation.m2m_field_name()}_id"
    target = f"{relation.m2m_reverse_field_name()}_id"
    owners = list(pks)
    for start in range(0, len(owners), _BATCH_SIZE):
        batch = owners[start : start + _BATCH_SIZE]
        through.objects.filter(**{f"{owner}__in": batch}).delete()
    through.objects.bulk_create(
        through(**{owner: pk, target: linked_pk})
        for pk in owners
        for linked_pk in pks[pk]
    )
