"""Codes of records: literal, given out once, the same for ever."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


def code_validator(prefix: str) -> RegexValidator:
    """``SEM-0001`` to ``SEM-999999``, with one way to write each number."""
    return RegexValidator(
        rf"^{prefix}-([0-9]{{4}}|[1-9][0-9]{{4,5}})\Z",
        _("Write the prefix and at least four digits, such as SEM-0001."),
    )
