"""The rule of four eyes: nobody approves what they had a hand in.

The setting FOUR_EYES switches it off for an office of one person. The portal's own
actors are no persons: what ``load_record`` brings was decided when the file was made.
"""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from portal.publishing.models import Contribution, Illustration, Proposal, Publishable


class NeedsAnother(ValueError):
    """Another person has to approve this."""


def applies_to(user) -> bool:
    """Whether ``user`` is a person who needs another one to approve."""
    return settings.FOUR_EYES and not user.is_actor


def note_contribution(record: Publishable, *, by) -> None:
    """Remember that ``by`` changed the record since it was last published."""
    if not by.is_actor:
        Contribution.objects.get_or_create(**_which(record), user=by)


def forget_contributions(record: Publishable) -> None:
    """What is published is all there is: whoever changes it from now on begins anew.

    Nothing is forgotten while a change waits: who had a hand in that is kept nowhere
    else.
    """
    if Proposal.objects.about(record).open().exists():
        return
    Contribution.objects.filter(**_which(record)).delete()


def problems_of(records: Sequence[Publishable], user) -> dict[int, NeedsAnother]:
    """Why ``user`` may not approve some of ``records``, of one model: the error by
    primary key, in as many queries for many records as for one."""
    if not records:
        return {}
    of_records = {
        "content_type": ContentType.objects.get_for_model(records[0]),
        "object_id__in": [record.pk for record in records],
    }
    changed = Contribution.objects.filter(**of_records, user=user)
    has_changed = set(changed.values_list("object_id", flat=True))
    has_described = set()
    pictures = Illustration.objects.filter(**of_records)
    # Most records show no picture, and the second query is a long one.
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
    """Whether ``user`` changed ``record`` since it was last published, or described a
    picture in it that is not public yet, before or after it was put there."""
    return bool(problems_of([record], user))


def require_another(record: Publishable, *, by) -> None:
    """Raise NeedsAnother when ``by`` changed the record since it was last published, or
    described a picture in it that is not public yet."""
    if applies_to(by) and (problem := problems_of([record], by).get(record.pk)):
        raise problem


def _has_changed_error(record: Publishable) -> NeedsAnother:
    return NeedsAnother(
        _(
            "You have edited this version of “%(record)s”, so another person has to "
            "approve it."
        )
        % {"record": record.public_code}
    )


def _has_described_error(record: Publishable) -> NeedsAnother:
    return NeedsAnother(
        _(
            "You have described a picture in “%(record)s” that is not public yet, "
            "so another person has to approve the record."
        )
        % {"record": record.public_code}
    )


def described_records(user) -> dict[int, list[int]]:
    """Return the records with pictures that ``user`` described and that are not public:
    content type id → primary keys."""
    found: dict[int, list[int]] = {}
    pictures = Illustration.objects.with_unpublished_text_by(user).order_by()
    for content_type, pk in pictures.values_list("content_type", "object_id"):
        found.setdefault(content_type, []).append(pk)
    return found


def refuse_alone(record: Publishable, *, by) -> None:
    """Raise NeedsAnother when ``by`` may not change a published record directly."""
    if applies_to(by):
        raise NeedsAnother(
            _(
                "“%(record)s” is published: a change to it is proposed in its form, "
                "and another person approves it."
            )
            % {"record": record.public_code}
        )


def _which(record: Publishable) -> dict:
    content_type = ContentType.objects.get_for_model(record)
    return {"content_type": content_type, "object_id": record.pk}
