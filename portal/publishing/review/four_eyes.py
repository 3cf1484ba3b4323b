"""The rule of four eyes: nobody approves what they had a hand in.

The setting FOUR_EYES switches it off for an office of one person. The portal's own
actors are no persons: what ``load_record`` brings was decided when the file was made.
"""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from portal.publishing.models import Contribution, Proposal, Publishable


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


def has_contributed(record: Publishable, user) -> bool:
    return Contribution.objects.filter(**_which(record), user=user).exists()


def contributed_among(records: Sequence[Publishable], user) -> set[int]:
    """The primary keys of those among ``records``, of one model, that ``user`` changed
    since they were last published."""
    if not records:
        return set()
    content_type = ContentType.objects.get_for_model(records[0])
    pks = [record.pk for record in records]
    own = Contribution.objects.filter(
        content_type=content_type, object_id__in=pks, user=user
    )
    return set(own.values_list("object_id", flat=True))


def require_another(record: Publishable, *, by) -> None:
    """Raise NeedsAnother when ``by`` changed the record since it was last published."""
    if applies_to(by) and has_contributed(record, by):
        raise needs_another(record)


def needs_another(record: Publishable) -> NeedsAnother:
    """The error for a person who changed ``record`` since it was last published."""
    return NeedsAnother(
        _(
            "You have changed “%(record)s” since it was last published, so another "
            "person has to approve it."
        )
        % {"record": record.public_code}
    )


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
