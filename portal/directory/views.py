"""Pages of the countries and of their organs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.directory.groups import holdings
from portal.directory.names import names_of
from portal.directory.pages import Crumb, PublicPage, RecordPage
from portal.directory.tiles import country_tiles
from portal.publishing.links import link_to


class CountryListPage(PublicPage):
    template_name = "directory/country_list.html"

    def get_context_data(self, **kwargs):
        heading = _("Countries")
        names = names_of(self.language)
        return super().get_context_data(
            page_title=heading,
            crumbs=[Crumb(heading)],
            countries=country_tiles(names, self.language),
            **kwargs,
        )


class CountryPage(RecordPage):
    """A country with everything on record about it, from the catalogue."""

    kind = "country"
    template_name = "directory/country_detail.html"

    def crumbs(self):
        return [Crumb(_("Countries"), reverse("directory:country-list"))]

    def title_of(self, record, links):
        return link_to(record, self.language).name

    def parts(self, record, at):
        return {
            "holdings": holdings("country", record.iso2, self.language),
            "languages": record.national_languages,
        }


class OrganPage(RecordPage):
    """An organ with the records that name it, from the catalogue."""

    kind = "organ"
    template_name = "directory/organ_detail.html"
    with_related = ("country", "place", "parent")

    def crumbs(self):
        return [Crumb(_("Countries"), reverse("directory:country-list"))]

    def title_of(self, record, links):
        return link_to(record, self.language).name

    def parts(self, record, at):
        return {
            "country": link_to(record.country, self.language),
            "parent": link_to(record.parent, self.language),
            "place": link_to(record.place, self.language),
            "holdings": holdings("organ", record.key, self.language),
        }
