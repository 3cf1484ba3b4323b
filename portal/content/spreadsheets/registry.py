"""Registry of the resources that staff can import and export, by code.

Apps register theirs in ``resources.py``.
"""

from typing import TYPE_CHECKING, TypeVar

from django.db import models

if TYPE_CHECKING:
    from portal.content.spreadsheets.resources import Resource

_resources: dict[str, "type[Resource]"] = {}
_ResourceClass = TypeVar("_ResourceClass", bound="type[Resource]")


class UnknownResourceError(LookupError):
    """Raised for a resource code that no app has registered."""


def register_resource(resource: _ResourceClass) -> _ResourceClass:
    """Register a Resource class for import and export; a class decorator."""
    _resources[resource.code()] = resource
    return resource


def get_resource_codes() -> list[str]:
    """Return the codes of all resources, in the order of registration."""
    return list(_resources)


def get_resource(code: str) -> "Resource":
    """Return an instance of the resource ``code``, including its staff columns.

    Raises UnknownResourceError.
    """
    try:
        resource = _resources[code]()
    except KeyError:
        raise UnknownResourceError(code) from None
    resource.columns = [*resource.columns, *resource.staff_columns]
    return resource


def get_resource_for_model(model: type[models.Model]) -> "Resource | None":
    """Return the resource whose rows are records of ``model``, or None."""
    codes = [code for code, resource in _resources.items() if resource.model is model]
    return get_resource(codes[0]) if codes else None
