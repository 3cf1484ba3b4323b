"""Pages of the seminars."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.directory.pages import Crumb, RecordListPage, RecordPage
from seminars.models import Material, Session


class SeminarListPage(RecordListPage):
    kind = "seminar"
    template_name = "seminars/seminar_list.html"

    def heading(self):
        return _("Seminars and training")


class SeminarPage(RecordPage):
    """A seminar with its programme and its public materials; no person is named."""

    kind = "seminar"
    template_name = "seminars/seminar_detail.html"

    def crumbs(self):
        return [Crumb(_("Seminars"), reverse("seminars:list"))]

    def prefetched(self, records):
        sessions = Session.objects.in_language(self.language, "place")
        materials = Material.objects.in_language(self.language).select_related("file")
        return records.with_zone().prefetch_related(
            Prefetch("sessions", sessions),
            Prefetch(
                "materials",
                materials.filter(is_public=True),
                to_attr="public_materials",
            ),
        )

    def parts(self, record, at):
        return {"languages": record.instruction_languages}
