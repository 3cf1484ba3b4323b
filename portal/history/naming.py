"""What rows and languages are called for a reader of the history.

The history keeps keys; a name is looked up when it is told, and only for whoever may
see the row. The rooms above know what their rows are called, and say it here.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import models

# Of rows, for a reader (a user): each row with its name, "" where it has none. A name
# that is no SafeString is escaped.
Namer = Callable[[models.QuerySet, object], Iterable[tuple[models.Model, str]]]
LanguageNamer = Callable[[str], str]
# Of a date and its precision (``day``, ``month``, ``year``).
DateNamer = Callable[[dt.date, str], str]

_namers: dict[type[models.Model], Namer] = {}
_language_namers: list[LanguageNamer] = []
_date_namers: list[DateNamer] = []


def register_namer(model: type[models.Model]) -> Callable[[Namer], Namer]:
    """Let a room above name the rows of ``model`` and of models made from it."""

    def register(namer: Namer) -> Namer:
        _namers[model] = namer
        return namer

    return register


def register_language_namer(namer: LanguageNamer) -> LanguageNamer:
    """Let a room above tell what the language of a code (BCP 47) is called."""
    _language_namers.append(namer)
    return namer


def register_date_namer(namer: DateNamer) -> DateNamer:
    """Register the function that writes dates which may not be known to the day."""
    _date_namers.append(namer)
    return namer


def date_called(day: dt.date, precision: str) -> str:
    """Return a date in the reader's words, as exactly as it is known."""
    return _date_namers[0](day, precision) if _date_namers else day.isoformat()


def language_called(code: str) -> str:
    """The name of a language in the reader's words; the code where nobody knows it."""
    return next((name for namer in _language_namers if (name := namer(code))), code)


def named(rows: models.QuerySet, reader) -> Iterator[tuple[models.Model, str]]:
    """Each of ``rows`` that has a name, with it; nothing to who may not see them."""
    namer = next((_namers[one] for one in rows.model.__mro__ if one in _namers), None)
    if namer is None or is_hidden(rows.model, reader):
        return
    yield from ((row, name) for row, name in namer(rows, reader) if name)


def key_of(model: type[models.Model]) -> str | None:
    """The field by whose value the history names rows of ``model``; None: by their
    number."""
    if model._meta.label_lower == "auth.group":
        return "name"  # a role
    return getattr(model, "code_field", None) or getattr(model, "link_key", None)


def may_see(reader, model: type[models.Model]) -> bool:
    """Whether ``reader`` may see the rows of ``model`` at the desk."""
    opts = model._meta
    names = (f"{opts.app_label}.{one}_{opts.model_name}" for one in ("view", "change"))
    return any(reader.has_perm(name) for name in names)


def is_hidden(model: type[models.Model], reader) -> bool:
    """Whether rows of ``model`` tell of people of the register, whom ``reader`` may
    not see."""
    return hasattr(model, "personal_subject") and not may_see(reader, model)


def model_of(label: str) -> type[models.Model] | None:
    """The model ``seminars.seminar``; None when it is gone: its history stays."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def kind_of_row(label: str) -> str:
    """What rows of ``seminars.seminar`` are called; the label of a lost model."""
    model = model_of(label)
    return str(model._meta.verbose_name) if model else label
