"""What every record is found by: the files attached to it in public."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType

from portal.catalogue.search.gathering import HeldFile, register_files
from portal.publishing.links import Link
from portal.publishing.models import Attachment


@register_files
def attached_files(records: Sequence) -> dict[int, list[HeldFile]]:
    """By the record's primary key, in the order of the record."""
    attached = Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(records[0]),
        object_id__in=[record.pk for record in records],
        is_public=True,
    ).select_related("file__text")
    found: dict[int, list[HeldFile]] = {}
    for one in attached:
        held = HeldFile("attachment", one.file, one.language, one.title)
        found.setdefault(one.object_id, []).append(held)
    return found


def party_names(*groups: list[Link]) -> list[tuple[str, str]]:
    """Names of parties as their source gives them, whose language is not on record."""
    return [("", link.name.text) for group in groups for link in group]
