"""Content of records from which API responses are built, read for many records at once.

Each kind declares its reader in its app's ``catalogue.py``. New fields of a record or
its child rows and new relations to linked models are included automatically.
"""

import datetime as dt
import decimal
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.registry import Content
from portal.content.publishing.internal_fields import get_internal_fields
from portal.content.publishing.links import (
    Link,
    LinkTarget,
    country_field,
    get_link_relations,
    load_links,
)
from portal.content.publishing.models import Illustration, Publishable
from portal.content.publishing.public_sources import PublicSource, read_public_sources
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from portal.core.translations.fields import NameKeysField
from portal.core.translations.querysets import translated_fields

# Columns that are not part of the content. Revision, time of change and languages are
# in API responses, but they follow from the content.
_HIDDEN = {
    "status",
    "publish_at",
    "changed_at",
    "withdrawn_at",
    "revision",
    "languages",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
}

# Data of a foreign key's target: its public key, whether it is public, and the row
# identifiers ("directory.organ:5") on which the content depends.
Target = tuple[str, bool, tuple[str, ...]]
Targets = dict[tuple[type[models.Model], int], Target]


class ContentReader:
    """Callable that reads the contents of records of one kind, used as
    ``Kind.read_contents``.

    ``parts`` are the reverse relations whose rows API responses contain. The
    ``prefetch`` of the kind must include them. Calling the reader returns the content
    by primary key.
    """

    def __init__(self, *parts: str):
        self.parts = parts

    def __call__(self, records: Sequence[Publishable]) -> dict[int, Content]:
        links = load_links(records, DEFAULT_LANGUAGE)
        parts = {
            record.pk: {name: list(getattr(record, name).all()) for name in self.parts}
            for record in records
        }
        rows = [
            row
            for rows_by_relation in parts.values()
            for child_rows in rows_by_relation.values()
            for row in child_rows
        ]
        targets = _read_targets([*records, *rows])
        sources = read_public_sources(records)
        pictures = _read_pictures(records)
        return {
            record.pk: _build_content(
                record,
                links[record.pk],
                parts[record.pk],
                targets,
                sources[record.pk],
                pictures[record.pk],
            )
            for record in records
        }


def _build_content(
    record: Publishable,
    links: dict[str, list[Link]],
    parts: dict[str, list[models.Model]],
    targets: Targets,
    sources: list[PublicSource],
    pictures: list[tuple[dict, tuple[str, ...]]],
) -> Content:
    """Build the content of one record from data that was read for many records."""
    dependency_rows, names = set(), defaultdict(set)
    for relation in get_link_relations(type(record)):
        axis = relation.related_model._meta.model_name
        for link in links[relation.name]:
            names[axis].add(link.key)
            dependency_rows.update((link.row, link.country_row, link.area_row))
    for row in (record, *(row for child_rows in parts.values() for row in child_rows)):
        for column in _get_reference_columns(type(row)):
            if pk := getattr(row, column.attname):
                dependency_rows.update(targets[column.related_model, pk][2])
    for _values, picture_rows in pictures:
        dependency_rows.update(picture_rows)
    own_row = f"{record._meta.label_lower}:{record.pk}"
    return Content(
        {
            "fields": _read_values(record, targets),
            "links": {
                name: _read_relation_values(type(record), name, relation_links)
                for name, relation_links in links.items()
            },
            "parts": {
                name: [_read_values(row, targets) for row in child_rows]
                for name, child_rows in parts.items()
            },
            "sources": [_read_source_values(source) for source in sources],
            "pictures": [values for values, _rows in pictures],
        },
        names,
        frozenset(dependency_rows - {"", own_row}),
        frozenset(host for source in sources for host in source.hosts),
    )


def _read_relation_values(
    model: type[models.Model], name: str, links: Sequence[Link]
) -> list[list]:
    """Return the content values of one many-to-many relation.

    Links to records that are not public are left out, as in API responses, so editing
    such a record does not change the content.
    """
    is_record = issubclass(model._meta.get_field(name).related_model, Publishable)
    return [_read_link_values(link) for link in links if link.url_path or not is_record]


def _read_link_values(link: Link) -> list:
    name = link.name
    return [
        link.key,
        [name.text, name.tag] if name else None,
        link.country,
        link.time_zone,
        bool(link.url_path),
        link.chinese_basis,
        list(link.drafts),
        [list(pair) for pair in link.names],
    ]


def _read_values(row: models.Model, targets: Targets) -> dict[str, Any]:
    """Return the non-empty columns of ``row`` in all languages and its foreign keys.

    A foreign key is represented by the public key of its target and whether the target
    is public.
    """
    values = {}
    for name in _get_content_columns(type(row)):
        value = getattr(row, name)
        if value is not None and value != "":
            values[name] = _to_json_value(value)
    for column in _get_reference_columns(type(row)):
        if pk := getattr(row, column.attname):
            key, is_public, _rows = targets[column.related_model, pk]
            values[column.name] = [key, is_public]
    return values


def _to_json_value(value: Any) -> Any:
    """Convert ``value`` to a JSON value that is the same before saving and after
    loading."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    return value


@cache
def _get_content_columns(model: type[models.Model]) -> list[str]:
    """Return the names of the columns of ``model`` that belong to the content, without
    relations.

    The unsuffixed column of a translated field is omitted because it repeats the
    English text. Normalized name keys are omitted because they repeat the names, and
    internal fields because they are never public.
    """
    excluded = {
        *_HIDDEN,
        *get_internal_fields(model),
        *translated_fields(model),
    }
    return [
        column.attname
        for column in model._meta.concrete_fields
        if not (column.primary_key or column.is_relation or column.generated)
        and not isinstance(column, NameKeysField)
        and column.name not in excluded
    ]


@cache
def _get_reference_columns(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys of ``model`` to public records and other linked models.

    Other foreign keys refer to people and files, whose keys no API response contains,
    or to the record itself.
    """
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation
        and column.name not in _HIDDEN
        and issubclass(column.related_model, (Publishable, LinkTarget))
    ]


def _read_targets(rows: Iterable[models.Model]) -> Targets:
    """Read the targets of the foreign keys of ``rows``, with one query per model."""
    pks_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
    for row in rows:
        for column in _get_reference_columns(type(row)):
            if pk := getattr(row, column.attname):
                pks_by_model[column.related_model].add(pk)
    targets: Targets = {}
    for model, pks in pks_by_model.items():
        is_record = issubclass(model, Publishable)
        key = model.code_field if is_record else model.link_key
        country = country_field(model) if issubclass(model, LinkTarget) else None
        columns = [key, "status" if is_record else None, country and country.name]
        rows_of_model = models.QuerySet(model).filter(pk__in=pks).order_by()
        for target in rows_of_model.only("pk", *filter(None, columns)):
            row_ids = [f"{model._meta.label_lower}:{target.pk}"]
            if country and (country_pk := getattr(target, country.attname)):
                country_label = country.related_model._meta.label_lower
                row_ids.append(f"{country_label}:{country_pk}")
            targets[model, target.pk] = (
                str(getattr(target, key)) if key else "",
                target.is_published if is_record else True,
                tuple(row_ids),
            )
    return targets


def _build_record_filter(records: Sequence[Publishable]) -> dict:
    """Build the filter for rows with a generic foreign key to ``records``, which are of
    one model."""
    return {
        "content_type": ContentType.objects.get_for_model(records[0]),
        "object_id__in": [record.pk for record in records],
    }


def _read_source_values(source: PublicSource) -> list:
    """Return the content values of a source.

    Details come last and only if there are any: an entry whose sources have none keeps
    the digest that the release before computed.
    """
    details = {
        "title": source.title,
        "publisher": source.publisher,
        "published": source.period.iso,
        "language": source.language,
        "archive_url": source.archive_url,
    }
    filled = {name: value for name, value in details.items() if value}
    return [source.url, source.is_evidence_only, *([filled] if filled else [])]


@cache
def _picture_columns() -> dict[str, str]:
    """Map the name of each illustration value in the content to its lookup path."""
    texts = [
        build_localized_fieldname(name, code)
        for name in ("alternative", "caption")
        for code in LANGUAGES_BY_CODE
    ]
    file = ("sha256", "name", "media_type", "width", "height")
    return {
        **{name: f"picture__{name}" for name in ("credit", *texts)},
        **{f"file_{name}": f"picture__file__{name}" for name in file},
    }


def _read_pictures(
    records: Sequence[Publishable],
) -> dict[int, list[tuple[dict, tuple[str, ...]]]]:
    """Read the illustrations of each record, by primary key of the record.

    Each illustration is a tuple of its non-empty values and the identifiers of the rows
    that they come from.
    """
    pictures_by_record = {record.pk: [] for record in records}
    columns = _picture_columns()
    rows = Illustration.objects.filter(**_build_record_filter(records))
    for owner, picture, file, *values in rows.order_by("position", "pk").values_list(
        "object_id", "picture_id", "picture__file_id", *columns.values()
    ):
        filled_values = {
            name: value
            for name, value in zip(columns, values, strict=True)
            if value is not None and value != ""
        }
        row_ids = (f"files.picture:{picture}", f"files.storedfile:{file}")
        pictures_by_record[owner].append((filled_values, row_ids))
    return pictures_by_record
