from portal.content.figures.models import ReportedFigure
from portal.content.publishing.api.serializers import RecordSerializer, RelatedCodeField


class ReportedFigureSerializer(RecordSerializer):
    """A total published by another source; it is never added to counted figures."""

    country = RelatedCodeField()

    class Meta:
        model = ReportedFigure
        fields = (
            "key",
            "value",
            "qualifier",
            "subject",
            "as_of",
            "precision",
            "country",
            "organs",
            "places",
            "text",
            *(name for name in RecordSerializer.COMMON if name != "url"),
        )
