"""Public pages of countries and organs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.content.publishing.links import build_link
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.localized_names import load_display_names
from portal.website.base_views import Breadcrumb, PublicView, RecordDetailView
from portal.website.directory.country_tiles import build_country_tiles
from portal.website.directory.related_records import load_related_records
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
        return {
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
