"""The read-only endpoints of a public kind: a list and a detail."""

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

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import BadParameter, Gone
from portal.catalogue.api.parameters import check_closed_lists
from portal.catalogue.filters import BadFilter, parse_filters
from portal.catalogue.models import Entry
from portal.catalogue.querysets import looked_at_in_turn
from portal.catalogue.registry import kind_of
from portal.publishing.evidence import load_evidence
from portal.publishing.links import load_links

_ALWAYS_KNOWN = ("lang", "cursor", "page_size")


class RecordViewSet(PublicEndpoint, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """Published records of one kind, with the list filters of its pages.

    A subclass gives ``kind``, ``serializer_class``, ``with_related`` (forward relations
    told by the serializer) and overrides ``prefetched`` for its parts.
    """

    kind: str
    with_related: tuple[str, ...] = ()
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    @property
    def model(self):
        return kind_of(self.kind).model

    def get_queryset(self):
        published = self.model.objects.published(timezone.now())
        return self.prefetched(published.in_language(self.language, *self.with_related))

    def prefetched(self, records):
        """Records with the parts that the serializer tells."""
        return records

    def filter_queryset(self, queryset):
        words = kind_of(self.kind).filters
        self.check_parameters({*words, *_ALWAYS_KNOWN})
        check_closed_lists(self.request.query_params, kind_of(self.kind))
        try:
            filters = parse_filters(self.request.query_params, words)
        except BadFilter as problem:
            raise BadParameter(problem.word, problem.value, str(problem)) from None
        if not filters:
            return queryset
        entries = Entry.objects.of_kind(self.kind)
        found = entries.matching(filters, kind=self.kind, in_order=filters.is_broad)
        code_field = self.model.code_field
        if filters.is_broad:
            # Read in the order of the list: its first records are soon found.
            same = Cast(OuterRef(code_field), CharField())
            return looked_at_in_turn(queryset, found.filter(code=same))
        if isinstance(self.model._meta.get_field(code_field), IntegerField):
            found = found.annotate(number=Cast("code", IntegerField())).values("number")
        else:
            found = found.values("code")
        return queryset.filter(**{f"{code_field}__in": found})

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._told(page, many=True))

    def retrieve(self, request, *args, **kwargs):
        self.check_parameters({"lang"})
        return Response(self._told(self.get_object()))

    def get_object(self):
        code = self.kwargs["code"]
        record = self._coded(self.get_queryset(), code)
        if record is not None:
            return record
        withdrawn = self._coded(self.model.objects.withdrawn(), code)
        if withdrawn is None:
            raise NotFound(_("There is no such record."))
        raise Gone(
            _("This record has been withdrawn."),
            kind=self.kind,
            withdrawn_at=withdrawn.withdrawn_at,
        )

    def _coded(self, records, code):
        try:
            record = records.coded(code).first()
        except (ValueError, OverflowError):
            # A text where the code is a number, or a number beyond the database's.
            return None
        # A number written otherwise ("01") is not the record's code.
        is_its_own = record and record.public_code.lower() == code.lower()
        return record if is_its_own else None

    def _told(self, records, *, many=False):
        told = records if many else [records]
        links = load_links(told, self.language, only_public=True)
        context = {**self.get_serializer_context(), "links": links}
        context["evidence"] = load_evidence(told, self.language)
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


def described(kind_code: str):
    """Class decorator: tells OpenAPI which list filters the kind has.

    Every app has declared its kinds before any address is resolved.
    """
    parameters = [
        OpenApiParameter(word, *_FILTER_DOCS[word])
        for word in kind_of(kind_code).filters
    ]
    code = OpenApiParameter(
        "code", OpenApiTypes.STR, OpenApiParameter.PATH, description="Its public code."
    )
    with translation.override("en"):
        one, many = (
            str(kind_of(kind_code).label),
            str(kind_of(kind_code).label_plural),
        )
    return extend_schema_view(
        list=extend_schema(
            parameters=parameters,
            summary=f"List of {many}",
            description=f"Published {many}, with the list filters of their pages.",
        ),
        retrieve=extend_schema(
            parameters=[code],
            summary=f"One {one}",
            description="A withdrawn record answers 410 with kind and date only.",
        ),
    )
