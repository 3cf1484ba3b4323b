"""Propose, accept, return and discard changes of names that public records use.

The public sees the old name until the change is accepted. ``by`` is the acting user,
``at`` the current time.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing import two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, Stamped
from portal.content.publishing.public_uses import is_used_in_public, lookups_of_records
from portal.content.publishing.review_choices import OPEN_STATES, ProposalState
from portal.content.review.proposal_references import find_records_with_proposals_using
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import diff_values
from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import (
    get_audited_columns,
    get_column_language,
    get_field_name,
    take_snapshot,
)
from portal.reference.directory import operations as directory
from portal.reference.directory.models import NameChange
from portal.reference.directory.renaming.errors import (
    AlreadyDecidedError,
    InvalidNameError,
    OutdatedVersionError,
    SelfApprovalError,
)
from portal.reference.directory.renaming.versions import version_of


def open_change(row: models.Model) -> NameChange | None:
    """Return the open name change of a topic, place or party, or None."""
    return NameChange.objects.of_row(row).open().select_related("proposed_by").first()


def needs_approval(row: models.Model, *, by, at: dt.datetime) -> bool:
    """Return whether a change of ``row`` by this user needs another person's approval.

    This is the case while a published record uses the row or a change of it is open,
    unless two-person approval does not apply to ``by``. Lock the row first if it will
    be saved, so that no record that uses it is published meanwhile.
    """
    return two_person_approval.requires_second_person(by) and (
        is_used_in_public(row, at=at) or open_change(row) is not None
    )


@transaction.atomic
def propose(
    row: models.Model, *, values: dict, by, at: dt.datetime
) -> NameChange | None:
    """Propose new values (column → value) for a shared name.

    A row has at most one open change: proposing again updates it, keeps ``proposed_by``
    and adds ``by`` to the contributors. Columns missing from ``values`` are not
    changed. If nothing differs from the row, an open change is discarded and None is
    returned.
    """
    row = _lock_row(type(row), row.pk)
    current_values = take_snapshot(row).values
    existing_change = NameChange.objects.of_row(row).open().select_for_update().first()
    changed = {
        name: value for name, value in values.items() if value != current_values[name]
    }
    if not changed:
        if existing_change:
            _decide(existing_change, ProposalState.DISCARDED, by=by, at=at)
            audit.append_entry(row, action=AuditAction.DISCARDED, by=by, at=at)
        return None
    before = {name: current_values[name] for name in changed}
    if existing_change and _is_same(existing_change, before, changed):
        return existing_change
    earlier_values = {
        **current_values,
        **(existing_change.wanted if existing_change else {}),
    }
    change = existing_change or NameChange(row=row, proposed_by=by)
    change.state, change.reason = ProposalState.WAITING, ""
    change.decided_by = change.decided_at = None
    change.before, change.wanted, change.proposed_at = before, changed, at
    change.save()
    change.contributors.add(by)
    changes = diff_values(type(row), earlier_values, {**current_values, **changed})
    audit.append_entry(
        row, action=AuditAction.PROPOSED, by=by, at=at, changes=list(changes)
    )
    return change


def _is_same(change: NameChange, before: dict, values: dict) -> bool:
    return (
        change.state == ProposalState.WAITING
        and change.before == before
        and change.wanted == values
    )


@transaction.atomic
def accept(change: NameChange, *, version: str, by, at: dt.datetime) -> None:
    """Apply a name change and refresh the published records that use the name.

    ``version`` is the version that was displayed to ``by``
    (:func:`versions.version_of`). Raise SelfApprovalError if ``by`` contributed to the
    change, OutdatedVersionError if the change or the row was edited since,
    AlreadyDecidedError if the change is not waiting, and InvalidNameError if the name
    violates a rule, for example because it now exists already.
    """
    row = _lock_change(change, (ProposalState.WAITING,), version=version)
    _require_other_person(change, by=by)
    before = take_snapshot(row)
    _require_unchanged(change, row, before.values)
    _write_values(row, change.wanted, by=by, at=at)
    audit.append_entry(row, action=AuditAction.ACCEPTED, by=by, at=at)
    audit.append_snapshot_diff(
        row, before=before, after=take_snapshot(row), by=by, at=at
    )
    _decide(change, ProposalState.ACCEPTED, by=by, at=at)
    directory.enqueue_refresh_after_rename(row, at=at)


@transaction.atomic
def return_to_author(
    change: NameChange, *, version: str, by, at: dt.datetime, reason: str
) -> None:
    """Return a waiting name change to its author with a reason.

    Raise OutdatedVersionError and AlreadyDecidedError as :func:`accept` does.
    """
    row = _lock_change(change, (ProposalState.WAITING,), version=version)
    _decide(change, ProposalState.RETURNED, by=by, at=at, reason=reason)
    audit.append_entry(row, action=AuditAction.RETURNED, by=by, at=at, reason=reason)


@transaction.atomic
def discard(
    change: NameChange, *, version: str, by, at: dt.datetime, reason: str
) -> None:
    """Discard an open name change without changing the topic, place or party.

    Raise OutdatedVersionError and AlreadyDecidedError as :func:`accept` does.
    """
    row = _lock_change(change, OPEN_STATES, version=version)
    _decide(change, ProposalState.DISCARDED, by=by, at=at, reason=reason)
    audit.append_entry(row, action=AuditAction.DISCARDED, by=by, at=at, reason=reason)


def note_contributions(row: models.Model, *, by) -> None:
    """Record the user as a contributor to the unpublished records that use a name.

    These are the records that the saved name becomes public with: records that refer to
    the row and are not published, and records with an open change that will refer to
    it. Otherwise the author of the name could approve such a record, and no second
    person would have approved the name.
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
    for record in find_records_with_proposals_using(row):
        two_person_approval.add_contribution(record, by=by)


def _lock_row(model: type[models.Model], pk: int) -> models.Model:
    locked_rows = models.QuerySet(model).select_for_update(of=("self",)).filter(pk=pk)
    row = locked_rows.first()
    if row is None:
        raise OutdatedVersionError(
            _("You cannot change this %(kind)s because it has been deleted.")
            % {"kind": model._meta.verbose_name}
        )
    return row


def _lock_change(
    change: NameChange, allowed: tuple[ProposalState, ...], *, version: str
) -> models.Model:
    """Lock the row of a name change, then the change itself; return the row.

    Raise AlreadyDecidedError if the state is not in ``allowed``, and
    OutdatedVersionError if ``version`` is not the current version or the row was
    deleted.
    """
    row = _lock_row(change.content_type.model_class(), change.object_id)
    locked_changes = models.QuerySet(NameChange).select_for_update(of=("self",))
    change.refresh_from_db(from_queryset=locked_changes)
    if change.state not in allowed:
        raise AlreadyDecidedError(
            _("The status of this change to “%(name)s” is already “%(state)s”.")
            % {"name": row, "state": ProposalState(change.state).label}
        )
    if version != version_of(change, row):
        raise OutdatedVersionError(
            _(
                "“%(name)s” or this change was edited after you opened the "
                "page, so your decision was not applied. Read the change "
                "again and decide."
            )
            % {"name": row}
        )
    return row


def _require_other_person(change: NameChange, *, by) -> None:
    is_own = change.contributors.filter(pk=by.pk).exists()
    if is_own and two_person_approval.requires_second_person(by):
        raise SelfApprovalError(
            _("You proposed this change, so another person must approve it.")
        )


def _require_unchanged(
    change: NameChange, row: models.Model, current_values: dict
) -> None:
    """Raise OutdatedVersionError if a changed column was edited since the proposal."""
    labels = [
        get_field_label(type(row), get_field_name(column), get_column_language(column))
        for column in get_audited_columns(type(row))
        if column.attname in change.before
        and change.before[column.attname] != current_values[column.attname]
    ]
    if labels:
        raise OutdatedVersionError(
            _(
                "“%(name)s” was edited after this change was proposed: %(fields)s. "
                "Return the change, or open the form of the name and save it again."
            )
            % {"name": row, "fields": ", ".join(labels)}
        )


def _write_values(row: models.Model, values: dict, *, by, at: dt.datetime) -> None:
    for column in get_audited_columns(type(row)):
        if column.attname in values:
            setattr(row, column.attname, column.to_python(values[column.attname]))
    if isinstance(row, Stamped):
        row.updated_by, row.updated_at = by, at
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise _build_invalid_name_error(row, " ".join(error.messages)) from error
    except IntegrityError as error:
        # A colleague saved the same name between the check and the save.
        raise _build_invalid_name_error(row, _("This name already exists.")) from error


def _build_invalid_name_error(row: models.Model, problem: str) -> InvalidNameError:
    return InvalidNameError(
        _(
            "The %(kind)s cannot be changed to “%(name)s”: %(problem)s "
            "Return the change, or discard it."
        )
        % {"kind": row._meta.verbose_name, "name": row, "problem": problem}
    )


def _decide(
    change: NameChange, state: ProposalState, *, by, at: dt.datetime, reason: str = ""
) -> None:
    change.state, change.reason = state, reason
    change.decided_by, change.decided_at = by, at
    change.save()
