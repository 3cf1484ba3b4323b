"""Registry of functions that provide display names for the audit log.

The audit log stores keys. The names of rows are looked up when an entry is displayed,
and only for users who may view the rows. Apps that depend on the audit log register the
functions, because it must not import those apps.
"""

from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import models

# Takes rows and the viewing user; returns each row with its name, "" if it has none.
# A name that is not a SafeString is escaped on display.
DisplayNameProvider = Callable[
    [models.QuerySet, object], Iterable[tuple[models.Model, str]]
]

_providers: dict[type[models.Model], DisplayNameProvider] = {}


def register_display_name_provider(
    model: type[models.Model],
) -> Callable[[DisplayNameProvider], DisplayNameProvider]:
    """Return a decorator that registers the display name provider of ``model``.

    The provider is also used for subclasses of ``model`` that have none of their own.
    """

    def register(provider: DisplayNameProvider) -> DisplayNameProvider:
        _providers[model] = provider
        return provider

    return register


def iterate_display_names(
    rows: models.QuerySet, viewer
) -> Iterator[tuple[models.Model, str]]:
    """Yield each of ``rows`` that has a display name, with the name.

    Yields nothing if the rows contain personal data that ``viewer`` may not view.
    """
    provider = next(
        (_providers[base] for base in rows.model.__mro__ if base in _providers), None
    )
    if provider is None or is_personal_data_hidden(rows.model, viewer):
        return
    yield from ((row, name) for row, name in provider(rows, viewer) if name)


def get_public_key_field(model: type[models.Model]) -> str | None:
    """Return the name of the field whose value identifies rows in the audit log.

    None if rows of ``model`` are identified by their primary key.
    """
    if model._meta.label_lower == "auth.group":
        return "name"  # the code of a role
    return getattr(model, "code_field", None) or getattr(model, "link_key", None)


def can_view_model(viewer, model: type[models.Model]) -> bool:
    """Return whether ``viewer`` has the view or change permission for ``model``."""
    opts = model._meta
    names = (
        f"{opts.app_label}.{action}_{opts.model_name}" for action in ("view", "change")
    )
    return any(viewer.has_perm(name) for name in names)


def is_personal_data_hidden(model: type[models.Model], viewer) -> bool:
    """Return whether ``model`` holds personal data that ``viewer`` may not view.

    A model holds personal data if it has the attribute ``personal_subject``.
    """
    return hasattr(model, "personal_subject") and not can_view_model(viewer, model)


def find_model(label: str) -> type[models.Model] | None:
    """Return the model with the label ``seminars.seminar``, or None if it was removed.

    Audit entries may refer to models that are no longer in the code.
    """
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def get_model_verbose_name(label: str) -> str:
    """Return the verbose name of a model, or its label if the model was removed.

    ``label`` has the form ``seminars.seminar``.
    """
    model = find_model(label)
    return str(model._meta.verbose_name) if model else label
