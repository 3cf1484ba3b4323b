from django.db.models import Prefetch

from delegations.api.serializers import VisitSerializer
from delegations.models import Stop
from portal.content.publishing.api.views import RecordViewSet, document_endpoints


@document_endpoints("visit")
class VisitViewSet(RecordViewSet):
    kind = "visit"
    serializer_class = VisitSerializer
    with_related = ("from_country", "to_country", "meeting", "outcome_document")

    def prefetch(self, records):
        stops = Stop.objects.only_language(self.language, "place", "organ")
        return super().prefetch(records).prefetch_related(Prefetch("stops", stops))
