"""Validation of the list filter parameters of the API.

Filters with few fixed values, and ``country``, are closed lists: any other value is
rejected with 400. Keys of organs and topics are not validated: an unknown key and the
key of an unpublished record both return an empty list.
"""

from collections.abc import Collection

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.content.catalogue.choices import SHARED_FILTER_CHOICES
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import Kind
from portal.core.api.errors import InvalidParameterError


def check_closed_lists(query: QueryDict, kind: Kind) -> None:
    """Validate every filter of ``kind`` that is a closed list.

    Empty values are ignored. Raise InvalidParameterError for a value that is not in the
    list.
    """
    choices = {**SHARED_FILTER_CHOICES, **kind.choices}
    for name in kind.filters:
        if name in choices:
            check_value(query, name, choices[name].values)
    if "country" in kind.filters:
        check_country(query)


def check_country(query: QueryDict) -> None:
    """Raise InvalidParameterError unless ``country`` is a published country's code.

    The comparison ignores case; an empty value is ignored.
    """
    if any(query.getlist("country")):
        check_value(query, "country", Entry.objects.country_codes(), ignore_case=True)


def check_value(
    query: QueryDict, name: str, allowed: Collection[str], *, ignore_case: bool = False
) -> None:
    """Raise InvalidParameterError if a value of parameter ``name`` is not allowed.

    ``allowed`` are the allowed values; empty values are ignored. With ``ignore_case``
    the value is compared in upper case.
    """
    for value in filter(None, query.getlist(name)):
        if (value.upper() if ignore_case else value) in allowed:
            continue
        message = _("Choose one of these: %(allowed)s.") % {
            "allowed": ", ".join(allowed)
        }
        raise InvalidParameterError(name, value[:100], message, allowed=allowed)
