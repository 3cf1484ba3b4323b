"""A dataset with one row of every model in the admin, and with personal data.

Personal data contains MARK. Audit entries and proposals would contain the key of the
person instead of a name: KEY_MARK.
"""

import datetime as dt
from copy import deepcopy

from django.apps import apps
from django.contrib import admin
from django.db import models

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.models import ImportBatch, Proposal
from portal.content.review import operations as review
from portal.core.accounts.models import User
from portal.core.audit import operations as audit
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.models import Person
from tests.factories import delegations, directory, exchanges, people, seminars
from tests.factories import publishing as states
from tests.project.kind_factories import factory_of, sample

MARK = "9171717"
_KEY = 9282828
KEY_MARK = f"#{_KEY}"
AT = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def build() -> dict[str, models.Model]:
    """Create a row of every model in the admin; return the rows by ``app/model``."""
    by = states.actor()
    rows = {name_of(kind.model): _draft(kind) for kind in all_kinds()}
    person = _person(rows["directory/organ"], rows["directory/country"])
    rows |= _about(person, rows)
    rows["exchanges/coordinationrequest"] = exchanges.coordination_request(
        rows["exchanges/mechanism"]
    )
    for row in (person, *(rows[name] for name in _PERSONAL)):
        parts = getattr(row, "child_relations", ())
        after = take_snapshot(row, parts)
        audit.append_snapshot_diff(row, before=None, after=after, by=by, at=AT)
    rows["publishing/proposal"] = _proposal(person)
    for model in admin.site._registry:
        if name_of(model) not in rows:
            rows[name_of(model)] = _any(model)
    return rows


# Models with an audit entry of their row.
_PERSONAL = (
    "seminars/seminar",
    "seminars/participant",
    "seminars/trainingrecord",
    "seminars/certificate",
    "delegations/member",
)


def _draft(kind) -> models.Model:
    """Create a draft that no other row uses, so that it can be deleted."""
    if kind.code == "country":
        return directory.country("XM", name_en="Sample Country")
    return sample(kind)


def _person(organ, country) -> Person:
    return people.person(
        f"{MARK} Person",
        pk=_KEY,
        name_own=f"{MARK} 某人",
        rank=f"{MARK} rank",
        organ=organ,
        country=country,
    )


def _about(person: Person, rows: dict) -> dict[str, models.Model]:
    seminar, visit = rows["seminars/seminar"], rows["delegations/visit"]
    seminars.session(seminar, speaker=person)
    participant = seminars.participant(
        seminar, person=person, organ=rows["directory/organ"]
    )
    record = seminars.training_record(participant, hours_attended=917)
    number = f"CERT-2024-{MARK}"
    return {
        "people/person": person,
        "seminars/participant": participant,
        "seminars/trainingrecord": record,
        "seminars/certificate": seminars.certificate(record, number=number),
        "delegations/member": delegations.member(
            visit, person=person, office_en=f"{MARK} office", is_head=True
        ),
    }


def _proposal(person: Person) -> Proposal:
    """Create a proposal that adds a speaker to a published seminar."""
    seminar = seminars.seminar()
    seminars.session(seminar)
    states.published(seminar)
    base = take_snapshot(seminar, seminar.child_relations)
    proposed = deepcopy(base)
    proposed.parts["sessions"][0].values["speaker_id"] = person.pk
    return review.propose(
        seminar, base=base, proposed=proposed, public_note={}, by=states.actor(), at=AT
    )


def _any(model: type[models.Model]) -> models.Model:
    if model is ImportBatch:
        return ImportBatch.objects.create(
            resource="seminars", file_name="sample.csv", sha256="0" * 64, received_at=AT
        )
    if model is User:
        return User.objects.create_user("sample.colleague", is_staff=True)
    if model is apps.get_model("jobs.job"):
        return model.objects.create(name="sample", run_after=AT, created_at=AT)
    return model.objects.order_by("pk").first() or factory_of(model)()


def name_of(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}"


def model_of(name: str) -> type[models.Model]:
    return next(model for model in admin.site._registry if name_of(model) == name)


def text(response) -> str:
    """Return the target of a redirect and the body of an answer."""
    content = response.getvalue() if response.streaming else response.content
    return response.get("Location", "") + content.decode("utf-8", "replace")


def has_personal_data(answer) -> bool:
    """Whether an answer contains personal data."""
    body = text(answer)
    return MARK in body or KEY_MARK in body
