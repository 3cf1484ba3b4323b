"""Cells as clerks write them, made into what a column reads."""

import datetime as dt

import pytest

from portal.people.resources import PersonResource
from portal.publishing.choices import Confidence
from portal.publishing.columns import (
    BadCell,
    Choice,
    Column,
    Day,
    Decimals,
    Keys,
    Lines,
    Names,
    Number,
    Parties,
    Reference,
    References,
    Sources,
    YesNo,
)
from portal.publishing.columns.days import day_of_serial, tidy_day
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
    "2018.1",  # the number 2018.10 is kept as this: it may be October
    "2018-09-03 09:30:00",
]


@pytest.mark.parametrize(("written", "tidied"), DAYS)
def test_day_is_read_as_exactly_as_it_is_written(written, tidied):
    assert tidy_day(written) == tidied


@pytest.mark.parametrize("written", NO_DAYS)
def test_what_is_no_day_is_left_for_the_column_to_refuse(written):
    assert tidy_day(written) == written


def test_serials_count_as_spreadsheets_do():
    days = [day_of_serial(serial) for serial in (1, 59, 60, 61, 43346, 0, 10**7)]

    assert days == [
        dt.date(1900, 1, 1),
        dt.date(1900, 2, 28),
        None,  # 29 February 1900, which there was not
        dt.date(1900, 3, 1),
        dt.date(2018, 9, 3),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("column", "written", "tidied"),
    [
        (Number("n", "n"), "１２３", "123"),
        (Number("n", "n"), "1,234,567", "1234567"),
        (Number("n", "n"), "1,234", "1,234"),
        (Number("n", "n"), "12.0", "12"),
        (Number("n", "n"), "12人", "12人"),
        (Decimals("n", "n"), "７．５", "7.5"),
        (YesNo("y", "y"), "是", "yes"),
        (YesNo("y", "y"), "FALSE", "no"),
        (YesNo("y", "y"), "也许", "也许"),
        (Choice("c", "c", Audience), "检察官", "prosecutors"),
        (Choice("c", "c", Audience), "Prosecutors", "prosecutors"),
        (Choice("c", "c", Audience), "judges", "judges"),
        (Choice("c", "c", Confidence), "High", "high"),
        (Column("t", "t"), "　Text　here \n", "Text　here"),
        (
            Sources("s"),
            "http://a.example； https://b.example\n",
            "http://a.example;https://b.example",
        ),
        (Day("d", "d"), "2018年9月", "2018-09"),
    ],
)
def test_cell_is_tidied_for_its_column(column, written, tidied):
    assert column.tidy(written, Names()) == tidied


@pytest.mark.parametrize("cell", ["\u200b", "\ufeff \u2060", "\x01"])
def test_cell_that_shows_nothing_is_empty(cell):
    assert Column("t", "t").read(cell, Keys()) == ""
    assert Lines("l", "l").read(f"{cell};a", Keys()) == "a"


@pytest.mark.parametrize(
    "cell", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"]
)
def test_day_of_no_known_year_is_refused(cell):
    with pytest.raises(BadCell, match="years 1900 to 2100"):
        Day("d", "d").read(cell, Keys())


@pytest.mark.django_db
def test_records_are_named_by_key_or_by_name():
    directory.country("VN")
    directory.organ(
        "vn-spp", name_zh_hans="越南最高人民检察院", name_en="SPP of Viet Nam"
    )
    organ = Reference("organ", "organ", "directory.Organ", "key")
    countries = References("countries", "countries", "directory.Country", "iso2")
    names = Names()

    told = [
        organ.tidy("越南最高人民检察院", names),
        organ.tidy("spp of viet nam", names),
        organ.tidy("VN-SPP", names),
        organ.tidy("Nowhere", names),
        countries.tidy("越南、vn", names),
        Parties("p", "p").tidy("司法部｜越南；Ministry|VN", names),
    ]

    assert told == ["vn-spp"] * 3 + ["Nowhere", "VN;VN", "司法部|VN;Ministry|VN"]


@pytest.mark.django_db
def test_name_that_two_records_have_is_nobodys():
    directory.organ("a", name_zh_hans="人民检察院")
    directory.organ("b", name_zh_hans="人民检察院")

    organ = Reference("organ", "organ", "directory.Organ", "key")

    assert organ.tidy("人民检察院", Names()) == "人民检察院"


@pytest.mark.django_db
def test_every_value_is_told_as_a_cell_that_reads_the_same():
    seminar = seminars.seminar(hours="7.5", subjects_en="One\nTwo")
    seminar.participating_countries.set([directory.country("VN")])
    from portal.publishing.spreadsheets.registry import resource_named

    resource, keys = resource_named("seminars"), Keys()
    seminar.refresh_from_db()
    (values,) = resource.tell([seminar])

    read = {
        column.field: column.read(column.cell(values[column.field]), keys)
        for column in resource.columns
    }

    assert read == values


def test_columns_of_a_person_have_the_headings_that_clerks_use():
    headings = [column.heading_zh for column in PersonResource.columns[:3]]

    assert headings == ["人员编号", "姓名", "拉丁字母姓名"]
