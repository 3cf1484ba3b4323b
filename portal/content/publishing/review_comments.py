"""Comments of a reviewer on single fields of a record or proposed change.

A field is identified by a key: ``title:zh-hans`` for a translated field of the record,
``scope:`` for another one, ``sessions/12/title:en`` for a field of the child row 12 of
the relation ``sessions``. The empty key is that of a remark on the whole record: the
reason of the return.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import get_child_model

_KEY = re.compile(
    r"(?:(?P<relation>\w+)/(?P<pk>-?[0-9]{1,18})/)?(?P<field>\w+):(?P<language>[\w-]*)"
)


@dataclass(frozen=True)
class ReviewComment:
    """Comment ``text`` on the field with the key ``field``."""

    field: str
    text: str


@dataclass(frozen=True)
class LabelledComment:
    """Comment with the label of its field.

    ``input_id`` is the HTML id of the field in the form of the record, "" for fields of
    child rows.
    """

    label: str
    text: str
    input_id: str


def build_field_key(
    field: str, language: str, relation: str = "", pk: int | None = None
) -> str:
    """Build the key of a field; ``relation`` and ``pk`` are those of a child row."""
    row = f"{relation}/{pk}/" if relation else ""
    return f"{row}{field}:{language}"


def label_comments(
    model: type[models.Model], comments: Iterable[dict]
) -> list[LabelledComment]:
    """Return stored comments on fields of ``model`` with the labels of the fields.

    A comment on a field that was removed from the code has its key as label.
    """
    return [
        LabelledComment(
            _get_label(model, comment["field"]),
            comment["text"],
            _get_input_id(comment["field"]),
        )
        for comment in comments
        if comment["field"]
    ]


def serialize_comments(reason: str, comments: Sequence[ReviewComment]) -> list[dict]:
    """Return the reason, if there is one, and the comments as they are stored."""
    remarks = [ReviewComment("", reason)] if reason else []
    return [asdict(comment) for comment in (*remarks, *comments)]


def get_reason(comments: Iterable[dict]) -> str:
    """Return the reason in stored comments, "" if there is none."""
    return next((comment["text"] for comment in comments if not comment["field"]), "")


def get_comments_by_key(comments: Iterable[dict]) -> dict[str, str]:
    """Return stored comments on single fields by key of the field."""
    return {
        comment["field"]: comment["text"] for comment in comments if comment["field"]
    }


def format_comments(
    model: type[models.Model], reason: str, comments: Sequence[ReviewComment]
) -> str:
    """Return ``reason`` followed by the comments, a line for each field."""
    lines = [
        _("%(field)s: %(comment)s")
        % {"field": _get_label(model, comment.field), "comment": comment.text}
        for comment in comments
    ]
    return "\n".join([reason, *lines]).strip()


def _get_label(model: type[models.Model], key: str) -> str:
    match = _KEY.fullmatch(key)
    if match is None:
        return key
    field, language = match["field"], match["language"]
    if not match["relation"]:
        return get_field_label(model, field, language)
    try:
        child_model = get_child_model(model, match["relation"])
    except FieldDoesNotExist:
        return key
    return _("%(row)s – %(field)s") % {
        "row": capfirst(child_model._meta.verbose_name),
        "field": get_field_label(child_model, field, language),
    }


def _get_input_id(key: str) -> str:
    match = _KEY.fullmatch(key)
    if match is None or match["relation"]:
        return ""
    if not match["language"]:
        return f"id_{match['field']}"
    return f"id_{build_localized_fieldname(match['field'], match['language'])}"
