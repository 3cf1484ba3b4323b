"""Values that a save in the admin must not change: status, order, revision."""

import pytest
from django.urls import reverse

from portal.conference.models import Article
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.editing.admin import RecordAdmin
from portal.content.publishing.choices import Status
from portal.content.publishing.links import get_linked_pks
from tests import reviewing
from tests.admin_forms import errors, rows
from tests.factories.conference import article, document, edition
from tests.factories.directory import organ, party, topic
from tests.factories.publishing import AT, actor, published, source, staff
from tests.page_html import text_of
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
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


def assert_withdrawn(client) -> None:
    stored = Article.objects.get()
    assert (stored.status, stored.withdrawn_at) == (Status.WITHDRAWN, AT)
    assert client.get("/en/news/opening/").status_code == 410
    assert not Entry.objects.exists()
    last = Change.objects.order_by("position").last()
    assert last.action == "withdrawn"


def test_stale_form_does_not_republish_withdrawn_record(client, staff_user):
    record = published(article("opening", title_en="Opening"))
    form = opened_form(client, change(record)) | {"title_en": "Opening day"}
    reviewing.withdraw(record, by=actor(), at=AT)

    client.post(change(record), form)

    assert_withdrawn(client)


@pytest.mark.parametrize(
    "values",
    [
        {"title_en": "Opening day"},
        rows(SOURCES, {"position": 0, "url": "https://a.example/"}),
        {},
    ],
)
def test_concurrent_withdrawal_during_save_is_kept(
    client, staff_user, monkeypatch, values
):
    """A colleague withdraws the record after the row is read, before it is written."""
    record = published(article("opening", title_en="Opening"))
    form = opened_form(client, change(record)) | values
    save_form = RecordAdmin.save_form

    def withdraw_and_save(self, request, *args, **kwargs):
        reviewing.withdraw(Article.objects.get(), by=actor(), at=AT)
        return save_form(self, request, *args, **kwargs)

    monkeypatch.setattr(RecordAdmin, "save_form", withdraw_and_save)

    response = client.post(change(record), form)

    assert response.status_code == 302, errors(response)
    assert_withdrawn(client)


def test_concurrent_publication_during_save_is_kept(client, staff_user, monkeypatch):
    record = article("opening", title_en="Opening")
    form = opened_form(client, change(record)) | {"title_en": "Opening day"}
    save_form = RecordAdmin.save_form

    def publish_and_save(self, request, *args, **kwargs):
        published(Article.objects.get())
        return save_form(self, request, *args, **kwargs)

    monkeypatch.setattr(RecordAdmin, "save_form", publish_and_save)

    client.post(change(record), form)

    stored = Article.objects.get()
    assert (stored.status, stored.revision) == (Status.PUBLISHED, 2)
    assert Entry.objects.get().texts.get().title == "Opening day"


def test_many_to_many_keeps_selection_order(client, staff_user):
    first, second, third = (topic(key) for key in ("a", "b", "c"))
    record = article()
    chosen = [third.pk, first.pk, second.pk]

    saved(client, change(record), {"topics": chosen})

    assert get_linked_pks(record, "topics") == chosen


def test_many_to_many_of_new_record_keeps_selection_order(client, staff_user):
    first, second, third = (organ(key) for key in ("a", "b", "c"))
    chosen = [second.pk, third.pk, first.pk]

    saved(
        client,
        "/admin/conference/article/add/",
        {"slug": "opening", "title_en": "Opening", "organs": chosen},
    )

    assert get_linked_pks(Article.objects.get(), "organs") == chosen


def test_many_to_many_keeps_order_and_appends_new_rows(client, staff_user):
    rows_of = [topic(key) for key in "abcde"]
    first, second, third, fourth, fifth = (row.pk for row in rows_of)
    record = article(topics=[rows_of[2], rows_of[0], rows_of[1]])

    saved(client, change(record), {"topics": [fifth, first, fourth, third]})

    assert get_linked_pks(record, "topics") == [third, first, fifth, fourth]
    assert second not in get_linked_pks(record, "topics")


def test_unrelated_save_keeps_many_to_many_order(client, staff_user):
    topics = [topic(key) for key in "abc"]
    record = article(topics=[topics[2], topics[0], topics[1]])
    before = get_linked_pks(record, "topics")

    saved(client, change(record), {"title_en": "Changed"})

    assert get_linked_pks(record, "topics") == before


def test_page_shows_relations_in_form_order(client, staff_user):
    record = published(edition(1))
    names = ["Zebra Ministry", "Apple Ministry", "Middle Ministry"]
    parties = {name: party(name) for name in sorted(names)}

    saved(
        client, change(record), {"host_parties": [parties[name].pk for name in names]}
    )

    page = text_of(client, "/en/conference/1/")
    assert sorted(names, key=page.index) == names
    api = client.get("/api/v1/editions/1/").json()
    assert [host["name"] for host in api["host_parties"]] == names


@pytest.mark.parametrize("factory", [article, document, edition])
def test_unchanged_save_of_published_record_writes_no_change(
    client, staff_user, factory
):
    record = published(
        factory(topics=[topic("b"), topic("a")], remark_en="A doubt."),
        by=actor("record"),
    )
    source(record)
    before = type(record).objects.values().get()
    entries = list(Entry.objects.values())

    saved(client, change(record), {})

    assert type(record).objects.values().get() == before
    assert record.updated_by == actor("record")
    assert list(Entry.objects.values()) == entries
    assert list(Change.objects.values_list("action", flat=True)) == ["published"]


def test_unchanged_save_of_draft_keeps_updated_by(client, staff_user):
    record = article(updated_by=actor("record"), updated_at=AT)

    saved(client, change(record), {})

    record.refresh_from_db()
    assert (record.updated_by, record.updated_at) == (actor("record"), AT)


def test_source_change_alone_writes_change(client, staff_user):
    record = published(article("opening"))
    values = rows(SOURCES, {"position": 0, "url": "https://agency.example/x"})

    saved(client, change(record), values)

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, staff_user)


def test_relation_change_alone_writes_change(client, staff_user):
    record = published(article("opening"))

    saved(client, change(record), {"topics": [topic("training").pk]})

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, staff_user)
    assert Entry.objects.get().topics == ["training"]


def test_zawgyi_text_is_saved_with_a_warning_that_has_it_in_unicode(client, staff_user):
    record = document("JS-2019")
    url = change(record)
    paragraph = {"number": 1, "text_en": "Yangon", "text_my": "ရန္ကုန္"}
    values = {"title_my": "ျမန္မာ"} | rows("paragraphs", paragraph)

    page = client.post(url, opened_form(client, url) | values, follow=True).text

    record.refresh_from_db()
    assert record.title_my == "ျမန္မာ"
    assert (
        page.count(
            "This Burmese text seems to use the Zawgyi encoding, which "
            "most readers cannot display. The same text in Unicode:"
        )
        == 2
    )
    assert "The same text in Unicode: မြန်မာ" in page
    assert "The same text in Unicode: ရန်ကုန်" in page


def test_usual_burmese_text_is_saved_without_a_warning(client, staff_user):
    record = article("opening", title_en="Opening")

    page = client.post(
        change(record),
        opened_form(client, change(record)) | {"title_my": "မြန်မာ"},
        follow=True,
    ).text

    assert Article.objects.get().title_my == "မြန်မာ"
    assert "Zawgyi" not in page
