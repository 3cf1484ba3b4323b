"""Public pages about border liaison: mechanisms and their meetings."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exchanges.choices import MechanismKind, MechanismState
from exchanges.meeting_schedule import get_expected_meeting, get_next_planned_meeting
from exchanges.models import AgendaItem, AgreedAction, Mechanism, Meeting
from portal.content.catalogue.querysets import capped_count
from portal.content.publishing.links import build_link
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText
from portal.reference.directory.record_titles import record_title
from portal.website.base_views import Breadcrumb, RecordDetailView, RecordListView
from portal.website.cards import Card, load_titles
from portal.website.lists import (
    PAGE_SIZE,
    Pager,
    link_parameters,
    parameters,
    parse_page_number,
)
from portal.website.structured_data import event_node, first_day, organization_node

# Maximum number of mechanisms listed without meetings, and of agreed actions shown for
# one mechanism.
_MAX_ROWS = 50


class ExchangeListView(RecordListView):
    """List of border meetings, grouped by mechanism."""

    kind = "meeting"
    template_name = "exchanges/exchange_list.html"

    def get_heading(self):
        return _("Border liaison: mechanisms and meetings")

    def count_options(self, query):
        """Return the numbers of meetings by filter and option.

        With no filter but a country, the list also has mechanisms without meetings:
        their countries are offered too, without a number.
        """
        counts = super().count_options(query)
        if "country" not in counts or set(query.used) - {"country"}:
            return counts
        codes = Mechanism.objects.published(timezone.now()).country_codes()
        return {**counts, "country": {**dict.fromkeys(codes), **counts["country"]}}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["unknown_values"]:
            return {**context, "mechanism_groups": [], "ungrouped_entries": []}
        return {
            **context,
            **self._group_by_mechanism(context["entries"], context["pager"].number),
        }

    def _group_by_mechanism(self, entries: list[Card], number: int) -> dict:
        """Group the meetings of the page by mechanism.

        Meetings without a mechanism are a separate list. Page 1 also shows mechanisms
        without meetings: the first of all if no filter is set, those of the country if
        only the country filter is set, none if another filter is set.
        """
        set_filters, country = set(self.filter_query.used), self._country
        groups, ungrouped_entries = [], list(entries)
        keys = {card.facts.get("mechanism") for card in entries} - {None, ""}
        mechanisms = list(self._get_mechanisms(keys))
        titles = load_titles(mechanisms, self.language)
        for mechanism in mechanisms:
            key = mechanism.key
            mechanism_cards = [
                card for card in ungrouped_entries if card.facts.get("mechanism") == key
            ]
            ungrouped_entries = [
                card for card in ungrouped_entries if card.facts.get("mechanism") != key
            ]
            other_country_link = build_link(mechanism.other_country, self.language)
            matches_country = country in ("", "CN") or (
                other_country_link and other_country_link.key == country
            )
            if mechanism_cards or (
                number == 1 and set_filters <= {"country"} and matches_country
            ):
                groups.append(
                    {
                        "mechanism": mechanism,
                        "title": titles[mechanism],
                        "entries": mechanism_cards,
                        "country": other_country_link,
                    }
                )
        return {"mechanism_groups": groups, "ungrouped_entries": ungrouped_entries}

    @property
    def _country(self) -> str:
        """Return the ISO 3166 alpha-2 code of the country filter; "" if not set."""
        return self.filter_query.filters.tags.get("country", ("",))[0]

    def _get_mechanisms(self, keys: set[str]):
        """Return the published mechanisms with ``keys``, and the first of all others.

        The other mechanisms are limited in number, and to the country of the country
        filter. The filter CN has no effect, because every mechanism has a Chinese side.
        """
        at = timezone.now()
        meetings = Meeting.objects.published(at).filter(mechanism=OuterRef("pk"))
        published = Mechanism.objects.published(at)
        country = self._country
        first = published.order_by("pk")
        if country not in ("", "CN"):
            first = first.filter(other_country__iso2=country)
        mechanisms = published.only_language(self.language, "other_country").filter(
            Q(key__in=keys) | Q(pk__in=first.values("pk")[:_MAX_ROWS])
        )
        return mechanisms.annotate(has_meetings=Exists(meetings)).order_by("pk")


@login_not_required
@require_safe
def meeting_list(request):
    """Redirect permanently to the list of meetings and mechanisms."""
    query = request.META.get("QUERY_STRING", "")
    target = reverse("exchanges:exchange-list") + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(target)


class MechanismDetailView(RecordDetailView):
    """Page of a mechanism with its meetings, paginated and the latest first.

    Page 1 also shows the next planned meeting, the estimated date of the next meeting,
    and the actions agreed at the meetings.
    """

    kind = "mechanism"
    template_name = "exchanges/mechanism_detail.html"
    related_fields = ("other_country", "legal_basis")

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Border liaison"), reverse("exchanges:exchange-list"))]

    def get_title(self, record, links):
        # With one call, so that the page needs no further query for the other title.
        legal_basis = _published_or_none(record.legal_basis)
        self._titles = load_titles([record, legal_basis], self.language)
        return self._titles[record]

    def get_record_context(self, record, at):
        meetings, pager = self._get_meetings_page(record, at)
        today = timezone.localdate(at)
        is_first = pager.number == 1
        next_planned_meeting = expected_meeting = None
        if is_first:
            next_planned_meeting = get_next_planned_meeting(meetings, today)
            expected_meeting = get_expected_meeting(record, meetings, today)
        legal_basis = _published_or_none(record.legal_basis)
        return {
            "other_country": build_link(record.other_country, self.language),
            "legal_basis": legal_basis,
            "legal_basis_title": self._titles.get(legal_basis),
            "meetings": [
                {
                    "meeting": meeting,
                    "title": _meeting_title(meeting, self.language, with_date=False),
                }
                for meeting in meetings
            ],
            "pager": pager,
            "next_planned_meeting": next_planned_meeting,
            "expected_meeting": expected_meeting,
            "shows_next_meeting": next_planned_meeting
            or expected_meeting
            or (is_first and _has_further_meetings(record)),
            "agreed_actions": self._get_agreed_actions(record, at) if is_first else [],
        }

    def get_structured_data(self, page):
        organs = page.links_of("side_a_organs", "side_b_organs")
        parties = page.links_of("side_a_parties", "side_b_parties")
        return {
            "@type": "EventSeries",
            "name": page.title.text,
            "url": page.url,
            "image": page.image,
            "startDate": first_day(page.record.start_period),
            "inLanguage": page.title.tag,
            "organizer": [organization_node(link, page) for link in organs + parties],
        }

    def _get_meetings_page(self, record, at) -> tuple[list[Meeting], Pager]:
        number = parse_page_number(parameters(self.request))
        published = Meeting.objects.published(at).filter(mechanism=record)
        localized_meetings = published.only_language(
            self.language, "other_country"
        ).annotate(total=capped_count(published))
        start = (number - 1) * PAGE_SIZE
        ordered = localized_meetings.order_by("-sort_on", "-code")
        meetings = list(ordered[start : start + PAGE_SIZE])
        if not meetings and number > 1:
            raise Http404
        total = meetings[0].total if meetings else 0
        links = link_parameters(self.request, {})
        return meetings, Pager(links, number, total, PAGE_SIZE)

    def _get_agreed_actions(self, record, at) -> list[dict]:
        """Return the actions agreed under a mechanism, latest meeting first."""
        meetings = Meeting.objects.published(at).filter(mechanism=record)
        actions = AgreedAction.objects.filter(meeting__in=meetings).only_language(
            self.language, "meeting", "meeting__other_country", "responsible_organ"
        )
        order = ("-meeting__sort_on", "-meeting__code", "position", "pk")
        return [
            {
                **_build_action_context(action, self.language),
                "title": _meeting_title(action.meeting, self.language),
                "url": action.meeting.get_absolute_url(),
            }
            for action in actions.order_by(*order)[:_MAX_ROWS]
        ]


class MeetingDetailView(RecordDetailView):
    """Page of a meeting with its agenda and agreed actions."""

    kind = "meeting"
    template_name = "exchanges/meeting_detail.html"
    related_fields = ("mechanism", "host_country", "other_country", "outcome_document")

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Border liaison"), reverse("exchanges:exchange-list"))]

    def prefetch(self, records):
        items = AgendaItem.objects.only_language(self.language)
        actions = AgreedAction.objects.only_language(self.language, "responsible_organ")
        return records.prefetch_related(
            Prefetch("agenda_items", items), Prefetch("agreed_actions", actions)
        )

    def get_title(self, record, links):
        return _meeting_title(record, self.language)

    def get_record_context(self, record, at):
        document = _published_or_none(record.outcome_document)
        mechanism = _published_or_none(record.mechanism)
        titles = load_titles([mechanism, document], self.language)
        return {
            "mechanism": mechanism,
            "mechanism_title": titles.get(mechanism),
            "host_country": build_link(record.host_country, self.language),
            "other_country": build_link(record.other_country, self.language),
            "outcome_document": document,
            "outcome_document_title": titles.get(document),
            "agreed_actions": [
                _build_action_context(action, self.language)
                for action in record.agreed_actions.all()
            ],
        }

    def get_structured_data(self, page):
        return event_node(
            page,
            organisers=("host_organs",),
            super_event=self._build_series_node(page),
        )

    def _build_series_node(self, page) -> dict | None:
        """Return the schema.org node of the meeting's mechanism, None without one."""
        mechanism = page.context["mechanism"]
        if mechanism is None:
            return None
        return {
            "@type": "EventSeries",
            "name": page.context["mechanism_title"].text,
            "url": page.build_absolute_url(mechanism.get_absolute_url()),
        }


def _has_further_meetings(mechanism: Mechanism) -> bool:
    """Return whether a mechanism, by its kind and state, will have another meeting."""
    return (
        mechanism.mechanism_kind == MechanismKind.REGULAR_MEETING
        and mechanism.state != MechanismState.ENDED
    )


def _published_or_none(record):
    """Return the related record if it is published, else None."""
    return record if record is not None and record.is_published else None


def _build_action_context(action: AgreedAction, language: Language) -> dict:
    return {"action": action, "organ": build_link(action.responsible_organ, language)}


def _meeting_title(
    meeting: Meeting, language: Language, *, with_date: bool = True
) -> LocalizedText:
    return record_title(
        meeting, language, (meeting.other_country,), with_date=with_date
    )
