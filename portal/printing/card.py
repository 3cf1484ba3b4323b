"""The picture that is shown where somebody shares an address: Open Graph's image."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.period import Period
from portal.languages import Language
from portal.printing.kept import kept
from portal.printing.paper import RecordOnPage, languages_of
from portal.printing.press import set_picture
from portal.printing.texts import clusters, parts, settable
from portal.publishing.links import Link
from portal.translations.dates import in_words
from portal.translations.interface import interface_text
from portal.translations.shown import Shown

# Room as texts.clusters counts it: more than fits; typst finds how much really does.
_LONGEST_TITLE = 180
_LONGEST_FACT = 42
_MOST_PLACES = 3


def card_of(page: RecordOnPage, period: Period | None, places: Iterable[Link]) -> bytes:
    """A PNG of 1200 × 630 with the record's kind, title, period and places."""
    language = page.language
    facts = []
    if period:
        words = in_words(period.first, period.last, period.precision, language)
        facts.append({"t": words, "lang": language.tag})
    names = [link.name for link in places if link and link.name]
    facts += [
        {"t": _short(name.text), "lang": name.tag} for name in names[:_MOST_PLACES]
    ]
    kind = _("Invented sample") if page.record.is_sample else page.kind.label
    return _picture(page.title, capfirst(kind), facts, language)


def card_of_site(language: Language) -> bytes:
    """The picture of every page that is no record's."""
    line = interface_text(_("The Conference, its training base and its office"))
    title = interface_text(_("China-ASEAN Prosecutors-General Conference"))
    return _picture(title, "", [{"t": line.text, "lang": line.tag}], language)


def _picture(title: Shown, kind: str, facts: list[dict], language: Language) -> bytes:
    text = settable(title.text).strip()
    pieces, is_cut = parts(text, _LONGEST_TITLE)
    around = {
        "kind": interface_text(kind),
        "portal": interface_text(_("China-ASEAN Prosecutors-General Conference")),
    }
    data = {
        "lang": language.tag,
        "title": pieces,
        "title-lang": title.tag,
        "cut": is_cut,
        "facts": facts,
        **{name: text.text for name, text in around.items()},
        **languages_of(around),
    }
    return kept(data, lambda: set_picture(data))


def _short(text: str) -> str:
    text = settable(text)
    cut = "".join(clusters(text, _LONGEST_FACT))
    return cut if cut == text else f"{cut}…"
