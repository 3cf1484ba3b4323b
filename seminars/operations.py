"""Write operations on seminars that are not status transitions."""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from portal.content.catalogue.period import truncate_to_precision
from portal.content.publishing import numbering
from portal.content.publishing import operations as publishing
from portal.content.publishing.choices import EventState, Precision
from portal.content.publishing.links import (
    get_link_relations,
    get_linked_pks,
    set_links,
)
from portal.content.publishing.models import Proposal
from portal.content.spreadsheets.operations import erase_stored_values
from portal.core.audit import operations as audit
from portal.core.audit.snapshots import take_snapshot
from portal.core.translations.querysets import translated_fields
from portal.reference.people.models import Person
from seminars.models import Participant, Seminar, Session

# Before and after the start of every session.
_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)
_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)
# Fields copied to the new seminar. Excluded are the wording of sources, descriptions of
# the past event, numbers of participants, and publishing fields.
_COPIED_FIELDS = (
    "scope",
    "audience",
    "title",
    "subjects",
    "venue",
    "hours",
    "instruction_languages",
)
_COPIED_SESSION_FIELDS = (
    "position",
    "session_kind",
    "title",
    "place",
    "speaker_office",
)
_COPY_OFFSET = dt.timedelta(weeks=52)


def suggest_copy_start_date(seminar: Seminar) -> dt.date | None:
    """Suggest the first day for the copy of a seminar: 52 weeks later, same weekday.

    Returns None if the seminar has no date.
    """
    return seminar.starts_on + _COPY_OFFSET if seminar.starts_on else None


@transaction.atomic
def copy_seminar(seminar: Seminar, *, starts_on: dt.date, by, at) -> Seminar:
    """Create a draft copy of a seminar that is held again, starting on ``starts_on``.

    Sessions move by the same number of days and keep their local wall-clock times; they
    lose their times if the date of ``seminar`` is not exact to the day. Participants,
    training records, speakers, files, sources, reported numbers and descriptions of the
    past event are not copied. Returns the new seminar, whose state is planned.
    """
    copy = Seminar(
        code=numbering.next_code(Seminar.code_prefix),
        state=EventState.PLANNED,
        **_get_column_values(seminar, _COPIED_FIELDS),
        **_get_shifted_dates(seminar, starts_on),
    )
    copy.save()
    for relation in get_link_relations(Seminar):
        set_links(copy, relation.name, get_linked_pks(seminar, relation.name))
    _copy_sessions(seminar, copy, starts_on)
    publishing.register_edit(copy, by=by, at=at, before=None)
    return copy


def _get_column_values(row: models.Model, names) -> dict:
    """Return the values of the fields ``names``, by column name.

    A translated field has one column per language.
    """
    translated = set(translated_fields(type(row)))
    field_names = set(names)
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if getattr(getattr(field, "translated_field", field), "name", "") in field_names
        and field.name not in translated
    }


def _get_shifted_dates(seminar: Seminar, starts_on: dt.date) -> dict:
    """Return start date, end date and date precision of the copy of a seminar.

    The precision is that of ``seminar``, or day if ``seminar`` has no date. The copy
    has the same duration if both dates of ``seminar`` are exact to the day; otherwise
    it has no end date.
    """
    precision = seminar.date_precision or Precision.DAY
    is_exact = precision == Precision.DAY and seminar.starts_on and seminar.ends_on
    duration = seminar.ends_on - seminar.starts_on if is_exact else None
    return {
        "starts_on": truncate_to_precision(starts_on, precision),
        "ends_on": starts_on + duration if is_exact else None,
        "date_precision": precision,
    }


def _copy_sessions(seminar: Seminar, copy: Seminar, starts_on: dt.date) -> None:
    is_dated = seminar.date_precision == Precision.DAY
    offset = starts_on - seminar.starts_on if is_dated else None
    time_zone = (
        Seminar.objects.with_time_zone()
        .values_list("time_zone", flat=True)
        .get(pk=seminar.pk)
    )
    sessions = seminar.sessions.select_related("place")
    Session.objects.bulk_create(
        Session(
            seminar=copy,
            **_get_column_values(session, _COPIED_SESSION_FIELDS),
            starts_at=_shift_wall_clock_time(
                session.starts_at, offset, _get_session_time_zone(session, time_zone)
            ),
            ends_at=_shift_wall_clock_time(
                session.ends_at, offset, _get_session_time_zone(session, time_zone)
            ),
        )
        for session in sessions
    )


@transaction.atomic
def sort_sessions(seminar: Seminar, *, unnumbered: Collection[int] = ()) -> bool:
    """Put the sessions of ``seminar`` in the order of their start times.

    A session without a start time stays behind the session before it, and sessions that
    start at the same time stay in the order of their positions. ``unnumbered`` has the
    primary keys of new sessions without an entered position; without a start time they
    come last. Returns whether sessions with other positions were moved.
    """
    stored = list(seminar.sessions.order_by("position", "pk"))
    entered = sorted(stored, key=lambda session: session.pk in unnumbered)
    latest, times = _FIRST, {}
    for session in entered:
        is_last = session.pk in unnumbered and session.starts_at is None
        latest = _LAST if is_last else session.starts_at or latest
        times[session.pk] = latest
    ordered = sorted(entered, key=lambda session: times[session.pk])
    if ordered == stored:
        return False
    for position, session in enumerate(ordered, start=1):
        session.position = position
    Session.objects.bulk_update(stored, ["position"])
    return ordered != entered


def _get_session_time_zone(session: Session, time_zone: str | None) -> ZoneInfo:
    name = session.place.time_zone if session.place else time_zone
    return ZoneInfo(name or timezone.get_default_timezone_name())


def _shift_wall_clock_time(
    at: dt.datetime | None, offset: dt.timedelta | None, time_zone: ZoneInfo
) -> dt.datetime | None:
    """Shift ``at`` by ``offset`` and keep its wall-clock time in ``time_zone``.

    The wall-clock time does not change when daylight saving time begins or ends in
    between. Returns None if ``at`` or ``offset`` is None.
    """
    if at is None or offset is None:
        return None
    return (timezone.make_naive(at, time_zone) + offset).replace(tzinfo=time_zone)


@transaction.atomic
def erase_personal_data(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Erase the sending organ of ``person``, and ``person`` as a speaker of sessions.

    Participation, training record and certificate remain, but belong to a person
    without a name. Public pages do not change, because speakers are visible to staff
    only. ``reason`` is written to the audit log of the participant.
    """
    for participant in Participant.objects.select_for_update().filter(person=person):
        before = take_snapshot(participant)
        participant.organ = None
        participant.updated_by, participant.updated_at = by, at
        participant.save()
        erase_stored_values(participant)
        audit.append_snapshot_diff(
            participant,
            before=before,
            after=take_snapshot(participant),
            by=by,
            at=at,
            reason=reason,
        )
    for seminar in Seminar.objects.filter(sessions__speaker=person).distinct():
        before = take_snapshot(seminar, seminar.child_relations)
        Session.objects.filter(seminar=seminar, speaker=person).update(speaker=None)
        after = take_snapshot(seminar, seminar.child_relations)
        # Omit the reason: the seminar's audit log must not reveal the erased person.
        audit.append_snapshot_diff(seminar, before=before, after=after, by=by, at=at)
    _erase_speaker_from_proposals(person)


def _erase_speaker_from_proposals(person: Person) -> None:
    """Remove ``person`` as a speaker from all proposals, pending or decided.

    Otherwise a proposal for a seminar could restore the erased speaker.
    """
    meta = Seminar._meta
    proposals = Proposal.objects.select_for_update(of=("self",)).filter(
        content_type__app_label=meta.app_label, content_type__model=meta.model_name
    )
    for proposal in proposals:
        sessions = [
            session["values"]
            for content in (proposal.base, proposal.wanted)
            for session in content["parts"].get("sessions", [])
        ]
        sessions_with_speaker = [
            values for values in sessions if values.get("speaker_id") == person.pk
        ]
        for values in sessions_with_speaker:
            values["speaker_id"] = None
        if sessions_with_speaker:
            proposal.save(update_fields=["base", "wanted"])
