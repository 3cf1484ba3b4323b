"""Normalisation and parsing of cells as clerks write them."""

import datetime as dt

import pytest

from portal.content.publishing.choices import Confidence
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    DecimalColumn,
    ForeignKeyColumn,
    IntegerColumn,
    InvalidCellError,
    KeyIndex,
    ManyToManyColumn,
    NameIndex,
    NullBooleanColumn,
    PartiesColumn,
    SourcesColumn,
    TextListColumn,
)
from portal.content.spreadsheets.columns.date_parsing import (
    date_from_serial,
    normalize_date,
)
from portal.reference.people.resources import PersonResource
from seminars.choices import Audience
from tests.factories import directory, seminars

DAYS = [
    ("2018年9月3日", "2018-09-03"),
    ("2018年09月03日", "2018-09-03"),
    ("2018年9月3号", "2018-09-03"),
    ("2018-9-3", "2018-09-03"),
    ("2018/9/3", "2018-09-03"),
    ("2018.9.3", "2018-09-03"),
    ("２０１８年９月３日", "2018-09-03"),
    (" 2018 年 9 月 3 日 ", "2018-09-03"),
    ("2018-09-03 00:00:00", "2018-09-03"),
    ("2018-09-03T00:00:00", "2018-09-03"),
    ("20180903", "2018-09-03"),
    ("43346", "2018-09-03"),
    ("2018年9月", "2018-09"),
    ("2018-9", "2018-09"),
    ("2018/09", "2018-09"),
    ("2018.10", "2018-10"),
    ("2018年", "2018"),
    ("2018", "2018"),
    ("", ""),
]
NO_DAYS = [
    "2018年13月",
    "2018-02-30",
    "3/9/2018",
    "2018年9月3日-5日",
    "next year",
    "99999",
    "123",
    "2018.1",  # also stored for the number 2018.10: may be October
    "2018-09-03 09:30:00",
]


@pytest.mark.parametrize(("written", "tidied"), DAYS)
def test_date_cell_is_parsed_with_its_precision(written, tidied):
    assert normalize_date(written) == tidied


@pytest.mark.parametrize("written", NO_DAYS)
def test_invalid_date_cell_is_left_unchanged(written):
    assert normalize_date(written) == written


def test_excel_serial_dates_are_converted():
    days = [date_from_serial(serial) for serial in (1, 59, 60, 61, 43346, 0, 10**7)]

    assert days == [
        dt.date(1900, 1, 1),
        dt.date(1900, 2, 28),
        None,  # 29 February 1900 did not exist
        dt.date(1900, 3, 1),
        dt.date(2018, 9, 3),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("column", "written", "tidied"),
    [
        (IntegerColumn("n", "n"), "１２３", "123"),
        (IntegerColumn("n", "n"), "1,234,567", "1234567"),
        (IntegerColumn("n", "n"), "1,234", "1,234"),
        (IntegerColumn("n", "n"), "12.0", "12"),
        (IntegerColumn("n", "n"), "12人", "12人"),
        (DecimalColumn("n", "n"), "７．５", "7.5"),
        (NullBooleanColumn("y", "y"), "是", "yes"),
        (NullBooleanColumn("y", "y"), "FALSE", "no"),
        (NullBooleanColumn("y", "y"), "也许", "也许"),
        (ChoiceColumn("c", "c", Audience), "检察官", "prosecutors"),
        (ChoiceColumn("c", "c", Audience), "Prosecutors", "prosecutors"),
        (ChoiceColumn("c", "c", Audience), "judges", "judges"),
        (ChoiceColumn("c", "c", Confidence), "High", "high"),
        (Column("t", "t"), "　Text　here \n", "Text　here"),
        (
            SourcesColumn("s"),
            "http://a.example； https://b.example\n",
            "http://a.example;https://b.example",
        ),
        (DateColumn("d", "d"), "2018年9月", "2018-09"),
    ],
)
def test_cell_is_normalized_for_column_type(column, written, tidied):
    assert column.normalize_cell(written, NameIndex()) == tidied


@pytest.mark.parametrize("cell", ["\u200b", "\ufeff \u2060", "\x01"])
def test_invisible_cell_text_is_empty(cell):
    assert Column("t", "t").parse_cell(cell, KeyIndex()) == ""
    assert TextListColumn("l", "l").parse_cell(f"{cell};a", KeyIndex()) == "a"


@pytest.mark.parametrize(
    "cell", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"]
)
def test_out_of_range_year_is_rejected(cell):
    with pytest.raises(InvalidCellError, match="years 1900 and 2100"):
        DateColumn("d", "d").parse_cell(cell, KeyIndex())


@pytest.mark.django_db
def test_reference_resolves_by_key_or_name():
    directory.country("VN")
    directory.organ(
        "vn-spp", name_zh_hans="越南最高人民检察院", name_en="SPP of Viet Nam"
    )
    organ = ForeignKeyColumn("organ", "organ", "directory.Organ", "key")
    countries = ManyToManyColumn("countries", "countries", "directory.Country", "iso2")
    parties = PartiesColumn("parties", "parties", "directory.NamedParty")
    names = NameIndex()

    tidied = [
        organ.normalize_cell("越南最高人民检察院", names),
        organ.normalize_cell("spp of viet nam", names),
        organ.normalize_cell("VN-SPP", names),
        organ.normalize_cell("Nowhere", names),
        countries.normalize_cell("越南、vn", names),
        parties.normalize_cell("司法部｜越南；Ministry|VN", names),
    ]

    assert tidied == ["vn-spp"] * 3 + ["Nowhere", "VN;VN", "司法部|VN;Ministry|VN"]


@pytest.mark.django_db
def test_ambiguous_name_is_not_resolved():
    directory.organ("a", name_zh_hans="人民检察院")
    directory.organ("b", name_zh_hans="人民检察院")

    organ = ForeignKeyColumn("organ", "organ", "directory.Organ", "key")

    assert organ.normalize_cell("人民检察院", NameIndex()) == "人民检察院"


@pytest.mark.django_db
def test_exported_value_round_trips():
    seminar = seminars.seminar(hours="7.5", subjects_en="One\nTwo")
    seminar.participating_countries.set([directory.country("VN")])
    from portal.content.spreadsheets.registry import get_resource

    resource, keys = get_resource("seminars"), KeyIndex()
    seminar.refresh_from_db()
    (values,) = resource.get_values([seminar])

    parsed = {
        column.field: column.parse_cell(column.format_cell(values[column.field]), keys)
        for column in resource.columns
    }

    assert parsed == values


def test_person_columns_accept_common_headings():
    headings = [column.heading_zh for column in PersonResource.columns[:3]]

    assert headings == ["人员编号", "姓名", "拉丁字母姓名"]
