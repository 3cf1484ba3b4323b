from portal.api.paging import CodeCursor
from portal.figures.api.serializers import ReportedFigureSerializer
from portal.publishing.api.views import RecordViewSet, described


@described("figure")
class ReportedFigureViewSet(RecordViewSet):
    kind = "figure"
    serializer_class = ReportedFigureSerializer
    with_related = ("country",)
    pagination_class = CodeCursor
