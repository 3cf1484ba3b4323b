"""Standing pages of the site itself."""

import datetime as dt

from django.http import HttpResponseRedirect

from portal.catalogue.models import Entry
from portal.directory.cards import cards, names_for
from portal.directory.pages import PublicPage

# When the accessibility statement was last held against the site: change both together.
ACCESSIBILITY_CHECKED_ON = dt.date(2026, 11, 24)


class AccessibilityPage(PublicPage):
    """What the site does so that everyone can read it, and its known gaps."""

    template_name = "portal/accessibility.html"
    extra_context = {"accessibility_checked_on": ACCESSIBILITY_CHECKED_ON}


class AboutPage(PublicPage):
    """What the site is and who runs it, with the pages of the institutions.

    Where the record has a published page ``about``, readers are redirected to it.
    """

    template_name = "portal/about.html"

    def get(self, request, *args, **kwargs):
        pages = Entry.objects.of_kind("page").exclude(path="")
        entries = list(pages.shown_in(self.language))
        own = next((entry for entry in entries if entry.code == "about"), None)
        if own is not None:
            return HttpResponseRedirect(f"/{self.language.code}/{own.path}")
        entries.sort(key=lambda entry: (entry.facts["order"], entry.code))
        names = names_for(entries, self.language)
        context = self.get_context_data(
            institutions=cards(entries, names, self.language)
        )
        return self.render_to_response(context)
