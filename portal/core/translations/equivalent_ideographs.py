"""Ideographs that look like CJK radicals and strokes.

Some PDF programs write radicals instead of characters: 人⺠ for 人民.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent / "data" / "EquivalentUnifiedIdeograph.txt"
_LINE = re.compile(r"([0-9A-F]{4,6})(?:\.\.([0-9A-F]{4,6}))?\s*;\s*([0-9A-F]{4,6})\b")


@cache
def load_equivalent_ideographs() -> Mapping[str, str]:
    """Return the ideograph of each radical and stroke, as Unicode defines it."""
    ideographs = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if match := _LINE.match(line):
            first, last, ideograph = match.groups()
            for number in range(int(first, 16), int(last or first, 16) + 1):
                ideographs[chr(number)] = chr(int(ideograph, 16))
    return MappingProxyType(ideographs)
