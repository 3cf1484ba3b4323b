"""Public pages about seminars."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.website.base_views import Breadcrumb, RecordDetailView, RecordListView
from portal.website.structured_data import event_node
from seminars.models import Material, Session


class SeminarListView(RecordListView):
    kind = "seminar"
    template_name = "seminars/seminar_list.html"

    def get_heading(self):
        return _("Seminars and training courses")


class SeminarDetailView(RecordDetailView):
    """Page of a seminar with programme and public materials. No person is named."""

    kind = "seminar"
    template_name = "seminars/seminar_detail.html"

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Seminars"), reverse("seminars:list"))]

    def prefetch(self, records):
        sessions = Session.objects.only_language(self.language, "place")
        materials = Material.objects.only_language(self.language).select_related("file")
        return records.with_time_zone().prefetch_related(
            Prefetch("sessions", sessions),
            Prefetch(
                "materials",
                materials.filter(is_public=True),
                to_attr="public_materials",
            ),
        )

    def get_record_context(self, record, at):
        return {"languages": record.instruction_languages}

    def get_structured_data(self, page):
        return event_node(
            page,
            organisers=(
                "host_organs",
                "organiser_organs",
                "co_organiser_organs",
                "host_parties",
                "organiser_parties",
                "co_organiser_parties",
            ),
            languages=page.record.instruction_languages,
        )
