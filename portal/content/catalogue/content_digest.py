"""Content digests of catalogue entries, and the rows and hosts that entries depend on.

The digest changes whenever an API response about the record changes; it may also change
when no response does. It is computed from the stored values in all languages rather
than from rendered responses, so one digest covers all twelve languages.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import models

from portal.content.catalogue.formed_titles import collect_keys_in_facts
from portal.content.catalogue.registry import Content, EntryData, Kind
from portal.content.catalogue.search.indexing import INDEX_VERSION, named_keys
from portal.content.catalogue.search.providers import AttachedFile, NamesByAxis
from portal.core.translations.conversion import convert_if_terms_matter
from portal.core.translations.interface_version import (
    conversion_version,
    interface_version,
    terms_version,
)
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.normal_form import NORMAL_FORM_VERSION

# Increase this number in a release that changes the content of API responses: every
# published record then gets one entry in the change feed.
SCHEMA_VERSION = 2

# Axes of EntryTag that store dependencies. They are not list filters.
ROW_AXIS, HOST_AXIS = "row", "host"
# Maximum length of EntryTag.value.
_MAX_VALUE = 100


def current_version() -> str:
    """Return the value of Entry.digest_version for digests computed by this release.

    It combines the versions of everything that an entry and its search row depend on
    besides the data. An entry with another version was written by an earlier release,
    so a different digest or search row is expected and does not mean that a change was
    missed.
    """
    versions = (
        SCHEMA_VERSION,
        conversion_version(),
        terms_version(),
        interface_version(),
        NORMAL_FORM_VERSION,
    )
    return f"{' '.join(map(str, versions))} search-{INDEX_VERSION}"


def row_value(row: models.Model) -> str:
    """Return the dependency value of ``row``, such as ``directory.place:12``."""
    return f"{row._meta.label_lower}:{row.pk}"


def host_values(host: str) -> list[str]:
    """Return the dependency values of a host and of its parent domains.

    ``a.b.example`` gives values for ``a.b.example`` and ``b.example``. Parent domains
    without a dot are left out.
    """
    labels = host.split(".")
    domains = [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
    return [host_value(domain) for domain in domains]


def host_value(host: str) -> str:
    """Return the dependency value of a host: its name, or a SHA-256 of a long name."""
    if len(host) <= _MAX_VALUE:
        return host
    return hashlib.sha256(host.encode()).hexdigest()


def get_name_keys(
    kind: Kind, entry_data: Sequence[EntryData], contents: Iterable[Content]
) -> dict[str, set[str]]:
    """Return the keys of all related records whose names the entries need, by axis.

    They include those that a title formed from facts may name, which need not be linked
    to the record itself, such as the area of an organ. The axes are country, place,
    topic and organ.
    """
    keys: dict[str, set[str]] = {
        "country": set(),
        "place": set(),
        "topic": set(),
        "organ": set(),
    }
    key_maps = [named_keys(item) for item in entry_data] + [
        item.names for item in contents
    ]
    key_maps.append(collect_keys_in_facts((kind, item.facts) for item in entry_data))
    for by_axis in key_maps:
        for axis, axis_keys in by_axis.items():
            if axis in keys:
                keys[axis].update(axis_keys)
    return keys


def dependencies_of(
    content: Content, files: Sequence[AttachedFile]
) -> dict[str, set[str]]:
    """Return the dependency values of an entry, by axis.

    ROW_AXIS has the database rows it was built from, HOST_AXIS the hosts of its
    sources.
    """
    rows = set(content.rows) | {
        row_value(attached_file.file) for attached_file in files
    }
    hosts = {value for host in content.hosts for value in host_values(host)}
    return {ROW_AXIS: rows, HOST_AXIS: hosts}


class Digester:
    """Computes the digests of many entries of a kind, and caches those of names."""

    def __init__(self, kind: Kind, names: NamesByAxis):
        self._kind = kind
        self._names = names
        self._of_names: dict[tuple[str, str], str] = {}

    def digest(
        self,
        entry_data: EntryData,
        content: Content,
        files: Sequence[AttachedFile],
        generated_titles: Mapping[str, LocalizedText],
    ) -> str:
        """Return the SHA-256 (hex) of everything that API responses can contain.

        ``generated_titles`` maps language codes to titles formed from facts, for the
        languages whose readers see them.
        """
        return _hash(
            [
                SCHEMA_VERSION,
                conversion_version(),
                content.values,
                _entry_only_values(entry_data),
                [_file_values(attached_file) for attached_file in files],
                [
                    [code, title.language.code, title.text]
                    for code, title in generated_titles.items()
                ],
                self._named(entry_data, content),
            ]
        )

    def _named(self, entry_data: EntryData, content: Content) -> list[list[str]]:
        """Return [axis, key, digest of the names] of every related record."""
        keys = get_name_keys(self._kind, [entry_data], [content])
        return [
            [axis, key, self._name_digest(axis, key)]
            for axis, axis_keys in keys.items()
            for key in sorted(axis_keys)
        ]

    def _name_digest(self, axis: str, key: str) -> str:
        """Return a cached hash of all names of a related record, "" if not public.

        Many entries name the same country, so its twelve names are hashed only once.
        """
        if (axis, key) not in self._of_names:
            names = self._names[axis].get(key)
            self._of_names[axis, key] = "" if names is None else _hash(names)
        return self._of_names[axis, key]


def _entry_only_values(entry_data: EntryData) -> list:
    """Return the entry data for the digest that only the catalogue entry contains.

    Search results and calendars show this data.
    """
    return [
        entry_data.path,
        entry_data.zone,
        entry_data.countries,
        entry_data.facts,
        entry_data.programme,
    ]


def _file_values(attached_file: AttachedFile) -> list:
    file = attached_file.file
    return [
        attached_file.holder,
        file.sha256,
        file.name,
        file.media_type,
        file.size,
        attached_file.language,
        attached_file.title,
        dict(attached_file.titles),
    ]


def _hash(value) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of ``value`` (sorted keys).

    The hash also covers the traditional form of texts whose conversion is set.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    text += convert_if_terms_matter(text)
    return hashlib.sha256(text.encode()).hexdigest()
