from django.db.models import Prefetch

from exchanges.api.serializers import MechanismSerializer, MeetingSerializer
from exchanges.models import AgendaItem, AgreedAction
from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from portal.core.api.pagination import CreationOrderPagination


@document_endpoints("mechanism")
class MechanismViewSet(RecordViewSet):
    kind = "mechanism"
    serializer_class = MechanismSerializer
    pagination_class = CreationOrderPagination
    with_related = ("other_country", "legal_basis")


@document_endpoints("meeting")
class MeetingViewSet(RecordViewSet):
    kind = "meeting"
    serializer_class = MeetingSerializer
    with_related = ("mechanism", "host_country", "other_country", "outcome_document")

    def prefetch(self, records):
        items = AgendaItem.objects.only_language(self.language)
        actions = AgreedAction.objects.only_language(self.language, "responsible_organ")
        meetings = super().prefetch(records)
        return meetings.prefetch_related(
            Prefetch("agenda_items", items, to_attr="localized_agenda_items"),
            Prefetch("agreed_actions", actions, to_attr="localized_agreed_actions"),
        )
