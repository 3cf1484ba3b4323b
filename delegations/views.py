"""Pages of the delegations: visits to China and from it."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from delegations.models import Stop
from portal.directory.naming import name_of
from portal.directory.pages import Crumb, RecordListPage, RecordPage
from portal.publishing.links import link_to


class VisitListPage(RecordListPage):
    kind = "visit"
    template_name = "delegations/visit_list.html"

    def heading(self):
        return _("Delegations and visits")


class VisitPage(RecordPage):
    """A visit with its stops; no member is named."""

    kind = "visit"
    template_name = "delegations/visit_detail.html"
    with_related = (
        "from_country",
        "to_country",
        "meeting",
        "meeting__other_country",
        "outcome_document",
    )

    def crumbs(self):
        return [Crumb(_("Delegations"), reverse("delegations:list"))]

    def prefetched(self, records):
        stops = Stop.objects.in_language(self.language, "place", "organ")
        return records.prefetch_related(Prefetch("stops", stops))

    def title_of(self, record, links):
        return name_of(record, self.language, (record.from_country, record.to_country))

    def parts(self, record, at):
        document = record.outcome_document
        return {
            "from_country": link_to(record.from_country, self.language),
            "to_country": link_to(record.to_country, self.language),
            "meeting": self._meeting(record),
            "outcome_document": document
            if document and document.is_published
            else None,
            "stops": [
                {
                    "stop": stop,
                    "place": link_to(stop.place, self.language),
                    "organ": link_to(stop.organ, self.language),
                }
                for stop in record.stops.all()
            ],
        }

    def _meeting(self, record) -> dict | None:
        """The border meeting that the visit was, by title or, without one, sentence."""
        meeting = record.meeting
        if meeting is None or not meeting.is_published:
            return None
        title = name_of(meeting, self.language, (meeting.other_country,))
        return {"title": title, "url": meeting.get_absolute_url()}
