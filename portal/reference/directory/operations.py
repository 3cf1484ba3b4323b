"""References to shared names, and the refresh of records after a name changed."""

import datetime as dt

from django.db import models

from portal.content.publishing.dependencies import enqueue_refresh_of


def is_referenced(row: models.Model) -> bool:
    """Return whether any record or other row refers to a topic, place or party."""
    return any(
        relation.related_model.objects.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )


def enqueue_refresh_after_rename(row: models.Model, *, at: dt.datetime) -> None:
    """Enqueue a refresh of the published records that refer to a shared name.

    ``row`` is a place, topic or named party. Its names in lists and in the API, its
    time zone and its country may have changed; the change feed reports the affected
    records.
    """
    enqueue_refresh_of([row], at=at)
