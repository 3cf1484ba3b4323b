"""Publish many drafts at once, in a constant number of queries."""

from portal.content.publishing.bulk_publishing import publish_new_records
from portal.content.publishing.models import Publishable
from tests import reviewing
from tests.factories.publishing import AT, actor


def published_together(*records: Publishable, at=AT) -> tuple[Publishable, ...]:
    """Publish drafts with the same rows as ``published()`` writes for each of them.

    For tests that read public pages: a record that links to another one of the same
    call is indexed when all of them are published already.
    """
    publish_new_records(records, by=actor(), at=at)
    return records


def withdrawn_together(*records: Publishable) -> tuple[Publishable, ...]:
    """Publish drafts, then withdraw each of them."""
    for record in published_together(*records):
        reviewing.withdraw(record, by=actor(), at=AT)
    return records
