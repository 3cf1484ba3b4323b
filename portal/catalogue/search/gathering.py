"""What a record is found by beside its own texts: names and files of rooms above.

The catalogue does not import them; they say here how their part is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.files.models import StoredFile

# axis (country, place, topic, organ) → key → language code → name
Names = dict[str, dict[str, dict[str, str]]]
Namer = Callable[[Mapping[str, Iterable[str]]], Names]


@dataclass(frozen=True)
class HeldFile:
    """A file that a published record shows to everyone, its language and its title.

    ``holder`` is the relation by which the record has it, such as ``attachment``.
    ``titles`` are by language code, where the title is translated; ``title`` then has
    all of them.
    """

    holder: str
    file: StoredFile
    language: str
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


# The primary key of each record → the files it holds in public
Holder = Callable[[Sequence], Mapping[int, list[HeldFile]]]
_namers: list[Namer] = []
_holders: list[Holder] = []


def register_namer(namer: Namer) -> Namer:
    """Let ``namer`` tell the public names of what is asked for by axis and keys."""
    _namers.append(namer)
    return namer


def register_files(holder: Holder) -> Holder:
    """Let ``holder`` tell which files records of one kind hold in public, with their
    texts, in one query."""
    _holders.append(holder)
    return holder


def names_of(keys: Mapping[str, Iterable[str]]) -> Names:
    """Public names by axis, key and language; what is not public is not there."""
    found: Names = {axis: {} for axis in keys}
    for namer in _namers:
        for axis, names in namer(keys).items():
            found.setdefault(axis, {}).update(names)
    return found


def files_of(records: Sequence) -> dict[int, list[HeldFile]]:
    """By primary key: files that everyone may fetch while the record is published."""
    found: dict[int, list[HeldFile]] = {record.pk: [] for record in records}
    for holder in _holders:
        for pk, held in holder(records).items():
            found[pk] += held
    return found
