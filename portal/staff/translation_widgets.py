"""Dashboard widget of published records that lack a required language."""

import datetime as dt

from django.db.models import Q, TextField, prefetch_related_objects
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import prefetch_texts
from portal.content.catalogue.registry import get_kind
from portal.core.accounts.dashboard import DashboardItem
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import get_active_language
from portal.staff.dashboard_records import kinds_for, pks_by_code, task_url
from portal.website.cards import build_cards, load_card_names

# Languages required of every published record; for users with translation languages,
# these are required instead.
_REQUIRED_LANGUAGES = ("zh-hans", "en")


def untranslated_records(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return published records that cannot be read in all required languages.

    Required are the languages that ``user`` translates into, else Chinese and English.
    A title that the portal forms counts like a written one. Only kinds of record that
    the user may change or translate; latest change first.
    """
    codes = getattr(user, "translates", None) or _REQUIRED_LANGUAGES
    kind_codes = [kind.code for kind in kinds_for(user, "change", "translate")]
    if not kind_codes:
        return []
    entries = Entry.objects.of_kinds_first_rows(*kind_codes).defer("programme")
    # SQLite has no lookup for the members of a JSON list.
    languages_as_text = Cast("languages", TextField())
    entries = entries.alias(languages_as_text=languages_as_text)
    entries = entries.filter(_missing_language_q(codes)).latest_change_first()[:limit]
    return _entry_items(list(entries), codes)


def _missing_language_q(codes) -> Q:
    """Build the condition that an entry cannot be read in one of the languages.

    ``Entry.languages`` counts formed titles too.
    """
    condition = Q()
    for code in codes:
        condition |= ~Q(languages_as_text__contains=f'"{code}"')
    return condition


def _entry_items(entries: list[Entry], codes) -> list[DashboardItem]:
    """Build the dashboard items of catalogue entries that lack a language.

    Entries whose record no longer exists are left out.
    """
    language = get_active_language()
    prefetch_related_objects(entries, prefetch_texts(language))
    cards = (
        build_cards(entries, load_card_names(entries, language), language)
        if entries
        else []
    )
    pks = pks_by_code((get_kind(entry.kind), entry.code) for entry in entries)
    return [
        DashboardItem(
            name=f"{card.code} {card.title}",
            url=task_url(get_kind(card.kind), pks[card.kind, card.code]),
            note=_missing_languages_note(entry, codes),
        )
        for entry, card in zip(entries, cards, strict=True)
        if (card.kind, card.code) in pks
    ]


def _missing_languages_note(entry: Entry, codes) -> str:
    """Return the note of a dashboard item: names of the missing languages."""
    missing = [
        LANGUAGES_BY_CODE[code].native_name
        for code in codes
        if code not in entry.languages
    ]
    return _("missing: %(languages)s") % {"languages": ", ".join(missing)}
