"""Providers of the search index: attached files and names of parties."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType

from portal.content.catalogue.search.providers import (
    AttachedFile,
    register_file_provider,
)
from portal.content.publishing.links import Link
from portal.content.publishing.models import Attachment


@register_file_provider
def find_attached_files(records: Sequence) -> dict[int, list[AttachedFile]]:
    """Return the public attachments of each record, by its primary key, in display
    order."""
    attachments = Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(records[0]),
        object_id__in=[record.pk for record in records],
        is_public=True,
    ).select_related("file__text")
    files_by_record: dict[int, list[AttachedFile]] = {}
    for attachment in attachments:
        file = AttachedFile(
            "attachment", attachment.file, attachment.language, attachment.title
        )
        files_by_record.setdefault(attachment.object_id, []).append(file)
    return files_by_record


def get_party_names(*groups: list[Link]) -> list[tuple[str, str]]:
    """Return party names from links as pairs of language and name for the search index.

    The language of the name in the source is unknown and therefore "".
    """
    return [
        name
        for group in groups
        for link in group
        for name in (("", link.source_name or link.name.text), *link.names)
    ]
