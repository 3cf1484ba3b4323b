"""Cursor pagination that is stable while records are added or withdrawn."""

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.utils.urls import replace_query_param

from portal.core.api.cursors import decrypt_cursor, encrypt_cursor
from portal.core.api.errors import InvalidParameterError

_FORWARD, _BACKWARD = "next", "previous"


class RecordCursorPagination(CursorPagination):
    """Cursor pagination that neither skips nor repeats records when the list changes.

    A cursor contains all ``ordering`` fields of a page's first or last record. DRF's
    cursor contains only the first field and an offset among records with equal values,
    so withdrawing one record would hide another. Cursors are encrypted because they
    contain the primary key, which is not public.
    """

    ordering = ("-sort_on", "-pk")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_description = _("Page cursor, taken from “next” or “previous”.")
    page_size_query_description = _("Number of records per page. The maximum is 200.")

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.base_url = request, request.build_absolute_uri()
        self.context = f"{queryset.model._meta.label_lower} {' '.join(self.ordering)}"
        self.page_size = self.get_page_size(request)
        cursor = self.decode_cursor(request)
        is_reverse = cursor is not None and cursor.reverse
        ordering = (
            [_reverse_ordering(name) for name in self.ordering]
            if is_reverse
            else self.ordering
        )
        if cursor is not None:
            queryset = queryset.filter(
                self._build_cursor_filter(cursor, ordering, queryset)
            )
        rows = list(queryset.order_by(*ordering)[: self.page_size + 1])
        has_more, self.page = len(rows) > self.page_size, rows[: self.page_size]
        if is_reverse:
            self.page.reverse()
        self.has_next = is_reverse or has_more
        self.has_previous = has_more if is_reverse else cursor is not None
        return self.page

    def get_next_link(self):
        return (
            self._build_link(self.page[-1], False)
            if self.has_next and self.page
            else None
        )

    def get_previous_link(self):
        has_page = self.has_previous and self.page
        return self._build_link(self.page[0], True) if has_page else None

    def decode_cursor(self, request) -> Cursor | None:
        """Return the cursor in the query, or None if there is none.

        Raises InvalidParameterError if the cursor is malformed.
        """
        token = request.query_params.get(self.cursor_query_param)
        if token is None:
            return None
        text = decrypt_cursor(token, self.context)
        if text is not None:
            direction, _separator, position = text.partition("~")
            return Cursor(0, direction == _BACKWARD, position)
        # Before version 1.1 cursors were DRF's base64 of the position. They are
        # accepted for one release; remove this in the next one.
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise self._build_cursor_error() from None

    def encode_cursor(self, cursor: Cursor) -> str:
        """Return the URL of the page after ``cursor``, or before a reversed cursor."""
        direction = _BACKWARD if cursor.reverse else _FORWARD
        token = encrypt_cursor(f"{direction}~{cursor.position}", self.context)
        return replace_query_param(self.base_url, self.cursor_query_param, token)

    def get_paginated_response_schema(self, schema):
        """Return DRF's schema with nullable links as OpenAPI 3.1 writes them."""
        response_schema = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            link_schema = response_schema["properties"][name]
            link_schema.pop("nullable")
            link_schema["type"] = ["string", "null"]
        return response_schema

    def get_page_size(self, request):
        """Return the page size in the query, otherwise the default.

        Raises InvalidParameterError unless it is a number from 1 to ``max_page_size``.
        """
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        is_number = text.isascii() and text.isdigit() and len(text) < 6
        if not is_number or not 1 <= int(text) <= self.max_page_size:
            raise InvalidParameterError(
                self.page_size_query_param,
                text[:100],
                _("Enter a number from 1 to %(most)s.") % {"most": self.max_page_size},
            )
        return int(text)

    def _build_link(self, record, is_reverse: bool) -> str:
        values = [str(getattr(record, name.lstrip("-"))) for name in self.ordering]
        return self.encode_cursor(Cursor(0, is_reverse, "~".join(values)))

    def _build_cursor_filter(self, cursor: Cursor, ordering, queryset: QuerySet) -> Q:
        """Return the condition for records after the position of ``cursor``."""
        values = (cursor.position or "").split("~")
        if len(values) != len(ordering):
            raise self._build_cursor_error()
        condition, equal_so_far = Q(), Q()
        for name, text in zip(ordering, values, strict=True):
            field = name.lstrip("-")
            value = self._parse_value(queryset, field, text)
            lookup = "lt" if name.startswith("-") else "gt"
            condition |= equal_so_far & Q(**{f"{field}__{lookup}": value})
            equal_so_far &= Q(**{field: value})
        return condition

    def _parse_value(self, queryset: QuerySet, field: str, text: str):
        meta = queryset.model._meta
        column = meta.pk if field == "pk" else meta.get_field(field)
        # GeneratedField (sort_on) does not parse text, its output field does.
        column = getattr(column, "output_field", column)
        try:
            return column.to_python(text)
        except ValidationError:
            raise self._build_cursor_error() from None

    def _build_cursor_error(self) -> InvalidParameterError:
        value = self.request.query_params.get(self.cursor_query_param, "")
        remedy = _(
            "This cursor is not valid. Use “next” or “previous” exactly as you "
            "received it, or leave the cursor out to start from the first page."
        )
        return InvalidParameterError(self.cursor_query_param, value[:100], remedy)


class CreationOrderPagination(RecordCursorPagination):
    """Cursor pagination in order of creation, for record types without a date."""

    ordering = ("pk",)


def _reverse_ordering(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
