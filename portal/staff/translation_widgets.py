"""Dashboard widget of published records that lack a required language."""

import datetime as dt

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _

from portal.content.catalogue.models import Entry, EntryText
from portal.content.catalogue.registry import get_kind
from portal.core.accounts.dashboard import DashboardItem
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import (
    get_active_language,
    get_fallback_chain,
)
from portal.staff.dashboard_records import change_url, kinds_for, pks_by_code
from portal.website.cards import build_cards, load_card_names

# Languages required of every published record; for users with translation languages,
# these are required instead.
_REQUIRED_LANGUAGES = ("zh-hans", "en")


def untranslated_records(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return published records that are not written in all required languages.

    Required are the languages that ``user`` translates into, else Chinese and English.
    Only kinds of record that the user may change or translate; latest change first.
    """
    codes = getattr(user, "translates", None) or _REQUIRED_LANGUAGES
    kind_codes = [kind.code for kind in kinds_for(user, "change", "translate")]
    if not kind_codes:
        return []
    entries = Entry.objects.of_kinds_first_rows(*kind_codes).defer("programme")
    entries = entries.filter(_missing_language_q(codes)).latest_change_first()[:limit]
    return _entry_items(list(entries), codes)


def _missing_language_q(codes) -> Q:
    """Build the condition that an entry has no text in one or more of the languages."""
    condition = Q()
    for code in codes:
        texts = EntryText.objects.filter(entry=OuterRef("pk"), language=code)
        condition |= ~Q(Exists(texts))
    return condition


def _entry_items(entries: list[Entry], codes) -> list[DashboardItem]:
    """Build the dashboard items of catalogue entries that lack a language.

    Entries whose record no longer exists are left out.
    """
    language = get_active_language()
    texts = EntryText.objects.filter(
        language__in={*get_fallback_chain(language), *codes}
    )
    prefetch_related_objects(
        entries, Prefetch("texts", texts, to_attr="prefetched_texts")
    )
    cards = (
        build_cards(entries, load_card_names(entries, language), language)
        if entries
        else []
    )
    pks = pks_by_code((get_kind(entry.kind), entry.code) for entry in entries)
    return [
        DashboardItem(
            name=f"{card.code} {card.title}",
            url=change_url(get_kind(card.kind), pks[card.kind, card.code]),
            note=_missing_languages_note(entry, codes),
        )
        for entry, card in zip(entries, cards, strict=True)
        if (card.kind, card.code) in pks
    ]


def _missing_languages_note(entry: Entry, codes) -> str:
    """Return the note of a dashboard item: names of the missing languages."""
    written = {text.language for text in entry.prefetched_texts}
    missing = [
        LANGUAGES_BY_CODE[code].native_name for code in codes if code not in written
    ]
    return _("not in %(languages)s") % {"languages": ", ".join(missing)}
