"""What pages of the desk may rely on, beside what every page may."""

from django.conf import settings
from django.contrib import admin


def desk(request) -> dict:
    """Whether a second factor is required; for account pages the desk around them."""
    if not request.path_info.startswith(("/admin/", "/accounts/")):
        return {}
    told = {"second_factor_required": settings.SECOND_FACTOR_REQUIRED}
    if request.path_info.startswith("/accounts/"):
        told |= admin.site.each_context(request)
    return told
