"""Traditional Chinese characters for a reader, made from the simplified text."""

from functools import lru_cache

import opencc


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    # s2hk: the characters of Hong Kong and Macao, whose organs belong to the record.
    return opencc.OpenCC("s2hk")


@lru_cache(maxsize=4096)
def to_traditional(text: str) -> str:
    """``text`` in the characters of Hong Kong; words are kept as they are."""
    return _converter().convert(text)
