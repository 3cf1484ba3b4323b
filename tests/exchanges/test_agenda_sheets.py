"""Agenda of meetings in sheets: item by item, in English and Chinese."""

import pytest

from exchanges.models import AgendaItem
from exchanges.resources import MeetingResource
from tests.factories.exchanges import agenda_item, meeting
from tests.factories.publishing import AT
from tests.portal.content.spreadsheets.load_helpers import loaded, loader

pytestmark = pytest.mark.django_db


def load(agenda: str, agenda_zh: str) -> list[dict]:
    cells = {column.header: "" for column in MeetingResource.columns}
    cells |= {"code": "MTG-0001", "title_en": "Sample meeting"}
    row = {**cells, "agenda": agenda, "agenda_zh": agenda_zh}
    return loaded((MeetingResource, [row]), at=AT)


def stored() -> list[tuple]:
    items = AgendaItem.objects.order_by("position", "pk")
    return list(items.values_list("text_en", "text_zh_hans", "text_vi"))


def test_texts_of_both_languages_are_one_row_for_each_item():
    load("One; Two", "一;二")

    assert stored() == [("One", "一", None), ("Two", "二", None)]
    assert load("One; Two", "一;二") == [{"unchanged": 1}]


@pytest.mark.parametrize(
    ("agenda", "agenda_zh", "items"),
    [
        ("One; New", "一;二", [("One", "一"), ("New", "二")]),
        ("One", "一", [("One", "一")]),
        ("One; Two; Three", "一;二", [("One", "一"), ("Two", "二"), ("Three", "")]),
        ("", "一;二", [("", "一"), ("", "二")]),
        ("", "", []),
    ],
)
def test_changed_cells_change_their_language_only(agenda, agenda_zh, items):
    load("One; Two", "一;二")

    load(agenda, agenda_zh)

    assert [(en or "", zh or "") for en, zh, _vi in stored()] == items


def test_texts_in_other_languages_are_kept():
    record = meeting("MTG-0001", title_en="Sample meeting", created_by=loader())
    agenda_item(record, position=1, text_en="One", text_vi="Một")

    load("Other", "其他")

    assert stored() == [("Other", "其他", "Một")]
