"""What the remedy for a wrong choice names is what the import takes."""

import re

import pytest
from django.utils import translation

from portal.publishing.columns import BadCell, Choice, Keys, Names, Of
from portal.publishing.spreadsheets.registry import resource_codes, resource_named
from tests.portal.publishing.office_sheets import checked, xlsx_of


def _plain(column):
    return _plain(column.column) if isinstance(column, Of) else column


CHOICES = [
    pytest.param(column, id=f"{code}-{column.header}")
    for code in resource_codes()
    for column in resource_named(code).columns
    if isinstance(_plain(column), Choice)
]


def named_by_remedy(column) -> list[str]:
    cell = column.tidy("no such thing", Names())
    with pytest.raises(BadCell) as problem:
        column.read(cell, Keys())
    listed = re.split("[:：]", str(problem.value), maxsplit=1)[1]
    return [one.strip() for one in re.split("[,、]", listed.rstrip(".。"))]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("column", CHOICES)
def test_every_value_that_a_remedy_names_is_taken(column, language):
    with translation.override(language):
        named = named_by_remedy(column)
        read = [column.read(column.tidy(one, Names()), Keys()) for one in named]

    assert read == _plain(column).choices.values


@pytest.mark.parametrize("column", CHOICES)
def test_chinese_desk_is_told_chinese_labels(column):
    with translation.override("zh-hans"):
        named = named_by_remedy(column)

    codes = _plain(column).choices.values
    assert not [one for one in named if one in codes or one.isascii()]


@pytest.mark.django_db
def test_dry_run_in_chinese_names_the_labels():
    with translation.override("zh-hans"):
        batch = checked(
            xlsx_of(("标题", "范围", "状态"), ("甲", "检察机关活动", "办完了"))
        )

    ((_row, _column, value, remedy),) = batch.errors
    assert value == "办完了"
    assert "已举行" in remedy
    assert "held" not in remedy
