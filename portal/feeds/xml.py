"""Texts as XML 1.0 may hold them."""

import re

# Everything but Char of XML 1.0 §2.2: controls, halves of surrogates, non-characters.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(value: str) -> str:
    """``value`` without the characters that no XML document may hold."""
    return _FORBIDDEN.sub("", value)
