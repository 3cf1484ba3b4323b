"""Publish drafts like a program that loads them, in few queries.

For tests that read public pages, feeds and the API. ``tests.factories.publishing`` has
each draft submitted and approved, which takes twice as long.
"""

from portal.content.publishing.bulk_publishing import publish_new_records
from portal.content.publishing.models import Publishable
from tests import reviewing
from tests.factories.publishing import AT, actor


def published(record: Publishable, *, at=AT) -> Publishable:
    """Publish one draft."""
    publish_new_records([record], by=actor(), at=at)
    return record


def published_together(*records: Publishable, at=AT) -> tuple[Publishable, ...]:
    """Publish drafts in a number of queries that does not depend on their number.

    A record that links to another one of the same call is indexed when both of them
    are published.
    """
    publish_new_records(records, by=actor(), at=at)
    return records


def withdrawn_together(*records: Publishable) -> tuple[Publishable, ...]:
    """Publish drafts, then withdraw each of them."""
    for record in published_together(*records):
        reviewing.withdraw(record, by=actor(), at=AT)
    return records
