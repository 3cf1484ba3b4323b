"""Search over all lists of the staff admin: a few rows per model, without counting."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.db import models
from django.urls import reverse

MAX_QUERY_LENGTH = 200
MAX_HITS_PER_MODEL = 5


@dataclass(frozen=True)
class SearchHit:
    """One search result: name of the row and URL of its change form."""

    name: str
    url: str


@dataclass(frozen=True)
class SearchGroup:
    """Search results of one model, at most ``MAX_HITS_PER_MODEL``.

    ``all_results_url`` is the list with all results, "" if ``rows`` contains them all.
    """

    label: str
    rows: list[SearchHit]
    all_results_url: str


def search_models(
    model_admins: Iterable[ModelAdmin], request, q: str
) -> list[SearchGroup]:
    """Search the lists that the user may view; return the models with results.

    ``q`` is the search text. Each list is searched like in its own search box; one
    query per model.
    """
    searched = [
        model_admin
        for model_admin in model_admins
        if model_admin.get_search_fields(request)
        and model_admin.has_view_permission(request)
    ]
    groups = [_search_model(model_admin, request, q) for model_admin in searched]
    return [group for group in groups if group.rows]


def _search_model(model_admin, request, q: str) -> SearchGroup:
    opts = model_admin.opts
    list_name = f"admin:{opts.app_label}_{opts.model_name}"
    rows = _matching_rows(model_admin, request, q)
    has_more = len(rows) > MAX_HITS_PER_MODEL
    return SearchGroup(
        label=opts.verbose_name_plural,
        rows=[
            SearchHit(str(row), reverse(f"{list_name}_change", args=[row.pk]))
            for row in rows[:MAX_HITS_PER_MODEL]
        ],
        all_results_url=reverse(f"{list_name}_changelist", query={"q": q})
        if has_more
        else "",
    )


def _matching_rows(model_admin, request, q: str) -> list[models.Model]:
    """Return the first rows that match, one more than are shown.

    The extra row shows that there are further results.
    """
    rows = model_admin.get_queryset(request)
    related = model_admin.get_list_select_related(request)
    if related and related is not True:
        rows = rows.select_related(*related)
    matching_rows, may_have_duplicates = model_admin.get_search_results(
        request, rows, q
    )
    return list(
        (matching_rows.distinct() if may_have_duplicates else matching_rows)[
            : MAX_HITS_PER_MODEL + 1
        ]
    )
