"""The share image (Open Graph image) of a record and of the site."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.period import Period
from portal.content.publishing.links import Link
from portal.core.languages import Language
from portal.core.translations.dates import format_period
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText
from portal.website.printing.output_cache import cached_output
from portal.website.printing.pdf_compiler import compile_png
from portal.website.printing.record_pdf import PrintableRecord, get_fallback_languages
from portal.website.printing.text_preparation import (
    breakable_parts,
    prepare_text,
    take_clusters,
)

# Widths in units of take_clusters: more than fits into the image. The typst template
# measures how much of the title really fits.
_MAX_TITLE_WIDTH = 180
_MAX_FACT_WIDTH = 42
_MAX_PLACES = 3


def render_share_image(
    page: PrintableRecord, period: Period | None, places: Iterable[Link]
) -> bytes:
    """Return the share image of a record: kind, title, period and up to three places.

    The result is a PNG of 1200 × 630 pixels. Links without a name are left out.
    """
    language = page.language
    lines = []
    if period:
        period_text = format_period(
            period.first, period.last, period.precision, language
        )
        lines.append({"t": period_text, "lang": language.tag})
    names = [link.name for link in places if link and link.name]
    lines += [
        {"t": _truncate(name.text), "lang": name.tag} for name in names[:_MAX_PLACES]
    ]
    kind = _("Example data") if page.record.is_sample else page.kind.label
    return _render_image(page.title, capfirst(kind), lines, language)


def render_site_share_image(language: Language) -> bytes:
    """Return the share image (PNG) of all pages that are not records."""
    line = interface_text(_("The Conference, its training base and its office"))
    title = interface_text(_("China-ASEAN Prosecutors-General Conference"))
    return _render_image(title, "", [{"t": line.text, "lang": line.tag}], language)


def _render_image(
    title: LocalizedText, kind: str, lines: list[dict], language: Language
) -> bytes:
    """Compile the share image, or return it from the cache."""
    text = prepare_text(title.text).strip()
    title_parts, is_cut = breakable_parts(text, _MAX_TITLE_WIDTH)
    labels = {
        "kind": interface_text(kind),
        "portal": interface_text(_("China-ASEAN Prosecutors-General Conference")),
    }
    data = {
        "lang": language.tag,
        "title": title_parts,
        "title-lang": title.tag,
        "cut": is_cut,
        "facts": lines,
        **{name: text.text for name, text in labels.items()},
        **get_fallback_languages(labels),
    }
    return cached_output(data, lambda: compile_png(data))


def _truncate(text: str) -> str:
    """Return a text cut to the maximum width of a fact, with "…" if it was longer."""
    text = prepare_text(text)
    cut = "".join(take_clusters(text, _MAX_FACT_WIDTH))
    return cut if cut == text else f"{cut}…"
