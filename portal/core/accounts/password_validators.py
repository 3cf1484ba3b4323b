"""Password validators with error messages that are translated into Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class TranslatedMinimumLengthValidator(MinimumLengthValidator):
    """Minimum length validator whose error message is translated.

    The message id in Django's code differs from the one in Django's own catalogues, so
    the original message always appears in English.
    """

    def get_error_message(self):
        message = ngettext(
            "This password is too short. It must contain at least %(min_length)d "
            "character.",
            "This password is too short. It must contain at least %(min_length)d "
            "characters.",
            self.min_length,
        )
        return message % {"min_length": self.min_length}
