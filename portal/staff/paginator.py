"""Paginator of the staff admin lists, which counts at most ``COUNT_LIMIT`` rows."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from portal.content.catalogue.querysets import COUNT_LIMIT


class BoundedPaginator(Paginator):
    """Paginator that counts at most ``COUNT_LIMIT`` (1,000) rows.

    ``has_more`` is True if there are more rows. They are not on any page; users reach
    them with a filter or a search.
    """

    def __init__(self, object_list, *args, **kwargs):
        if not object_list.ordered:
            # Autocomplete lists have no order of their own: newest rows first.
            object_list = object_list.order_by("-pk")
        super().__init__(object_list, *args, **kwargs)

    @cached_property
    def counted_rows(self) -> int:
        """Return the number of rows; ``COUNT_LIMIT`` + 1 stands for any larger one."""
        rows = self.object_list.order_by().values("pk")
        return rows[: COUNT_LIMIT + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the number of rows to page through, at most ``COUNT_LIMIT``."""
        return min(self.counted_rows, COUNT_LIMIT)

    @property
    def has_more(self) -> bool:
        """Return True if there are more than ``COUNT_LIMIT`` rows."""
        return self.counted_rows > COUNT_LIMIT
