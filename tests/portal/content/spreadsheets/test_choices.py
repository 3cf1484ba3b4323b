"""The values listed by the error message for a wrong choice are accepted."""

import csv
import re

import pytest
from django.utils import translation

from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    InvalidCellError,
    KeyIndex,
    NameIndex,
    RelatedFieldColumn,
)
from portal.content.spreadsheets.columns.choice_labels import (
    FORMER_LABELS_FILE,
    parse_choice,
)
from portal.content.spreadsheets.headings import map_headings, normalize_heading
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import checked, xlsx_of


def _plain(column):
    return _plain(column.column) if isinstance(column, RelatedFieldColumn) else column


CHOICES = [
    pytest.param(column, id=f"{code}-{column.header}")
    for code in get_resource_codes()
    for column in get_resource(code).columns
    if isinstance(_plain(column), ChoiceColumn)
]


def suggested_choices(column) -> list[str]:
    cell = column.normalize_cell("no such thing", NameIndex())
    with pytest.raises(InvalidCellError) as error:
        column.parse_cell(cell, KeyIndex())
    listed = re.split("[:：]", str(error.value), maxsplit=1)[1]
    return [value.strip() for value in re.split("[,、]", listed.rstrip(".。"))]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("column", CHOICES)
def test_every_suggested_choice_is_accepted(column, language):
    with translation.override(language):
        suggestions = suggested_choices(column)
        parsed = [
            column.parse_cell(column.normalize_cell(value, NameIndex()), KeyIndex())
            for value in suggestions
        ]

    assert parsed == _plain(column).choices.values


@pytest.mark.parametrize("column", CHOICES)
def test_choice_error_in_chinese_lists_chinese_labels(column):
    with translation.override("zh-hans"):
        suggestions = suggested_choices(column)

    codes = _plain(column).choices.values
    assert not [value for value in suggestions if value in codes or value.isascii()]


@pytest.mark.django_db
def test_dry_run_in_chinese_names_the_labels():
    with translation.override("zh-hans"):
        batch = checked(
            xlsx_of(("标题", "范围", "状态"), ("甲", "检察机关活动", "办完了"))
        )

    ((_row, _column, value, remedy),) = batch.errors
    assert value == "办完了"
    assert "已举办" in remedy
    assert "held" not in remedy


def test_labels_of_earlier_releases_are_accepted():
    classes = {
        _plain(param.values[0]).choices.__name__: _plain(param.values[0]).choices
        for param in CHOICES
    }
    with FORMER_LABELS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) > 20
    with collect_failures() as failures:
        for row in rows:
            choices = classes[row["choices"]]
            with failures.case(row["choices"], row["label"]):
                assert row["code"] in choices.values
                assert parse_choice(choices, row["label"]) == row["code"]


def test_headings_of_earlier_releases_are_accepted():
    former = {
        "organ": "organ_key",
        "organs": "organ_keys",
        "会议届次": "edition_number",
        "机制": "mechanism_key",
    }
    accepted = set()
    for code in get_resource_codes():
        columns = map_headings(get_resource(code))
        headers = {column.header for column in get_resource(code).columns}
        for heading, header in former.items():
            if header in headers:
                assert columns[normalize_heading(heading)].header == header
                accepted.add(heading)

    assert accepted == set(former)
