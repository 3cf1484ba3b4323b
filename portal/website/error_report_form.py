"""Public form by which visitors report an error on a page.

It works without session and CSRF token. Protected against bots by a signed opening time
and a honeypot field.
"""

import datetime as dt

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.translations.cleaning import clean_text
from portal.core.translations.invisible_text import is_blank

MAX_TEXT_LENGTH = 2000
MIN_FILL_TIME = dt.timedelta(seconds=3)
MAX_FORM_AGE = dt.timedelta(days=1)

_SALT = "portal.publishing.error-report"


def sign_opening_time(at: dt.datetime) -> str:
    """Return ``at`` as signed text, to be sent with the form as its opening time."""
    return signing.Signer(salt=_SALT).sign(str(int(at.timestamp())))


class _CleanTextMixin:
    """Form field mixin that normalizes line ends and removes invisible characters."""

    def to_python(self, value):
        text = clean_text(str(value or ""))
        return super().to_python("" if is_blank(text) else text)


class PlainTextField(_CleanTextMixin, forms.CharField):
    """Form field for text of several lines."""


class PlainEmailField(_CleanTextMixin, forms.EmailField):
    """Form field for an email address."""


class ErrorReportForm(forms.Form):
    """Error report form; ``at`` is the time of the request.

    ``next_opening_time`` is the signed opening time for the form when it is displayed
    again: the submitted one if it is still valid, otherwise a new one.
    """

    text = PlainTextField(
        max_length=MAX_TEXT_LENGTH,
        error_messages={
            "required": gettext_lazy("Enter details of the problem."),
            "max_length": gettext_lazy(
                "Your report must be %(limit_value)d characters or fewer. You "
                "entered %(show_value)d."
            ),
        },
    )
    email = PlainEmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy(
                "Enter an email address in the correct format, like "
                "name@example.org, or leave it blank."
            ),
            "max_length": gettext_lazy("This email address is too long."),
        },
    )
    # Honeypot: hidden from people, while bots fill in every field.
    website = PlainTextField(required=False)
    opened = PlainTextField(required=False)

    def __init__(self, *args, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.next_opening_time = sign_opening_time(at)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            raise ValidationError(
                _(
                    "Your report was not sent because a field that must stay empty "
                    "was filled in."
                )
            )
        self._check_time(cleaned.get("opened", ""))
        return cleaned

    def _check_time(self, opened: str) -> None:
        try:
            seconds = int(signing.Signer(salt=_SALT).unsign(opened))
        except (signing.BadSignature, ValueError):
            raise ValidationError(_EXPIRED_MESSAGE) from None
        age = self.at - dt.datetime.fromtimestamp(seconds, dt.UTC)
        if not dt.timedelta(0) <= age <= MAX_FORM_AGE:
            raise ValidationError(_EXPIRED_MESSAGE)
        self.next_opening_time = opened
        if age < MIN_FILL_TIME:
            raise ValidationError(_("The form was sent too quickly. Send it again."))


_EXPIRED_MESSAGE = gettext_lazy(
    "The form was open for too long. Your answers have been kept. Send it again."
)
