"""Published records that are not written in every language in which they are to be."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from portal.accounts.todo import Task
from portal.catalogue.models import Entry, EntryText
from portal.catalogue.querysets import texts_shown_in
from portal.catalogue.registry import kind_of
from portal.desk.records import form_of, kinds_for, pks_of
from portal.directory.cards import cards, names_for
from portal.languages import BY_CODE
from portal.translations.shown import reader_language

# What every published record is to be written in; a translator has languages beside.
_EXPECTED = ("zh-hans", "en")


def untranslated(user, at: dt.datetime, limit: int) -> list[Task]:
    """Published, and not written in a language in which it is to be."""
    codes = getattr(user, "translates", None) or _EXPECTED
    found_kinds = [kind.code for kind in kinds_for(user, "change", "translate")]
    if not found_kinds:
        return []
    entries = Entry.objects.of_kinds_in_order(*found_kinds).defer("programme")
    entries = entries.filter(_lacks(codes)).latest_change_first()[:limit]
    return _entry_tasks(list(entries), codes)


def _lacks(codes) -> Q:
    lacks = Q()
    for code in codes:
        texts = EntryText.objects.filter(entry=OuterRef("pk"), language=code)
        lacks |= ~Q(Exists(texts))
    return lacks


def _entry_tasks(entries: list[Entry], codes) -> list[Task]:
    language = reader_language()
    prefetch_related_objects(entries, texts_shown_in(language))
    shown = cards(entries, names_for(entries, language), language) if entries else []
    pks = pks_of((kind_of(entry.kind), entry.code) for entry in entries)
    return [
        Task(
            name=f"{card.code} {card.title}",
            url=form_of(kind_of(card.kind), pks[card.kind, card.code]),
            note=_not_written_in(entry, codes),
        )
        for entry, card in zip(entries, shown, strict=True)
        if (card.kind, card.code) in pks
    ]


def _not_written_in(entry: Entry, codes) -> str:
    missing = [BY_CODE[code].own_name for code in codes if code not in entry.languages]
    return _("not in %(languages)s") % {"languages": ", ".join(missing)}
