"""The public form by which a reader reports an error.

It belongs to nobody's session, so it guards itself (DESIGN §5): a signed time says when
it was opened, and a field that no person sees must stay empty.
"""

import datetime as dt

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.translations.blank import is_blank
from portal.translations.cleaning import clean_text

LONGEST_TEXT = 2000
SOONEST = dt.timedelta(seconds=3)
LATEST = dt.timedelta(days=1)

_SALT = "portal.publishing.error-report"


def opened_at(at: dt.datetime) -> str:
    """The moment at which a form was given out, signed."""
    return signing.Signer(salt=_SALT).sign(str(int(at.timestamp())))


class _Typed:
    """A typed text: lines end in one character, and none of the others is invisible."""

    def to_python(self, value):
        text = clean_text(str(value or ""))
        return super().to_python("" if is_blank(text) else text)


class PlainText(_Typed, forms.CharField):
    """A text of several lines."""


class PlainEmail(_Typed, forms.EmailField):
    """An e-mail address."""


class ReportForm(forms.Form):
    """``at`` is the time at which it was sent. ``fresh`` is the signed time to give out
    again: the sender's own while it holds, else a new one."""

    text = PlainText(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": gettext_lazy("Write what is wrong."),
            "max_length": gettext_lazy(
                "Write no more than %(limit_value)d characters. "
                "You have written %(show_value)d."
            ),
        },
    )
    email = PlainEmail(
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy(
                "Write an e-mail address such as name@example.org, or none."
            ),
            "max_length": gettext_lazy("This e-mail address is too long."),
        },
    )
    # A trap: people do not see it, programs fill in whatever there is.
    website = PlainText(required=False)
    opened = PlainText(required=False)

    def __init__(self, *args, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.fresh = opened_at(at)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            raise ValidationError(
                _("Your report was not sent: a field that must be empty was filled in.")
            )
        self._check_time(cleaned.get("opened", ""))
        return cleaned

    def _check_time(self, opened: str) -> None:
        try:
            seconds = int(signing.Signer(salt=_SALT).unsign(opened))
        except (signing.BadSignature, ValueError):
            raise ValidationError(_STALE) from None
        age = self.at - dt.datetime.fromtimestamp(seconds, dt.UTC)
        if not dt.timedelta(0) <= age <= LATEST:
            raise ValidationError(_STALE)
        self.fresh = opened
        if age < SOONEST:
            raise ValidationError(
                _("That was quicker than a person writes. Please send it once more.")
            )


_STALE = gettext_lazy(
    "This form had been open for too long. Your words are still here: send it again."
)
