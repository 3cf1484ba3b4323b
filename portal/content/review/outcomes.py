"""Messages about what a decision did to records."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.content.form_fields.local_time import (
    format_local_time,
    get_record_time_zone,
)
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable
from portal.content.publishing.record_labels import load_record_labels


def describe_outcomes(records: Sequence[Publishable]) -> list[str]:
    """Return messages about records to which the same decision was applied just now.

    The status of a record tells what was done. One record is named, with the time at
    which it will be published; several are counted by their status.
    """
    if len(records) == 1:
        return [_describe_single(records[0])]
    counts = Counter(Status(record.status) for record in records)
    return [_describe_several(status, count) for status, count in counts.items()]


def _describe_single(record: Publishable) -> str:
    sentences = {
        Status.DRAFT: _("“%(record)s” was returned as a draft."),
        Status.IN_REVIEW: _("“%(record)s” was submitted for review."),
        Status.APPROVED: _(
            "“%(record)s” was approved. It will be published on %(time)s."
        ),
        Status.PUBLISHED: _("“%(record)s” was published."),
        Status.WITHDRAWN: _("“%(record)s” was withdrawn from the website."),
    }
    values = {"record": get_record_name(record)}
    if record.status == Status.APPROVED:
        time_zone = get_record_time_zone(record)
        values["time"] = format_local_time(record.publish_at, time_zone)
    return sentences[Status(record.status)] % values


def _describe_several(status: Status, count: int) -> str:
    if status == Status.DRAFT:
        text = ngettext(
            "%(count)s record was returned as a draft.",
            "%(count)s records were returned as drafts.",
            count,
        )
    elif status == Status.IN_REVIEW:
        text = ngettext(
            "%(count)s record was submitted for review.",
            "%(count)s records were submitted for review.",
            count,
        )
    elif status == Status.APPROVED:
        text = ngettext(
            "%(count)s record was approved. It will be published at its set time.",
            "%(count)s records were approved. They will be published at their set "
            "times.",
            count,
        )
    elif status == Status.PUBLISHED:
        text = ngettext(
            "%(count)s record was published.",
            "%(count)s records were published.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s record was withdrawn from the website.",
            "%(count)s records were withdrawn from the website.",
            count,
        )
    return text % {"count": count}


def get_record_name(record: Publishable) -> str:
    """Return the code and the title of a record, in the active language."""
    model = type(record)
    labels = load_record_labels({model: [record.pk]})
    return labels.get((model, record.pk), record.public_code)
