"""Static pages about the site itself: accessibility statement and about page."""

import datetime as dt

from django.http import HttpResponseRedirect

from portal.content.catalogue.models import Entry
from portal.website.base_views import PublicView
from portal.website.cards import build_cards, load_card_names

# Date of the last check of the statement against the site; change both together.
ACCESSIBILITY_CHECKED_ON = dt.date(2026, 11, 24)


class AccessibilityView(PublicView):
    """Accessibility statement: what the site provides, and its known gaps."""

    template_name = "portal/accessibility.html"
    extra_context = {"accessibility_checked_on": ACCESSIBILITY_CHECKED_ON}


class AboutPage(PublicView):
    """About page: what the site is, who runs it, links to the institutions' pages.

    Redirects to the published page record ``about`` if there is one.
    """

    template_name = "portal/about.html"

    def get(self, request, *args, **kwargs):
        pages = Entry.objects.of_kind("page").exclude(path="")
        entries = list(pages.with_texts_for(self.language))
        about_page = next((entry for entry in entries if entry.code == "about"), None)
        if about_page is not None:
            return HttpResponseRedirect(f"/{self.language.code}/{about_page.path}")
        entries.sort(key=lambda entry: (entry.facts["order"], entry.code))
        names = load_card_names(entries, self.language)
        context = self.get_context_data(
            institutions=build_cards(entries, names, self.language)
        )
        return self.render_to_response(context)
