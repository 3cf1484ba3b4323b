"""What every template may rely on: languages and the way around."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.languages import LANGUAGES
from portal.publishing.paths import is_own_page
from portal.translations.interface import is_partly_english
from portal.translations.shown import reader_language

_SECTIONS = (
    ("conference:edition-list", _("Conference")),
    ("conference:document-list", _("Documents")),
    ("conference:article-list", _("News")),
    ("seminars:list", _("Seminars")),
    ("delegations:list", _("Delegations")),
    ("exchanges:list", _("Border liaison")),
    ("directory:country-list", _("Countries")),
    ("calendar", _("Calendar")),
    ("figures", _("Figures")),
)


_DIALLED = "+0123456789"


# The one font that every page of a language needs at once; Chinese has the device's.
_LATIN_FONT = "vendor/fonts/noto-sans-latin-400.woff2"
_FONTS = {
    "zh-hans": "",
    "zh-hant": "",
    "th": "vendor/fonts/noto-sans-thai-400.woff2",
    "lo": "vendor/fonts/noto-sans-lao-400.woff2",
    "km": "vendor/fonts/noto-sans-khmer-400.woff2",
    "my": "vendor/fonts/noto-sans-myanmar-400.woff2",
}


# 200 characters of Chinese are nine bytes each in an address.
_LONGEST_QUERY = 4000


def page(request) -> dict:
    """Languages of the page, and the main sections; nothing of the reader."""
    language = reader_language()
    return {
        "page_language": language,
        "is_partly_english": is_partly_english(language),
        "language_links": _language_links(request, language),
        "sections": _sections(request),
        "report_url": _report_url(request),
        "office": _office(),
        "canonical_path": request.build_absolute_uri(request.path),
        "text_size": _text_size(request),
        "text_links": {size: _in_size(request, size) for size in ("large", "normal")},
        "page_font": _FONTS.get(language.code, _LATIN_FONT),
    }


def _language_links(request, current) -> list[dict]:
    """The same page in every language; the home page where it has no language."""
    is_page = getattr(request, "language_is_in_address", False)
    if is_page:
        rest = request.path_info.split("/", 2)[2:]
        path = rest[0] if rest else ""
    else:
        path = ""
    query = _query(request)
    return [
        {
            "language": language,
            "url": f"/{language.code}/{path}"
            + (f"?{query}" if query and is_page else ""),
            "is_current": language is current,
        }
        for language in LANGUAGES
    ]


def _sections(request) -> list[dict]:
    found = []
    for name, label in _SECTIONS:
        url = reverse(name)
        is_current = request.path_info.startswith(url)
        found.append({"url": url, "label": label, "is_current": is_current})
    return found


def _report_url(request) -> str:
    """The form for an error on this page, on the site as a whole where it is none."""
    form = reverse("report")
    if request.path == form or not is_own_page(request.path):
        return form
    return f"{form}?page={quote(request.path)}"


def _office() -> dict[str, str]:
    """How to reach the office, and the numbers under which this site is filed.

    "" is not known, and not shown.
    """
    return {
        "address": settings.CONTACT_ADDRESS,
        "phone": settings.CONTACT_PHONE,
        "phone_digits": "".join(c for c in settings.CONTACT_PHONE if c in _DIALLED),
        "email": settings.CONTACT_EMAIL,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
        "site_code": settings.SITE_CODE,
    }


def _text_size(request) -> str:
    """``large`` if the last size in the address is ``text=large``, else "".

    Read from the raw query: an address too odd to be parsed has an error page too.
    """
    sizes = [
        part for part in _query_parts(request) if part in ("text=large", "text=normal")
    ]
    return "large" if sizes[-1:] == ["text=large"] else ""


def _in_size(request, size: str) -> str:
    """This page in another text size, with the other query words it has."""
    kept = [part for part in _query_parts(request) if not part.startswith("text=")]
    return "?" + "&".join([*kept, f"text={size}"])


def _query_parts(request) -> list[str]:
    return [part for part in _query(request).split("&") if part]


def _query(request) -> str:
    """The query as it came; none when it is longer than any page answers to."""
    query = request.META.get("QUERY_STRING", "")
    return query if len(query) <= _LONGEST_QUERY else ""
