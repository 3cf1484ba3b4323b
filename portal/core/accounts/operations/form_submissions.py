"""Operations on tokens of add forms, which prevent a form from being saved twice."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from portal.core.accounts.models import FormSubmission, User


def claim_token(
    token: str, *, model: type[models.Model], by: User, at: dt.datetime
) -> tuple[FormSubmission, bool]:
    """Claim a form token for the current transaction.

    Returns the row of the token, and True if this call created the row. The unique
    constraint on the token decides between simultaneous transactions: the second one
    waits here until the first one ends. It then gets the row of the first one and
    False, or its own row and True if the first one was rolled back or released the
    token.
    """
    content_type = ContentType.objects.get_for_model(model)
    try:
        with transaction.atomic():
            claim = FormSubmission.objects.create(
                token=token, user=by, content_type=content_type, used_at=at
            )
    except IntegrityError:
        return FormSubmission.objects.get(token=token), False
    return claim, True


def complete_claim(claim: FormSubmission, *, row: models.Model) -> None:
    """Store ``row`` as the object that was created by the form with this token."""
    claim.object_id = str(row.pk)
    claim.save(update_fields=["object_id"])


def release_claim(claim: FormSubmission) -> None:
    """Make the token usable again after the form was not saved."""
    claim.delete()


def prune_form_submissions(*, at: dt.datetime) -> int:
    """Delete submissions whose token has expired, and return their number."""
    deleted, _counts_by_model = FormSubmission.objects.outdated(at).delete()
    return deleted
