"""Validator for record codes such as SEM-0001."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


def code_validator(prefix: str) -> RegexValidator:
    """Return a validator for codes with ``prefix``: ``SEM-0001`` to ``SEM-999999``.

    Each number has exactly one notation: leading zeros only pad it to four digits.
    """
    return RegexValidator(
        rf"^{prefix}-([0-9]{{4}}|[1-9][0-9]{{4,5}})\Z",
        _("Enter the prefix and at least 4 digits, for example SEM-0001."),
    )
