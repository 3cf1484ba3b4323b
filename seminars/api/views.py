from django.db.models import Prefetch

from portal.publishing.api.views import RecordViewSet, described
from seminars.api.serializers import SeminarSerializer
from seminars.models import Material, Session


@described("seminar")
class SeminarViewSet(RecordViewSet):
    kind = "seminar"
    serializer_class = SeminarSerializer

    def prefetched(self, records):
        sessions = Session.objects.in_language(self.language, "place")
        materials = Material.objects.in_language(self.language, "file")
        public = materials.filter(is_public=True)
        found = super().prefetched(records.with_zone())
        return found.prefetch_related(
            Prefetch("sessions", sessions),
            Prefetch("materials", public, to_attr="public_materials"),
        )
