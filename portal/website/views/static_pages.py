"""Pages about the site itself: accessibility statement and site map."""

import datetime as dt

from portal.website.base_views import PublicView
from portal.website.cards import load_card_names
from portal.website.directory.country_tiles import build_country_tiles

# Date of the last check of the statement against the site; change both together.
ACCESSIBILITY_CHECKED_ON = dt.date(2026, 11, 24)


class AccessibilityView(PublicView):
    """Accessibility statement: what the site provides, and its known gaps."""

    template_name = "portal/accessibility.html"
    extra_context = {"accessibility_checked_on": ACCESSIBILITY_CHECKED_ON}


class SiteMapView(PublicView):
    """Page with links to all sections and countries."""

    template_name = "portal/site_map.html"

    def get_context_data(self, **kwargs):
        names = load_card_names([], self.language)
        tiles = build_country_tiles(names, self.language)
        return super().get_context_data(countries=tiles, **kwargs)
