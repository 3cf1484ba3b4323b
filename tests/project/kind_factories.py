"""Records of every kind, created by the factories of their app."""

import datetime as dt
import re
from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import models

from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.models import EntryTag
from portal.content.catalogue.registry import Kind, all_kinds
from portal.content.publishing.models import Publishable
from tests.factories import files
from tests.factories import publishing as states
from tests.factories.directory import topic

# Factories with a shorter name than their model.
_SHORT = {"named_party": "party"}


def factory_of(model: type[models.Model]) -> Callable[..., models.Model]:
    """Return ``tests.factories.<app>.<model in snake case>``; fail if there is none."""
    app = model._meta.app_label
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    name = _SHORT.get(name, name)
    try:
        return getattr(import_module(f"tests.factories.{app}"), name)
    except (ModuleNotFoundError, AttributeError):
        pytest.fail(
            f"{model.__name__} has no factory: write {name}() in "
            f"tests/factories/{app}.py, so that the project tests cover it",
            pytrace=False,
        )


def days_of(kind: Kind) -> dict:
    """Return dates in May 2024, the month of the calendar that the tests read."""
    if not kind.is_event:
        return {}
    return {"starts_on": dt.date(2024, 5, 6), "date_precision": "day"}


def sample(kind: Kind, **values) -> Publishable:
    """Create a draft of ``kind``."""
    return factory_of(kind.model)(**values)


def publish_each_kind() -> dict[str, str]:
    """Publish a record of each kind; return values for the addresses in the table."""
    records = {kind.code: _draft(kind) for kind in all_kinds()}
    records["document"].topics.add(topic())
    states.published_together(*records.values())
    attachment = states.attachment(records["document"], files.stored_file())
    # The form does this when an attachment is saved.
    catalogue.update_entry(records["document"])
    values = {code: record.public_code for code, record in records.items()}
    values["country"] = values["country"].lower()
    public_file = attachment.file.get_absolute_url()
    return values | {"file": public_file, "topic": public_topic()}


def public_topic() -> str:
    """Return the key of a topic of a published record."""
    tags = EntryTag.objects.filter(axis="topic").order_by("value")
    return tags.values_list("value", flat=True)[0]


def _draft(kind: Kind) -> Publishable:
    """Return the draft that another record needed, if there is one."""
    return kind.model.objects.first() or sample(kind)
