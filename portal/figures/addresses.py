"""From a number to the list that it counts: the same filter words, spelled out."""

from urllib.parse import urlencode

from django.urls import reverse

from portal.catalogue.registry import kind_of
from portal.figures.registry import Fact


def words_of(
    fact: Fact, asked, group: str = "", key: str = "", *, is_dated: bool = True
) -> dict[str, str]:
    """The filter words of what ``fact`` counts for ``asked`` (an Asked).

    ``group`` and ``key`` narrow it to one year, country or kind. Undated records belong
    to no year and to no day.
    """
    words = dict(fact.fixed)
    if asked.country:
        words["country"] = asked.country
    if is_dated:
        if asked.year:
            words["year"] = f"{asked.year:04}"
        words["as_of"] = asked.as_of.isoformat()
    else:
        words["dated"] = "no"
    return {**words, group: key} if key else words


def list_url(fact: Fact, words: dict[str, str]) -> str:
    """The list's page in the active language, without the host."""
    return f"{reverse(kind_of(fact.kind).list_name)}?{urlencode(words)}"


def api_url(fact: Fact, words: dict[str, str]) -> str:
    """The list's API query, without the host."""
    return f"{reverse(f'api-{fact.kind}-list')}?{urlencode(words)}"
