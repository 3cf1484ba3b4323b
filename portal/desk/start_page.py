"""The start page of one person: what waits for them, what was published lately."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import todo
from portal.accounts.todo import Task
from portal.catalogue.models import Entry
from portal.catalogue.querysets import texts_shown_in
from portal.directory.cards import Card, cards, names_for
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
        "warnings": _warnings(),
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
