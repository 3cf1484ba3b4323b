"""Boxes of the start page that concern every kind of record, and readers' reports."""

import datetime as dt
from textwrap import shorten

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.catalogue.models import Entry, EntryText
from portal.catalogue.querysets import texts_shown_in
from portal.catalogue.registry import Kind, kind_of
from portal.desk.records import form_of, kinds_for, pks_of, tasks_among
from portal.directory.cards import cards, names_for
from portal.languages import BY_CODE
from portal.publishing.choices import ReportState, Status
from portal.publishing.models import ErrorReport
from portal.translations.shown import reader_language

# What every published record is to be written in; a translator has languages beside.
_EXPECTED = ("zh-hans", "en")
_LONGEST_NOTE = 80


def register() -> None:
    """Have the boxes of the house shown on start pages."""
    for box in (_REVIEW, _RETURNED, _LANGUAGES, _REPORTS):
        todo.register(box)


def _since(kind: Kind, changed_at: dt.datetime | None) -> str:
    if changed_at is None:
        return str(kind.label)
    day = date_format(timezone.localtime(changed_at), "SHORT_DATE_FORMAT")
    return _("%(kind)s, since %(day)s") % {"kind": kind.label, "day": day}


def _to_review(user, at: dt.datetime, limit: int) -> list[Task]:
    """In review, and not handed in by the same person: two see each record."""
    wanted = Q(status=Status.IN_REVIEW) & ~Q(updated_by=user)
    return tasks_among(kinds_for(user, "change"), wanted, limit, note=_since)


def _returned(user, at: dt.datetime, limit: int) -> list[Task]:
    """A person's own drafts that somebody else had in hand last."""
    wanted = Q(status=Status.DRAFT, created_by=user) & ~Q(updated_by=user)
    return tasks_among(kinds_for(user, "change"), wanted, limit, note=_since)


def _untranslated(user, at: dt.datetime, limit: int) -> list[Task]:
    """Published, and not written in a language in which it is to be."""
    codes = getattr(user, "translates", None) or _EXPECTED
    found_kinds = [kind.code for kind in kinds_for(user, "change")]
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


def _reported(user, at: dt.datetime, limit: int) -> list[Task]:
    if not user.has_perm("publishing.change_errorreport"):
        return []
    reports = ErrorReport.objects.filter(state=ReportState.NEW).order_by("received_at")
    return [_report_task(report) for report in reports[:limit]]


def _report_task(report: ErrorReport) -> Task:
    url = reverse("admin:publishing_errorreport_change", args=[report.pk])
    return Task(str(report), url, shorten(report.text, _LONGEST_NOTE, placeholder="…"))


_REVIEW = Box("review", gettext_lazy("Waiting for my review"), _to_review)
_RETURNED = Box("returned", gettext_lazy("Returned to me"), _returned)
_LANGUAGES = Box("languages", gettext_lazy("Languages still missing"), _untranslated)
_REPORTS = Box(
    "reports",
    gettext_lazy("Readers’ error reports"),
    _reported,
    link="admin:publishing_errorreport_changelist",
    query="state__exact=new",
)
