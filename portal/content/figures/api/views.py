from portal.content.figures.api.serializers import ReportedFigureSerializer
from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from portal.core.api.pagination import CreationOrderPagination


@document_endpoints("figure")
class ReportedFigureViewSet(RecordViewSet):
    kind = "figure"
    serializer_class = ReportedFigureSerializer
    with_related = ("country",)
    pagination_class = CreationOrderPagination
