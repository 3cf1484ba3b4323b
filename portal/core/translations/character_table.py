"""Translation tables that are computed for each character on first use."""

from collections.abc import Callable, Mapping


class CharacterTable(dict):
    """Translation table for ``str.translate``, filled on first use of each character.

    ``convert(character)`` returns the replacement, the character itself for no change;
    ``known`` has the replacements of some code points in advance.
    """

    def __init__(
        self, convert: Callable[[str], str], known: Mapping[int, str] | None = None
    ):
        super().__init__(known or {})
        self._convert = convert

    def __missing__(self, number: int) -> str:
        self[number] = replacement = self._convert(chr(number))
        return replacement
