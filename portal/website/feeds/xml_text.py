"""Remove characters that XML 1.0 does not allow."""

import re

# Everything but Char of XML 1.0 §2.2: control characters, surrogates, non-characters.
_FORBIDDEN_CHARACTERS = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def strip_forbidden_characters(value: str) -> str:
    """Return ``value`` without the characters that XML 1.0 forbids."""
    return _FORBIDDEN_CHARACTERS.sub("", value)
