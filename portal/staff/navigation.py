"""Navigation of the staff admin: lists grouped by work, in the order of the work.

The table names every registered model by its label. Technical lists, which serve the
operation of the portal, are shown to administrators only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class NavigationGroup:
    """Group of lists: code, heading, and labels of its models in order.

    ``technical`` are the models that only administrators see, after the others.
    """

    code: str
    heading: str
    models: tuple[str, ...]
    technical: tuple[str, ...] = ()


NAVIGATION = (
    NavigationGroup(
        "conference",
        _("Conference and website"),
        (
            "conference.edition",
            "conference.document",
            "conference.article",
            "conference.page",
            "figures.reportedfigure",
        ),
    ),
    NavigationGroup(
        "training",
        pgettext_lazy("staff navigation", "Training"),
        (
            "seminars.seminar",
            "seminars.participant",
            "seminars.trainingrecord",
            "seminars.certificate",
        ),
    ),
    NavigationGroup(
        "delegations",
        pgettext_lazy("staff navigation", "Delegations"),
        ("delegations.visit", "delegations.member"),
    ),
    NavigationGroup(
        "liaison",
        pgettext_lazy("staff navigation", "Border liaison"),
        (
            "exchanges.mechanism",
            "exchanges.meeting",
            "exchanges.coordinationrequest",
        ),
    ),
    NavigationGroup(
        "directory",
        pgettext_lazy("staff navigation", "Directory"),
        (
            "directory.country",
            "directory.organ",
            "directory.place",
            "directory.namedparty",
            "directory.topic",
        ),
    ),
    NavigationGroup(
        "files", _("Files and pictures"), ("files.storedfile", "files.picture")
    ),
    NavigationGroup(
        "imports",
        _("Imports and changes"),
        (
            "publishing.importbatch",
            "publishing.headingmapping",
            "publishing.proposal",
            "directory.namechange",
        ),
    ),
    NavigationGroup(
        "people", pgettext_lazy("staff navigation", "People"), ("people.person",)
    ),
    NavigationGroup(
        "administration",
        _("Administration"),
        (
            "publishing.errorreport",
            "history.deed",
            "accounts.user",
            "accounts.agency",
        ),
        technical=(
            "accounts.agencykey",
            "accounts.signin",
            "jobs.job",
            "changes.change",
            "publishing.redirect",
            "publishing.evidenceonlyhost",
        ),
    ),
)


def is_administrator(user) -> bool:
    """Return whether technical lists are in the navigation of ``user``.

    The permission to change accounts is that of administrators only, and unlike the
    groups of the user it is loaded already.
    """
    return user.has_perm("accounts.change_user")


def sort_by_work(model_admins: Iterable[ModelAdmin]) -> list[ModelAdmin]:
    """Return the admin classes in the order of the navigation, others last."""
    labels = [
        label for group in NAVIGATION for label in (*group.models, *group.technical)
    ]
    positions = {label: position for position, label in enumerate(labels)}
    return sorted(
        model_admins,
        key=lambda model_admin: positions.get(
            model_admin.opts.label_lower, len(positions)
        ),
    )


def group_models(
    models_by_label: Mapping[str, dict], *, is_administrator: bool
) -> list[dict]:
    """Return the groups of the navigation that have models, as Django's app list.

    ``models_by_label`` has the models that the user may see, as in Django's app list,
    by label. A model that the table does not name is shown to administrators, in the
    last group.
    """
    named = {
        label for group in NAVIGATION for label in (*group.models, *group.technical)
    }
    groups = []
    for group in NAVIGATION:
        labels = [*group.models, *(group.technical if is_administrator else ())]
        if group is NAVIGATION[-1] and is_administrator:
            labels += [label for label in models_by_label if label not in named]
        models = _select(models_by_label, labels)
        if models:
            groups.append(
                {
                    "name": group.heading,
                    "app_label": group.code,
                    "app_url": "",
                    "has_module_perms": True,
                    "models": models,
                }
            )
    return groups


def _select(models_by_label: Mapping[str, dict], labels: Iterable[str]) -> list[dict]:
    return [models_by_label[label] for label in labels if label in models_by_label]
