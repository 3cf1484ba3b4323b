"""Render a record's page as an A4 PDF."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import Kind
from portal.content.publishing.models import Publishable
from portal.core.languages import Language
from portal.core.translations.dates import format_day
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText
from portal.website.printing.blocks import build_blocks
from portal.website.printing.html_tree import find_article
from portal.website.printing.output_cache import cached_output
from portal.website.printing.pdf_compiler import compile_pdf
from portal.website.printing.text_preparation import prepare_text


@dataclass(frozen=True)
class PrintableRecord:
    """A public record with the title and language of its page.

    ``url`` is the absolute URL of the page.
    """

    record: Publishable
    kind: Kind
    title: LocalizedText
    language: Language
    url: str

    @property
    def file_name(self) -> str:
        """Return the name of the PDF file, ASCII in every language.

        ``SEM-0001-en.pdf`` or, for codes without a prefix, ``edition-15-km.pdf``.
        """
        code = self.record.public_code
        name = code if self.record.code_prefix else f"{self.kind.code}-{code}"
        return f"{name}-{self.language.code}.pdf"


def render_record_pdf(page: PrintableRecord, html: str) -> bytes:
    """Return the PDF of the page's ``<article>``, with texts in the active language.

    ``html`` is the whole page. Raise ValueError if it has no article.
    """
    article = find_article(html)
    if article is None:
        message = f"The page at {page.url} has no <article> element."
        raise ValueError(message)
    changed = page.record.changed_at or page.record.published_at
    cut = interface_text(_("This page is too long to print in full."))
    labels = {
        "portal": interface_text(_("China-ASEAN Prosecutors-General Conference")),
        "kind": interface_text(capfirst(page.kind.label)),
        "changed": _build_revision_text(page.record.revision, changed),
        "pages": _build_page_number_text(),
    }
    data = {
        "title": prepare_text(page.title.text),
        "lang": page.language.tag,
        "speaks": page.language.tag,
        **{name: text.text for name, text in labels.items()},
        **get_fallback_languages(labels),
        "address": page.url,
        "pages": _split_at_numbers(labels["pages"].text),
        "cut": [{"t": cut.text, "lang": cut.tag, "b": True}],
        "blocks": build_blocks(article, page.url, page.language.tag),
    }
    at = int(changed.timestamp())
    return cached_output({**data, "at": at}, lambda: compile_pdf(data, timestamp=at))


def get_fallback_languages(texts: Mapping[str, LocalizedText]) -> dict:
    """Return the language tags of texts that are not in the page's language.

    ``{"languages": {name: tag}}``, or an empty dict if there are none.
    """
    languages = {name: text.tag for name, text in texts.items() if text.is_fallback}
    return {"languages": languages} if languages else {}


def _build_revision_text(revision: int, at: dt.datetime) -> LocalizedText:
    """Return the text "Last updated on …, version …" of the PDF's footer."""
    message = interface_text(_("Last updated on %(day)s, version %(number)s"))
    day = format_day(timezone.localtime(at).date(), message.language)
    return replace(message, text=message.text % {"day": day, "number": revision})


def _build_page_number_text() -> LocalizedText:
    """Return the text "Page 1 of 3" of the PDF's footer with placeholders.

    Control characters replace the numbers, because no text contains them.
    """
    message = _("Page %(number)s of %(total)s")
    return interface_text(message, {"number": "\1", "total": "\2"})


def _split_at_numbers(footer_text: str) -> list[str | int]:
    """Split the footer text "Page 1 of 3" at its two numbers.

    ``footer_text`` has the control characters 1 and 2 in their place. In the result,
    the integer 1 stands for the page number and 2 for the number of pages.
    """
    parts, text = [], ""
    for char in footer_text:
        if char in "\1\2":
            parts += [text, ord(char)]
            text = ""
        else:
            text += char
    return [part for part in [*parts, text] if part]
