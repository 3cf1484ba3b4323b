"""Conversion of simplified into traditional Chinese characters."""

from functools import lru_cache

import opencc


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    # s2hk: characters as used in Hong Kong and Macao, whose organs the portal covers.
    return opencc.OpenCC("s2hk")


@lru_cache(maxsize=4096)
def to_traditional(text: str) -> str:
    """Return ``text`` in the characters of Hong Kong; words are not replaced."""
    return _converter().convert(text)
