"""Sources in the form of a record."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Proposal, Source
from portal.core.audit.models import Deed
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import errors
from tests.concurrent_editing import signed_in
from tests.factories.publishing import in_review, published, source, staff
from tests.factories.seminars import seminar
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
PREFIX = "publishing-source-content_type-object_id"
INPUTS = {
    "url": "https://agency.example/report",
    "position": "0",
    "title": "เปิดการสัมมนา",
    "publisher": "สำนักข่าวตัวอย่าง",
    "published_on": "2018-09-17",
    "date_precision": "month",
    "language": "Thai",
    "archive_url": "https://archive.example/2018",
}
LONG_NAME = "Chinese (traditional)"
VALUES = {
    **INPUTS,
    "position": 0,
    "published_on": dt.date(2018, 9, 1),
    "language": "th",
}


@pytest.fixture
def editor(client) -> Client:
    client.force_login(staff("sample.editor", is_superuser=True))
    return client


def form_of(record: Seminar) -> str:
    return reverse("admin:seminars_seminar_change", args=[record.pk])


def inputs(number: int = 0, **values: str) -> dict[str, str]:
    total = {f"{PREFIX}-TOTAL_FORMS": str(number + 1)}
    return total | {f"{PREFIX}-{number}-{name}": text for name, text in values.items()}


def save(client: Client, record: Seminar, values: dict):
    url = form_of(record)
    return client.post(url, opened_form(client, url) | values)


def test_details_are_saved_and_in_the_history(editor):
    record = seminar()

    response = save(editor, record, inputs(**INPUTS))

    assert response.status_code == 302, errors(response)
    assert Source.objects.values(*VALUES).get() == VALUES
    assert Source.objects.get().host == "agency.example"
    entry = Deed.objects.get(model="publishing.source")
    assert {change["field"] for change in entry.changes} == set(INPUTS)
    history = editor.get(
        reverse("admin:seminars_seminar_history", args=[record.pk])
    ).text
    assert "September 2018" in history
    assert "Thai" in history


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"language": "Nonsense"}, "Choose a language from the list"),
        ({"date_precision": ""}, "Choose how exactly the date is known"),
        ({"published_on": ""}, "Enter a date, or clear the date precision."),
        (
            {"published_on": "03/04/2018"},
            "Enter the date as YYYY-MM-DD, for example 2024-09-01.",
        ),
        ({"archive_url": "archive.example/2018"}, "Enter a valid URL."),
        ({"archive_url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_invalid_details_are_explained_and_their_section_is_open(
    editor, values, message
):
    record = seminar()
    url = form_of(record)

    response = editor.post(
        url, opened_form(editor, url) | inputs(**{**INPUTS, **values})
    )

    assert response.status_code == 200
    assert message in response.text
    first_row, _empty_row = response.text.split(f'id="{PREFIX}-empty"')
    assert "<details>" not in first_row[first_row.index(f'id="{PREFIX}-0"') :]
    assert not Source.objects.exists()


def test_form_suggests_languages_once(editor):
    record = seminar()
    source(record)
    source(record, position=1)

    text = editor.get(form_of(record)).text

    assert text.count('<datalist id="source-languages">') == 1
    assert '<option value="th">Thai</option>' in text
    assert text.count('list="source-languages"') == 3  # with the empty row


def test_name_of_a_language_may_be_longer_than_a_tag(editor):
    record = seminar()

    text = editor.get(form_of(record)).text
    response = save(editor, record, inputs(**{**INPUTS, "language": LONG_NAME}))

    [language] = re.findall(
        rf'<input[^>]+name="{PREFIX}-__prefix__-language"[^>]*>', text
    )
    assert "maxlength" not in language
    assert response.status_code == 302, errors(response)
    assert Source.objects.get().language == "zh-Hant"


def test_details_are_in_a_closed_section(editor):
    record = seminar()
    source(record, title="Sample title")

    text = editor.get(form_of(record)).text

    first_row = text[text.index(f'id="{PREFIX}-0"') :]
    closed = first_row.index("<details>")
    assert first_row.index(f'name="{PREFIX}-0-url"') < closed
    assert first_row.index(f'name="{PREFIX}-0-title"') < closed
    assert closed < first_row.index(f'name="{PREFIX}-0-archive_url"')


def test_reader_of_the_form_sees_known_date_and_name_of_the_language(client):
    record = seminar()
    source(
        record,
        title="Sample title",
        language="th",
        published_on=dt.date(2018, 1, 1),
        date_precision="year",
    )
    view = Permission.objects.get(codename="view_seminar")
    client.force_login(staff("sample.reader", permissions=[view]))

    text = client.get(form_of(record)).text

    section = text[text.index(f'id="{PREFIX}-group"') :]
    shown = re.findall(r'<div class="readonly">\s*(.*?)\s*</div>', section, re.S)
    assert {"Sample title", "2018", "Thai"} <= set(shown)
    assert "1 January 2018" not in section


def test_change_of_a_published_record_waits_with_readable_values(settings):
    settings.TWO_PERSON_APPROVAL = True
    record = seminar(title_en="Sample")
    source(record, INPUTS["url"])
    published(record)
    editor, reviewer = signed_in("sample.author"), signed_in("sample.reviewer")

    response = save(editor, record, inputs(**INPUTS))

    assert response.status_code == 302, errors(response)
    proposal = Proposal.objects.get()
    assert Source.objects.get().title == ""
    page = reviewer.get(reviewing.page_of(proposal)).text
    for text in (INPUTS["title"], "September 2018", "Thai", INPUTS["archive_url"]):
        assert text in page
    reviewing.decide_proposal(reviewer, "_accept", proposal)
    assert Source.objects.values(*VALUES).get() == VALUES


def test_confirmation_page_shows_the_details(settings):
    settings.TWO_PERSON_APPROVAL = True
    record = seminar(title_en="Sample")
    source(record, **{**VALUES, "position": 0})
    in_review(record)

    page = reviewing.open_confirmation(
        signed_in("sample.reviewer"), "approve", record
    ).text

    for text in (INPUTS["title"], "September 2018", "Thai", INPUTS["archive_url"]):
        assert text in page


def test_title_that_a_colleague_entered_meanwhile_is_kept(editor):
    record = seminar(title_en="Sample")
    source(record)
    url = form_of(record)
    opened = opened_form(editor, url)
    colleague = signed_in("sample.colleague")
    save(colleague, record, inputs(title="By a colleague", language="en"))

    answer = editor.post(url, opened | inputs(publisher="Sample Agency"))

    assert answer.status_code == 200
    assert "By a colleague" in answer.text
    assert Source.objects.get().title == "By a colleague"
