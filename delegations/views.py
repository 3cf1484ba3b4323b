"""Public pages about visits of delegations to and from China."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from delegations.models import Stop
from portal.content.publishing.links import build_link
from portal.reference.directory.record_titles import record_title
from portal.website.base_views import Breadcrumb, RecordDetailView, RecordListView
from portal.website.cards import load_titles
from portal.website.structured_data import event_node


class VisitListView(RecordListView):
    kind = "visit"
    template_name = "delegations/visit_list.html"

    def get_heading(self):
        return _("Delegations and visits")


class VisitDetailView(RecordDetailView):
    """Page of a visit with its stops. Members of the delegation are not named."""

    kind = "visit"
    template_name = "delegations/visit_detail.html"
    related_fields = (
        "from_country",
        "to_country",
        "meeting",
        "meeting__other_country",
        "outcome_document",
    )

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Delegations"), reverse("delegations:visit-list"))]

    def prefetch(self, records):
        stops = Stop.objects.only_language(self.language, "place", "organ")
        return records.prefetch_related(Prefetch("stops", stops))

    def get_title(self, record, links):
        countries = (record.from_country, record.to_country)
        return record_title(record, self.language, countries, links=links)

    def get_record_context(self, record, at):
        document = record.outcome_document
        if document and not document.is_published:
            document = None
        return {
            "from_country": build_link(record.from_country, self.language),
            "to_country": build_link(record.to_country, self.language),
            "meeting": self._get_meeting_context(record),
            "outcome_document": document,
            "outcome_document_title": load_titles([document], self.language).get(
                document
            ),
            "stops": [
                {
                    "stop": stop,
                    "place": build_link(stop.place, self.language),
                    "organ": build_link(stop.organ, self.language),
                }
                for stop in record.stops.all()
            ],
        }

    def get_structured_data(self, page):
        meeting = page.context["meeting"]
        return event_node(
            page,
            super_event=meeting
            and {
                "@type": "Event",
                "name": meeting["title"].text,
                "url": page.build_absolute_url(meeting["url"]),
            },
        )

    def _get_meeting_context(self, record) -> dict | None:
        """Return title and URL of the visit's border meeting; None if not published.

        The title is generated if none is written.
        """
        meeting = record.meeting
        if meeting is None or not meeting.is_published:
            return None
        title = record_title(meeting, self.language, (meeting.other_country,))
        return {"title": title, "url": meeting.get_absolute_url()}
