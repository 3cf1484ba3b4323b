"""Which parts of a page are shown in another language than the page's own."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import LocalizedText, localized
from portal.core.translations.querysets import translated_fields

TITLE, NAME, SUMMARY = _("Title"), _("Name"), _("Summary")
_CAPTIONS, _REMARK = _("Captions"), _("Note")

# A text of a record's page or card with its label, an interface text.
LabelledText = tuple[str, LocalizedText | None]


@dataclass(frozen=True)
class FallbackParts:
    """Parts of a page that are shown in ``language``, which is not the page's own.

    ``labels`` are interface texts.
    """

    language: Language
    labels: list[str]


@dataclass(frozen=True)
class FallbackNotice:
    """The parts of a page that are in other languages, by language.

    ``is_converted`` is True if a text was converted between Chinese scripts.
    """

    languages: list[FallbackParts] = field(default_factory=list)
    is_converted: bool = False

    def __bool__(self):
        return bool(self.languages)

    def without(self, other: "FallbackNotice") -> list[FallbackParts]:
        """Return the parts that ``other`` does not name, by language."""
        named = {parts.language: set(parts.labels) for parts in other.languages}
        remaining = [
            FallbackParts(
                parts.language,
                [
                    label
                    for label in parts.labels
                    if label not in named.get(parts.language, ())
                ],
            )
            for parts in self.languages
        ]
        return [parts for parts in remaining if parts.labels]


def build_fallback_notice(
    record,
    language: Language,
    title: LocalizedText | None,
    picture_texts: Iterable[LocalizedText] = (),
) -> FallbackNotice:
    """Return the notice of the page of ``record`` for readers of ``language``.

    ``title`` is the heading of the page; ``picture_texts`` are the texts of its
    pictures. The other texts are ``record.content_fields`` and the remark: names of
    organs, places and topics among the facts have their own ``lang``.
    """
    is_name = "name" in translated_fields(type(record))
    texts = [(NAME if is_name else TITLE, title)]
    for path, label in record.content_fields.items():
        relation, _separator, name = path.rpartition("__")
        rows = getattr(record, relation).all() if relation else [record]
        texts += [(label, localized(row, name, language)) for row in rows]
    texts += [(_CAPTIONS, text) for text in picture_texts]
    texts.append((_REMARK, localized(record, "remark", language)))
    return notice_of_texts(texts)


def build_list_notice(cards: Iterable[list[LabelledText]]) -> FallbackNotice:
    """Return the notice above a list, for what its cards need not say one by one.

    ``cards`` are the texts of each card. A part is named above the list if its text is
    in the same other language on at least two cards, and on more than half of the cards
    that have such a text. Any other part stays on its card: it is an exception in the
    list, or the only one.
    """
    texts = [(str(label), text) for card in cards for label, text in card if text]
    numbers = Counter(label for label, _text in texts)
    fallbacks = Counter(
        (label, text.language) for label, text in texts if text.is_fallback
    )
    parts = [
        FallbackParts(
            language,
            [
                label
                for label, number in numbers.items()
                if (shown := fallbacks[label, language]) > 1 and shown * 2 > number
            ],
        )
        for language in LANGUAGES_BY_CODE.values()
    ]
    return FallbackNotice([of_language for of_language in parts if of_language.labels])


def notice_of_texts(texts: Iterable[LabelledText]) -> FallbackNotice:
    """Return the notice for ``texts``, pairs of a label and a text in page order."""
    labels_by_code: dict[str, dict[str, None]] = {}
    is_converted = False
    for label, text in texts:
        if text:
            is_converted = is_converted or text.is_converted
            if text.is_fallback:
                labels_by_code.setdefault(text.language.code, {})[str(label)] = None
    return FallbackNotice(
        [
            FallbackParts(LANGUAGES_BY_CODE[code], list(labels_by_code[code]))
            for code in LANGUAGES_BY_CODE
            if code in labels_by_code
        ],
        is_converted,
    )
