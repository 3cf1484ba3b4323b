"""Which parts of a page are shown in another language than the page's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import LocalizedText, localized
from portal.core.translations.querysets import translated_fields

TITLE, NAME, SUMMARY = _("Title"), _("Name"), _("Summary")
_CAPTIONS, _REMARK = _("Captions"), _("Note")


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


def notice_of_texts(
    texts: Iterable[tuple[str, LocalizedText | None]],
) -> FallbackNotice:
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
