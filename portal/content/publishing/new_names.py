"""Approval rule for topics, places and parties that become public with a record.

They have no review of their own. As long as no published record uses one, its author
may not approve the first record or proposed change that does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import gettext as _

from portal.content.publishing import two_person_approval
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Publishable
from portal.content.publishing.public_uses import not_used_in_public
from portal.content.publishing.reviewed_versions import Content, Reference
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed


def own_new_names(
    contents: Iterable[Content], *, user, at: dt.datetime
) -> dict[int, list[models.Model]]:
    """Return the unpublished topics, places and parties that ``user`` wrote, by record
    key.

    ``contents`` are those of records of one kind; records without such a row are left
    out. The number of queries does not depend on the number of records. The rule exists
    because possibly no other user has read all languages of such a row.
    """
    rows_by_record = {
        content.record.pk: _get_name_rows(content) for content in contents
    }
    own_rows = _find_unpublished_rows_by(
        {row for rows in rows_by_record.values() for row in rows}, user, at
    )
    return {
        pk: [own_rows[row] for row in sorted(rows & own_rows.keys(), key=_get_sort_key)]
        for pk, rows in rows_by_record.items()
        if rows & own_rows.keys()
    }


def require_other_author(content: Content, *, by, at: dt.datetime) -> None:
    """Raise SelfApprovalForbidden if ``by`` wrote a row that becomes public with
    ``content``.

    ``content`` is that of a record or of a proposed change; the rows in question are
    topics, places and parties that no published record uses.
    """
    if not two_person_approval.requires_second_person(by):
        return
    own_rows = _find_unpublished_rows_by(_get_name_rows(content), by, at)
    if own_rows:
        ordered_rows = [own_rows[row] for row in sorted(own_rows, key=_get_sort_key)]
        raise needs_other_author(content.record, ordered_rows)


def needs_other_author(
    record: Publishable, names: Sequence[models.Model]
) -> two_person_approval.SelfApprovalForbidden:
    """Build the error for the author of the rows ``names``, which become public with
    ``record``."""
    return two_person_approval.SelfApprovalForbidden(
        _(
            "You entered names that will be published with "
            "“%(record)s”: %(names)s. Another person must approve the "
            "record."
        )
        % {"record": record.public_code, "names": ", ".join(map(str, names))}
    )


def _get_name_rows(content: Content) -> set[Reference]:
    """Return the topics, places and parties that ``content`` refers to."""
    return {(row.model, row.pk) for row in content.related if _is_name(row.model)}


def _find_unpublished_rows_by(
    rows: set[Reference], user, at: dt.datetime
) -> dict[Reference, models.Model]:
    """Return those of ``rows`` that ``user`` wrote and no published record uses, as
    instances."""
    pks_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, pk in _find_rows_edited_by(rows, user):
        pks_by_model[model].add(pk)
    return {
        (model, row.pk): row
        for model, pks in pks_by_model.items()
        for row in not_used_in_public(model, pks, at=at)
    }


def _find_rows_edited_by(rows: set[Reference], user) -> set[Reference]:
    """Return those of ``rows`` that ``user`` created or changed according to the audit
    log."""
    rows_by_key = {
        (model._meta.label_lower, str(pk)): (model, pk) for model, pk in rows
    }
    condition = models.Q(pk__in=[])
    for label in {label for label, _key in rows_by_key}:
        keys = [key for row_label, key in rows_by_key if row_label == label]
        condition |= models.Q(model=label, row__in=keys)
    user_entries = Deed.objects.filter(
        condition, by=user, verb__in=(AuditAction.CREATED, AuditAction.CHANGED)
    )
    row_keys = user_entries.order_by().values_list("model", "row").distinct()
    return {rows_by_key[row_key] for row_key in row_keys}


def _get_sort_key(row: Reference) -> tuple[str, int]:
    return row[0]._meta.label, row[1]


def _is_name(model: type[models.Model] | None) -> bool:
    """Return whether ``model`` is a linked model that is not a record, such as
    Topic."""
    return bool(
        model and issubclass(model, LinkTarget) and not issubclass(model, Publishable)
    )
