"""Records of many kinds read at once, as tasks of one box: one query, however many."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.db.models import CharField, Expression, IntegerField, Q, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.todo import Task
from portal.catalogue.registry import Kind, kinds
from portal.publishing.review.reading import may
from portal.publishing.titles import name_of, title_columns


def kinds_for(user, *actions: str) -> list[Kind]:
    """The kinds of record with which ``user`` may do any of ``actions`` (change …)."""
    return [kind for kind in kinds() if any(may(user, a, kind.model) for a in actions)]


def tasks_among(
    found_kinds: Sequence[Kind],
    wanted: Callable[[Kind], Q],
    limit: int,
    *,
    said: Callable[[Kind], Expression] = lambda kind: Value(""),
) -> list[Task]:
    """Records of ``found_kinds`` for which ``wanted`` holds, the longest untouched
    first; ``said(kind)`` is a text about each, "" for none."""
    if not found_kinds:
        return []
    arms = [
        _arm(kind, place, wanted(kind), said(kind))
        for place, kind in enumerate(found_kinds)
    ]
    rows = arms[0].union(*arms[1:], all=True).order_by("updated_at", "found_kind", "pk")
    return [_task(found_kinds[row[0]], row) for row in rows[:limit]]


def _arm(kind: Kind, place: int, wanted: Q, said: Expression) -> models.QuerySet:
    titles = title_columns(kind.model)
    found = models.QuerySet(kind.model).filter(wanted).order_by()
    return found.annotate(
        found_kind=Value(place, IntegerField()),
        found_code=Cast(kind.model.code_field, CharField()),
        found_said=Cast(said, TextField()),
        **titles,
    ).values_list("found_kind", "pk", "found_code", "updated_at", "found_said", *titles)


def _task(kind: Kind, row: tuple) -> Task:
    _place, pk, code, changed_at, said, *titles = row
    name = name_of(code, titles)
    note = _since(kind, changed_at)
    return Task(name, form_of(kind, pk), f"{note}: {said}" if said else note)


def _since(kind: Kind, changed_at: dt.datetime | None) -> str:
    if changed_at is None:
        return str(kind.label)
    day = date_format(timezone.localtime(changed_at), "SHORT_DATE_FORMAT")
    return _("%(kind)s, since %(day)s") % {"kind": kind.label, "day": day}


def form_of(kind: Kind, pk: int) -> str:
    """The address of the form of one record."""
    opts = kind.model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])


def pks_of(records: Iterable[tuple[Kind, str]]) -> dict[tuple[str, str], int]:
    """Kind's code and public code → pk, of records known by their public codes."""
    wanted: dict[str, tuple[Kind, list[str]]] = {}
    for kind, code in records:
        wanted.setdefault(kind.code, (kind, []))[1].append(code)
    arms = [
        models.QuerySet(kind.model)
        .filter(**{f"{kind.model.code_field}__in": codes})
        .order_by()
        .values_list(
            Value(kind.code, CharField()),
            Cast(kind.model.code_field, CharField()),
            "pk",
        )
        for kind, codes in wanted.values()
    ]
    rows = arms[0].union(*arms[1:], all=True) if arms else []
    return {(kind, code): pk for kind, code, pk in rows}
