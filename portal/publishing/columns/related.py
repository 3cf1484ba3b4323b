"""Columns that point to other rows, or are rows of their own."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.publishing.columns.cells import BadCell, each_once, model_of, split
from portal.publishing.columns.plain import Column
from portal.publishing.links import put_links
from portal.publishing.models import Source


@dataclass(frozen=True)
class Reference(Column):
    """The key of one record of ``model``. ``is_late``: it may come in a later file."""

    model: str
    key: str
    is_late: bool = False

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

    def relate(self, record, value, keys):
        if self.is_late:
            self._set(record, value, keys)
            record.save(update_fields=[self.field])

    def _set(self, record, value, keys):
        pk = keys.pk(self.model, self.key, value) if value else None
        setattr(record, f"{self.field}_id", pk)


@dataclass(frozen=True)
class References(Column):
    """Keys of many records of ``model``, in order."""

    model: str
    key: str

    def read(self, cell, keys):
        found = each_once(split(cell))
        for key in found:
            keys.check(self.model, self.key, key)
        return found

    def value(self, record, links):
        return [link.key for link in links[self.field]]

    def assign(self, record, value, keys):
        """A many-to-many relation needs the row saved first."""

    def relate(self, record, value, keys):
        put_links(
            record, self.field, [keys.pk(self.model, self.key, key) for key in value]
        )


@dataclass(frozen=True)
class Parties(Column):
    """Parties that are no organ on record, each ``Name|iso2``, in order."""

    model: str = "directory.NamedParty"

    def read(self, cell, keys):
        found = each_once(split(cell))
        for party in found:
            name, bar, iso2 = party.rpartition("|")
            if not bar or not name:
                raise BadCell(_("Write each party as Name|iso2, e.g. China|CN."))
            keys.check("directory.Country", "iso2", iso2)
            try:
                model_of(self.model)._meta.get_field("name").clean(name, None)
            except ValidationError as problem:
                raise BadCell(" ".join(problem.messages)) from None
        return found

    def value(self, record, links):
        return [f"{link.name}|{link.country}" for link in links[self.field]]

    def assign(self, record, value, keys):
        """A many-to-many relation needs the row saved first."""

    def relate(self, record, value, keys):
        parties = model_of(self.model).objects
        found = []
        for party in value:
            name, _bar, iso2 = party.rpartition("|")
            country = keys.pk("directory.Country", "iso2", iso2)
            row, _made = parties.get_or_create(name=name, country_id=country)
            found.append(row.pk)
        put_links(record, self.field, found)


@dataclass(frozen=True)
class Sources(Column):
    """The addresses that a record rests on, in order."""

    field: str = "sources"

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

    def value(self, record, links):
        return [source.url for source in record.sources.all()]

    def assign(self, record, value, keys):
        """Sources need the row saved first."""

    def relate(self, record, value, keys):
        record.sources.all().delete()
        for position, url in enumerate(value):
            record.sources.create(url=url, host=Source.host_of(url), position=position)


@dataclass(frozen=True)
class Items(Column):
    """A list of texts, each a row of the related model, its text in one language."""

    language: str

    def read(self, cell, keys):
        return split(cell)

    def value(self, record, links):
        name = build_localized_fieldname("text", self.language)
        return [getattr(item, name) for item in getattr(record, self.field).all()]

    def assign(self, record, value, keys):
        """Items need the row saved first."""

    def relate(self, record, value, keys):
        items = getattr(record, self.field)
        items.all().delete()
        name = build_localized_fieldname("text", self.language)
        for position, text in enumerate(value, start=1):
            items.create(position=position, **{name: text})
