"""Registry of dashboard widgets that list pending work for the signed-in user.

Apps register their widgets, for example in ``admin.py``, and the start page of the
staff admin displays all of them without importing the apps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Maximum number of items a widget counts; beyond it the page shows "more than 100".
MAX_ITEMS = 100


@dataclass(frozen=True)
class DashboardItem:
    """Pending item in a dashboard widget: its name, URL and an optional note."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class DashboardWidget:
    """Dashboard widget that lists one kind of pending work.

    ``get_items(user, at, limit)`` returns at most ``limit`` items that this user may
    act on, the most urgent first; an empty list hides the widget. The number of queries
    must not depend on the number of items. ``list_url_name`` is the URL name of the
    page that lists all items, or "", and ``list_query`` is the query string for it.
    """

    code: str
    title: str
    get_items: Callable[..., Sequence[DashboardItem]]
    list_url_name: str = ""
    list_query: str = ""


_widgets: dict[str, DashboardWidget] = {}


def register_widget(widget: DashboardWidget) -> None:
    """Register a dashboard widget; it replaces a widget with the same code."""
    _widgets[widget.code] = widget


def get_widgets() -> list[DashboardWidget]:
    """Return all dashboard widgets in the order of their registration."""
    return list(_widgets.values())
