"""The start page of one person: what waits for them, what was published lately."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts import todo
from portal.accounts.todo import Task
from portal.catalogue.models import Entry
from portal.catalogue.querysets import texts_shown_in
from portal.directory.cards import Card, cards, names_for
from portal.jobs.heartbeats import WORKER, LateProcess, late_processes
from portal.translations.shown import reader_language

# So many tasks of a box are shown, and so many records that were published lately.
_SHOWN = 5
_LATELY = 10


@dataclass(frozen=True)
class Waiting:
    """A box as it is shown: how many wait, up to 100, the first few of them by name."""

    code: str
    title: str
    tasks: Sequence[Task]
    count: int
    is_more: bool
    url: str

    @property
    def hidden_tasks(self) -> Sequence[Task]:
        """Those behind the first few; they open on demand."""
        return self.tasks[_SHOWN:]

    @property
    def first_tasks(self) -> Sequence[Task]:
        return self.tasks[:_SHOWN]


def start_page(user, *, at: dt.datetime) -> dict:
    """What the start page shows beside the list of the admin."""
    return {
        "waiting": [box for box in _waiting(user, at) if box.tasks],
        "lately": _lately(),
        "warnings": [*_warnings(), *_late_processes(user, at)],
    }


def _waiting(user, at: dt.datetime) -> list[Waiting]:
    found = []
    for box in todo.boxes():
        tasks = box.find(user, at, todo.MOST + 1)
        url = reverse(box.link) if box.link else ""
        found.append(
            Waiting(
                code=box.code,
                title=box.title,
                tasks=tasks[: todo.MOST],
                count=min(len(tasks), todo.MOST),
                is_more=len(tasks) > todo.MOST,
                url=f"{url}?{box.query}" if box.query else url,
            )
        )
    return found


def _lately() -> list[Card]:
    entries = list(Entry.objects.defer("programme").latest_change_first()[:_LATELY])
    language = reader_language()
    prefetch_related_objects(entries, texts_shown_in(language))
    return cards(entries, names_for(entries, language), language) if entries else []


def _warnings() -> list[str]:
    """What a small office may switch off, said to everyone who works without it."""
    found = []
    if not settings.FOUR_EYES:
        found.append(_("Four eyes is off: a record can be approved by who wrote it."))
    return found


def _late_processes(user, at: dt.datetime) -> list[str]:
    """Name the background processes that do not run, for users who may view jobs."""
    if not user.has_perm("jobs.view_job"):
        return []
    return [_describe_late(process) for process in late_processes(at)]


def _describe_late(process: LateProcess) -> str:
    is_worker = process.name == WORKER
    if process.since is None:
        if is_worker:
            return _("The Celery worker has never run. Jobs are waiting for it.")
        return _(
            "Neither Celery beat nor publish_due has ever run. Records are not"
            " published at their set time."
        )
    time = date_format(timezone.localtime(process.since), "DATETIME_FORMAT")
    if is_worker:
        text = _("The Celery worker has not run since %(time)s. Jobs are not run.")
    else:
        text = _(
            "Celery beat or publish_due has not run since %(time)s. Records are not"
            " published at their set time."
        )
    return text % {"time": time}
