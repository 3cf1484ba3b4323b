"""Registry of dashboard widgets that list the work of the signed-in user.

Apps register their widgets, for example in ``admin.py``, and the start page of the
staff admin displays all of them without importing the apps.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

# Maximum number of items a widget counts; beyond it the page shows "more than 100".
MAX_ITEMS = 100


class WidgetPosition(IntEnum):
    """Positions of widgets on the start page: the most urgent work is first."""

    RETURNED = 1
    DRAFTS = 2
    REVIEW = 3
    SUBMITTED = 4
    SCHEDULED = 5
    RECENT = 6
    DUE = 7
    MISSING = 8
    REPORTS = 9


@dataclass(frozen=True)
class DashboardItem:
    """Item in a dashboard widget: its name, the URL of the task and a note.

    ``reason`` is why a reviewer returned it. ``at`` is the time by which items of
    several sources are put in order, None if the items of the widget have one source.
    """

    name: str
    url: str
    note: str = ""
    reason: str = ""
    at: dt.datetime | None = None


# ``source(user, at, limit)`` returns items by widget code, for each widget at most
# ``limit`` items that the user may act on, in the order of the widget. The number of
# queries must not depend on the number of items.
ItemSource = Callable[..., Mapping[str, Sequence[DashboardItem]]]


@dataclass(frozen=True)
class DashboardWidget:
    """Dashboard widget that lists one kind of work.

    ``hint`` says what the user has to do. ``get_items(user, at, limit)`` returns at
    most ``limit`` items that this user may act on, the most urgent first; it is None if
    the items come from sources (:func:`register_source`). A widget without items is
    hidden. ``list_url_name`` is the URL name of the page that lists all items, or "",
    and ``list_query`` is the query string for it. ``is_newest_first``: items of several
    sources are ordered by the latest time instead of the earliest. ``is_work`` is False
    for a widget whose items need no action.
    """

    code: str
    title: str
    position: WidgetPosition
    hint: str = ""
    get_items: Callable[..., Sequence[DashboardItem]] | None = None
    list_url_name: str = ""
    list_query: str = ""
    is_newest_first: bool = False
    is_work: bool = True


_widgets: dict[str, DashboardWidget] = {}
_sources: list[ItemSource] = []


def register_widget(widget: DashboardWidget) -> None:
    """Register a dashboard widget; it replaces a widget with the same code."""
    _widgets[widget.code] = widget


def register_source(source: ItemSource) -> None:
    """Register a source of items for one or more widgets."""
    if source not in _sources:
        _sources.append(source)


def get_widgets() -> list[DashboardWidget]:
    """Return all dashboard widgets by position, then in order of registration."""
    return sorted(_widgets.values(), key=lambda widget: widget.position)


def load_items(
    user, at: dt.datetime, limit: int
) -> list[tuple[DashboardWidget, list[DashboardItem]]]:
    """Return each widget with at most ``limit`` items for ``user``."""
    items_by_code = defaultdict(list)
    for source in _sources:
        for code, items in source(user, at, limit).items():
            items_by_code[code].append(items)
    return [
        (widget, _get_items(widget, items_by_code[widget.code], user, at, limit))
        for widget in get_widgets()
    ]


def _get_items(widget, item_lists, user, at, limit: int) -> list[DashboardItem]:
    """Return the items of one widget: its own, or those of all sources in order."""
    if widget.get_items is not None:
        return list(widget.get_items(user, at, limit))
    timed, untimed = [], []
    for item in chain.from_iterable(item_lists):
        (untimed if item.at is None else timed).append(item)
    timed.sort(key=lambda item: item.at, reverse=widget.is_newest_first)
    return [*timed, *untimed][:limit]
