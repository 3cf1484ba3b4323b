"""Which values the list filters of the API accept.

Filters of few fixed values, and countries, are closed lists: any other value is 400.
Keys of organs and topics are not: an unknown key, and the key of a record that is not
published, both leave an empty list.
"""

from collections.abc import Collection

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.api.errors import BadParameter
from portal.catalogue.choices import SHARED_CHOICES
from portal.catalogue.models import Entry
from portal.catalogue.registry import Kind


def check_closed_lists(query: QueryDict, kind: Kind) -> None:
    """Check every filter of ``kind`` that is a closed list.

    Raises BadParameter for a value that is not in it. Empty values count as not given.
    """
    choices = {**SHARED_CHOICES, **kind.choices}
    for name in kind.filters:
        if name in choices:
            check_value(query, name, choices[name].values)
    if "country" in kind.filters:
        check_country(query)


def check_country(query: QueryDict) -> None:
    """Check that ``country`` is the code of a published country, in either case."""
    if any(query.getlist("country")):
        check_value(query, "country", published_countries(), ignore_case=True)


def check_value(
    query: QueryDict, name: str, allowed: Collection[str], *, ignore_case: bool = False
) -> None:
    """Raise BadParameter when a value of the parameter ``name`` is not ``allowed``."""
    for value in filter(None, query.getlist(name)):
        if (value.upper() if ignore_case else value) in allowed:
            continue
        remedy = _("Use one of these: %(allowed)s.") % {"allowed": ", ".join(allowed)}
        raise BadParameter(name, value[:100], remedy, allowed=allowed)


def published_countries() -> list[str]:
    """The codes (ISO 3166-1 alpha-2) of all published countries, sorted."""
    found = Entry.objects.of_kind("country").order_by("code")
    return list(found.values_list("code", flat=True))
