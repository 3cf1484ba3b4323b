"""Template context processor for pages of the staff admin and of accounts."""

from django.conf import settings
from django.contrib import admin


def staff_context(request) -> dict:
    """Return template context for staff pages, and an empty dict for other pages.

    ``second_factor_required`` is True if staff need a second factor. Account pages also
    get the context of the admin site, because they extend its base template.
    """
    if not request.path_info.startswith(("/admin/", "/accounts/")):
        return {}
    context = {"second_factor_required": settings.SECOND_FACTOR_REQUIRED}
    if request.path_info.startswith("/accounts/"):
        context |= admin.site.each_context(request)
    return context
