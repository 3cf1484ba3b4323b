"""Pages of a list that go on where the last one ended, whatever happened meanwhile."""

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.utils.urls import replace_query_param

from portal.api.cursors import seal_cursor, unseal_cursor
from portal.api.errors import BadParameter

_FORWARD, _BACK = "next", "previous"


class RecordCursor(CursorPagination):
    """Pages that neither skip nor repeat a record while others come and go.

    A cursor holds every field of ``ordering`` of the last record seen. DRF's holds the
    first one and counts among its equals, so a withdrawal would hide a neighbour. It is
    encrypted: the primary key in it is not public.
    """

    ordering = ("-sort_on", "-pk")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_description = _("Where a page begins, from “next” or “previous”.")
    page_size_query_description = _("How many records on a page, 200 at most.")

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.base_url = request, request.build_absolute_uri()
        self.context = f"{queryset.model._meta.label_lower} {' '.join(self.ordering)}"
        self.page_size = self.get_page_size(request)
        cursor = self.decode_cursor(request)
        is_back = cursor is not None and cursor.reverse
        ordering = (
            [_turned(name) for name in self.ordering] if is_back else self.ordering
        )
        if cursor is not None:
            queryset = queryset.filter(self._behind(cursor, ordering, queryset))
        rows = list(queryset.order_by(*ordering)[: self.page_size + 1])
        has_more, self.page = len(rows) > self.page_size, rows[: self.page_size]
        if is_back:
            self.page.reverse()
        self.has_next = is_back or has_more
        self.has_previous = has_more if is_back else cursor is not None
        return self.page

    def get_next_link(self):
        return self._link(self.page[-1], False) if self.has_next and self.page else None

    def get_previous_link(self):
        is_there = self.has_previous and self.page
        return self._link(self.page[0], True) if is_there else None

    def decode_cursor(self, request) -> Cursor | None:
        """Return the cursor in the address; raise BadParameter if it is malformed."""
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        text = unseal_cursor(given, self.context)
        if text is not None:
            direction, _separator, position = text.partition("~")
            return Cursor(0, direction == _BACK, position)
        # Before version 1.1 a cursor was DRF's base64 of the position. Those given out
        # then are accepted for one release; remove this in the next one.
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise self._malformed() from None

    def encode_cursor(self, cursor: Cursor) -> str:
        """Return the address of the page that begins at ``cursor``."""
        direction = _BACK if cursor.reverse else _FORWARD
        token = seal_cursor(f"{direction}~{cursor.position}", self.context)
        return replace_query_param(self.base_url, self.cursor_query_param, token)

    def get_paginated_response_schema(self, schema):
        """DRF's, with null as OpenAPI 3.1 writes it."""
        whole = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            told = whole["properties"][name]
            told.pop("nullable")
            told["type"] = ["string", "null"]
        return whole

    def get_page_size(self, request):
        """Raises BadParameter for a page size that is no number from 1 to the most."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        is_number = asked.isascii() and asked.isdigit() and len(asked) < 6
        if not is_number or not 1 <= int(asked) <= self.max_page_size:
            raise BadParameter(
                self.page_size_query_param,
                asked[:100],
                _("Write a number from 1 to %(most)s.") % {"most": self.max_page_size},
            )
        return int(asked)

    def _link(self, record, is_back: bool) -> str:
        values = [str(getattr(record, name.lstrip("-"))) for name in self.ordering]
        return self.encode_cursor(Cursor(0, is_back, "~".join(values)))

    def _behind(self, cursor: Cursor, ordering, queryset: QuerySet) -> Q:
        """What comes after the record that ``cursor`` names, in this ordering."""
        values = (cursor.position or "").split("~")
        if len(values) != len(ordering):
            raise self._malformed()
        behind, equal = Q(), Q()
        for name, text in zip(ordering, values, strict=True):
            field = name.lstrip("-")
            value = self._value(queryset, field, text)
            lookup = "lt" if name.startswith("-") else "gt"
            behind |= equal & Q(**{f"{field}__{lookup}": value})
            equal &= Q(**{field: value})
        return behind

    def _value(self, queryset: QuerySet, field: str, text: str):
        meta = queryset.model._meta
        column = meta.pk if field == "pk" else meta.get_field(field)
        # A generated column (sort_on) does not read texts itself.
        column = getattr(column, "output_field", column)
        try:
            return column.to_python(text)
        except ValidationError:
            raise self._malformed() from None

    def _malformed(self) -> BadParameter:
        value = self.request.query_params.get(self.cursor_query_param, "")
        remedy = _(
            "This cursor is not valid. Use “next” or “previous” exactly as you "
            "received it, or leave the cursor out to start from the first page."
        )
        return BadParameter(self.cursor_query_param, value[:100], remedy)


class CodeCursor(RecordCursor):
    """For kinds without a date: in the order in which they came on record."""

    ordering = ("pk",)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
