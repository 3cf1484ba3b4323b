"""Columns whose values are relations or rows of a related model."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.links import bulk_set_links
from portal.content.publishing.models import Source
from portal.content.spreadsheets.columns.cell_parsing import (
    InvalidCellError,
    join_list,
    require_unique,
    require_valid,
    split_list,
    split_loose_list,
)
from portal.content.spreadsheets.columns.value_columns import Column
from portal.core.audit.snapshots import get_column_values
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import get_loaded_name
from portal.core.translations.querysets import translated_fields

# Maximum number of rows per SQL statement.
_BATCH_SIZE = 500


@dataclass(frozen=True)
class ForeignKeyColumn(Column):
    """Column of a foreign key to ``model``, written as the value of ``key``.

    With ``is_deferred`` the referenced row may come later in the same import, so the
    foreign key is saved after all rows.
    """

    model: str
    key: str
    is_deferred: bool = False

    def describe_format(self):
        return _("Name or code of a record of this kind: %(kind)s.") % {
            "kind": apps.get_model(self.model)._meta.verbose_name
        }

    def normalize_cell(self, cell, names):
        return (
            names.find_key(self.model, self.key, cell.strip()) if cell.strip() else ""
        )

    def parse_cell(self, cell, keys):
        if cell:
            keys.require(self.model, self.key, cell)
        return cell

    def get_value(self, record, links):
        target = getattr(record, self.field)
        return str(getattr(target, self.key)) if target else ""

    def format_for_readers(self, record, links, names):
        target = getattr(record, self.field)
        if target is None:
            return ""
        # Names of countries, which ``str`` writes after their code.
        is_named = "name" in translated_fields(type(target))
        return (get_loaded_name(target, "name") if is_named else "") or str(target)

    def get_references(self, value):
        return [(self.model, value)] if value else []

    def set_value(self, record, value, keys):
        if not self.is_deferred:
            self._set(record, value, keys)

    def bulk_save_relations(self, pairs, keys):
        if not self.is_deferred:
            return
        for record, value in pairs:
            self._set(record, value, keys)
        if pairs:
            rows = models.QuerySet(type(pairs[0][0]))
            records = [record for record, _value in pairs]
            rows.bulk_update(records, [self.field], batch_size=_BATCH_SIZE)

    def _set(self, record, value, keys):
        pk = keys.get_pk(self.model, self.key, value) if value else None
        setattr(record, f"{self.field}_id", pk)


@dataclass(frozen=True)
class ManyToManyColumn(Column):
    """Column of a many-to-many relation to ``model``: a list of keys, in order."""

    model: str
    key: str

    def describe_format(self):
        return _(
            "Names or codes of records of this kind, separated by semicolons: %(kind)s."
        ) % {"kind": apps.get_model(self.model)._meta.verbose_name}

    def normalize_cell(self, cell, names):
        parts = split_loose_list(cell, "、，")
        return join_list([names.find_key(self.model, self.key, part) for part in parts])

    def parse_cell(self, cell, keys):
        keys_in_cell = require_unique(split_list(cell))
        for key in keys_in_cell:
            keys.require(self.model, self.key, key)
        return keys_in_cell

    def format_cell(self, value):
        return join_list(value)

    def get_value(self, record, links):
        return [link.key for link in links[self.field]]

    def format_for_readers(self, record, links, names):
        return "\n".join(str(link.name or link.key) for link in links[self.field])

    def get_references(self, value):
        return [(self.model, key) for key in value]

    def set_value(self, record, value, keys):
        """Do nothing: a many-to-many relation needs a saved record."""

    def bulk_save_relations(self, pairs, keys):
        pks_by_record = {
            record.pk: [keys.get_pk(self.model, self.key, key) for key in value]
            for record, value in pairs
        }
        if pairs:
            bulk_set_links(type(pairs[0][0]), self.field, pks_by_record)


@dataclass(frozen=True)
class PartiesColumn(Column):
    """Column of parties outside the directory, each ``Name|country``, in order.

    ``model`` has a name and a foreign key to the country; its ``link_country`` is the
    lookup of the country's key, such as ``country__iso2``.
    """

    model: str

    def describe_format(self):
        return _("Name|country. Several are separated by semicolons.")

    def get_example(self):
        return "Ministry of Justice|VN"

    def normalize_cell(self, cell, names):
        parts = []
        for part in split_loose_list(cell.replace("｜", "|")):
            name, separator, country = part.rpartition("|")
            key = names.find_key(*self._country_key, country.strip())
            parts.append(f"{name.strip()}{separator}{key}" if separator else part)
        return join_list(parts)

    def parse_cell(self, cell, keys):
        parties = []
        for party in require_unique(split_list(cell)):
            name, separator, country = party.rpartition("|")
            if not separator or not name:
                raise InvalidCellError(
                    _("Enter each party as Name|iso2, for example China|CN.")
                )
            require_valid(self._party_model._meta.get_field("name"), name)
            keys.require(*self._country_key, country)
            parties.append("|".join(keys.get_current(self.model, (name, country))))
        return list(dict.fromkeys(parties))

    @property
    def _party_model(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def _country_key(self) -> tuple[str, str]:
        """The label of the countries' model and the name of its key field."""
        relation, _separator, key = self._party_model.link_country.partition("__")
        countries = self._party_model._meta.get_field(relation).related_model
        return countries._meta.label, key

    def format_cell(self, value):
        return join_list(value)

    def get_value(self, record, links):
        return [
            f"{link.source_name or link.name}|{link.country}"
            for link in links[self.field]
        ]

    def format_for_readers(self, record, links, names):
        return "\n".join(
            _("%(name)s (%(country)s)")
            % {
                "name": link.name or link.source_name,
                "country": names.get_name(*self._country_key, link.country),
            }
            for link in links[self.field]
        )

    def get_references(self, value):
        country_model, _key = self._country_key
        parts = [party.rpartition("|") for party in value]
        references = [(country_model, country) for _name, _bar, country in parts]
        return [*references, *((self.model, name) for name, _bar, _country in parts)]

    def set_value(self, record, value, keys):
        """Do nothing: a many-to-many relation needs a saved record."""

    def create_missing_rows(self, values, keys):
        parties = dict.fromkeys(party for value in values for party in value)
        self._get_or_create_pks(list(parties), keys)

    def bulk_save_relations(self, pairs, keys):
        parties = dict.fromkeys(party for _record, value in pairs for party in value)
        pks = self._get_or_create_pks(list(parties), keys)
        pks_by_record = {
            record.pk: [pks[party] for party in value] for record, value in pairs
        }
        if pairs:
            bulk_set_links(type(pairs[0][0]), self.field, pks_by_record)

    def _get_or_create_pks(self, parties: list[str], keys) -> dict[str, int]:
        """Return the primary key of each party; create missing parties."""
        rows = models.QuerySet(self._party_model)
        name_and_country = {}
        for party in parties:
            name, _bar, key = party.rpartition("|")
            name_and_country[party] = name, keys.get_pk(*self._country_key, key)
        names = [name for name, _country in name_and_country.values()]
        existing = {}
        for start in range(0, len(names), _BATCH_SIZE):
            batch = rows.filter(name__in=names[start : start + _BATCH_SIZE])
            existing |= {
                row[:2]: row[2] for row in batch.values_list("name", "country", "pk")
            }
        missing = dict.fromkeys(
            pair for pair in name_and_country.values() if pair not in existing
        )
        created = rows.bulk_create(
            rows.model(name=name, country_id=country) for name, country in missing
        )
        existing |= {(row.name, row.country_id): row.pk for row in created}
        return {party: existing[pair] for party, pair in name_and_country.items()}


class SourceAddress(str):
    """Address of a source with ``details``, the values of fields without a column.

    ``details`` has JSON values by field name; empty ones are left out. Compared with
    other addresses, only the text counts.
    """

    details: dict[str, Any]

    def __new__(cls, url: str, details: dict[str, Any]):
        address = super().__new__(cls, url)
        address.details = details
        return address

    @classmethod
    def of(cls, source: Source) -> "SourceAddress":
        values = get_column_values(source)
        names = [name for name in Source.fields_without_column if values[name]]
        return cls(source.url, {name: values[name] for name in names})


@dataclass(frozen=True)
class SourcesColumn(Column):
    """Column of the source URLs of a record, in order.

    A stored source with an address of the cell is kept, with its title and everything
    else that has no column. The values of a source that an import removes are stored
    for undoing the import.
    """

    field: str = "sources"

    def describe_format(self):
        return _("Web addresses, separated by semicolons.")

    def get_example(self):
        return "https://www.example.org/news/1.html"

    def normalize_cell(self, cell, names):
        return join_list(split_loose_list(cell))

    def parse_cell(self, cell, keys):
        urls = split_list(cell)
        for url in urls:
            if not url.startswith(("http://", "https://")):
                raise InvalidCellError(
                    _("Each web address must start with http:// or https://.")
                )
            require_valid(Source._meta.get_field("url"), url)
        return urls

    def format_cell(self, value):
        return join_list(value)

    def get_value(self, record, links):
        return [SourceAddress.of(source) for source in record.sources.all()]

    def format_for_readers(self, record, links, names):
        return "\n".join(source.url for source in record.sources.all())

    def value_to_json(self, value):
        return [_address_to_json(address) for address in value]

    def value_from_json(self, stored):
        return [_address_from_json(address) for address in stored]

    def set_value(self, record, value, keys):
        """Do nothing: sources need a saved record."""

    def bulk_save_relations(self, pairs, keys):
        if not pairs:
            return
        content_type = ContentType.objects.get_for_model(type(pairs[0][0]))
        rows = Source.objects.filter(content_type=content_type)
        stored: dict[tuple[int, str], list[Source]] = defaultdict(list)
        for source in rows.filter(
            object_id__in=[record.pk for record, _value in pairs]
        ):
            stored[source.object_id, source.url].append(source)
        kept, created = [], []
        for record, value in pairs:
            for position, address in enumerate(value):
                same_address = stored[record.pk, address]
                if same_address:
                    source = same_address.pop(0)
                    kept.append(source)
                else:
                    source = _build_source(address)
                    source.content_type, source.object_id = content_type, record.pk
                    created.append(source)
                source.position = position
        removed = [source.pk for sources in stored.values() for source in sources]
        rows.filter(pk__in=removed).delete()
        Source.objects.bulk_update(kept, ["position"], batch_size=_BATCH_SIZE)
        Source.objects.bulk_create(created, batch_size=_BATCH_SIZE)


def _address_to_json(address: str) -> str | dict:
    details = getattr(address, "details", {})
    return {"url": address, **details} if details else address


def _address_from_json(stored: str | dict) -> str:
    if isinstance(stored, str):
        return stored
    details = {name: value for name, value in stored.items() if name != "url"}
    return SourceAddress(stored["url"], details)


def _build_source(address: str) -> Source:
    source = Source(url=str(address), host=Source.parse_host(address))
    for name, value in getattr(address, "details", {}).items():
        setattr(source, name, Source._meta.get_field(name).to_python(value))
    return source


@dataclass(frozen=True)
class ChildTextsColumn(Column):
    """Column of a list of texts in one language.

    Each text is stored as a row of a child model, item by item: the first text of every
    language is in the first row. ``relation`` is the reverse relation of the child
    rows, by default ``field``. ``languages`` are those that the sheet has columns for.
    """

    language: str
    relation: str = ""
    languages: tuple[str, ...] = ()

    @property
    def model_field(self):
        return self.relation or self.field

    def describe_format(self):
        return _("Several texts are separated by semicolons or line ends.")

    def normalize_cell(self, cell, names):
        return join_list(split_loose_list(cell))

    def parse_cell(self, cell, keys):
        return split_list(cell)

    def format_cell(self, value):
        return join_list(value)

    def get_value(self, record, links):
        texts = [getattr(item, self._text_field) for item in self._get_items(record)]
        return [text for text in texts if text]

    def format_for_readers(self, record, links, names):
        return "\n".join(self.get_value(record, links))

    def get_read_only_reason(self, record):
        items = self._get_items(record)
        sheet_languages = {self.language, *self.languages}
        other_fields = [
            build_localized_fieldname("text", code)
            for code in LANGUAGES_BY_CODE
            if code not in sheet_languages
        ]
        if any(getattr(item, name) for item in items for name in other_fields):
            return _(
                "This text also exists in other languages. Edit it in the form instead."
            )
        texts = [bool(getattr(item, self._text_field)) for item in items]
        if texts != sorted(texts, reverse=True):
            return _(
                "An item before the last one has no text in this language. "
                "Edit it in the form instead."
            )
        return ""

    @property
    def _text_field(self) -> str:
        return build_localized_fieldname("text", self.language)

    def _get_items(self, record) -> list[models.Model]:
        return list(getattr(record, self.model_field).all())

    def set_value(self, record, value, keys):
        """Do nothing: child rows need a saved record."""

    def bulk_save_relations(self, pairs, keys):
        """Write the texts into the existing rows in order, and add the missing rows.

        Rows without a text in any language are deleted.
        """
        if not pairs:
            return
        relation = type(pairs[0][0])._meta.get_field(self.model_field)
        rows, owner = models.QuerySet(relation.related_model), relation.field.name
        owner_pks = [record.pk for record, _value in pairs]
        existing: dict[int, list[models.Model]] = {pk: [] for pk in owner_pks}
        stored = rows.filter(**{f"{owner}__in": owner_pks}).order_by("position", "pk")
        for item in stored:
            existing[getattr(item, relation.field.attname)].append(item)
        created, changed, empty = [], [], []
        for record, value in pairs:
            items = existing[record.pk]
            for position, text in enumerate(value[len(items) :], start=len(items) + 1):
                row = {owner: record, self._text_field: text, "position": position}
                created.append(rows.model(**row))
            for position, item in enumerate(items):
                text = value[position] if position < len(value) else ""
                setattr(item, self._text_field, text)
                (changed if _has_text(item) else empty).append(item)
        rows.filter(pk__in=[item.pk for item in empty]).delete()
        rows.bulk_update(changed, [self._text_field])
        rows.bulk_create(created)


def _has_text(item: models.Model) -> bool:
    return any(
        getattr(item, build_localized_fieldname("text", code))
        for code in LANGUAGES_BY_CODE
    )
