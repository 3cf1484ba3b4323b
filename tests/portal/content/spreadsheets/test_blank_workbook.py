"""Templates to download: headings to fill in, and an explanation of each column."""

import io

import pytest
from django.utils import translation
from openpyxl import load_workbook

from portal.content.publishing.choices import Scope
from portal.content.spreadsheets.blank_workbook import write_blank_workbook
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from seminars.models import Seminar
from tests.factories import directory
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    permitted,
    written,
)
from tests.project.url_table import opened

pytestmark = pytest.mark.django_db
URL = "/admin/publishing/importbatch/template"


def template(code: str, language="zh-hans"):
    out = io.BytesIO()
    with translation.override(language):
        write_blank_workbook(out, get_resource(code))
    return load_workbook(io.BytesIO(out.getvalue()))


def filled(book, **cells: str) -> bytes:
    """Return the workbook with a row of ``cells``, by heading."""
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for heading, text in cells.items():
        sheet.cell(2, headings.index(heading) + 1, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_headings_of_all_templates_are_recognised():
    with collect_failures() as failures:
        for code in get_resource_codes():
            for language in ("zh-hans", "en"):
                with failures.isolated_case(code, language):
                    book = template(code, language)
                    book.worksheets[0].append(["x"])
                    batch = checked(filled(book), code)
                    assert batch.problem == ""
                    assert batch.questions == []
                    headings = {cell.value for cell in book.worksheets[0][1]}
                    known = len(get_resource(code).columns)
                    assert len(headings) == known
                    assert "unknown" not in str(batch.errors)


def test_filled_template_is_imported_without_questions():
    directory.country("VN")
    with translation.override("zh-hans"):
        scope = str(Scope.RELATED.label)
    content = filled(
        template("seminars"),
        **{
            "活动性质": scope,
            "标题（简体中文）": "样例研修班",
            "开始日期": "2018年9月",
            "参加国家": "越南",
        },
    )

    batch = written(content)

    seminar = Seminar.objects.get()
    assert batch.questions == []
    assert (seminar.title_zh_hans, seminar.date_precision) == ("样例研修班", "month")


def explanation(code: str) -> dict[str, dict[str, str]]:
    """Return the explanations of the columns in English, by heading."""
    book = template(code, "en")
    headings, *rows = book.worksheets[1].iter_rows(values_only=True)
    return {row[0]: dict(zip(headings, row, strict=True)) for row in rows}


def test_columns_are_explained():
    columns = explanation("seminars")

    assert len(columns) == len(get_resource("seminars").columns)
    assert columns["scope"]["Required"] == "Yes"
    assert columns["scope"]["Allowed values"] == "prosecutors\nrelated"
    assert columns["title_en"]["Required"] == "No"
    assert columns["starts_on"]["Example"] == "2018-09-03; 2018-09; 2018"
    assert "new record" in columns["code"]["Meaning"]
    assert "How exact the date is" in columns["date_precision"]["Meaning"]
    assert "wording of the source" in columns["venue"]["Meaning"]
    assert "country" in columns["participating_countries"]["How to write it"]


def test_column_that_follows_from_others_is_not_required():
    columns = explanation("seminar_participants")

    assert columns["seminar_code"]["Required"] == "Yes"
    assert columns["country_iso2"]["Required"] == "No"
    assert "other columns" in columns["country_iso2"]["Meaning"]


def test_choices_have_drop_down_list():
    sheet = template("seminars", "en").worksheets[0]
    formulas = [rule.formula1 for rule in sheet.data_validations.dataValidation]

    assert '"prosecutors,related"' in formulas


def test_templates_need_permission_to_import(client):
    client.force_login(
        permitted(
            *("seminars.add_seminar", "seminars.change_seminar"),
            "seminars.view_seminar",
        )
    )

    page = client.get("/admin/publishing/importbatch/add/").text
    response = opened(client, f"{URL}/seminars/")
    statuses = [
        client.get(f"{URL}/{code}/").status_code for code in ("people", "nothing")
    ]

    assert f'href="{URL}/seminars/"' in page
    assert f"{URL}/people/" not in page
    assert load_workbook(io.BytesIO(response.body)).worksheets[0]["A1"].value == "code"
    assert 'filename="seminars-template.xlsx"' in response["Content-Disposition"]
    assert statuses == [403, 404]
