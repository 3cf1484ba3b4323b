"""Formatted differences of a proposal, and permission checks for reviewers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.models import Proposal
from portal.content.publishing.review_comments import build_field_key
from portal.core.audit.diff import RowChange, diff_snapshots
from portal.core.audit.presentation import (
    FormattedChange,
    build_value_formatter,
    format_field_change,
    format_object_label,
    get_display_names,
)
from portal.core.audit.snapshots import Snapshot
from portal.core.audit.value_formatting import ValueFormatter


@dataclass(frozen=True)
class FormattedRowChange:
    """A changed, added or removed row with its formatted field changes.

    ``heading`` contains the name of the row and whether it is added or removed.
    """

    heading: str
    changes: list[FormattedChange]


def format_differences(proposal: Proposal, *, viewer) -> list[FormattedRowChange]:
    """Format the changes of ``proposal`` by row, field and language.

    Values that the viewing user may not see are redacted.
    """
    return format_all_differences([proposal], viewer=viewer)[0]


def format_all_differences(
    proposals: Sequence[Proposal], *, viewer
) -> list[list[FormattedRowChange]]:
    """Format the changes of each proposal as :func:`format_differences`.

    The number of queries does not depend on the number of proposals.
    """
    changes_by_proposal = [_diff(proposal) for proposal in proposals]
    row_changes = [change for changes in changes_by_proposal for change in changes]
    names = _load_child_row_names(row_changes, viewer)
    formatter = build_value_formatter(
        (
            (row_change.model, change)
            for row_change in row_changes
            for change in row_change.changes
        ),
        viewer,
    )
    return [
        [
            _format_row_change(
                row_change,
                names.get((row_change.model, row_change.pk), ""),
                formatter,
                viewer,
            )
            for row_change in changes
        ]
        for changes in changes_by_proposal
    ]


def _diff(proposal: Proposal) -> list[RowChange]:
    return diff_snapshots(
        proposal.content_type.model_class(),
        Snapshot.from_json(proposal.base),
        Snapshot.from_json(proposal.wanted),
        proposal.object_id,
        by_primary_key=True,
    )


def _format_row_change(
    row_change: RowChange, name: str, formatter: ValueFormatter, viewer
) -> FormattedRowChange:
    changes = [
        replace(
            format_field_change(row_change.model, change, formatter, viewer),
            key=build_field_key(
                change.field, change.language, row_change.relation, row_change.pk
            ),
        )
        for change in row_change.changes
    ]
    return FormattedRowChange(_build_heading(row_change, name), changes)


def _load_child_row_names(row_changes: Sequence[RowChange], viewer) -> dict[tuple, str]:
    """Return the display names of child rows that exist already, by model and primary
    key."""
    pks: dict[type[models.Model], list[int]] = defaultdict(list)
    for row_change in row_changes:
        if row_change.relation and not row_change.is_created:
            pks[row_change.model].append(row_change.pk)
    return {
        (model, pk): name
        for model, model_pks in pks.items()
        for pk, name in get_display_names(model, model_pks, viewer=viewer).items()
    }


def _build_heading(row_change: RowChange, name: str) -> str:
    kind = str(row_change.model._meta.verbose_name)
    label = format_object_label(kind, name) if name else capfirst(kind)
    if row_change.is_created:
        return _("%(what)s (added)") % {"what": label}
    if row_change.is_deleted:
        return _("%(what)s (removed)") % {"what": label}
    return label


def has_model_permission(user, action: str, model: type[models.Model]) -> bool:
    """Return whether ``user`` has the permission ``action`` (change, review …) on
    ``model``."""
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}")


def is_visible_kind(user, model: type[models.Model]) -> bool:
    """Return whether ``user`` may view, change or review records of ``model``."""
    return any(
        has_model_permission(user, action, model)
        for action in ("view", "change", "review")
    )


def get_visible_content_types(user) -> list[ContentType]:
    """Return the content types of the record kinds that ``user`` may view in the staff
    admin."""
    visible_models = [
        kind.model for kind in all_kinds() if is_visible_kind(user, kind.model)
    ]
    return list(ContentType.objects.get_for_models(*visible_models).values())
