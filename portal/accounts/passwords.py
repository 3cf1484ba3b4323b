"""What a password of a colleague has to be, in words that the desk has in Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """So many characters. Django asks its own catalogues for a sentence that they hold
    in other words."""

    def get_error_message(self):
        told = ngettext(
            "This password is too short. It must contain at least %(min_length)d "
            "character.",
            "This password is too short. It must contain at least %(min_length)d "
            "characters.",
            self.min_length,
        )
        return told % {"min_length": self.min_length}
