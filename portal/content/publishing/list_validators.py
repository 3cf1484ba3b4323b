"""Validators of lists that a text field or a JSON field holds."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from portal.core.languages import LANGUAGES_BY_CODE

_check_address = URLValidator(["http", "https"])


def validate_addresses(text: str) -> None:
    """Raise ValidationError unless each line of ``text`` is a web address."""
    for line in text.splitlines():
        _check_address(line.strip())


def validate_portal_languages(value) -> None:
    """Raise ValidationError unless ``value`` is a list of languages of the portal."""
    if not isinstance(value, list) or not all(
        isinstance(code, str) and code in LANGUAGES_BY_CODE for code in value
    ):
        raise ValidationError(
            _("Enter a list of codes. Choose from: %(codes)s.")
            % {"codes": ", ".join(LANGUAGES_BY_CODE)}
        )


def validate_language_values(text: str) -> None:
    """Raise ValidationError unless each line of ``text`` is ``language=value``."""
    for line in text.splitlines():
        code, _separator, value = line.partition("=")
        if code.replace("_", "-") not in LANGUAGES_BY_CODE or not value.strip():
            raise ValidationError(
                _("Enter each line as language=value, for example vi=%(example)s.")
                % {"example": "https://www.example.org/"}
            )


def parse_language_values(text: str) -> dict[str, str]:
    """Return the lines ``language=value`` of ``text`` as values by language code."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {
        code.replace("_", "-"): value.strip()
        for code, separator, value in pairs
        if separator
    }
