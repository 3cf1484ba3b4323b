"""Search over everything at the desk: a few rows of each kind of row, never a count."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.db import models
from django.urls import reverse

LONGEST = 200
MOST = 5


@dataclass(frozen=True)
class Found:
    """One row: what it is called, and the address of its form."""

    name: str
    url: str


@dataclass(frozen=True)
class Group:
    """Rows of one model, at most MOST; ``more_url`` lists them all, "" if these are."""

    label: str
    rows: list[Found]
    more_url: str


def found_everywhere(
    model_admins: Iterable[ModelAdmin], request, q: str
) -> list[Group]:
    """What ``q`` finds in each of these lists which the person may see.

    One query a model; a list finds here what its own search box finds.
    """
    searched = [
        model_admin
        for model_admin in model_admins
        if model_admin.get_search_fields(request)
        and model_admin.has_view_permission(request)
    ]
    groups = [_group(model_admin, request, q) for model_admin in searched]
    return [group for group in groups if group.rows]


def _group(model_admin, request, q: str) -> Group:
    opts = model_admin.opts
    list_name = f"admin:{opts.app_label}_{opts.model_name}"
    found = _rows(model_admin, request, q)
    is_more = len(found) > MOST
    return Group(
        label=opts.verbose_name_plural,
        rows=[
            Found(str(row), reverse(f"{list_name}_change", args=[row.pk]))
            for row in found[:MOST]
        ],
        more_url=reverse(f"{list_name}_changelist", query={"q": q}) if is_more else "",
    )


def _rows(model_admin, request, q: str) -> list[models.Model]:
    """The first rows that the list's own search finds, and one to tell of more."""
    rows = model_admin.get_queryset(request)
    related = model_admin.get_list_select_related(request)
    if related and related is not True:
        rows = rows.select_related(*related)
    found, may_repeat = model_admin.get_search_results(request, rows, q)
    return list((found.distinct() if may_repeat else found)[: MOST + 1])
