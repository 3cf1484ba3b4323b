from portal.figures.models import ReportedFigure
from portal.publishing.api.serializers import RecordSerializer, RelatedKeyField


class ReportedFigureSerializer(RecordSerializer):
    """A total that others published; never added to what the record counts."""

    country = RelatedKeyField()

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
