"""Template context available on every page: languages, navigation and site contact."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from portal.content.publishing.url_paths import is_site_path
from portal.core.languages import LANGUAGES
from portal.core.translations.interface_language import is_partly_english
from portal.core.translations.localized_text import get_active_language

_PHONE_CHARACTERS = "+0123456789"


# Font file to preload on every page of a language; "" for Chinese, which uses the fonts
# of the device.
_LATIN_FONT = "vendor/fonts/noto-sans-latin-400.woff2"
_FONTS = {
    "zh-hans": "",
    "zh-hant": "",
    "th": "vendor/fonts/noto-sans-thai-400.woff2",
    "lo": "vendor/fonts/noto-sans-lao-400.woff2",
    "km": "vendor/fonts/noto-sans-khmer-400.woff2",
    "my": "vendor/fonts/noto-sans-myanmar-400.woff2",
}


# Leaves space for a search for 200 Chinese characters, which take nine bytes each in a
# URL.
_MAX_QUERY_LENGTH = 4000


def page_context(request) -> dict:
    """Return the context of every template: languages, sections, contact, text size.

    Depends on the request URL and the active language only, never on the user.
    """
    language = get_active_language()
    return {
        "page_language": language,
        "is_partly_english": is_partly_english(language),
        "language_links": _build_language_links(request, language),
        "navigation_sections": _build_navigation_sections(request),
        "report_url": _build_report_url(request),
        "contact": _get_contact_details(),
        "page_url": request.build_absolute_uri(request.path),
        # Pages of records have their own: the page in the language of the texts.
        "canonical_url": request.build_absolute_uri(request.path),
        "text_size": _get_text_size(request),
        "text_size_links": {
            size: _build_text_size_url(request, size) for size in ("large", "normal")
        },
        "preloaded_font": _FONTS.get(language.code, _LATIN_FONT),
    }


def _build_language_links(request, current_language) -> list[dict]:
    """Return the URL of the current page in each language.

    For a URL without a language prefix, the links lead to the home page.
    """
    is_page = getattr(request, "has_language_prefix", False)
    if is_page:
        path_parts = request.path_info.split("/", 2)[2:]
        path = path_parts[0] if path_parts else ""
    else:
        path = ""
    query = _get_raw_query(request)
    return [
        {
            "language": language,
            "url": f"/{language.code}/{path}"
            + (f"?{query}" if query and is_page else ""),
            "is_current": language is current_language,
        }
        for language in LANGUAGES
    ]


def _build_navigation_sections(request) -> list[dict]:
    """Return URL, label and ``is_current`` of each main navigation section."""
    sections = []
    for name, label in settings.NAVIGATION_SECTIONS:
        url = reverse(name)
        is_current = request.path_info.startswith(url)
        sections.append({"url": url, "label": label, "is_current": is_current})
    return sections


def _build_report_url(request) -> str:
    """Return the URL of the error report form, with the current page as ``page``.

    Without ``page`` (a report about the site as a whole) if the URL is no public page.
    """
    form = reverse("report")
    if request.path == form or not is_site_path(request.path):
        return form
    return f"{form}?page={quote(request.path)}"


def _get_contact_details() -> dict[str, str]:
    """Return the office's contact details and the site's registration numbers.

    A value is "" if it is not configured; templates do not show it then.
    """
    return {
        "address": settings.CONTACT_ADDRESS,
        "phone": settings.CONTACT_PHONE,
        "phone_digits": "".join(
            c for c in settings.CONTACT_PHONE if c in _PHONE_CHARACTERS
        ),
        "email": settings.CONTACT_EMAIL,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
        "site_code": settings.SITE_CODE,
    }


def _get_text_size(request) -> str:
    """Return ``large`` if the last text size in the query is ``text=large``, else "".

    Parses the raw query string, so that error pages for a malformed query work too.
    """
    sizes = [
        part for part in _split_query(request) if part in ("text=large", "text=normal")
    ]
    return "large" if sizes[-1:] == ["text=large"] else ""


def _build_text_size_url(request, size: str) -> str:
    """Return the current query string with another text size."""
    other_parts = [
        part for part in _split_query(request) if not part.startswith("text=")
    ]
    return "?" + "&".join([*other_parts, f"text={size}"])


def _split_query(request) -> list[str]:
    return [part for part in _get_raw_query(request).split("&") if part]


def _get_raw_query(request) -> str:
    """Return the raw query string, or "" if it is longer than any page accepts."""
    query = request.META.get("QUERY_STRING", "")
    return query if len(query) <= _MAX_QUERY_LENGTH else ""
