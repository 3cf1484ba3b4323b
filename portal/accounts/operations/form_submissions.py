"""Writing which add forms were saved, so that none is saved twice."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from portal.accounts.models import FormSubmission, User


def claim_token(
    token: str, *, model: type[models.Model], by: User, at: dt.datetime
) -> tuple[FormSubmission, bool]:
    """Claim ``token`` for the current transaction; return its row, and if it is new.

    The unique constraint decides: a transaction that claims the same token at the same
    time waits here until the first one ends, and then gets that one's row (False), or
    the token if the first one was rolled back or released it.
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
    """Record that the form was saved as ``row``."""
    claim.object_id = str(row.pk)
    claim.save(update_fields=["object_id"])


def release_claim(claim: FormSubmission) -> None:
    """Make the token usable again: the form was not saved."""
    claim.delete()


def prune_form_submissions(*, at: dt.datetime) -> int:
    """Delete submissions whose token has expired; return how many there were."""
    deleted, _models = FormSubmission.objects.outdated(at).delete()
    return deleted
