from django.db.models import Prefetch

from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from seminars.api.serializers import SeminarSerializer
from seminars.models import Material, Session


@document_endpoints("seminar")
class SeminarViewSet(RecordViewSet):
    kind = "seminar"
    serializer_class = SeminarSerializer

    def prefetch(self, records):
        sessions = Session.objects.only_language(self.language, "place")
        materials = Material.objects.only_language(self.language, "file")
        public = materials.filter(is_public=True)
        seminars = super().prefetch(records.with_time_zone())
        return seminars.prefetch_related(
            Prefetch("sessions", sessions),
            Prefetch("materials", public, to_attr="public_materials"),
        )
