"""Columns with unknown headings: questions about them and choices that are remembered.

Staff choose for each such column as which field it is read, or that it is ignored. The
choice applies to the import, and to later imports of the same kind of record unless
they change it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.publishing.models import HeadingMapping
from portal.content.publishing.models.heading_mappings import normalize_heading
from portal.content.spreadsheets.questions import Answers, Option, Question
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.core.translations.dates import format_known_date

# Value of the answer that a column is ignored; no field has this name.
IGNORED = "-"
MAX_HEADING_LENGTH = HeadingMapping._meta.get_field("heading").max_length
_KEY_PREFIX = "heading:"
# Number and length of the cells of a column that its question quotes.
_MAX_SAMPLES, _MAX_SAMPLE_LENGTH = 3, 40


@dataclass
class UnknownColumn:
    """Column whose heading is unknown; ``samples`` are its first distinct cells."""

    index: int
    heading: str
    samples: list[str]

    @property
    def key(self) -> str:
        return normalize_heading(self.heading)


@dataclass
class HeadingChoices:
    """Choices for unknown headings.

    ``answers`` are the user's answers for this import, ``remembered`` the choices of
    earlier imports by normalised heading.
    """

    answers: Answers = field(default_factory=dict)
    remembered: Mapping[str, HeadingMapping] = field(default_factory=dict)


@dataclass
class ResolvedHeadings:
    """Result of applying the choices.

    ``fields`` are the field names by index of the column; ignored columns and columns
    without a valid choice have none. ``is_complete`` is False if a question is open.
    ``decisions`` are sentences for the user.
    """

    fields: dict[int, str]
    questions: list[Question]
    is_complete: bool
    decisions: list[str]


def load_heading_choices(resource: str, answers: Answers) -> HeadingChoices:
    """Return the choices for the resource with this code: ``answers`` and earlier
    ones."""
    mappings = HeadingMapping.objects.filter(resource=resource)
    # Normalised again, because the normal form can differ from that of the release
    # that stored the heading.
    return HeadingChoices(
        answers,
        {
            normalize_heading(mapping.heading): mapping
            for mapping in mappings.select_related("updated_by")
        },
    )


def get_samples(rows: Sequence[tuple[int, list[str]]], index: int) -> list[str]:
    """Return the first distinct cells of the column with this index, shortened."""
    samples: dict[str, None] = {}
    for _number, cells in rows:
        text = cells[index].strip() if index < len(cells) else ""
        if text:
            samples[text[:_MAX_SAMPLE_LENGTH]] = None
        if len(samples) == _MAX_SAMPLES:
            break
    return list(samples)


def resolve_headings(
    columns: list[UnknownColumn],
    *,
    labels: Mapping[str, str],
    placed: set[str],
    choices: HeadingChoices,
) -> ResolvedHeadings:
    """Apply ``choices`` to the columns with unknown headings.

    ``labels`` are the headings of all fields that a sheet can have, ``placed`` the
    fields that have a column in the sheet already. Of two columns that were remembered
    as one field, the user has to choose again.
    """
    options = (
        Option(IGNORED, _("Ignore this column")),
        *(Option(name, text) for name, text in labels.items() if name not in placed),
    )
    resolved = ResolvedHeadings({}, [], is_complete=True, decisions=[])
    by_key = {column.key: column for column in reversed(columns)}
    answered = {
        key: choices.answers[_KEY_PREFIX + key]
        for key in by_key
        if choices.answers.get(_KEY_PREFIX + key)
        in {option.value for option in options}
    }
    remembered = {
        key: choices.remembered[key].field or IGNORED
        for key in by_key
        if key not in answered and key in choices.remembered
    }
    chosen = [*answered.values(), *remembered.values()]
    for key, column in reversed(by_key.items()):
        value = answered.get(key) or remembered.get(key, "")
        problem = "" if key in answered else _find_problem(value, labels, placed)
        if not problem and value != IGNORED and chosen.count(value) > 1:
            problem = _("Two columns are read as “%(column)s”. Choose one of them.") % {
                "column": labels[value]
            }
        is_open = bool(problem) or not value
        resolved.is_complete = resolved.is_complete and not is_open
        resolved.questions.append(
            Question(
                _KEY_PREFIX + key,
                _("As which column is “%(heading)s” read?")
                % {"heading": column.heading},
                options,
                is_about_file=True,
                subject=column.heading,
                suggested="" if is_open else value,
                hint=_build_hint(column, problem),
            )
        )
        if is_open:
            continue
        resolved.decisions.append(
            _describe(column, value, labels, choices.remembered.get(key))
            if key in remembered
            else _describe(column, value, labels, None)
        )
        if value != IGNORED:
            resolved.fields |= {
                other.index: value for other in columns if other.key == key
            }
    return resolved


def _find_problem(value: str, labels: Mapping[str, str], placed: set[str]) -> str:
    """Return why a remembered choice does not apply to this sheet, "" if it does."""
    if not value or value == IGNORED:
        return ""
    if value not in labels:
        return _(
            "At earlier imports it was read as “%(column)s”, which no longer exists. "
            "Choose again."
        ) % {"column": value}
    if value in placed:
        return _(
            "At earlier imports it was read as “%(column)s”, but this file has that "
            "column too. Choose again."
        ) % {"column": labels[value]}
    return ""


def _build_hint(column: UnknownColumn, problem: str) -> str:
    sentences = [problem] if problem else []
    if column.samples:
        samples = "; ".join(column.samples)
        sentences.append(_("First cells: %(cells)s.") % {"cells": samples})
    return " ".join(sentences)


def _describe(
    column: UnknownColumn,
    value: str,
    labels: Mapping[str, str],
    mapping: HeadingMapping | None,
) -> str:
    """Return a sentence about the choice; ``mapping`` is set if it was remembered."""
    texts = {"heading": column.heading, "column": labels.get(value, "")}
    if mapping is None:
        if value == IGNORED:
            return _("The column “%(heading)s” is ignored.") % texts
        return _("The column “%(heading)s” is read as “%(column)s”.") % texts
    texts["person"] = str(mapping.updated_by or "–")
    texts["day"] = (
        format_known_date(timezone.localdate(mapping.updated_at), "day")
        if mapping.updated_at
        else "–"
    )
    if value == IGNORED:
        return (
            _(
                "The column “%(heading)s” is ignored, as chosen at an earlier import "
                "(%(person)s, %(day)s). You can change this below."
            )
            % texts
        )
    return (
        _(
            "The column “%(heading)s” is read as “%(column)s”, as chosen at an earlier "
            "import (%(person)s, %(day)s). You can change this below."
        )
        % texts
    )


@transaction.atomic
def remember_headings(
    resource: str, *, fields_by_heading: Mapping[str, str], by, at: dt.datetime
) -> None:
    """Store choices for later imports of the resource with this code.

    ``fields_by_heading`` maps headings to field names, or to IGNORED. Choices that are
    stored already stay unchanged.
    """
    rows = models.QuerySet(HeadingMapping).select_for_update()
    for heading, value in sorted(fields_by_heading.items()):
        name = "" if value == IGNORED else value
        mapping, is_new = rows.get_or_create(
            resource=resource,
            heading_key=normalize_heading(heading),
            defaults={
                "heading": heading,
                "field": name,
                **dict.fromkeys(("created_by", "updated_by"), by),
                **dict.fromkeys(("created_at", "updated_at"), at),
            },
        )
        before = None if is_new else take_snapshot(mapping)
        if not is_new and mapping.field != name:
            mapping.field, mapping.updated_by, mapping.updated_at = name, by, at
            mapping.save(update_fields=["field", "updated_by", "updated_at"])
        append_snapshot_diff(
            mapping, before=before, after=take_snapshot(mapping), by=by, at=at
        )


def get_answered_headings(questions: list[dict], answers: Answers) -> dict[str, str]:
    """Return the answers to questions about headings, by heading.

    ``questions`` are in the JSON form stored with the import.
    """
    return {
        question["subject"]: answers[question["key"]]
        for question in questions
        if question.get("subject") and question["key"] in answers
    }
