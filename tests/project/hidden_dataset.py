"""A dataset of hidden records whose texts all contain MARK.

For every kind there is a record in each hidden state, and for each state a published
record that points to the hidden ones by every relation. Persons, files that are not
public, names of staff, the work notes of the published records, and what is on record
about their evidence-only sources are marked too.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import models

from delegations.models import Member
from portal.content.catalogue.registry import Kind, all_kinds
from portal.content.publishing.models import Publishable, Source
from portal.content.review import operations as review
from portal.core.audit.snapshots import get_audited_columns, take_snapshot
from portal.core.files.models import StoredFile
from portal.reference.directory.models import NamedParty, Place
from portal.reference.people.models import Person
from seminars.models import Certificate
from tests import reviewing
from tests.factories import files
from tests.factories import publishing as states
from tests.project.kind_factories import days_of
from tests.project.related_records import (
    enrich,
    fresh,
    owner_of,
    parts_of,
    pointers,
    public,
)

MARK = "LEAK"
FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _withdraw(record, *, by):
    reviewing.withdraw(record, by=by, at=states.AT)


def _return(record, *, by):
    """Withdraw a published record and return it to draft."""
    _withdraw(record, by=by)
    reviewing.return_to_draft(record, by=by, at=states.AT)


# What is done to the drafts. Those of the last two states are published before.
STATES = {
    "draft": lambda record, by: None,
    "review": states.in_review,
    "scheduled": lambda record, by: states.scheduled(record, FAR, by=by),
    "withdrawn": _withdraw,
    "returned": _return,
}
WITHDRAWN_STATES = ("withdrawn", "returned")
# Readers see the names of such hosts, so they are not marked.
EVIDENCE_ONLY_HOST = "copies.example"
# Text columns without prose: time zones and addresses.
_WITHOUT_TEXT = {"time_zone", "website"}


@dataclass
class Secrets:
    """``hidden[state][kind]`` and ``carriers[state][kind]``, by the kind's code."""

    hidden: dict[str, dict[str, Publishable]] = field(default_factory=dict)
    carriers: dict[str, dict[str, Publishable]] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)

    def codes(self, *of: str) -> set[str]:
        """Return the public codes of records hidden in these states, by default in all.

        Without those of countries: two letters may be in a digest or token by chance.
        """
        return {
            record.public_code
            for state in of or self.hidden
            for kind, record in self.hidden[state].items()
            if kind != "country"
        }


def build() -> Secrets:
    secrets = Secrets()
    related = _shared_records()
    states.evidence_only_host(EVIDENCE_ONLY_HOST)
    clerk = states.staff(f"{MARK}.clerk")
    for position, state in enumerate(STATES):
        secrets.hidden[state] = {
            kind.code: _hidden(kind, position, state, related) for kind in all_kinds()
        }
        if state in WITHDRAWN_STATES:
            _publish_together(secrets.hidden[state].values(), clerk)
        for record in secrets.hidden[state].values():
            STATES[state](record, by=clerk)
    for state in STATES:
        secrets.carriers[state] = {
            kind.code: _carrier(kind, secrets, state, related) for kind in all_kinds()
        }
    for model in (Person, Member, Certificate):
        for row in model.objects.all():
            _mark(row, f"{row.pk}-{model.__name__}")
    _publish_carriers(secrets, clerk)
    secrets.files += StoredFile.objects.filter(name__startswith=MARK)
    return secrets


def _publish_carriers(secrets: Secrets, clerk) -> None:
    """Publish the carriers; of the first state step by step, and with a waiting change.

    What a public answer shows of publication and of proposals does not depend on the
    state of the records that a carrier points to.
    """
    first, *others = secrets.carriers.values()
    for record in first.values():
        states.published(record, by=clerk)
        _let_a_change_wait(record, clerk)
    _publish_together(
        (record for of_state in others for record in of_state.values()), clerk
    )


def _publish_together(records: Iterable[Publishable], clerk) -> None:
    """Publish drafts in few queries, with the name of the clerk in each of them."""
    for record in states.published_together(*records):
        record.created_by = record.updated_by = clerk
        type(record).objects.filter(pk=record.pk).update(
            created_by=clerk, updated_by=clerk
        )


def _shared_records() -> Callable[[type[models.Model]], models.Model]:
    """A function that returns the same public record of a kind each time.

    Rows of other models, such as places, are new: those of hidden records are marked.
    """
    records: dict[type[models.Model], Publishable] = {}

    def related(model: type[models.Model]) -> models.Model:
        if not issubclass(model, Publishable):
            return public(model)
        if model not in records:
            records[model] = public(model)
        return records[model]

    return related


def _hidden(kind: Kind, position: int, state: str, related: Callable) -> Publishable:
    values = {**_names_of(kind, position), **days_of(kind)}
    record = enrich(fresh(kind.model, **values), 1, related)
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
        url=url,
        host=f"{MARK}.example.org",
        title=f"{MARK} title",
        publisher=f"{MARK} publisher",
        archive_url=f"https://archive.example/{MARK}",
    )
    states.attachment(record, _file(f"{kind.code}-{state}"), title=f"{MARK} file")
    visible_picture = files.picture(file=_image(position, f"{kind.code}-{state}"))
    _mark(visible_picture, f"{kind.code}-{state}-picture")
    states.illustration(record, visible_picture)
    return record


def _names_of(kind: Kind, position: int) -> dict:
    """Return values for a code that appears nowhere by chance."""
    model, number = kind.model, 9171 + position
    if model.code_prefix:
        return {"code": f"{model.code_prefix}-{number}"}
    if kind.code == "country":
        return {"iso2": f"Q{'MNOPQ'[position]}"}
    if isinstance(model._meta.get_field(model.code_field), models.IntegerField):
        return {model.code_field: number}
    return {model.code_field: f"{MARK.lower()}-{kind.code}-{number}"}


def _mark(row: models.Model, content: str) -> None:
    """Put a marked text into every text column of ``row``, in every language."""
    for column in filter(_has_text, row._meta.fields):
        is_code = column.name.endswith("language")
        text = "vi" if is_code else f"{MARK}-{content}-{column.name}"
        setattr(row, column.name, text[: column.max_length])
    row.save()


def _has_text(column: models.Field) -> bool:
    names = {getattr(column.model, "code_field", "key"), "key"} | _WITHOUT_TEXT
    is_text = isinstance(column, (models.CharField, models.TextField))
    return (
        is_text and column.editable and not column.choices and column.name not in names
    )


def _carrier(
    kind: Kind, secrets: Secrets, state: str, related: Callable
) -> Publishable:
    """Create a draft, to be published, that points to hidden records."""
    record = enrich(fresh(kind.model, **days_of(kind)), 1, related)
    for relation in kind.model._meta.many_to_many:
        if issubclass(relation.related_model, Publishable):
            code = relation.related_model.kind
            rows = [hidden[code] for hidden in secrets.hidden.values()]
            getattr(record, relation.name).set(rows)
    _point(record, secrets.hidden[state])
    _mark_internal_fields(record)
    for owner in parts_of(kind.model):
        for row in owner.model.objects.filter(**{owner.name: record}):
            _point(row, secrets.hidden[state])
            _mark_internal_fields(row)
            _hide_files(row, f"{kind.code}-{state}-{row.pk}")
    file = _file(f"not-public-{kind.code}-{state}")
    states.attachment(record, file, title=f"{MARK} not public", is_public=False)
    _add_evidence_only_sources(record)
    return record


def _add_evidence_only_sources(record: Publishable) -> None:
    """Add a source that readers may not find, and one with a copy of such a page."""
    archived = f"https://archive.example/2024/https://{EVIDENCE_ONLY_HOST}/{MARK}"
    states.source(
        record,
        f"https://{EVIDENCE_ONLY_HOST}/{record.pk}",
        title=f"{MARK} title",
        publisher=f"{MARK} publisher",
        language="ja",
        published_on=dt.date(2024, 5, 6),
        date_precision="day",
        archive_url=f"https://archive.example/{MARK}",
    )
    states.source(
        record,
        f"https://agency.example/{record.pk}",
        title="Report",
        archive_url=archived,
    )


def _point(row: models.Model, hidden: dict[str, Publishable]) -> None:
    """Point every foreign key of ``row`` to a publishable kind to a hidden record."""
    owner = owner_of(type(row))
    for key in pointers(type(row)):
        if issubclass(key.related_model, Publishable) and key is not owner:
            setattr(row, key.name, hidden[key.related_model.kind])
    row.save()


def _mark_internal_fields(row: models.Model) -> None:
    """Put a marked text into the fields that only staff see, such as work notes."""
    names = getattr(row, "internal_fields", ())
    for name in names:
        setattr(row, name, f"{MARK} {name} of {row._meta.model_name} {row.pk}")
    if names:
        row.save(update_fields=names)


def _hide_files(row: models.Model, text: str) -> None:
    """Give a child row, such as a material, a file for staff with a marked name."""
    for key in pointers(type(row)):
        if key.related_model is StoredFile:
            setattr(row, key.name, _file(f"{type(row).__name__}-{text}"))
            if hasattr(row, "is_public"):
                _mark(row, text)
    row.save()


def _image(position: int, text: str) -> StoredFile:
    size = (9 + position, 9 + StoredFile.objects.count())
    return files.stored_file(files.image_of("PNG", size), f"{MARK}-{text}.png")


def _let_a_change_wait(record: Publishable, clerk) -> None:
    """Create a waiting proposal that changes every text of a public record."""
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    for column in filter(_has_text, get_audited_columns(type(record))):
        proposed.values[column.attname] = f"{MARK}-waiting-{column.name}"
    note = {"en": f"{MARK} note"}
    review.propose(
        record, base=base, proposed=proposed, public_note=note, by=clerk, at=states.AT
    )


def _file(text: str) -> StoredFile:
    return files.stored_file(files.pdf_of(text), f"{MARK}-{text}.pdf")
