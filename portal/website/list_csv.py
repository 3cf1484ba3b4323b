"""CSV of the records of a list, in the reader's language."""

import io
from collections.abc import Callable, Iterable

from portal.content.catalogue.models import Entry
from portal.content.spreadsheets.export import write_csv
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText
from portal.reference.directory.localized_names import DisplayNames
from portal.website.cards import Card, build_cards
from portal.website.feeds.conversion import build_entry_title

COLUMNS = (
    "code",
    "kind",
    "title",
    "title_language",
    "date",
    "date_precision",
    "state",
    "country_codes",
    "countries",
    "places",
    "url",
)
_SEPARATOR = "; "


def render_list_csv(
    entries: list[Entry],
    names: DisplayNames,
    language: Language,
    build_absolute_url: Callable[[str], str],
) -> bytes:
    """Return the entries as CSV for spreadsheet programs: UTF-8 with BOM, CR LF.

    ``entries`` and ``names`` are as for :func:`~portal.website.cards.build_cards`, and
    ``build_absolute_url`` adds scheme and host to a path. The ``date`` is ISO 8601 and
    as exact as it is known, with the last day after a slash. Several countries or
    places in a cell are separated by semicolons.
    """
    cards = build_cards(entries, names, language)
    rows = (
        _build_row(entry, card, names, build_absolute_url)
        for entry, card in zip(entries, cards, strict=True)
    )
    out = io.BytesIO()
    write_csv(out, [list(COLUMNS), *rows])
    return out.getvalue()


def _build_row(
    entry: Entry,
    card: Card,
    names: DisplayNames,
    build_absolute_url: Callable[[str], str],
) -> list[str]:
    title = build_entry_title(entry, card)
    # Entries also have the codes of countries that are not public.
    codes = [code for code in entry.countries if code in names.countries]
    return [
        card.code,
        card.kind,
        title.text,
        title.tag,
        entry.period.iso,
        entry.date_precision,
        card.state,
        _SEPARATOR.join(codes),
        _join(card.countries),
        _join(card.places),
        build_absolute_url(card.url) if card.url else "",
    ]


def _join(texts: Iterable[LocalizedText]) -> str:
    return _SEPARATOR.join(text.text for text in texts)
