from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from portal.core.api.pagination import CreationOrderPagination
from portal.reference.directory.api.serializers import (
    CountrySerializer,
    OrganSerializer,
)


@document_endpoints("country")
class CountryViewSet(RecordViewSet):
    kind = "country"
    serializer_class = CountrySerializer
    pagination_class = CreationOrderPagination


@document_endpoints("organ")
class OrganViewSet(RecordViewSet):
    kind = "organ"
    serializer_class = OrganSerializer
    with_related = ("country", "parent", "place", "area")
    pagination_class = CreationOrderPagination
