"""Signed one-time tokens of add forms, bound to a user and a form, valid for days.

:class:`PendingSubmission` is the use of a token by one request. Use it inside the
transaction that saves the form::

    with transaction.atomic():
        pending = PendingSubmission(request, model=Seminar, form="copy:1")
        if pending.earlier is None and form.is_valid() and not pending.error:
            pending.complete(create_seminar(...))
        else:
            pending.release()
"""

import secrets

from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts import operations
from portal.core.accounts.models import FormSubmission
from portal.core.accounts.querysets import FORM_TOKEN_LIFETIME

# Name of the hidden input that contains the token.
TOKEN_INPUT = "form_token"  # noqa: S105
_SALT = "portal.accounts.form-token"
# A valid token has about 130 characters; much longer ones are rejected unverified.
_MAX_LENGTH = 500


class FormTokenError(ValueError):
    """The token of an add form is not accepted; the message is shown to the user."""


def issue_token(user, form: str) -> str:
    """Return a new signed token for ``user`` and the form named ``form``."""
    return signing.dumps([secrets.token_urlsafe(16), user.pk, form], salt=_SALT)


def read_token(text: str, *, user, form: str) -> str:
    """Return the random part of a token that was issued for ``user`` and ``form``.

    Raises FormTokenError when the token is missing, expired, forged or issued for
    another user or form.
    """
    unverified = _(
        "Nothing was saved, because this form could not be "
        "verified. Check your entries, select any files again and "
        "save again."
    )
    if not text or len(text) > _MAX_LENGTH:
        raise FormTokenError(unverified)
    try:
        payload = signing.loads(text, salt=_SALT, max_age=FORM_TOKEN_LIFETIME)
    except signing.SignatureExpired as error:
        raise FormTokenError(
            _(
                "Nothing was saved, because this form was open for more "
                "than 3 days. Check your entries, select any files again "
                "and save again."
            )
        ) from error
    except signing.BadSignature as error:
        raise FormTokenError(unverified) from error
    # Tokens signed by another release of the portal may have another structure.
    if not isinstance(payload, list) or payload[1:] != [user.pk, form]:
        raise FormTokenError(unverified)
    return payload[0]


class PendingSubmission:
    """The use of an add form's token by one POST request.

    Creating it claims the token: of two requests with the same token, the second waits
    until the first one's transaction ends. ``earlier`` is then the finished submission
    of this form, or None. ``error`` explains why the token is refused ("" if it is
    not); such a form must not be saved. ``text`` is the token for the form if it is
    displayed again: the same one, or a new one if it was refused.
    """

    def __init__(self, request, *, model: type[models.Model], form: str = "add"):
        name = f"{model._meta.label_lower}:{form}"
        self.text = request.POST.get(TOKEN_INPUT, "")
        self.error = ""
        self.earlier: FormSubmission | None = None
        self._claim: FormSubmission | None = None
        try:
            token = read_token(self.text, user=request.user, form=name)
        except FormTokenError as error:
            self.error, self.text = str(error), issue_token(request.user, name)
            return
        claim, is_new = operations.claim_token(
            token, model=model, by=request.user, at=timezone.now()
        )
        if is_new:
            self._claim = claim
        else:
            self.earlier = claim

    def complete(self, row: models.Model) -> None:
        """Record that the form was saved as ``row``."""
        if self._claim is not None:
            operations.complete_claim(self._claim, row=row)
            self._claim = None

    def release(self) -> None:
        """Make the token usable again, unless the form was saved."""
        if self._claim is not None:
            operations.release_claim(self._claim)
            self._claim = None


def new_token(request, *, model: type[models.Model], form: str = "add") -> str:
    """Return the token for an add form that is displayed for the first time."""
    return issue_token(request.user, f"{model._meta.label_lower}:{form}")


def describe_repeat(row: models.Model | None) -> str:
    """Return the message for a form that was saved before as ``row``.

    ``row`` is None if it was deleted meanwhile or the user may not view it.
    """
    if row is None:
        return _(
            "This form has already been saved. The item that it "
            "created has been deleted, or you do not have permission "
            "to view it. To add another one, open a new form."
        )
    return _(
        "This form has already been saved as “%(record)s”. Later "
        "changes in that form were not saved. Make them here. To "
        "add another record, open a new form."
    ) % {"record": row}
