"""One record of every kind, made by the factories of its app."""

import datetime as dt
import re
from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import models

from portal.catalogue import operations as catalogue
from portal.catalogue.registry import Kind, kinds
from portal.publishing.models import Publishable
from tests.factories import files
from tests.factories import publishing as states

# Factories that go by a shorter name.
_SHORT = {"named_party": "party"}


def factory_of(model: type[models.Model]) -> Callable[..., models.Model]:
    """``tests.factories.<app>.<model in snake case>``; a model without one fails."""
    app = model._meta.app_label
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    name = _SHORT.get(name, name)
    try:
        return getattr(import_module(f"tests.factories.{app}"), name)
    except (ModuleNotFoundError, AttributeError):
        pytest.fail(
            f"{model.__name__} has no factory: write {name}() in "
            f"tests/factories/{app}.py, so that the whole-house tests see it",
            pytrace=False,
        )


def days_of(kind: Kind) -> dict:
    """Values that put an event into the month of the calendar that tests ask for."""
    if not kind.is_event:
        return {}
    return {"starts_on": dt.date(2024, 5, 6), "date_precision": "day"}


def sample(kind: Kind, **values) -> Publishable:
    """A draft of ``kind``."""
    return factory_of(kind.model)(**values)


def publish_one_of_each() -> dict[str, str]:
    """Publish a record of each kind; the words that examples of addresses need."""
    records = {kind.code: _published(kind) for kind in kinds()}
    attachment = states.attachment(records["document"], files.stored_file())
    # As the form does that saves it.
    catalogue.write(records["document"])
    words = {code: record.public_code for code, record in records.items()}
    words["country"] = words["country"].lower()
    return words | {"file": attachment.file.get_absolute_url()}


def _published(kind: Kind) -> Publishable:
    known = kind.model.objects.first()
    return states.published(known or sample(kind))
