"""Pages of border liaison: mechanisms and their meetings."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exchanges.models import (
    AgendaItem,
    AgreedAction,
    Mechanism,
    Meeting,
    next_due,
    next_planned,
)
from portal.catalogue.querysets import capped_count
from portal.directory.cards import Card
from portal.directory.listing import (
    PAGE_SIZE,
    Pager,
    link_parameters,
    page_number,
    parameters,
)
from portal.directory.naming import name_of
from portal.directory.pages import Crumb, RecordListPage, RecordPage
from portal.languages import Language
from portal.publishing.links import link_to
from portal.translations.shown import Shown, shown

# So many mechanisms without a meeting on the page are listed, and actions of one.
_MOST = 50


class ExchangeListPage(RecordListPage):
    """Meetings under the mechanisms that they belong to, and those of none."""

    kind = "meeting"
    template_name = "exchanges/exchange_list.html"

    def heading(self):
        return _("Border liaison: mechanisms and meetings")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["unknown_values"]:
            return {**context, "groups": [], "others": []}
        return {**context, **self._grouped(context["entries"], context["page"].number)}

    def _grouped(self, entries: list[Card], number: int) -> dict:
        """Each mechanism with its meetings; those without any on the first page.

        Where something is asked of the meetings, a mechanism without any of them is
        left out; where only a country is asked for, its mechanisms are all there.
        """
        words, country = set(self.filter_query.used), self._country
        groups, others = [], list(entries)
        keys = {card.facts.get("mechanism") for card in entries} - {None, ""}
        for mechanism in self._mechanisms(keys):
            key = mechanism.key
            own = [card for card in others if card.facts.get("mechanism") == key]
            others = [card for card in others if card.facts.get("mechanism") != key]
            other = link_to(mechanism.other_country, self.language)
            is_of_country = country in ("", "CN") or (other and other.key == country)
            if own or (number == 1 and words <= {"country"} and is_of_country):
                groups.append(
                    {"mechanism": mechanism, "entries": own, "country": other}
                )
        return {"groups": groups, "others": others}

    @property
    def _country(self) -> str:
        """The country (iso2) that the list is filtered by, "" for all."""
        return self.filter_query.filters.tags.get("country", ("",))[0]

    def _mechanisms(self, keys: set[str]):
        """Those that ``keys`` name, and the first of all others."""
        at = timezone.now()
        meetings = Meeting.objects.published(at).filter(mechanism=OuterRef("pk"))
        public = Mechanism.objects.published(at)
        country = self._country
        first = public.order_by("pk")
        if country not in ("", "CN"):
            first = first.filter(other_country__iso2=country)
        found = public.in_language(self.language, "other_country").filter(
            Q(key__in=keys) | Q(pk__in=first.values("pk")[:_MOST])
        )
        return found.annotate(has_meetings=Exists(meetings)).order_by("pk")


@login_not_required
@require_safe
def meeting_list(request):
    """Redirect to the list of meetings, which has the mechanisms too."""
    query = request.META.get("QUERY_STRING", "")
    target = reverse("exchanges:list") + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(target)


class MechanismPage(RecordPage):
    """A mechanism, its meetings page by page, the latest first, and what they agreed.

    The first page tells when the next one is planned, or would be due.
    """

    kind = "mechanism"
    template_name = "exchanges/mechanism_detail.html"
    with_related = ("other_country", "legal_basis")

    def crumbs(self):
        return [Crumb(_("Border liaison"), reverse("exchanges:list"))]

    def title_of(self, record, links):
        return shown(record, "name", self.language)

    def parts(self, record, at):
        meetings, page = self._meetings(record, at)
        today = timezone.localdate(at)
        is_first = page.number == 1
        return {
            "other_country": link_to(record.other_country, self.language),
            "legal_basis": _told(record.legal_basis),
            "meetings": [
                {"meeting": meeting, "title": _name(meeting, self.language)}
                for meeting in meetings
            ],
            "page": page,
            "planned": next_planned(meetings, today) if is_first else None,
            "due": next_due(record, meetings, today) if is_first else None,
            "actions": self._actions(record, at) if is_first else [],
        }

    def _meetings(self, record, at) -> tuple[list[Meeting], Pager]:
        number = page_number(parameters(self.request))
        found = Meeting.objects.published(at).filter(mechanism=record)
        shown_here = found.in_language(self.language, "other_country").annotate(
            total=capped_count(found)
        )
        start = (number - 1) * PAGE_SIZE
        ordered = shown_here.order_by("-sort_on", "-code")
        meetings = list(ordered[start : start + PAGE_SIZE])
        if not meetings and number > 1:
            raise Http404
        total = meetings[0].total if meetings else 0
        links = link_parameters(self.request, {})
        return meetings, Pager(links, number, total, PAGE_SIZE)

    def _actions(self, record, at) -> list[dict]:
        """What its meetings agreed to do, of the latest meeting first."""
        meetings = Meeting.objects.published(at).filter(mechanism=record)
        found = AgreedAction.objects.filter(meeting__in=meetings).in_language(
            self.language, "meeting", "meeting__other_country", "responsible_organ"
        )
        order = ("-meeting__sort_on", "-meeting__code", "position", "pk")
        return [
            {
                **_action(action, self.language),
                "title": _name(action.meeting, self.language),
                "url": action.meeting.get_absolute_url(),
            }
            for action in found.order_by(*order)[:_MOST]
        ]


class MeetingPage(RecordPage):
    """A meeting with its agenda and what it agreed to do."""

    kind = "meeting"
    template_name = "exchanges/meeting_detail.html"
    with_related = ("mechanism", "host_country", "other_country", "outcome_document")

    def crumbs(self):
        return [Crumb(_("Border liaison"), reverse("exchanges:list"))]

    def prefetched(self, records):
        items = AgendaItem.objects.in_language(self.language)
        actions = AgreedAction.objects.in_language(self.language, "responsible_organ")
        return records.prefetch_related(
            Prefetch("agenda_items", items), Prefetch("agreed_actions", actions)
        )

    def title_of(self, record, links):
        return _name(record, self.language)

    def parts(self, record, at):
        return {
            "mechanism": _told(record.mechanism),
            "host_country": link_to(record.host_country, self.language),
            "other_country": link_to(record.other_country, self.language),
            "outcome_document": _told(record.outcome_document),
            "actions": [
                _action(action, self.language) for action in record.agreed_actions.all()
            ],
        }


def _told(record):
    """A record that another one points to, as long as it is public itself."""
    return record if record is not None and record.is_published else None


def _action(action: AgreedAction, language: Language) -> dict:
    return {"action": action, "organ": link_to(action.responsible_organ, language)}


def _name(meeting: Meeting, language: Language) -> Shown:
    return name_of(meeting, language, (meeting.other_country,))
