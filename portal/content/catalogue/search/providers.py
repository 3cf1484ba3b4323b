"""Names and files for the search index, from apps that the catalogue does not import.

The app of the names declares ``load_public_names`` in its AppConfig; apps with public
files register a provider.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.apps import apps

from portal.core.files.models import StoredFile

# Axis (country, place, topic, organ) → key → language code → name
NamesByAxis = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True)
class AttachedFile:
    """A public file of a published record, with its language and title.

    ``holder`` is the name of the relation from the record to the file, such as
    ``attachment``. ``titles`` maps language codes to translations of the title; if
    there are any, ``title`` contains all of them.
    """

    holder: str
    file: StoredFile
    language: str
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


# Records → primary key of each record → its public files
FileProvider = Callable[[Sequence], Mapping[int, list[AttachedFile]]]
_file_providers: list[FileProvider] = []


def register_file_provider(provider: FileProvider) -> FileProvider:
    """Register a callable that returns the public files of records of one kind.

    It must load the files and their extracted texts in one query.
    """
    _file_providers.append(provider)
    return provider


def collect_names(keys: Mapping[str, Iterable[str]]) -> NamesByAxis:
    """Return the public names of records by axis, key and language code.

    ``keys`` are the requested keys by axis. Names that are not public are missing from
    the result.
    """
    names_by_axis: NamesByAxis = {axis: {} for axis in keys}
    for app_config in apps.get_app_configs():
        if hasattr(app_config, "load_public_names"):
            names_by_axis |= app_config.load_public_names(keys)
    return names_by_axis


def collect_files(records: Sequence) -> dict[int, list[AttachedFile]]:
    """Return the public files of each record, by its primary key.

    These are the files that visitors may download while the record is published.
    """
    files_by_pk: dict[int, list[AttachedFile]] = {record.pk: [] for record in records}
    for provider in _file_providers:
        for pk, files in provider(records).items():
            files_by_pk[pk] += files
    return files_by_pk
