"""What a save in the admin leaves alone: a colleague's deed, an order, a revision."""

import pytest
from django.urls import reverse

from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.conference.models import Article
from portal.publishing.admin import RecordAdmin
from portal.publishing.choices import Status
from portal.publishing.links import linked_pks
from tests import reviewing
from tests.adminforms import errors, filled, rows
from tests.factories.conference import article, document, edition
from tests.factories.directory import organ, party, topic
from tests.factories.publishing import AT, actor, published, source, staff
from tests.pages import text_of

pytestmark = pytest.mark.django_db
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


def assert_withdrawn(client) -> None:
    stored = Article.objects.get()
    assert (stored.status, stored.withdrawn_at) == (Status.WITHDRAWN, AT)
    assert client.get("/en/news/opening/").status_code == 410
    assert not Entry.objects.exists()
    last = Change.objects.order_by("position").last()
    assert last.action == "withdrawn"


def test_form_opened_before_the_withdrawal_does_not_bring_the_record_back(
    client, clerk
):
    record = published(article("opening", title_en="Opening"))
    form = filled(client.get(change(record))) | {"title_en": "Opening day"}
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
def test_record_withdrawn_while_its_form_is_saved_stays_withdrawn(
    client, clerk, monkeypatch, values
):
    """A colleague withdraws it between the reading of the row and its writing."""
    record = published(article("opening", title_en="Opening"))
    form = filled(client.get(change(record))) | values
    save_form = RecordAdmin.save_form

    def withdraw_and_save(self, request, *args, **kwargs):
        reviewing.withdraw(Article.objects.get(), by=actor(), at=AT)
        return save_form(self, request, *args, **kwargs)

    monkeypatch.setattr(RecordAdmin, "save_form", withdraw_and_save)

    answer = client.post(change(record), form)

    assert answer.status_code == 302, errors(answer)
    assert_withdrawn(client)


def test_record_published_while_its_form_is_saved_stays_published(
    client, clerk, monkeypatch
):
    record = article("opening", title_en="Opening")
    form = filled(client.get(change(record))) | {"title_en": "Opening day"}
    save_form = RecordAdmin.save_form

    def publish_and_save(self, request, *args, **kwargs):
        published(Article.objects.get())
        return save_form(self, request, *args, **kwargs)

    monkeypatch.setattr(RecordAdmin, "save_form", publish_and_save)

    client.post(change(record), form)

    stored = Article.objects.get()
    assert (stored.status, stored.revision) == (Status.PUBLISHED, 2)
    assert Entry.objects.get().texts.get().title == "Opening day"


def test_new_rows_of_a_relation_keep_the_order_in_which_they_were_chosen(client, clerk):
    first, second, third = (topic(key) for key in ("a", "b", "c"))
    record = article()
    chosen = [third.pk, first.pk, second.pk]

    saved(client, change(record), {"topics": chosen})

    assert linked_pks(record, "topics") == chosen


def test_relation_of_a_new_record_keeps_the_order_too(client, clerk):
    first, second, third = (organ(key) for key in ("a", "b", "c"))
    chosen = [second.pk, third.pk, first.pk]

    saved(
        client,
        "/admin/conference/article/add/",
        {"slug": "opening", "title_en": "Opening", "organs": chosen},
    )

    assert linked_pks(Article.objects.get(), "organs") == chosen


def test_rows_of_a_relation_stay_in_their_order_and_new_ones_follow(client, clerk):
    rows_of = [topic(key) for key in "abcde"]
    first, second, third, fourth, fifth = (row.pk for row in rows_of)
    record = article(topics=[rows_of[2], rows_of[0], rows_of[1]])

    saved(client, change(record), {"topics": [fifth, first, fourth, third]})

    assert linked_pks(record, "topics") == [third, first, fifth, fourth]
    assert second not in linked_pks(record, "topics")


def test_order_is_kept_when_something_else_is_saved(client, clerk):
    topics = [topic(key) for key in "abc"]
    record = article(topics=[topics[2], topics[0], topics[1]])
    before = linked_pks(record, "topics")

    saved(client, change(record), {"title_en": "Changed"})

    assert linked_pks(record, "topics") == before


def test_page_shows_relations_in_the_order_of_the_form(client, clerk):
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
def test_published_record_saved_untouched_is_told_to_nobody(client, clerk, factory):
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


def test_draft_saved_untouched_keeps_its_signature(client, clerk):
    record = article(updated_by=actor("record"), updated_at=AT)

    saved(client, change(record), {})

    record.refresh_from_db()
    assert (record.updated_by, record.updated_at) == (actor("record"), AT)


def test_source_alone_is_a_change_that_is_told(client, clerk):
    record = published(article("opening"))
    values = rows(SOURCES, {"position": 0, "url": "https://agency.example/x"})

    saved(client, change(record), values)

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, clerk)


def test_relation_alone_is_a_change_that_is_told(client, clerk):
    record = published(article("opening"))

    saved(client, change(record), {"topics": [topic("training").pk]})

    record.refresh_from_db()
    assert (record.revision, record.updated_by) == (2, clerk)
    assert Entry.objects.get().topics == ["training"]
