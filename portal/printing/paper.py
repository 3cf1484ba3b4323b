"""A record's page as a document of A4 pages."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.registry import Kind
from portal.languages import Language
from portal.printing.blocks import blocks_of
from portal.printing.kept import kept
from portal.printing.press import set_pdf
from portal.printing.texts import settable
from portal.printing.tree import article_of
from portal.publishing.models import Publishable
from portal.translations.dates import day_in_words
from portal.translations.interface import interface_text
from portal.translations.shown import Shown


@dataclass(frozen=True)
class RecordOnPage:
    """A public record as its page in ``language`` shows it; ``address`` is the page's,
    with scheme and host."""

    record: Publishable
    kind: Kind
    title: Shown
    language: Language
    address: str

    @property
    def file_name(self) -> str:
        """``SEM-0001-en.pdf``, ``edition-15-km.pdf``: ASCII in every language."""
        code = self.record.public_code
        named = code if self.record.code_prefix else f"{self.kind.code}-{code}"
        return f"{named}-{self.language.code}.pdf"


def pdf_of(page: RecordOnPage, html: str) -> bytes:
    """The PDF of what the page's article says, in the active language.

    ``html`` is the whole page. ValueError when it has no article.
    """
    article = article_of(html)
    if article is None:
        message = f"The page of {page.address} has no article to print."
        raise ValueError(message)
    changed = page.record.changed_at or page.record.published_at
    cut = interface_text(_("This page is too long to be printed whole."))
    around = {
        "portal": interface_text(_("China-ASEAN Prosecutors-General Conference")),
        "kind": interface_text(capfirst(page.kind.label)),
        "changed": _changed(page.record.revision, changed),
        "pages": _pages(),
    }
    data = {
        "title": settable(page.title.text),
        "lang": page.language.tag,
        "speaks": page.language.tag,
        **{name: text.text for name, text in around.items()},
        **languages_of(around),
        "address": page.address,
        "pages": _numbered(around["pages"].text),
        "cut": [{"t": cut.text, "lang": cut.tag, "b": True}],
        "blocks": blocks_of(article, page.address, page.language.tag),
    }
    at = int(changed.timestamp())
    return kept({**data, "at": at}, lambda: set_pdf(data, timestamp=at))


def languages_of(texts: Mapping[str, Shown]) -> dict:
    """The languages of texts by name, of those not in the page's language, if any."""
    found = {name: text.tag for name, text in texts.items() if text.is_fallback}
    return {"languages": found} if found else {}


def _changed(revision: int, at: dt.datetime) -> Shown:
    words = interface_text(_("Last changed on %(day)s, revision %(number)s"))
    day = day_in_words(timezone.localtime(at).date(), words.language)
    return replace(words, text=words.text % {"day": day, "number": revision})


def _pages() -> Shown:
    """The words of “Page 1 of 3”, with characters that no text has as its numbers."""
    message = _("Page %(number)s of %(total)s")
    return interface_text(message, {"number": "\1", "total": "\2"})


def _numbered(words: str) -> list[str | int]:
    """The parts of "Page 1 of 3", with 1 for the page's number and 2 for the last."""
    parts, text = [], ""
    for char in words:
        if char in "\1\2":
            parts += [text, ord(char)]
            text = ""
        else:
            text += char
    return [part for part in [*parts, text] if part]
