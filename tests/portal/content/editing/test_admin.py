"""Records in the admin: saving, status actions and protection from deletion."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from django.urls import reverse

from portal.conference.models import Article, Document
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.editing.admin import RecordAdmin
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Source
from portal.reference.directory.models import Organ, Place
from tests import reviewing
from tests.admin_forms import errors, rows
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, place
from tests.factories.publishing import in_review, published, staff, withdrawn
from tests.factories.seminars import seminar
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
ADD = "/admin/conference/article/add/"
LIST = "/admin/conference/article/"
SOURCES = "publishing-source-content_type-object_id"


@pytest.fixture
def staff_user(client):
    user = staff(is_superuser=True)
    client.force_login(user)
    return user


def change(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def saved(client, url: str, values: dict):
    """Submit the form at ``url`` with its current data and ``values``."""
    response = client.post(url, opened_form(client, url) | values)
    assert response.status_code == 302, errors(response)
    return response


def run_action(client, action: str, *records) -> list[str]:
    """Run a changelist action on ``records``; return the messages of the response.

    If a confirmation page is shown, it is confirmed with a reason.
    """
    reason = "A sample reason."
    page = reviewing.open_confirmation(client, action, *records)
    messages = reviewing.messages_of(page)
    if reviewing.shown_versions(page):
        form_data = reviewing.confirmation_form(page, action, reason=reason)
        messages += reviewing.messages_of(client.post(LIST, form_data, follow=True))
    return messages


@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_record_is_entered_in_one_language_only(client, staff_user, language):
    saved(client, ADD, {"slug": "opening", f"title_{language}": "开幕"})

    record = Article.objects.get()
    assert record.status == Status.DRAFT
    assert record.languages == [language.replace("_", "-")]
    assert (record.created_by, record.updated_by) == (staff_user, staff_user)
    assert not Entry.objects.exists()


def test_record_without_chinese_or_english_shows_error_message(client, staff_user):
    values = {"slug": "opening", "title_th": "เปิด"}

    response = client.post(ADD, opened_form(client, ADD) | values)

    assert response.status_code == 200
    assert (
        "Enter a title or name in Simplified Chinese or English."
        in response.content.decode()
    )
    assert not Article.objects.exists()


def test_empty_code_is_assigned_automatically(client, staff_user):
    document("DOC-0003")
    url = "/admin/conference/document/add/"
    values = {"document_kind": "mou", "title_en": "Memorandum"}
    saved(client, url, values | {"code": "DOC-5007"})

    saved(client, url, values)

    assert set(Document.objects.values_list("code", flat=True)) == {
        "DOC-0003",
        "DOC-5007",
        "DOC-5008",
    }


def test_form_says_that_the_portal_assigns_the_code(client, staff_user):
    """Not where the office chooses the identifier."""
    note = "Leave blank: the portal assigns the next number."

    assert note in client.get("/admin/delegations/visit/add/").text
    assert note not in client.get(ADD).text


def test_saving_published_record_updates_catalogue_and_changes(client, staff_user):
    record = published(article("opening", title_en="Opening"))

    saved(
        client,
        change(record),
        {"title_en": "Opening day"}
        | rows(SOURCES, {"position": 0, "url": "https://Agency.example/x"}),
    )

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, staff_user)
    assert Entry.objects.get().texts.get().title == "Opening day"
    assert list(Change.objects.values_list("action", flat=True)) == [
        "published",
        "updated",
    ]
    assert Source.objects.get().host == "agency.example"


def test_saving_a_published_record_is_all_or_nothing(client, staff_user):
    record = published(article("opening", title_en="Opening"))
    form = opened_form(client, change(record)) | {"title_en": "Opening day"}
    client.raise_request_exception = False

    def fail(execute, sql, params, many, context):
        if "changes_change" in sql and sql.startswith("INSERT"):
            message = "disk full"
            raise DatabaseError(message)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        response = client.post(change(record), form)

    record.refresh_from_db()
    assert response.status_code == 500
    assert (record.title_en, record.revision) == ("Opening", 1)
    assert Entry.objects.get().texts.get().title == "Opening"


def test_saving_draft_writes_nothing_public(client, staff_user):
    record = article()

    saved(client, change(record), {"title_en": "Changed"})

    assert not Change.objects.exists()


def test_actions_publish_and_withdraw_record(client, staff_user):
    record = article("opening")
    states = []

    for action in ("submit", "approve", "withdraw", "return_to_draft"):
        messages = run_action(client, action, record)
        record.refresh_from_db()
        states.append((messages, record.status))

    name = "“opening Sample opening”"
    assert states == [
        ([f"{name} was submitted for review."], Status.IN_REVIEW),
        ([f"{name} was published."], Status.PUBLISHED),
        ([f"{name} was withdrawn from the website."], Status.WITHDRAWN),
        ([f"{name} was returned as a draft."], Status.DRAFT),
    ]


def test_bulk_action_reports_records_it_could_not_process(client, staff_user):
    waiting, public, draft = in_review(article()), published(article("a")), article("b")

    messages = run_action(client, "approve", waiting, public, draft)

    assert sorted(messages) == [
        ("You cannot do this because the status of “a” is “published”."),
        "You cannot do this because the status of “b” is “draft”.",
        f"“{waiting.slug} Sample {waiting.slug}” was published.",
    ]
    assert Article.objects.get(pk=waiting.pk).status == Status.PUBLISHED


def test_code_and_status_are_read_only(client, staff_user):
    record = published(document("DOC-0001"))
    typed = {"code": "DOC-0999", "status": "draft", "revision": "9"}

    saved(client, change(record), typed)

    record.refresh_from_db()
    assert (record.code, record.status, record.revision) == (
        "DOC-0001",
        Status.PUBLISHED,
        1,
    )


@pytest.mark.parametrize(
    ("factory", "status"),
    [
        (article, 200),
        (lambda: published(article()), 403),
        (lambda: withdrawn(article()), 403),
    ],
)
def test_once_published_record_cannot_be_deleted(client, staff_user, factory, status):
    record = factory()
    url = change(record).replace("/change/", "/delete/")

    assert client.get(url).status_code == status
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_draft_that_a_published_record_links_is_not_deleted(client, staff_user):
    linked, unused = organ("linked"), organ("free")
    record = published(seminar(host_organs=[linked], participating_countries=[]))
    draft = country("LA")
    published(article(countries=[draft]))

    for row in (linked, draft):
        form = change(row)
        response = client.post(form.replace("/change/", "/delete/"), {"post": "yes"})
        page = client.get(form).text
        assert response.status_code == 403
        assert (
            "You cannot delete this record because other records link "
            "to it. Remove those links first."
        ) in page
        assert 'class="deletelink"' not in page
    deleted_response = client.post(
        change(unused).replace("/change/", "/delete/"), {"post": "yes"}
    )

    assert deleted_response.status_code == 302
    assert (
        "You cannot delete this record because other records link "
        "to it. Remove those links first."
    ) not in client.get(change(organ("other"))).text
    assert list(record.host_organs.all()) == [linked]
    assert list(Article.objects.get().countries.all()) == [draft]


def test_draft_linked_between_check_and_deletion_is_not_deleted(
    client, staff_user, monkeypatch
):
    row, record = organ("linked"), seminar()
    get_deleted_objects = RecordAdmin.get_deleted_objects

    def then_linked(self, objs, request):
        result = get_deleted_objects(self, objs, request)
        record.host_organs.add(row)
        return result

    monkeypatch.setattr(RecordAdmin, "get_deleted_objects", then_linked)
    response = client.post(change(row).replace("/change/", "/delete/"), {"post": "yes"})

    assert response.status_code == 403
    assert Organ.objects.filter(pk=row.pk).exists()


def test_place_time_zone_change_updates_entries(
    client, staff_user, django_capture_on_commit_callbacks
):
    hanoi = place("ha-noi", time_zone="Asia/Bangkok")
    published(edition(1, places=[hanoi]))

    with django_capture_on_commit_callbacks(execute=True):
        saved(client, change(hanoi), {"time_zone": "Asia/Ho_Chi_Minh"})

    assert Place.objects.get().updated_by == staff_user
    assert Entry.objects.get().zone == "Asia/Ho_Chi_Minh"


def test_change_admin_is_read_only(client, staff_user):
    published(article())

    listed = client.get("/admin/changes/change/")

    assert listed.status_code == 200
    assert client.get("/admin/changes/change/add/").status_code == 403
    assert client.post("/admin/changes/change/1/change/", {}).status_code == 403
    assert client.post("/admin/changes/change/1/delete/", {}).status_code == 403


def test_source_with_invalid_url_is_rejected(client, staff_user):
    record = article()
    values = rows(SOURCES, {"position": 0, "url": "ftp://agency.example/"})

    response = client.post(change(record), opened_form(client, change(record)) | values)

    assert response.status_code == 200
    assert not Source.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("url", "factory", "queries"),
    [
        (LIST, article, 5),
        ("/admin/conference/edition/", edition, 5),
        ("/admin/conference/document/", document, 5),
    ],
)
def test_changelist_query_count_is_constant(
    client, staff_user, url, factory, queries, count, django_assert_num_queries
):
    for _number in range(count):
        published(factory())
    ContentType.objects.clear_cache()

    with django_assert_num_queries(queries):
        client.get(url)


def test_record_with_the_title_and_days_of_another_warns(client, staff_user):
    day, other = (
        {"starts_on": date, "ends_on": date, "date_precision": "day"}
        for date in (dt.date(2024, 5, 6), dt.date(2024, 5, 7))
    )
    seminar("SEM-0007", title_en="Sample Seminar", **day)
    seminar("SEM-0008", title_en="Sample seminar", **other)
    seminar("SEM-0009", title_en="Another seminar", **day)
    url = "/admin/seminars/seminar/add/"
    values = {"title_en": "sample seminar", "scope": "prosecutors"}
    dates = {"starts_on": "2024-05-06", "ends_on": "2024-05-06"}
    form = opened_form(client, url) | values | dates | {"date_precision": "day"}

    response = client.post(url, form, follow=True)

    text = "Other records have the same title and days: SEM-0007."
    assert text in reviewing.messages_of(response)
    undated = opened_form(client, url) | values
    messages = reviewing.messages_of(client.post(url, undated, follow=True))
    assert not [message for message in messages if "same title" in message]
