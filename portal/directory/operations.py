"""What follows when a name changes that records use: they are told anew."""

import datetime as dt

from django.apps import apps
from django.db import models, transaction

from portal.jobs import operations as jobs
from portal.publishing import operations as publishing
from portal.publishing.models import Publishable


def is_used(row: models.Model) -> bool:
    """Whether any row points to ``row``."""
    return any(
        relation.related_model.objects.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )


@transaction.atomic
def name_changed(row: models.Model, *, at: dt.datetime) -> None:
    """Have the published records that use ``row`` (a place, a topic) told anew.

    Their names in lists and in the API, their time zones and countries may be others
    now, and whoever follows the change feed is to hear of it.
    """
    if is_used(row):
        label = row._meta.label
        jobs.enqueue("directory.retell_users", at=at, model=label, pk=row.pk)


def retell_users(*, model: str, pk: int, at: dt.datetime) -> int:
    """Tell anew every published record that uses the row; how many there were.

    A row that has vanished meanwhile has no users.
    """
    row = apps.get_model(model).objects.filter(pk=pk).first()
    told = 0
    for relation in row._meta.related_objects if row else ():
        user_model = relation.related_model
        if issubclass(user_model, Publishable):
            users = user_model.objects.published(at).filter(
                **{relation.field.name: row}
            )
            for record in users.order_by("pk"):
                publishing.retell(record, at=at)
                told += 1
    return told
