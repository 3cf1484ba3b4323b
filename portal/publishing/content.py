"""What API answers about a record are built from, read for many records at once.

Declared by each kind in its app's ``catalogue.py``. A new field of a record or of one
of its parts is included without further ado; so is a new relation to a linked model.
"""

import datetime as dt
import decimal
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, CharField, IntegerField, Value, When
from django.db.models.functions import Cast
from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.registry import Content
from portal.languages import BY_CODE, DEFAULT
from portal.publishing.choices import Status
from portal.publishing.links import (
    Link,
    Linked,
    country_field,
    load_links,
    relations_of,
)
from portal.publishing.models import Illustration, Publishable, Source
from portal.translations.fields import NameKeysField
from portal.translations.querysets import translated_fields

# Columns that no API answer shows. Revision and change are not content: they follow it.
_HIDDEN = {
    "status",
    "publish_at",
    "changed_at",
    "withdrawn_at",
    "revision",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
}

# What is read of a row that a foreign key names: its public key, whether it is public,
# and the dependencies that naming it makes.
Target = tuple[str, bool, tuple[str, ...]]
Targets = dict[tuple[type[models.Model], int], Target]


class ContentReader:
    """Reads the contents of records of one kind, as ``Kind.read_contents``.

    ``parts`` are the reverse relations whose rows the API answers contain; the kind's
    ``gather`` must have them at hand.
    """

    def __init__(self, *parts: str):
        self.parts = parts

    def __call__(self, records: Sequence[Publishable]) -> dict[int, Content]:
        links = load_links(records, DEFAULT)
        parts = {
            record.pk: {name: list(getattr(record, name).all()) for name in self.parts}
            for record in records
        }
        rows = [
            row
            for of_record in parts.values()
            for some in of_record.values()
            for row in some
        ]
        targets = _read_targets([*records, *rows])
        sources = _read_sources(records)
        pictures = _read_pictures(records)
        return {
            record.pk: _content(
                record,
                links[record.pk],
                parts[record.pk],
                targets,
                sources[record.pk],
                pictures[record.pk],
            )
            for record in records
        }


def _content(
    record: Publishable,
    links: dict[str, list[Link]],
    parts: dict[str, list[models.Model]],
    targets: Targets,
    sources: list[tuple],
    pictures: list[tuple[dict, tuple[str, ...]]],
) -> Content:
    rows, names = set(), defaultdict(set)
    for relation in relations_of(type(record)):
        axis = relation.related_model._meta.model_name
        for link in links[relation.name]:
            names[axis].add(link.key)
            rows.update((link.row, link.country_row))
    for row in (record, *(row for some in parts.values() for row in some)):
        for column in _references(type(row)):
            if pk := getattr(row, column.attname):
                rows.update(targets[column.related_model, pk][2])
    for _values, of_picture in pictures:
        rows.update(of_picture)
    own = f"{record._meta.label_lower}:{record.pk}"
    return Content(
        {
            "fields": _values_of(record, targets),
            "links": {
                name: _links_values(type(record), name, some)
                for name, some in links.items()
            },
            "parts": {
                name: [_values_of(row, targets) for row in some]
                for name, some in parts.items()
            },
            "sources": [[url, is_evidence] for url, _host, is_evidence in sources],
            "pictures": [values for values, _rows in pictures],
        },
        names,
        frozenset(rows - {"", own}),
        frozenset(host for _url, host, _is_evidence in sources if host),
    )


def _links_values(
    model: type[models.Model], name: str, links: Sequence[Link]
) -> list[list]:
    """The values of one relation. No answer names a record that is not public, so an
    edit of one leaves the content as it is."""
    is_record = issubclass(model._meta.get_field(name).related_model, Publishable)
    return [_link_values(link) for link in links if link.path or not is_record]


def _link_values(link: Link) -> list:
    name = link.name
    return [
        link.key,
        [name.text, name.tag] if name else None,
        link.country,
        link.zone,
        bool(link.path),
    ]


def _values_of(row: models.Model, targets: Targets) -> dict[str, Any]:
    """The columns of ``row`` that are written, in all languages, and what it names."""
    values = {}
    for name in _columns(type(row)):
        value = getattr(row, name)
        if value is not None and value != "":
            values[name] = _plain(value)
    for column in _references(type(row)):
        if pk := getattr(row, column.attname):
            key, is_public, _rows = targets[column.related_model, pk]
            values[column.name] = [key, is_public]
    return values


def _plain(value: Any) -> Any:
    """``value`` as JSON holds it: the same before it was saved and read again."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    return value


@cache
def _columns(model: type[models.Model]) -> list[str]:
    """Columns of ``model`` that answers may contain, relations left out.

    The bare column of a translated field repeats English; keys of names, the names.
    """
    left_out = {*_HIDDEN, *translated_fields(model)}
    return [
        column.attname
        for column in model._meta.concrete_fields
        if not (column.primary_key or column.is_relation or column.generated)
        and not isinstance(column, NameKeysField)
        and column.name not in left_out
    ]


@cache
def _references(model: type[models.Model]) -> list[models.ForeignKey]:
    """Foreign keys of ``model`` to public records and to linked rows.

    Others name people and files, whose keys no answer contains, or the record itself.
    """
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation
        and column.name not in _HIDDEN
        and issubclass(column.related_model, (Publishable, Linked))
    ]


def _read_targets(rows: Iterable[models.Model]) -> Targets:
    """What the foreign keys of ``rows`` name, in one query."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for row in rows:
        for column in _references(type(row)):
            if pk := getattr(row, column.attname):
                wanted[column.related_model].add(pk)
    found_models = list(wanted)
    arms = [
        _target_rows(position, model, wanted[model])
        for position, model in enumerate(found_models)
    ]
    targets: Targets = {}
    if not arms:
        return targets
    found = arms[0].union(*arms[1:], all=True) if arms[1:] else arms[0]
    for position, pk, key, is_public, country_pk in found:
        model = found_models[position]
        of_target = [f"{model._meta.label_lower}:{pk}"]
        if country_pk:
            country = country_field(model).related_model
            of_target.append(f"{country._meta.label_lower}:{country_pk}")
        targets[model, pk] = (key, bool(is_public), tuple(of_target))
    return targets


def _target_rows(position: int, model: type[models.Model], pks: set[int]):
    """One arm of the union; every arm has the same types."""
    is_record = issubclass(model, Publishable)
    key = model.code_field if is_record else model.link_key
    country = country_field(model) if issubclass(model, Linked) else None
    is_public = (
        Case(
            When(status=Status.PUBLISHED, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        if is_record
        else Value(1, IntegerField())
    )
    country_pk = models.F(country.attname) if country else Value(None)
    return (
        models.QuerySet(model)
        .filter(pk__in=pks)
        .order_by()
        .values_list(
            Value(position, IntegerField()),
            "pk",
            Cast(models.F(key) if key else Value(""), CharField()),
            is_public,
            Cast(country_pk, models.BigIntegerField()),
        )
    )


def _of_records(records: Sequence[Publishable]) -> dict:
    return {
        "content_type": ContentType.objects.get_for_model(records[0]),
        "object_id__in": [record.pk for record in records],
    }


def _read_sources(records: Sequence[Publishable]) -> dict[int, list[tuple]]:
    """(address, host, whether it is evidence only) of each source, by record."""
    found = {record.pk: [] for record in records}
    sources = Source.objects.judged().filter(**_of_records(records))
    for pk, url, host, is_evidence in sources.order_by("position", "pk").values_list(
        "object_id", "url", "host", "is_evidence_only"
    ):
        found[pk].append((url, host, bool(is_evidence)))
    return found


@cache
def _picture_columns() -> dict[str, str]:
    """What is read of an illustration, by the name it has in the content."""
    texts = [
        build_localized_fieldname(name, code)
        for name in ("alternative", "caption")
        for code in BY_CODE
    ]
    file = ("sha256", "name", "media_type", "width", "height")
    return {
        **{name: f"picture__{name}" for name in ("credit", *texts)},
        **{f"file_{name}": f"picture__file__{name}" for name in file},
    }


def _read_pictures(
    records: Sequence[Publishable],
) -> dict[int, list[tuple[dict, tuple[str, ...]]]]:
    """The values of each illustration and the rows that they stand in, by record."""
    found = {record.pk: [] for record in records}
    columns = _picture_columns()
    rows = Illustration.objects.filter(**_of_records(records))
    for owner, picture, file, *values in rows.order_by("position", "pk").values_list(
        "object_id", "picture_id", "picture__file_id", *columns.values()
    ):
        written = {
            name: value
            for name, value in zip(columns, values, strict=True)
            if value is not None and value != ""
        }
        of_picture = (f"files.picture:{picture}", f"files.storedfile:{file}")
        found[owner].append((written, of_picture))
    return found
