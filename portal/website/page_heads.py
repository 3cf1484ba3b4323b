"""Title and description of a record's page, for its head: distinct for each record."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.period import Period
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.links import Link
from portal.core.languages import Language
from portal.core.translations.dates import format_period
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.meta_descriptions import (
    get_meta_description,
    shorten_description,
)

# Number of characters below which the text of a record is no description of its own.
_MIN_TEXT_LENGTH = 20


def get_head_title(record, title: LocalizedText, language: Language) -> str:
    """Return the title with the date of a dated record: several have the same title.

    Without a date, it has the code if codes are assigned by a counter. ``language``
    must be the active language.
    """
    if not get_kind(record.kind).is_dated:
        return title.text
    detail = _format_period(record.period, language)
    if not detail and record.code_prefix:
        detail = record.public_code
    if not detail or detail in title.text:
        return title.text
    return _("%(title)s (%(detail)s)") % {"title": title.text, "detail": detail}


def get_description(
    record, head_title: str, facts: Mapping[str, object], language: Language
) -> str:
    """Return the description of a record in ``language``.

    It is a text of the record. Several records may share a text of a few words, so such
    a text comes after the title. Without a text the description has the facts.
    """
    text = get_meta_description(record, language)
    if not text:
        return _describe_facts(record, head_title, facts, language)
    if len(text) < _MIN_TEXT_LENGTH:
        return shorten_description(f"{head_title}\n{text}", language)
    return text


def _describe_facts(
    record, head_title: str, facts: Mapping[str, object], language: Language
) -> str:
    """Return a description of a record without a text in ``language``, from its facts.

    It has the title and the names of related rows that are in ``language``; the kind
    comes first if the record has no date, because its title is a name. ``facts`` are
    the values of the page's context: links and lists of links count.
    """
    kind = get_kind(record.kind)
    lines = [head_title]
    if not kind.is_dated:
        values = {"kind": capfirst(kind.label), "title": head_title}
        lines = [_("%(kind)s: %(title)s") % values]
    for value in facts.values():
        links = value if isinstance(value, list) else [value]
        lines += [
            link.name.text
            for link in links
            if isinstance(link, Link) and link.name and link.name.language is language
        ]
    return shorten_description("\n".join(dict.fromkeys(lines)), language)


def _format_period(period: Period, language: Language) -> str:
    if not period:
        return ""
    return format_period(period.first, period.last, period.precision, language)
