"""Records with a row in each of their relations, derived from the models."""

from collections.abc import Callable, Iterator
from itertools import product
from string import ascii_uppercase

from django.db import models

from portal.content.publishing.models import Publishable
from portal.reference.directory.models import Country, NamedParty
from tests.factories import publishing as states
from tests.project.kind_factories import factory_of
from tests.project.source_tree import APPS


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.split(".")[0] in APPS


def pointers(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys of ``model`` that editors set."""
    return [
        field
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and field.editable
        and is_ours(field.related_model)
    ]


def owner_of(model: type[models.Model]) -> models.ForeignKey | None:
    """Return the foreign key to the parent of a row of ``model``, if it has one."""
    owners = [f for f in pointers(model) if f.remote_field.on_delete is models.CASCADE]
    owners += [
        f
        for f in model._meta.fields
        if isinstance(f, models.OneToOneField)
        and f.remote_field.on_delete in (models.CASCADE, models.PROTECT)
        and is_ours(f.related_model)
    ]
    return owners[0] if owners else None


def parts_of(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys of child models to ``model``."""
    related = [r.field for r in model._meta.related_objects if is_ours(r.related_model)]
    return [field for field in related if owner_of(field.model) is field]


def fresh(model: type[models.Model], **values) -> models.Model:
    """Create a row of ``model`` by its factory, with a free code or name."""
    if model is Country and "iso2" not in values:
        taken = set(Country.objects.values_list("iso2", flat=True)) | {"CN", "VN"}
        values["iso2"] = next(code for code in _codes() if code not in taken)
    if model is NamedParty and "name" not in values:
        values["name"] = f"Sample Ministry {NamedParty.objects.count() + 1}"
    return factory_of(model)(**values)


def _codes() -> Iterator[str]:
    return map("".join, product(ascii_uppercase[::-1], repeat=2))


def public(model: type[models.Model]) -> models.Model:
    """Create a row of ``model``; publish it if it is publishable."""
    row = fresh(model)
    return states.published(row) if isinstance(row, Publishable) else row


def part(owner: models.Model, field: models.ForeignKey, number: int) -> models.Model:
    """Create child row number ``number`` of ``owner``."""
    has_number = isinstance(
        next((f for f in field.model._meta.fields if f.name == "number"), None),
        models.IntegerField,
    )
    values = {"number": number} if has_number else {}
    return factory_of(field.model)(owner, **values)


def enrich(
    record: models.Model,
    parts: int,
    related: Callable[[type[models.Model]], models.Model] | None = None,
) -> models.Model:
    """Fill each relation of ``record`` with public rows, ``parts`` of them if many.

    ``related`` returns a public row of a model. By default each row is a new one, and
    the new records are published together.
    """
    drafts: list[Publishable] = []

    def new_row(model: type[models.Model]) -> models.Model:
        row = fresh(model)
        if isinstance(row, Publishable):
            drafts.append(row)
        return row

    _fill(record, parts, related or new_row)
    states.published_together(*drafts)
    return record


def _fill(record: models.Model, parts: int, related: Callable) -> None:
    owner = owner_of(type(record))
    for field in pointers(type(record)):
        if field is not owner:
            setattr(record, field.name, related(field.related_model))
    record.save()
    for field in type(record)._meta.many_to_many:
        rows = [related(field.related_model) for _ in range(parts)]
        getattr(record, field.name).set(rows)
    for field in parts_of(type(record)):
        is_single = isinstance(field, models.OneToOneField)
        for number in range(1, 2 if is_single else parts + 1):
            _fill(part(record, field, number), parts, related)
    if isinstance(record, Publishable):
        for number in range(parts):
            states.source(record, f"https://example.org/{record.pk}/{number}")
            states.attachment(record)
            states.illustration(record)
