"""The resources that staff may bring in and take out, by code.

Apps declare theirs in ``resources.py``.
"""

from typing import TYPE_CHECKING, TypeVar

from django.db import models

if TYPE_CHECKING:
    from portal.publishing.resources import Resource

_resources: dict[str, "type[Resource]"] = {}
_Declared = TypeVar("_Declared", bound="type[Resource]")


class UnknownResource(LookupError):
    """No app has declared a resource of this code."""


def spreadsheet(resource: _Declared) -> _Declared:
    """Declare ``resource``, a class, as one that staff may bring in and take out."""
    _resources[resource.code()] = resource
    return resource


def resource_codes() -> list[str]:
    """The codes of all resources, in the order of INSTALLED_APPS."""
    return list(_resources)


def resource_named(code: str) -> "Resource":
    """The resource of this code, with the columns that only the office has.

    Raises :class:`UnknownResource`.
    """
    try:
        resource = _resources[code]()
    except KeyError:
        raise UnknownResource(code) from None
    resource.columns = [*resource.columns, *resource.office_columns]
    return resource


def resource_for(model: type[models.Model]) -> "Resource | None":
    """The resource whose rows are records of ``model``, None when there is none."""
    found = [code for code, one in _resources.items() if one.model is model]
    return resource_named(found[0]) if found else None
