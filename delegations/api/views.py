from django.db.models import Prefetch

from delegations.api.serializers import VisitSerializer
from delegations.models import Stop
from portal.publishing.api.views import RecordViewSet, described


@described("visit")
class VisitViewSet(RecordViewSet):
    kind = "visit"
    serializer_class = VisitSerializer
    with_related = ("from_country", "to_country", "meeting", "outcome_document")

    def prefetched(self, records):
        stops = Stop.objects.in_language(self.language, "place", "organ")
        return super().prefetched(records).prefetch_related(Prefetch("stops", stops))
