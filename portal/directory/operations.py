"""Names that records use: whether one is in use, and what follows when it changes."""

import datetime as dt

from django.db import models

from portal.publishing.dependencies import enqueue_refresh_of


def is_used(row: models.Model) -> bool:
    """Whether any row points to ``row``."""
    return any(
        relation.related_model.objects.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )


def name_changed(row: models.Model, *, at: dt.datetime) -> None:
    """Refresh, in a job, the published records that use ``row`` (a place, a topic).

    Their names in lists and in the API, their time zones and countries may be others
    now, and followers of the change feed learn of it.
    """
    enqueue_refresh_of([row], at=at)
