"""Propose, accept, return and discard changes of names that public records use.

Until a change is accepted the public keeps the old name. ``by`` is the acting user,
``at`` the clock.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.directory import operations as directory
from portal.directory.models import NameChange
from portal.directory.renaming.errors import (
    AlreadyDecidedError,
    InvalidNameError,
    OutdatedVersionError,
    SelfApprovalError,
)
from portal.directory.renaming.versions import version_of
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.comparing import value_changes
from portal.history.snapshots import columns_of, language_of, name_of, snapshot
from portal.history.telling import field_label
from portal.publishing.choices import Status
from portal.publishing.models import Contribution, Stamped
from portal.publishing.public_uses import is_used_in_public, lookups_of_records
from portal.publishing.review import four_eyes
from portal.publishing.review.choices import OPEN_STATES, ProposalState
from portal.publishing.review.uses import waiting_with


def open_change(row: models.Model) -> NameChange | None:
    """Return the change of ``row`` that is not decided yet, None if there is none."""
    return NameChange.objects.of_row(row).open().select_related("proposed_by").first()


def needs_approval(row: models.Model, *, by, at: dt.datetime) -> bool:
    """Return whether ``by`` cannot change ``row`` alone.

    That is so while a published record uses it or a change of it is open, unless
    two-person approval does not apply to ``by``. Lock the row first where it is to be
    written: then no record that uses it is published meanwhile.
    """
    return four_eyes.applies_to(by) and (
        is_used_in_public(row, at=at) or open_change(row) is not None
    )


@transaction.atomic
def propose(
    row: models.Model, *, wanted: dict, by, at: dt.datetime
) -> NameChange | None:
    """Record that ``by`` wants ``row`` to have the values ``wanted`` (column → value).

    A row has one open change: proposing again edits that one, which keeps its author
    and gains a contributor. Columns that ``wanted`` does not name stay as the row has
    them. Returns None if nothing is different; an open change is then discarded.
    """
    row = _lock_row(type(row), row.pk)
    now = snapshot(row).values
    waiting = NameChange.objects.of_row(row).open().select_for_update().first()
    changed = {name: value for name, value in wanted.items() if value != now[name]}
    if not changed:
        if waiting:
            _decide(waiting, ProposalState.DISCARDED, by=by, at=at)
            history.append(row, verb=Verb.DISCARDED, by=by, at=at)
        return None
    before = {name: now[name] for name in changed}
    if waiting and _is_same(waiting, before, changed):
        return waiting
    earlier = {**now, **(waiting.wanted if waiting else {})}
    change = waiting or NameChange(row=row, proposed_by=by)
    change.state, change.reason = ProposalState.WAITING, ""
    change.decided_by = change.decided_at = None
    change.before, change.wanted, change.proposed_at = before, changed, at
    change.save()
    change.contributors.add(by)
    written = value_changes(type(row), earlier, {**now, **changed})
    history.append(row, verb=Verb.PROPOSED, by=by, at=at, changes=list(written))
    return change


def _is_same(change: NameChange, before: dict, wanted: dict) -> bool:
    return (
        change.state == ProposalState.WAITING
        and change.before == before
        and change.wanted == wanted
    )


@transaction.atomic
def accept(change: NameChange, *, version: str, by, at: dt.datetime) -> None:
    """Write the change into its row; published records that use it are refreshed.

    ``version`` is what was shown to ``by`` (:func:`versions.version_of`). Raises
    SelfApprovalError if ``by`` wrote the change, OutdatedVersionError if the change or
    the row is another by now, AlreadyDecidedError, and InvalidNameError if the name
    breaks a rule by now, such as one that exists already.
    """
    row = _lock(change, (ProposalState.WAITING,), version=version)
    _require_another(change, by=by)
    before = snapshot(row)
    _require_unchanged(change, row, before.values)
    _write(row, change.wanted, by=by, at=at)
    history.append(row, verb=Verb.ACCEPTED, by=by, at=at)
    history.append_changes(row, before=before, after=snapshot(row), by=by, at=at)
    _decide(change, ProposalState.ACCEPTED, by=by, at=at)
    directory.name_changed(row, at=at)


@transaction.atomic
def return_to_author(
    change: NameChange, *, version: str, by, at: dt.datetime, reason: str
) -> None:
    """Give a waiting change back to its author with the reason.

    Raises OutdatedVersionError and AlreadyDecidedError as :func:`accept` does.
    """
    row = _lock(change, (ProposalState.WAITING,), version=version)
    _decide(change, ProposalState.RETURNED, by=by, at=at, reason=reason)
    history.append(row, verb=Verb.RETURNED, by=by, at=at, note=reason)


@transaction.atomic
def discard(
    change: NameChange, *, version: str, by, at: dt.datetime, reason: str
) -> None:
    """Drop an open change; the row stays as it is.

    Raises OutdatedVersionError and AlreadyDecidedError as :func:`accept` does.
    """
    row = _lock(change, OPEN_STATES, version=version)
    _decide(change, ProposalState.DISCARDED, by=by, at=at, reason=reason)
    history.append(row, verb=Verb.DISCARDED, by=by, at=at, note=reason)


def note_contributions(row: models.Model, *, by) -> None:
    """Record ``by`` as a contributor to every record that a saved change of ``row``
    becomes public with: those that use it and are not published, and those of which an
    open change is to use it.

    Otherwise the person who wrote the name could approve the record, and no second
    person would have decided on the name.
    """
    if by.is_actor:
        return
    contributions = [
        Contribution(
            content_type=ContentType.objects.get_for_model(model),
            object_id=pk,
            user=by,
        )
        for model, lookup in lookups_of_records(type(row))
        for pk in model.objects.filter(**{lookup: row})
        .exclude(status=Status.PUBLISHED)
        .values_list("pk", flat=True)
    ]
    Contribution.objects.bulk_create(contributions, ignore_conflicts=True)
    for record in waiting_with(row):
        four_eyes.note_contribution(record, by=by)


def _lock_row(model: type[models.Model], pk: int) -> models.Model:
    locked = models.QuerySet(model).select_for_update(of=("self",)).filter(pk=pk)
    row = locked.first()
    if row is None:
        raise OutdatedVersionError(
            _("The %(kind)s was deleted meanwhile. Nothing can be changed.")
            % {"kind": model._meta.verbose_name}
        )
    return row


def _lock(
    change: NameChange, allowed: tuple[ProposalState, ...], *, version: str
) -> models.Model:
    """Lock the row of ``change`` and the change, in this order; return the row."""
    row = _lock_row(change.content_type.model_class(), change.object_id)
    locked = models.QuerySet(NameChange).select_for_update(of=("self",))
    change.refresh_from_db(from_queryset=locked)
    if change.state not in allowed:
        raise AlreadyDecidedError(
            _("This change of “%(name)s” is %(state)s already.")
            % {"name": row, "state": ProposalState(change.state).label}
        )
    if version != version_of(change, row):
        raise OutdatedVersionError(
            _(
                "“%(name)s” or this change of it was edited after you opened the page. "
                "Nothing was decided. Read the change again and decide."
            )
            % {"name": row}
        )
    return row


def _require_another(change: NameChange, *, by) -> None:
    is_own = change.contributors.filter(pk=by.pk).exists()
    if is_own and four_eyes.applies_to(by):
        raise SelfApprovalError(
            _("You wrote this change, so another person has to accept it.")
        )


def _require_unchanged(change: NameChange, row: models.Model, now: dict) -> None:
    """Refuse a change of columns that have other values than when it was proposed."""
    labels = [
        field_label(type(row), name_of(column), language_of(column))
        for column in columns_of(type(row))
        if column.attname in change.before
        and change.before[column.attname] != now[column.attname]
    ]
    if labels:
        raise OutdatedVersionError(
            _(
                "“%(name)s” was edited after this change was proposed: %(fields)s. "
                "Return the change, or open the form of the name and save it again."
            )
            % {"name": row, "fields": ", ".join(labels)}
        )


def _write(row: models.Model, wanted: dict, *, by, at: dt.datetime) -> None:
    for column in columns_of(type(row)):
        if column.attname in wanted:
            setattr(row, column.attname, column.to_python(wanted[column.attname]))
    if isinstance(row, Stamped):
        row.updated_by, row.updated_at = by, at
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as problem:
        raise _invalid(row, " ".join(problem.messages)) from problem
    except IntegrityError as problem:
        # Written by a colleague between the check and the save.
        raise _invalid(row, _("This name exists already.")) from problem


def _invalid(row: models.Model, problem: str) -> InvalidNameError:
    return InvalidNameError(
        _(
            "The %(kind)s cannot be changed to “%(name)s”: %(problem)s Return the "
            "change to its author, or discard it."
        )
        % {"kind": row._meta.verbose_name, "name": row, "problem": problem}
    )


def _decide(
    change: NameChange, state: ProposalState, *, by, at: dt.datetime, reason: str = ""
) -> None:
    change.state, change.reason = state, reason
    change.decided_by, change.decided_at = by, at
    change.save()
