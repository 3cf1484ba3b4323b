"""Records in the admin: saved in one language, moved by actions, never deleted."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from django.urls import reverse

from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.conference.models import Article, Document
from portal.directory.models import Organ, Place
from portal.publishing.admin import RecordAdmin
from portal.publishing.choices import Status
from portal.publishing.models import Source
from tests import reviewing
from tests.adminforms import errors, filled, rows
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, place
from tests.factories.publishing import in_review, published, staff, withdrawn
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
ADD = "/admin/conference/article/add/"
LIST = "/admin/conference/article/"
SOURCES = "publishing-source-content_type-object_id"


@pytest.fixture
def clerk(client):
    user = staff(is_superuser=True)
    client.force_login(user)
    return user


def change(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def saved(client, address: str, values: dict):
    """Fill in the form at ``address`` as it is, with ``values``, and save it."""
    answer = client.post(address, filled(client.get(address)) | values)
    assert answer.status_code == 302, errors(answer)
    return answer


def said(client, action: str, *records) -> list[str]:
    """Say an action of a list to ``records``, with a reason for those that ask for one;
    the messages that answer."""
    reason = "A sample reason."
    page = reviewing.open_confirmation(client, action, *records)
    messages = reviewing.messages_of(page)
    if reviewing.shown_versions(page):
        sent = reviewing.shown_form(page, action, reason=reason)
        messages += reviewing.messages_of(client.post(LIST, sent, follow=True))
    return messages


@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_record_is_entered_in_one_language_only(client, clerk, language):
    saved(client, ADD, {"slug": "opening", f"title_{language}": "开幕"})

    record = Article.objects.get()
    assert record.status == Status.DRAFT
    assert record.languages == [language.replace("_", "-")]
    assert (record.created_by, record.updated_by) == (clerk, clerk)
    assert not Entry.objects.exists()


def test_record_without_chinese_and_english_is_refused_in_words(client, clerk):
    values = {"slug": "opening", "title_th": "เปิด"}

    answer = client.post(ADD, filled(client.get(ADD)) | values)

    assert answer.status_code == 200
    assert "Write it in simplified Chinese or in English" in answer.content.decode()
    assert not Article.objects.exists()


def test_code_is_given_out_when_it_is_left_empty(client, clerk):
    document("DOC-0003")
    address = "/admin/conference/document/add/"
    values = {"document_kind": "mou", "title_en": "Memorandum"}
    saved(client, address, values | {"code": "DOC-0007"})

    saved(client, address, values)

    assert set(Document.objects.values_list("code", flat=True)) == {
        "DOC-0003",
        "DOC-0007",
        "DOC-0008",
    }


def test_saving_a_published_record_tells_the_public(client, clerk):
    record = published(article("opening", title_en="Opening"))

    saved(
        client,
        change(record),
        {"title_en": "Opening day"}
        | rows(SOURCES, {"position": 0, "url": "https://Agency.example/x"}),
    )

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, clerk)
    assert Entry.objects.get().texts.get().title == "Opening day"
    assert list(Change.objects.values_list("action", flat=True)) == [
        "published",
        "updated",
    ]
    assert Source.objects.get().host == "agency.example"


def test_saving_a_published_record_is_all_or_nothing(client, clerk):
    record = published(article("opening", title_en="Opening"))
    form = filled(client.get(change(record))) | {"title_en": "Opening day"}
    client.raise_request_exception = False

    def fail(execute, sql, params, many, context):
        if "changes_change" in sql and sql.startswith("INSERT"):
            message = "disk full"
            raise DatabaseError(message)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        answer = client.post(change(record), form)

    record.refresh_from_db()
    assert answer.status_code == 500
    assert (record.title_en, record.revision) == ("Opening", 1)
    assert Entry.objects.get().texts.get().title == "Opening"


def test_saving_a_draft_tells_nobody(client, clerk):
    record = article()

    saved(client, change(record), {"title_en": "Changed"})

    assert not Change.objects.exists()


def test_actions_lead_a_record_to_the_public_and_back(client, clerk):
    record = article("opening")
    states = []

    for action in ("submit", "approve", "withdraw", "return_to_draft"):
        messages = said(client, action, record)
        record.refresh_from_db()
        states.append((messages, record.status))

    assert states == [
        (["1 record done."], Status.IN_REVIEW),
        (["1 record done."], Status.PUBLISHED),
        (["1 record done."], Status.WITHDRAWN),
        (["1 record done."], Status.DRAFT),
    ]


def test_action_does_what_it_can_and_tells_what_it_could_not(client, clerk):
    waiting, public, other = in_review(article()), published(article("a")), article("b")

    messages = said(client, "approve", waiting, public, other)

    assert sorted(messages) == [
        "1 record done.",
        "“a” is published; this cannot be done to it now.",
        "“b” is draft; this cannot be done to it now.",
    ]
    assert Article.objects.get(pk=waiting.pk).status == Status.PUBLISHED


def test_code_and_state_cannot_be_typed_over(client, clerk):
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
def test_what_was_public_once_cannot_be_deleted(client, clerk, factory, status):
    record = factory()
    address = change(record).replace("/change/", "/delete/")

    assert client.get(address).status_code == status
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_draft_that_a_published_record_links_is_not_deleted(client, clerk):
    linked, free = organ("linked"), organ("free")
    record = published(seminar(host_organs=[linked], participating_countries=[]))
    draft = country("LA")
    published(article(countries=[draft]))

    for row in (linked, draft):
        form = change(row)
        answer = client.post(form.replace("/change/", "/delete/"), {"post": "yes"})
        page = client.get(form).text
        assert answer.status_code == 403
        assert "cannot be deleted, because other records link to it" in page
        assert 'class="deletelink"' not in page
    gone = client.post(change(free).replace("/change/", "/delete/"), {"post": "yes"})

    assert gone.status_code == 302
    assert "cannot be deleted" not in client.get(change(organ("other"))).text
    assert list(record.host_organs.all()) == [linked]
    assert list(Article.objects.get().countries.all()) == [draft]


def test_draft_linked_between_check_and_deletion_is_not_deleted(
    client, clerk, monkeypatch
):
    row, record = organ("linked"), seminar()
    get_deleted_objects = RecordAdmin.get_deleted_objects

    def then_linked(self, objs, request):
        found = get_deleted_objects(self, objs, request)
        record.host_organs.add(row)
        return found

    monkeypatch.setattr(RecordAdmin, "get_deleted_objects", then_linked)
    answer = client.post(change(row).replace("/change/", "/delete/"), {"post": "yes"})

    assert answer.status_code == 403
    assert Organ.objects.filter(pk=row.pk).exists()


def test_zone_of_a_place_reaches_the_entries_of_its_records(
    client, clerk, django_capture_on_commit_callbacks
):
    hanoi = place("ha-noi", time_zone="Asia/Bangkok")
    published(edition(1, places=[hanoi]))

    with django_capture_on_commit_callbacks(execute=True):
        saved(client, change(hanoi), {"time_zone": "Asia/Ho_Chi_Minh"})

    assert Place.objects.get().updated_by == clerk
    assert Entry.objects.get().zone == "Asia/Ho_Chi_Minh"


def test_changes_can_be_read_but_never_edited(client, clerk):
    published(article())

    listed = client.get("/admin/changes/change/")

    assert listed.status_code == 200
    assert client.get("/admin/changes/change/add/").status_code == 403
    assert client.post("/admin/changes/change/1/change/", {}).status_code == 403
    assert client.post("/admin/changes/change/1/delete/", {}).status_code == 403


def test_source_of_the_wrong_kind_is_refused(client, clerk):
    record = article()
    values = rows(SOURCES, {"position": 0, "url": "ftp://agency.example/"})

    answer = client.post(change(record), filled(client.get(change(record))) | values)

    assert answer.status_code == 200
    assert not Source.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "factory", "queries"),
    [
        (LIST, article, 5),
        ("/admin/conference/edition/", edition, 5),
        ("/admin/conference/document/", document, 5),
    ],
)
def test_list_takes_its_queries(
    client, clerk, address, factory, queries, count, django_assert_num_queries
):
    for _number in range(count):
        published(factory())
    ContentType.objects.clear_cache()

    with django_assert_num_queries(queries):
        client.get(address)
