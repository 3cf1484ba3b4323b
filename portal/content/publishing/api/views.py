"""Base of the read-only API endpoints of a record kind: list and detail."""

from django.db.models import CharField, IntegerField, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from portal.content.catalogue.api.parameters import check_closed_lists
from portal.content.catalogue.filters import FilterError, parse_filters
from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import filter_row_by_row
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.links import load_links
from portal.content.publishing.sources_and_files import load_sources_and_files
from portal.core.api.endpoints import PublicEndpoint
from portal.core.api.errors import InvalidParameterError, RecordWithdrawnError

_COMMON_PARAMETERS = ("lang", "cursor", "page_size")


class RecordViewSet(PublicEndpoint, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """Published records of one kind, with the same list filters as the public pages.

    Subclasses set ``kind``, ``serializer_class`` and ``with_related`` (foreign keys
    that the serializer reads) and override ``prefetch`` for child rows. Withdrawn
    records answer 410.
    """

    kind: str
    with_related: tuple[str, ...] = ()
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    @property
    def model(self):
        return get_kind(self.kind).model

    def get_queryset(self):
        published = self.model.objects.published(timezone.now())
        return self.prefetch(published.only_language(self.language, *self.with_related))

    def prefetch(self, records):
        """Return the queryset with prefetched relations that the serializer reads."""
        return records

    def filter_queryset(self, queryset):
        filter_names = get_kind(self.kind).filters
        self.check_parameters({*filter_names, *_COMMON_PARAMETERS})
        check_closed_lists(self.request.query_params, get_kind(self.kind))
        try:
            filters = parse_filters(self.request.query_params, filter_names)
        except FilterError as error:
            raise InvalidParameterError(
                error.parameter, error.value, str(error)
            ) from None
        if not filters:
            return queryset
        entries = Entry.objects.of_kind(self.kind)
        matching = entries.matching(
            filters, kind=self.kind, first_rows_only=filters.is_broad
        )
        code_field = self.model.code_field
        if filters.is_broad:
            # Evaluate the filter row by row in list order: most records match a broad
            # filter, so a page is full after few rows.
            record_code = Cast(OuterRef(code_field), CharField())
            return filter_row_by_row(queryset, matching.filter(code=record_code))
        if isinstance(self.model._meta.get_field(code_field), IntegerField):
            matching = matching.annotate(number=Cast("code", IntegerField())).values(
                "number"
            )
        else:
            matching = matching.values("code")
        return queryset.filter(**{f"{code_field}__in": matching})

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._serialize(page, many=True))

    def retrieve(self, request, *args, **kwargs):
        self.check_parameters({"lang"})
        return Response(self._serialize(self.get_object()))

    def get_object(self):
        code = self.kwargs["code"]
        record = self._find_by_code(self.get_queryset(), code)
        if record is not None:
            return record
        withdrawn = self._find_by_code(self.model.objects.withdrawn(), code)
        if withdrawn is None:
            raise NotFound(_("Record not found."))
        raise RecordWithdrawnError(
            _("This record has been withdrawn."),
            kind=self.kind,
            withdrawn_at=withdrawn.withdrawn_at,
        )

    def _find_by_code(self, records, code):
        try:
            record = records.with_code(code).first()
        except (ValueError, OverflowError):
            # The code is a number in the database, but the text is none or is out of
            # range.
            return None
        # Another notation of the same number ("01") is not the record's code.
        is_same_code = record and record.public_code.lower() == code.lower()
        return record if is_same_code else None

    def _serialize(self, records, *, many=False):
        record_list = records if many else [records]
        links = load_links(record_list, self.language, only_public=True)
        context = {**self.get_serializer_context(), "links": links}
        context["sources_and_files"] = load_sources_and_files(
            record_list, self.language
        )
        context["language"] = self.language
        return self.serializer_class(records, many=many, context=context).data


_DATE, _INT, _STR = OpenApiTypes.DATE, OpenApiTypes.INT, OpenApiTypes.STR
_QUERY = OpenApiParameter.QUERY
_FILTER_DOCS = {
    "country": (_STR, _QUERY, False, "ISO 3166-1 alpha-2 code of a country."),
    "topic": (_STR, _QUERY, False, "Key of a topic."),
    "kind": (_STR, _QUERY, False, "Stored code of the record's own kind."),
    "scope": (_STR, _QUERY, False, "prosecutors or related."),
    "direction": (_STR, _QUERY, False, "inbound or outbound."),
    "state": (_STR, _QUERY, False, "planned, held, postponed or cancelled."),
    "year": (_INT, _QUERY, False, "Year of the last day of the stated period."),
    "organ": (_STR, _QUERY, False, "Key of an organ that the record names."),
    "from": (_DATE, _QUERY, False, "Takes place on or after this day, in part."),
    "to": (_DATE, _QUERY, False, "Takes place on or before this day, in part."),
    "as_of": (_DATE, _QUERY, False, "Over by this day; undated records are left out."),
    "done": (_STR, _QUERY, False, "yes: without planned, postponed, cancelled ones."),
    "dated": (_STR, _QUERY, False, "yes or no: whether a date is on record."),
}


def document_endpoints(kind_code: str):
    """Return a class decorator that adds list filters and descriptions to the OpenAPI
    schema.

    The kind must be registered when the module is imported; apps register their kinds
    before URL patterns are loaded.
    """
    parameters = [
        OpenApiParameter(name, *_FILTER_DOCS[name])
        for name in get_kind(kind_code).filters
    ]
    code = OpenApiParameter(
        "code", OpenApiTypes.STR, OpenApiParameter.PATH, description="Its public code."
    )
    with translation.override("en"):
        label = str(get_kind(kind_code).label)
        plural = str(get_kind(kind_code).label_plural)
    return extend_schema_view(
        list=extend_schema(
            parameters=parameters,
            summary=f"List of {plural}",
            description=f"Published {plural}, with the list filters of their pages.",
        ),
        retrieve=extend_schema(
            parameters=[code],
            summary=f"One {label}",
            description="A withdrawn record answers 410 with kind and date only.",
        ),
    )
