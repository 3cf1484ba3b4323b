"""Question about the encoding (code page) of a file, answered in the admin."""

import pytest

from seminars.models import Seminar
from tests.admin_forms import write_button
from tests.portal.content.spreadsheets.test_admin import send as send
from tests.portal.content.spreadsheets.test_questions_admin import reply as reply
from tests.portal.content.spreadsheets.test_questions_admin import (
    staff_user as staff_user,
)
from tests.portal.content.spreadsheets.test_questions_admin import uploaded as uploaded
from tests.portal.content.spreadsheets.test_questions_admin import write as write

pytestmark = pytest.mark.django_db
CODE_PAGES = "title_zh,scope\n霸翟,related\n".encode("gb18030")


@pytest.mark.parametrize(
    ("answer", "title", "decision"),
    [
        ("gb18030", "霸翟", "GB18030 (Simplified Chinese)"),
        ("cp874", "ฐิติ", "Windows-874 (Thai)"),
    ],
)
def test_code_page_question_is_answered_before_anything_is_read(
    client, uploaded, reply, write, answer, title, decision
):
    batch, url = uploaded(CODE_PAGES, "seminars")

    page = client.get(url).text
    assert batch.state == "asking"
    assert "Nothing is saved until you answer these questions." in page
    for option in ("GB18030 (Simplified Chinese): 霸翟", "Windows-874 (Thai): ฐิติ"):
        assert option in page
    assert "Import all rows" not in page

    reply(batch, url, answer)
    page = client.get(url).text
    assert batch.state == "checked"
    assert title in page
    assert f"The file was read with the encoding {decision}." in page

    write(batch, url)
    assert Seminar.objects.get().title_zh_hans == title


def test_answer_about_the_code_page_can_be_changed_on_the_page_of_values(
    client, uploaded, reply, write
):
    batch, url = uploaded(CODE_PAGES, "seminars")
    reply(batch, url, "cp874")

    assert "You can change these answers." in client.get(url).text
    stale = write_button(client, url)
    reply(batch, url, "gb18030")
    page = client.get(url).text
    assert ("The file was read with the encoding GB18030 (Simplified Chinese).") in page
    assert "The file was read as Windows-874" not in page
    assert write_button(client, url) != stale

    write(batch, url)
    assert Seminar.objects.get().title_zh_hans == "霸翟"


def test_valid_utf8_is_never_read_in_another_code_page_unasked(
    client, uploaded, reply, write
):
    for title, saved in (
        ("Москва", "Москва"),
        ("A\u2028B\u0085C", "A B C"),
    ):
        content = f"title_zh,scope\n{title},related\n".encode()
        batch, url = uploaded(content, "seminars")
        if batch.state == "asking":
            reply(batch, url, "utf-8")

        write(batch, url)

        assert Seminar.objects.get().title_zh_hans == saved
        Seminar.objects.all().delete()
