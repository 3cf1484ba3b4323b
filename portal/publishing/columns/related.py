"""Columns that point to other rows, or are rows of their own."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE
from portal.publishing.columns.cells import (
    BadCell,
    each_once,
    join,
    model_of,
    split,
    tidy_list,
)
from portal.publishing.columns.plain import Column
from portal.publishing.links import put_links_of_many
from portal.publishing.models import Source

# So many rows go into one statement.
_ROWS = 500


@dataclass(frozen=True)
class Reference(Column):
    """The key of one record of ``model``. ``is_late``: it may come in a later file."""

    model: str
    key: str
    is_late: bool = False

    def tidy(self, cell, names):
        return names.key(self.model, self.key, cell.strip()) if cell.strip() else ""

    def read(self, cell, keys):
        if cell:
            keys.check(self.model, self.key, cell)
        return cell

    def value(self, record, links):
        target = getattr(record, self.field)
        return str(getattr(target, self.key)) if target else ""

    def assign(self, record, value, keys):
        if not self.is_late:
            self._set(record, value, keys)

    def relate_many(self, pairs, keys):
        if not self.is_late:
            return
        for record, value in pairs:
            self._set(record, value, keys)
        if pairs:
            rows = models.QuerySet(type(pairs[0][0]))
            records = [record for record, _value in pairs]
            rows.bulk_update(records, [self.field], batch_size=_ROWS)

    def _set(self, record, value, keys):
        pk = keys.pk(self.model, self.key, value) if value else None
        setattr(record, f"{self.field}_id", pk)


@dataclass(frozen=True)
class References(Column):
    """Keys of many records of ``model``, in order."""

    model: str
    key: str

    def tidy(self, cell, names):
        parts = tidy_list(cell, "、，")
        return join([names.key(self.model, self.key, part) for part in parts])

    def read(self, cell, keys):
        found = each_once(split(cell))
        for key in found:
            keys.check(self.model, self.key, key)
        return found

    def cell(self, value):
        return join(value)

    def value(self, record, links):
        return [link.key for link in links[self.field]]

    def assign(self, record, value, keys):
        """A many-to-many relation needs the row saved first."""

    def relate_many(self, pairs, keys):
        found = {
            record.pk: [keys.pk(self.model, self.key, key) for key in value]
            for record, value in pairs
        }
        if pairs:
            put_links_of_many(type(pairs[0][0]), self.field, found)


@dataclass(frozen=True)
class Parties(Column):
    """Parties that are no organ on record, each ``Name|iso2``, in order."""

    model: str = "directory.NamedParty"

    def tidy(self, cell, names):
        parts = []
        for part in tidy_list(cell.replace("｜", "|")):
            name, bar, country = part.rpartition("|")
            iso2 = names.key("directory.Country", "iso2", country.strip())
            parts.append(f"{name.strip()}{bar}{iso2}" if bar else part)
        return join(parts)

    def read(self, cell, keys):
        found = each_once(split(cell))
        for party in found:
            name, bar, iso2 = party.rpartition("|")
            if not bar or not name:
                raise BadCell(_("Write each party as Name|iso2, e.g. China|CN."))
            self._check_length(name)
            keys.check("directory.Country", "iso2", iso2)
            try:
                model_of(self.model)._meta.get_field("name").clean(name, None)
            except ValidationError as problem:
                raise BadCell(" ".join(problem.messages)) from None
        return found

    def _check_length(self, name: str) -> None:
        try:
            model_of(self.model)._meta.get_field("name").clean(name, None)
        except ValidationError as problem:
            raise BadCell(" ".join(problem.messages)) from None

    def cell(self, value):
        return join(value)

    def value(self, record, links):
        return [f"{link.name}|{link.country}" for link in links[self.field]]

    def assign(self, record, value, keys):
        """A many-to-many relation needs the row saved first."""

    def relate_many(self, pairs, keys):
        asked = dict.fromkeys(party for _record, value in pairs for party in value)
        pks = self._pks(list(asked), keys)
        found = {record.pk: [pks[party] for party in value] for record, value in pairs}
        if pairs:
            put_links_of_many(type(pairs[0][0]), self.field, found)

    def _pks(self, parties: list[str], keys) -> dict[str, int]:
        """The pk of each party; those that are not there yet are made."""
        rows = models.QuerySet(model_of(self.model))
        wanted = {}
        for party in parties:
            name, _bar, iso2 = party.rpartition("|")
            wanted[party] = name, keys.pk("directory.Country", "iso2", iso2)
        names = [name for name, _country in wanted.values()]
        known = {}
        for start in range(0, len(names), _ROWS):
            some = rows.filter(name__in=names[start : start + _ROWS])
            known |= {
                row[:2]: row[2] for row in some.values_list("name", "country", "pk")
            }
        missing = dict.fromkeys(pair for pair in wanted.values() if pair not in known)
        made = rows.bulk_create(
            rows.model(name=name, country_id=country) for name, country in missing
        )
        known |= {(row.name, row.country_id): row.pk for row in made}
        return {party: known[pair] for party, pair in wanted.items()}


@dataclass(frozen=True)
class Sources(Column):
    """The addresses that a record rests on, in order."""

    field: str = "sources"

    def tidy(self, cell, names):
        return join(tidy_list(cell))

    def read(self, cell, keys):
        found = split(cell)
        for url in found:
            if not url.startswith(("http://", "https://")):
                raise BadCell(_("Write each address with http:// or https://."))
            try:
                Source._meta.get_field("url").clean(url, None)
            except ValidationError as problem:
                raise BadCell(" ".join(problem.messages)) from None
        return found

    def cell(self, value):
        return join(value)

    def value(self, record, links):
        return [source.url for source in record.sources.all()]

    def assign(self, record, value, keys):
        """Sources need the row saved first."""

    def relate_many(self, pairs, keys):
        if not pairs:
            return
        content_type = ContentType.objects.get_for_model(type(pairs[0][0]))
        rows = Source.objects.filter(content_type=content_type)
        rows.filter(object_id__in=[record.pk for record, _value in pairs]).delete()
        Source.objects.bulk_create(
            Source(
                content_type=content_type,
                object_id=record.pk,
                position=position,
                url=url,
                host=Source.host_of(url),
            )
            for record, value in pairs
            for position, url in enumerate(value)
        )


@dataclass(frozen=True)
class Items(Column):
    """A list of texts, each a row of the related model, its text in one language."""

    language: str

    def tidy(self, cell, names):
        return join(tidy_list(cell))

    def read(self, cell, keys):
        return split(cell)

    def cell(self, value):
        return join(value)

    def value(self, record, links):
        name = build_localized_fieldname("text", self.language)
        return [getattr(item, name) or "" for item in getattr(record, self.field).all()]

    def why_kept(self, record):
        shown = build_localized_fieldname("text", self.language)
        others = [build_localized_fieldname("text", code) for code in BY_CODE]
        others.remove(shown)
        items = getattr(record, self.field).all()
        if any(getattr(item, name) for item in items for name in others):
            return _("This is written in other languages too: change it in the form.")
        return ""

    def assign(self, record, value, keys):
        """Items need the row saved first."""

    def relate_many(self, pairs, keys):
        if not pairs:
            return
        relation = type(pairs[0][0])._meta.get_field(self.field)
        rows = models.QuerySet(relation.related_model)
        owner, name = (
            relation.field.name,
            build_localized_fieldname("text", self.language),
        )
        rows.filter(
            **{f"{owner}__in": [record.pk for record, _value in pairs]}
        ).delete()
        rows.bulk_create(
            rows.model(**{owner: record, name: text}, position=position)
            for record, value in pairs
            for position, text in enumerate(value, start=1)
        )
