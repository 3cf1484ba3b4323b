"""The digest of what API answers about a record are built from, and its dependencies.

The digest may change although no answer does, never the reverse. So it is taken of the
stored values in all languages and not of rendered answers: one digest for a record
instead of twelve answers.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import models

from portal.catalogue.registry import Content, Drawn
from portal.catalogue.search.gathering import HeldFile, Names
from portal.catalogue.search.rows import named_keys
from portal.translations.shown import Shown
from portal.translations.versions import conversion_version, interface_version

# Raise it when a release alters what API answers contain: each published record whose
# content is digested then has one change in the feed.
SCHEMA_VERSION = 1

# Axes of EntryTag that hold dependencies. They are no list filters.
ROW_AXIS, HOST_AXIS = "row", "host"
# The length of EntryTag.value.
_MAX_VALUE = 100


def current_version() -> str:
    """The versions that a digest is computed with now, as Entry.digest_version.

    An entry with another version was written before a release, so a different digest is
    expected and no sign of a missed change.
    """
    return f"{SCHEMA_VERSION} {conversion_version()} {interface_version()}"


def row_value(row: models.Model) -> str:
    """``row`` as the value of a dependency: ``directory.place:12``."""
    return f"{row._meta.label_lower}:{row.pk}"


def host_values(host: str) -> list[str]:
    """``a.b.example`` and every domain above it that has a dot: ``b.example``."""
    labels = host.split(".")
    domains = [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
    return [host_value(domain) for domain in domains]


def host_value(host: str) -> str:
    """``host`` as the value of a dependency; a longer one by its hash."""
    if len(host) <= _MAX_VALUE:
        return host
    return hashlib.sha256(host.encode()).hexdigest()


def asked_names(
    drawn: Iterable[Drawn], contents: Iterable[Content]
) -> dict[str, set[str]]:
    """Keys of everything whose name is needed to write these entries, by axis."""
    keys: dict[str, set[str]] = {
        "country": set(),
        "place": set(),
        "topic": set(),
        "organ": set(),
    }
    named = [named_keys(one) for one in drawn] + [one.names for one in contents]
    for by_axis in named:
        for axis, some in by_axis.items():
            if axis in keys:
                keys[axis].update(some)
    return keys


def dependencies_of(content: Content, files: Sequence[HeldFile]) -> dict[str, set[str]]:
    """What an entry depends on, by axis: rows, and hosts of its sources."""
    rows = set(content.rows) | {row_value(held.file) for held in files}
    hosts = {value for host in content.hosts for value in host_values(host)}
    return {ROW_AXIS: rows, HOST_AXIS: hosts}


class Digester:
    """Computes digests for many entries that name the same rows."""

    def __init__(self, names: Names):
        self._names = names
        self._of_names: dict[tuple[str, str], str] = {}

    def digest(
        self,
        drawn: Drawn,
        content: Content,
        files: Sequence[HeldFile],
        formed: Mapping[str, Shown],
    ) -> str:
        """The SHA-256, in hex digits, of everything that answers are built from.

        ``formed`` are the titles, by language, where no title is written.
        """
        return _hash(
            [
                SCHEMA_VERSION,
                conversion_version(),
                content.values,
                _facts(drawn),
                [_file(held) for held in files],
                [
                    [code, title.language.code, title.text]
                    for code, title in formed.items()
                ],
                self._named(drawn, content),
            ]
        )

    def _named(self, drawn: Drawn, content: Content) -> list[list[str]]:
        keys = asked_names([drawn], [content])
        return [
            [axis, key, self._name_digest(axis, key)]
            for axis, some in keys.items()
            for key in sorted(some)
        ]

    def _name_digest(self, axis: str, key: str) -> str:
        """A hash of the names of one row, "" while it is not public.

        Many entries name the same country, so its twelve names are hashed once.
        """
        if (axis, key) not in self._of_names:
            names = self._names[axis].get(key)
            self._of_names[axis, key] = "" if names is None else _hash(names)
        return self._of_names[axis, key]


def _facts(drawn: Drawn) -> list:
    """What only the entry says of the record: search answers and calendars show it."""
    return [drawn.path, drawn.zone, drawn.countries, drawn.facts, drawn.programme]


def _file(held: HeldFile) -> list:
    file = held.file
    return [
        held.holder,
        file.sha256,
        file.name,
        file.media_type,
        file.size,
        held.language,
        held.title,
        dict(held.titles),
    ]


def _hash(value) -> str:
    """The same for values that JSON writes the same; keys are put in order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
