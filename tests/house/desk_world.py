"""A desk with one row in every list, and with people of the register in all corners.

What tells of them bears MARK. The history and changes that wait would show the key of
the one person in place of a name: KEY_MARK.
"""

import datetime as dt
from copy import deepcopy

from django.apps import apps
from django.contrib import admin
from django.db import models

from portal.accounts.models import User
from portal.catalogue.registry import kinds
from portal.history import operations as history
from portal.history.snapshots import snapshot
from portal.people.models import Person
from portal.publishing.models import ImportBatch, Proposal
from portal.publishing.review import operations as review
from tests.factories import delegations, directory, exchanges, people, seminars
from tests.factories import publishing as states
from tests.house.samples import factory_of, sample

MARK = "9171717"
_KEY = 9282828
KEY_MARK = f"#{_KEY}"
AT = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def build() -> dict[str, models.Model]:
    """``app/model`` of every list at the desk → a row of it."""
    by = states.actor()
    rows = {name_of(kind.model): _draft(kind) for kind in kinds()}
    person = _person(rows["directory/organ"], rows["directory/country"])
    rows |= _about(person, rows)
    rows["exchanges/coordinationrequest"] = exchanges.coordination_request(
        rows["exchanges/mechanism"]
    )
    for row in (person, *(rows[name] for name in _TOLD)):
        parts = getattr(row, "parts", ())
        after = snapshot(row, parts)
        history.append_changes(row, before=None, after=after, by=by, at=AT)
    rows["publishing/proposal"] = _proposal(person)
    for model in admin.site._registry:
        if name_of(model) not in rows:
            rows[name_of(model)] = _any(model)
    return rows


# What the history tells of.
_TOLD = (
    "seminars/seminar",
    "seminars/participant",
    "seminars/trainingrecord",
    "seminars/certificate",
    "delegations/member",
)


def _draft(kind) -> models.Model:
    """A draft of its own, which may be deleted."""
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
    """A published seminar that is to have a speaker."""
    seminar = seminars.seminar()
    seminars.session(seminar)
    states.published(seminar)
    base = snapshot(seminar, seminar.parts)
    wanted = deepcopy(base)
    wanted.parts["sessions"][0].values["speaker_id"] = person.pk
    return review.propose(
        seminar, base=base, wanted=wanted, public_note={}, by=states.actor(), at=AT
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
    """All that an answer says: its address included, where it sends to another."""
    told = response.getvalue() if response.streaming else response.content
    return response.get("Location", "") + told.decode("utf-8", "replace")


def tells(answer) -> bool:
    """Whether an answer says anything of the people of the register."""
    words = text(answer)
    return MARK in words or KEY_MARK in words
