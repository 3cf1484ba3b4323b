"""Standing pages of the site itself."""

import datetime as dt

from portal.directory.pages import PublicPage

# When the accessibility statement was last held against the site: change both together.
ACCESSIBILITY_CHECKED_ON = dt.date(2026, 11, 24)


class AccessibilityPage(PublicPage):
    """What the site does so that everyone can read it, and its known gaps."""

    template_name = "portal/accessibility.html"
    extra_context = {"accessibility_checked_on": ACCESSIBILITY_CHECKED_ON}
