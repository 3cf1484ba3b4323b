"""Two-person approval: a user may not approve changes they contributed to.

The setting TWO_PERSON_APPROVAL turns the rule off for an office of one person. System
actors are exempt; what ``load_record`` imports was approved when its files were made.
"""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from portal.content.publishing.models import (
    Contribution,
    Illustration,
    Proposal,
    Publishable,
)


class SelfApprovalForbidden(ValueError):
    """Raised when two-person approval requires another user for this action."""


def requires_second_person(user) -> bool:
    """Return whether the rule is on and ``user`` is not a system actor."""
    return settings.TWO_PERSON_APPROVAL and not user.is_actor


def add_contribution(record: Publishable, *, by) -> None:
    """Register that ``by`` changed the record since its last publication.

    Does nothing for a system actor.
    """
    if not by.is_actor:
        Contribution.objects.get_or_create(**_record_filter(record), user=by)


def clear_contributions(record: Publishable) -> None:
    """Delete the contributions to a record whose current content is published.

    Does nothing while the record has an open proposal: the contributors to a proposal
    are not stored elsewhere.
    """
    if Proposal.objects.for_record(record).open().exists():
        return
    Contribution.objects.filter(**_record_filter(record)).delete()


def has_contributions(record: Publishable) -> bool:
    """Return whether anybody changed ``record`` since its last publication."""
    return Contribution.objects.filter(**_record_filter(record)).exists()


def problems_of(
    records: Sequence[Publishable], user
) -> dict[int, SelfApprovalForbidden]:
    """Return why ``user`` may not approve ``records``: the error by primary key.

    ``records`` are of one model; records that the user may approve have no key. The
    number of queries does not depend on the number of records.
    """
    if not records:
        return {}
    record_filter = {
        "content_type": ContentType.objects.get_for_model(records[0]),
        "object_id__in": [record.pk for record in records],
    }
    changed = Contribution.objects.filter(**record_filter, user=user)
    has_changed = set(changed.values_list("object_id", flat=True))
    has_described = set()
    pictures = Illustration.objects.filter(**record_filter)
    # Most records have no pictures, and the second query is slow.
    if pictures.exists():
        described = pictures.with_unpublished_text_by(user)
        has_described = set(described.values_list("object_id", flat=True))
    return {
        record.pk: _has_changed_error(record)
        if record.pk in has_changed
        else _has_described_error(record)
        for record in records
        if record.pk in has_changed | has_described
    }


def has_contributed(record: Publishable, user) -> bool:
    """Return whether ``user`` contributed to ``record`` since its last publication.

    Editing the texts of a picture that the record shows and that is not public yet
    counts as a contribution, even if it happened before the picture was added.
    """
    return bool(problems_of([record], user))


def forbid_self_approval(record: Publishable, *, by) -> None:
    """Raise SelfApprovalForbidden if ``by`` contributed to ``record`` and may not
    approve it.

    Contributions are defined as in :func:`has_contributed`.
    """
    if requires_second_person(by) and (
        problem := problems_of([record], by).get(record.pk)
    ):
        raise problem


def _has_changed_error(record: Publishable) -> SelfApprovalForbidden:
    return SelfApprovalForbidden(
        _("You edited this version of “%(record)s”, so another person must approve it.")
        % {"record": record.public_code}
    )


def _has_described_error(record: Publishable) -> SelfApprovalForbidden:
    return SelfApprovalForbidden(
        _(
            "You wrote the description of an unpublished picture in "
            "“%(record)s”, so another person must approve the record."
        )
        % {"record": record.public_code}
    )


def described_records(user) -> dict[int, list[int]]:
    """Return the records with unpublished pictures whose texts ``user`` edited.

    The result maps content type id to primary keys.
    """
    pks_by_content_type: dict[int, list[int]] = {}
    pictures = Illustration.objects.with_unpublished_text_by(user).order_by()
    for content_type, pk in pictures.values_list("content_type", "object_id"):
        pks_by_content_type.setdefault(content_type, []).append(pk)
    return pks_by_content_type


def forbid_direct_edit(record: Publishable, *, by) -> None:
    """Raise SelfApprovalForbidden if ``by`` may not edit a published record
    directly."""
    if requires_second_person(by):
        raise SelfApprovalForbidden(
            _(
                "“%(record)s” is published. Edit it in its form. Another "
                "person must approve the change."
            )
            % {"record": record.public_code}
        )


def _record_filter(record: Publishable) -> dict:
    content_type = ContentType.objects.get_for_model(record)
    return {"content_type": content_type, "object_id": record.pk}
