"""Pages of a list at the desk: nobody counts beyond the first thousand rows."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from portal.catalogue.querysets import MOST_COUNTED


class BoundedPaginator(Paginator):
    """Counts to ``MOST_COUNTED`` and no further; ``is_more`` says that there are more.

    Who wants a row behind those narrows the list by a filter or by search.
    """

    def __init__(self, object_list, *args, **kwargs):
        if not object_list.ordered:
            # Where a row is chosen by typing, the newest come first.
            object_list = object_list.order_by("-pk")
        super().__init__(object_list, *args, **kwargs)

    @cached_property
    def found(self) -> int:
        """How many rows there are; ``MOST_COUNTED`` and one stands for any number."""
        rows = self.object_list.order_by().values("pk")
        return rows[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_COUNTED)

    @property
    def is_more(self) -> bool:
        return self.found > MOST_COUNTED
