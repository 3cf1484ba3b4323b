"""Roles of organisations, parties and places in a record, and the order of their links.

The form of a record shows all roles in one table. The script of the table writes into
the fields of the relations; the order of their rows is in a hidden field.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.text import capfirst

from portal.core.audit.snapshots import take_snapshot

# Name of the hidden field with the order of the links.
LINK_ORDER = "link_order"
_RELATION = re.compile(r"(\w+)=([0-9,]+)")


@dataclass(frozen=True)
class LinkRole:
    """A role that linked rows have in a record, such as organiser or venue.

    ``relations`` are the names of the many-to-many relations of the role, one for each
    model that can have it.
    """

    label: str
    relations: tuple[str, ...]


@dataclass(frozen=True)
class RoleRelation:
    """A relation of a role as the form of a record shows it.

    ``target`` is the label of the linked model and ``type_name`` its name for people.
    """

    name: str
    target: str
    type_name: str


def build_role_relations(
    role: LinkRole, model: type[models.Model], names: Iterable[str]
) -> list[RoleRelation]:
    """Return the relations of ``role`` whose fields are in ``names``."""
    names = set(names)
    role_relations = []
    for name in role.relations:
        if name in names:
            target = model._meta.get_field(name).related_model._meta
            type_name = capfirst(str(target.verbose_name))
            role_relations.append(RoleRelation(name, target.label_lower, type_name))
    return role_relations


class LinkOrderField(forms.CharField):
    """Hidden field with the primary keys of links in their order.

    Its text is that of :func:`format_link_order`.
    """

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)


def format_link_order(pks_by_name: Mapping[str, Iterable[int]]) -> str:
    """Return primary keys by name of the relation as text: ``host_organs=3,1;…``.

    Relations without links are left out.
    """
    return ";".join(
        f"{name}={','.join(map(str, pks))}" for name, pks in pks_by_name.items() if pks
    )


def parse_link_order(text: str) -> dict[str, list[str]]:
    """Return the primary keys in a text of :func:`format_link_order`, as texts.

    Parts that are not understood are left out.
    """
    matches = map(_RELATION.fullmatch, text.split(";"))
    return {match[1]: match[2].split(",") for match in matches if match}


def load_link_order(record: models.Model, names: Iterable[str]) -> str:
    """Return the stored order of the links of ``record`` as text; "" if it is new."""
    if record.pk is None:
        return ""
    links = take_snapshot(record).links
    return format_link_order({name: links[name] for name in names})
