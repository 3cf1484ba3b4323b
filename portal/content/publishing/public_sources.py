"""What readers see of the sources of records.

A source on an evidence-only host is named by its host only: its title, its publisher
and the address of an archived copy would lead readers to the page all the same. An
archived copy of a page on such a host is not public either, whether it is recorded as
the archived copy of a source or as a source. Web archives write the address of the page
into the address of the copy, so an address with the name of such a host in it is
treated as one of a copy.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType

from portal.content.catalogue.period import NO_DATE, Period
from portal.content.publishing.models import EvidenceOnlyHost, Publishable, Source

# Number of times that an address inside another one may be percent-encoded.
_MAX_ENCODINGS = 3
# A host in an address: after a scheme, with one slash or two, as the value of a
# parameter, or after the number that a web archive gives the time of a copy.
_HOST = re.compile(
    r"(?:https?:/|//|/[0-9]{4,14}[a-z_]*/|[?&][^=&/]*=(?:[^/&]*:)?)"
    r"/?(?:[^/@?&#]*@)?((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+)(?=\.?(?:[/:?&#]|$))"
)
# Ends of words that are names of files, if nothing follows them in the path.
_FILE_ENDINGS = (
    *("asp", "aspx", "cfm", "cgi", "do", "doc", "docx", "htm", "html", "jpeg", "jpg"),
    *("jsp", "mp3", "mp4", "pdf", "php", "png", "shtml", "txt", "vnp", "xhtml", "xml"),
)


@dataclass(frozen=True)
class PublicSource:
    """Source as readers may see it.

    ``title`` and ``publisher`` are in the language of the BCP 47 tag ``language``; each
    is "" if it is not on record. ``archive_url`` is "" if there is no archived copy
    that readers may see. If ``is_evidence_only`` is set, the source must not be linked,
    and all of these are empty.

    ``hosts`` are all hosts that decide what is shown, hidden ones included.
    """

    url: str
    host: str
    is_evidence_only: bool
    title: str = ""
    publisher: str = ""
    period: Period = NO_DATE
    language: str = ""
    archive_url: str = ""
    hosts: frozenset[str] = frozenset()


def read_public_sources(
    records: Iterable[Publishable],
) -> dict[int, list[PublicSource]]:
    """Read the sources of ``records``, which are of one model, in display order.

    Returns a dict by primary key with an entry for every record. Runs one query, and
    another one if the address of a source or of its archived copy contains what may be
    the name of another host.
    """
    records = list(records)
    sources_by_record: dict[int, list[PublicSource]] = {
        record.pk: [] for record in records
    }
    if not records:
        return sources_by_record
    sources = Source.objects.with_is_evidence_only().filter(
        content_type=ContentType.objects.get_for_model(records[0]),
        object_id__in=list(sources_by_record),
    )
    evidence_only_hosts = _EvidenceOnlyHosts()
    for source in sources.order_by("position", "pk"):
        public_source = _build_public_source(source, evidence_only_hosts)
        sources_by_record[source.object_id].append(public_source)
    return sources_by_record


class _EvidenceOnlyHosts:
    """The evidence-only hosts, read from the database when they are needed first."""

    def __init__(self):
        self._hosts: set[str] | None = None

    def include_any(self, hosts: Collection[str]) -> bool:
        """Return whether one of ``hosts``, or a parent domain of it, is listed."""
        if not hosts:
            return False
        if self._hosts is None:
            self._hosts = set(EvidenceOnlyHost.objects.values_list("host", flat=True))
        return any(
            domain in self._hosts for host in hosts for domain in _get_domains(host)
        )


def _build_public_source(
    source: Source, evidence_only_hosts: _EvidenceOnlyHosts
) -> PublicSource:
    copied_hosts = find_hosts(source.url) - {source.host}
    archive_hosts = find_hosts(source.archive_url)
    is_evidence_only = source.is_evidence_only or evidence_only_hosts.include_any(
        copied_hosts
    )
    hosts = frozenset(filter(None, {source.host, *copied_hosts, *archive_hosts}))
    if is_evidence_only:
        return PublicSource(source.url, source.host, True, hosts=hosts)
    is_archive_hidden = evidence_only_hosts.include_any(archive_hosts)
    return PublicSource(
        source.url,
        source.host,
        False,
        source.title,
        source.publisher,
        source.period,
        source.language,
        "" if is_archive_hidden else source.archive_url,
        hosts,
    )


def find_hosts(url: str) -> set[str]:
    """Return the names of the hosts in an address.

    The address of a copy in a web archive contains the one of the page, also with one
    slash after ``https:``, without ``https://`` and percent-encoded.
    """
    decoded = _decode(url)
    return {
        match[1]
        for match in _HOST.finditer(decoded)
        if decoded[match.end() : match.end() + 1] == "/"
        or match[1].rpartition(".")[2] not in _FILE_ENDINGS
    }


def _decode(url: str) -> str:
    for _number in range(_MAX_ENCODINGS):
        url = unquote(url)
    return url.lower()


def _get_domains(host: str) -> Iterator[str]:
    """Yield ``host`` and its parent domains."""
    labels = host.split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])
