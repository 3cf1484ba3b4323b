"""A house full of what the public must never see, each text marked with MARK.

For every kind a record in each hidden state, and for each such state a published one
that points to the hidden ones wherever a relation allows it. Persons, files that are
not public and the names of staff are marked too.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import models

from delegations.models import Member
from portal.catalogue.registry import Kind, kinds
from portal.directory.models import NamedParty, Place
from portal.files.models import StoredFile
from portal.history.snapshots import columns_of, snapshot
from portal.people.models import Person
from portal.publishing.models import Publishable, Source
from portal.publishing.review import operations as review
from seminars.models import Certificate
from tests import reviewing
from tests.factories import files
from tests.factories import publishing as states
from tests.house.relations import enrich, fresh, owner_of, parts_of, pointers
from tests.house.samples import days_of

MARK = "LEAK"
FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _returned(record, *, by):
    """Withdrawn, then given back to its editor."""
    states.withdrawn(record, by=by)
    reviewing.return_to_draft(record, by=by, at=states.AT)
    return record


STATES = {
    "draft": lambda record, by: record,
    "review": lambda record, by: states.in_review(record, by=by),
    "scheduled": lambda record, by: states.scheduled(record, FAR, by=by),
    "withdrawn": lambda record, by: states.withdrawn(record, by=by),
    "returned": lambda record, by: _returned(record, by=by),
}
# Columns that hold no words: what names a row, codes of languages, addresses.
_NO_WORDS = {"time_zone", "website"}


@dataclass
class Secrets:
    """``hidden[state][kind]`` and ``carriers[state][kind]``, by the kind's code."""

    hidden: dict[str, dict[str, Publishable]] = field(default_factory=dict)
    carriers: dict[str, dict[str, Publishable]] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)

    def codes(self, *of: str) -> set[str]:
        """Public codes of the records hidden in these states, by default in all.

        Not those of countries: two letters are met by chance, in a digest or a token.
        """
        return {
            record.public_code
            for state in of or self.hidden
            for kind, record in self.hidden[state].items()
            if kind != "country"
        }


def build() -> Secrets:
    secrets = Secrets()
    clerk = states.staff(f"{MARK}.clerk")
    for position, state in enumerate(STATES):
        secrets.hidden[state] = {
            kind.code: _hidden(kind, position, state) for kind in kinds()
        }
        for record in secrets.hidden[state].values():
            STATES[state](record, clerk)
    for state in STATES:
        secrets.carriers[state] = {
            kind.code: _carrier(kind, secrets, state) for kind in kinds()
        }
    for model in (Person, Member, Certificate):
        for row in model.objects.all():
            _mark(row, f"{row.pk}-{model.__name__}")
    for records in secrets.carriers.values():
        for record in records.values():
            states.published(record, by=clerk)
            _let_a_change_wait(record, clerk)
    secrets.files += StoredFile.objects.filter(name__startswith=MARK)
    return secrets


def _hidden(kind: Kind, position: int, state: str) -> Publishable:
    values = {**_named(kind, position), **days_of(kind)}
    record = enrich(fresh(kind.model, **values), 1)
    _mark(record, f"{kind.code}-{state}")
    for owner in parts_of(kind.model):
        for row in owner.model.objects.filter(**{owner.name: record}):
            _mark(row, f"{kind.code}-{state}-{owner.model.__name__}")
    for relation in kind.model._meta.many_to_many:
        if relation.related_model in (Place, NamedParty):
            for row in getattr(record, relation.name).all():
                _mark(row, f"{relation.name}-of-{state}-{kind.code}-{row.pk}")
    url = f"https://{MARK}.example.org/{kind.code}"
    Source.objects.filter(object_id=record.pk, url__contains=f"/{record.pk}/").update(
        url=url, host=f"{MARK}.example.org"
    )
    states.attachment(record, _file(f"{kind.code}-{state}"), title=f"{MARK} file")
    shown = files.picture(file=_image(position, f"{kind.code}-{state}"))
    _mark(shown, f"{kind.code}-{state}-picture")
    states.illustration(record, shown)
    return record


def _named(kind: Kind, position: int) -> dict:
    """A code that is found nowhere by chance."""
    model, number = kind.model, 9171 + position
    if model.code_prefix:
        return {"code": f"{model.code_prefix}-{number}"}
    if kind.code == "country":
        return {"iso2": f"Q{'MNOPQ'[position]}"}
    if isinstance(model._meta.get_field(model.code_field), models.IntegerField):
        return {model.code_field: number}
    return {model.code_field: f"{MARK.lower()}-{kind.code}-{number}"}


def _mark(row: models.Model, words: str) -> None:
    """Write marked words into every text of ``row``, in every language."""
    for column in filter(_has_words, row._meta.fields):
        is_code = column.name.endswith("language")
        text = "vi" if is_code else f"{MARK}-{words}-{column.name}"
        setattr(row, column.name, text[: column.max_length])
    row.save()


def _has_words(column: models.Field) -> bool:
    names = {getattr(column.model, "code_field", "key"), "key"} | _NO_WORDS
    is_text = isinstance(column, (models.CharField, models.TextField))
    return (
        is_text and column.editable and not column.choices and column.name not in names
    )


def _carrier(kind: Kind, secrets: Secrets, state: str) -> Publishable:
    """A record that will be public and points to what is hidden."""
    record = enrich(fresh(kind.model, **days_of(kind)), 1)
    for relation in kind.model._meta.many_to_many:
        if issubclass(relation.related_model, Publishable):
            code = relation.related_model.kind
            rows = [hidden[code] for hidden in secrets.hidden.values()]
            getattr(record, relation.name).set(rows)
    _point(record, secrets.hidden[state])
    for owner in parts_of(kind.model):
        for row in owner.model.objects.filter(**{owner.name: record}):
            _point(row, secrets.hidden[state])
            _hide_files(row, f"{kind.code}-{state}-{row.pk}")
    file = _file(f"not-public-{kind.code}-{state}")
    states.attachment(record, file, title=f"{MARK} not public", is_public=False)
    return record


def _point(row: models.Model, hidden: dict[str, Publishable]) -> None:
    """Let every foreign key of ``row`` to a public kind name a hidden record."""
    owner = owner_of(type(row))
    for key in pointers(type(row)):
        if issubclass(key.related_model, Publishable) and key is not owner:
            setattr(row, key.name, hidden[key.related_model.kind])
    row.save()


def _hide_files(row: models.Model, words: str) -> None:
    """A file of a part, e.g. a material, is for staff and goes by a marked name."""
    for key in pointers(type(row)):
        if key.related_model is StoredFile:
            setattr(row, key.name, _file(f"{type(row).__name__}-{words}"))
            if hasattr(row, "is_public"):
                _mark(row, words)
    row.save()


def _image(position: int, words: str) -> StoredFile:
    size = (9 + position, 9 + StoredFile.objects.count())
    return files.stored_file(files.image_of("PNG", size), f"{MARK}-{words}.png")


def _let_a_change_wait(record: Publishable, clerk) -> None:
    """A change of every word of a public record that nobody has accepted."""
    base, wanted = (snapshot(record, record.parts) for _ in range(2))
    for column in filter(_has_words, columns_of(type(record))):
        wanted.values[column.attname] = f"{MARK}-waiting-{column.name}"
    note = {"en": f"{MARK} note"}
    review.propose(
        record, base=base, wanted=wanted, public_note=note, by=clerk, at=states.AT
    )


def _file(words: str) -> StoredFile:
    return files.stored_file(files.pdf_of(words), f"{MARK}-{words}.pdf")
