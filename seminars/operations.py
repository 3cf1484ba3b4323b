"""The verbs of seminars, beside those of publishing."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from portal.catalogue.period import first_day
from portal.history import operations as history
from portal.history.snapshots import snapshot
from portal.people.models import Person
from portal.publishing import numbering
from portal.publishing import operations as publishing
from portal.publishing.choices import EventState, Precision
from portal.publishing.links import linked_pks, put_links, relations_of
from portal.publishing.models import Proposal
from portal.publishing.spreadsheets.operations import forget_values
from portal.translations.querysets import translated_fields
from seminars.models import Participant, Seminar, Session

# What is planned again. Not here: what a source says of that one seminar, what was told
# about it, how many came, and its publishing.
_KEPT = (
    "scope",
    "audience",
    "title",
    "subjects",
    "venue",
    "hours",
    "instruction_languages",
)
_SESSION_KEPT = ("position", "session_kind", "title", "place", "speaker_office")
_AS_LONG = dt.timedelta(weeks=52)


def a_year_later(seminar: Seminar) -> dt.date | None:
    """The same weekday a year on, for the first day of a copy; None if undated."""
    return seminar.starts_on + _AS_LONG if seminar.starts_on else None


@transaction.atomic
def copy_seminar(seminar: Seminar, *, first_day_on: dt.date, by, at) -> Seminar:
    """A new draft, planned from ``first_day_on``, of what is held again each year.

    The programme moves by as many days, at the same hours of the clock. Persons are not
    copied: no participants, no training, no speakers; nor are files, sources, numbers,
    and what was told of the seminar that took place.
    """
    copy = Seminar(
        code=numbering.next_code(Seminar.code_prefix),
        state=EventState.PLANNED,
        **_columns(seminar, _KEPT),
        **_days(seminar, first_day_on),
    )
    copy.save()
    for relation in relations_of(Seminar):
        put_links(copy, relation.name, linked_pks(seminar, relation.name))
    _copy_programme(seminar, copy, first_day_on)
    publishing.republish(copy, by=by, at=at, before=None)
    return copy


def _columns(row: models.Model, names) -> dict:
    """The columns behind ``names``, of a translated field those of every language."""
    translated = set(translated_fields(type(row)))
    wanted = set(names)
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if getattr(getattr(field, "translated_field", field), "name", "") in wanted
        and field.name not in translated
    }


def _days(seminar: Seminar, first_day_on: dt.date) -> dict:
    """As exactly as those of ``seminar`` are known; to the day where they are not."""
    precision = seminar.date_precision or Precision.DAY
    is_exact = precision == Precision.DAY and seminar.starts_on and seminar.ends_on
    lasts = seminar.ends_on - seminar.starts_on if is_exact else None
    return {
        "starts_on": first_day(first_day_on, precision),
        "ends_on": first_day_on + lasts if is_exact else None,
        "date_precision": precision,
    }


def _copy_programme(seminar: Seminar, copy: Seminar, first_day_on: dt.date) -> None:
    is_dated = seminar.date_precision == Precision.DAY
    moved = first_day_on - seminar.starts_on if is_dated else None
    zone = Seminar.objects.with_zone().values_list("zone", flat=True).get(pk=seminar.pk)
    sessions = seminar.sessions.select_related("place")
    Session.objects.bulk_create(
        Session(
            seminar=copy,
            **_columns(session, _SESSION_KEPT),
            starts_at=_moved(session.starts_at, moved, _clock(session, zone)),
            ends_at=_moved(session.ends_at, moved, _clock(session, zone)),
        )
        for session in sessions
    )


def _clock(session: Session, zone: str | None) -> ZoneInfo:
    name = session.place.time_zone if session.place else zone
    return ZoneInfo(name or timezone.get_default_timezone_name())


def _moved(
    at: dt.datetime | None, days: dt.timedelta | None, clock: ZoneInfo
) -> dt.datetime | None:
    """The same hour of the clock so many days on, whether summer time is or not."""
    if at is None or days is None:
        return None
    return (timezone.make_naive(at, clock) + days).replace(tzinfo=clock)


@transaction.atomic
def forget(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Take out which organ sent ``person``, and of which sessions they were speaker.

    Participation, training record and certificate stay as they are: hours, result and
    number are those of somebody who has no name any more. The public sees no change: a
    speaker is told to staff only.
    """
    for participant in Participant.objects.select_for_update().filter(person=person):
        before = snapshot(participant)
        participant.organ = None
        participant.updated_by, participant.updated_at = by, at
        participant.save()
        forget_values(participant)
        history.append_changes(
            participant,
            before=before,
            after=snapshot(participant),
            by=by,
            at=at,
            note=reason,
        )
    for seminar in Seminar.objects.filter(sessions__speaker=person).distinct():
        before = snapshot(seminar, seminar.parts)
        Session.objects.filter(seminar=seminar, speaker=person).update(speaker=None)
        after = snapshot(seminar, seminar.parts)
        # Without the reason: who reads of the seminar need not know of the person.
        history.append_changes(seminar, before=before, after=after, by=by, at=at)
    _forget_in_proposals(person)


def _forget_in_proposals(person: Person) -> None:
    """No change of a seminar, waiting or decided, brings the speaker back."""
    kind = Seminar._meta
    proposals = Proposal.objects.select_for_update(of=("self",)).filter(
        content_type__app_label=kind.app_label, content_type__model=kind.model_name
    )
    for proposal in proposals:
        sessions = [
            session["values"]
            for told in (proposal.base, proposal.wanted)
            for session in told["parts"].get("sessions", [])
        ]
        named = [one for one in sessions if one.get("speaker_id") == person.pk]
        for values in named:
            values["speaker_id"] = None
        if named:
            proposal.save(update_fields=["base", "wanted"])
