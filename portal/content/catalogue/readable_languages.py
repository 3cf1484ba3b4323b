"""The languages in which a published record can be read."""

from collections.abc import Iterable, Mapping

from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.registry import EntryData
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText


def get_readable_languages(
    record, entry_data: EntryData, formed_titles: Mapping[str, LocalizedText]
) -> list[str]:
    """Return the codes of the languages in which ``record`` can be read.

    These are the languages that have a title and one of the record's content texts, or
    only a title if the record has no content text at all. A title counts if it is
    written (``entry_data``) or formed from facts (``formed_titles``, by language code)
    in the language itself; fallback languages and conversion do not count. The content
    texts are those of ``record.content_fields``. If no language has both, the result
    has the languages with a title, else those with a content text.

    Call it inside ``Kind.prefetch``: content may be in related rows.
    """
    titles = {code for code, (title, _summary) in entry_data.texts.items() if title}
    titles |= {code for code, title in formed_titles.items() if not title.is_fallback}
    contents = set(_get_content_languages(record))
    readable = (titles & contents if contents else titles) or titles or contents
    return [code for code in LANGUAGES_BY_CODE if code in readable]


def _get_content_languages(record) -> Iterable[str]:
    """Yield the codes of languages with one of the content texts of ``record``."""
    for path in record.content_fields:
        relation, _separator, name = path.rpartition("__")
        rows = getattr(record, relation).all() if relation else [record]
        for row in rows:
            for code in LANGUAGES_BY_CODE:
                if getattr(row, build_localized_fieldname(name, code)):
                    yield code
