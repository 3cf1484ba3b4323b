"""Public pages of countries, organs and topics."""

from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.content.publishing.links import build_link
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText, localized
from portal.core.translations.normal_form import fold_form
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.localized_names import load_display_names
from portal.reference.directory.models import Topic
from portal.website.base_views import Breadcrumb, PublicView, RecordDetailView
from portal.website.directory.country_tiles import build_country_tiles
from portal.website.directory.related_records import load_related_records
from portal.website.feeds.selection import parse_selection
from portal.website.structured_data import first_day, organization_node, place_node


class CountryListView(PublicView):
    template_name = "directory/country_list.html"

    def get_context_data(self, **kwargs):
        heading = _("Countries")
        names = load_display_names(self.language)
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[Breadcrumb(heading)],
            countries=build_country_tiles(names, self.language),
            **kwargs,
        )


class CountryDetailView(RecordDetailView):
    """Page of a country with all related records from the catalogue."""

    kind = "country"
    template_name = "directory/country_detail.html"

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Countries"), reverse("directory:country-list"))]

    def get_title(self, record, links):
        return build_link(record, self.language).name

    def get_record_context(self, record, at):
        return {
            "related_records": load_related_records(
                "country", record.iso2, self.language
            ),
            "languages": record.national_languages,
        }

    def get_structured_data(self, page):
        return {"@type": "Country", "name": page.title.text, "url": page.url}


class OrganDetailView(RecordDetailView):
    """Page of an organ with the related records from the catalogue."""

    kind = "organ"
    template_name = "directory/organ_detail.html"
    related_fields = ("country", "place", "parent")

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Countries"), reverse("directory:country-list"))]

    def get_title(self, record, links):
        return build_link(record, self.language).name

    def get_record_context(self, record, at):
        name = build_link(record, self.language).name
        native = fold_form(record.name_native)
        return {
            "is_native_title": bool(name) and native == fold_form(name.text),
            "country": build_link(record.country, self.language),
            "parent": build_link(record.parent, self.language),
            "place": build_link(record.place, self.language),
            "related_records": load_related_records("organ", record.key, self.language),
        }

    def get_structured_data(self, page):
        record = page.record
        parent, place = page.context["parent"], page.context["place"]
        is_below = parent and parent.name and record.level != OrganLevel.SPECIAL_REGION
        return {
            "@type": "GovernmentOrganization",
            "name": page.title.text,
            "alternateName": record.name_native,
            "url": page.url,
            "sameAs": record.website,
            "foundingDate": first_day(record.established),
            "location": place_node(place) if place and place.name else None,
            "parentOrganization": organization_node(parent, page) if is_below else None,
        }


class TopicListView(PublicView):
    """List of the topics of published records, those with most records first."""

    template_name = "directory/topic_list.html"

    def get_context_data(self, **kwargs):
        heading = _("Topics")
        topics = Topic.objects.of_published_records().only_language(self.language)
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[Breadcrumb(heading)],
            topics=[
                {
                    "key": topic.key,
                    "name": _topic_name(topic, self.language),
                    "record_count": topic.record_count,
                }
                for topic in topics.order_by("-record_count", "key")
            ],
            **kwargs,
        )


class TopicDetailView(PublicView):
    """Page of a topic with the related records from the catalogue.

    A topic that no published record has is not public, so its page is not found.
    """

    template_name = "directory/topic_detail.html"

    def get_context_data(self, *, key, **kwargs):
        topics = Topic.objects.of_published_records().only_language(self.language)
        topic = topics.filter(key=key).first()
        if topic is None:
            raise Http404
        name = _topic_name(topic, self.language)
        return super().get_context_data(
            page_title=name,
            breadcrumbs=[
                Breadcrumb(_("Topics"), reverse("directory:topic-list")),
                Breadcrumb(name),
            ],
            record_count=topic.record_count,
            related_records=load_related_records("topic", key, self.language),
            selection=parse_selection(QueryDict(urlencode({"topic": key}))),
            **kwargs,
        )


def _topic_name(topic: Topic, language: Language) -> LocalizedText:
    """Return the name of a topic, its key if no language that is shown has a name."""
    return localized(topic, "name", language) or LocalizedText(topic.key, language)
