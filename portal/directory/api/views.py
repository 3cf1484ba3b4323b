from portal.api.paging import CodeCursor
from portal.directory.api.serializers import CountrySerializer, OrganSerializer
from portal.publishing.api.views import RecordViewSet, described


@described("country")
class CountryViewSet(RecordViewSet):
    kind = "country"
    serializer_class = CountrySerializer
    pagination_class = CodeCursor


@described("organ")
class OrganViewSet(RecordViewSet):
    kind = "organ"
    serializer_class = OrganSerializer
    with_related = ("country", "parent", "place")
    pagination_class = CodeCursor
