"""Topics, places and parties: no deletion while in use; renaming refreshes records."""

import pytest
from django.urls import reverse

from portal.conference.models import Article
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.reference.directory.models import Country, NamedParty, Place, Topic
from tests.admin_forms import errors, filled
from tests.factories.conference import article, document, edition
from tests.factories.directory import any_country, country, organ, party, place, topic
from tests.factories.publishing import AT, actor, published, staff, withdrawn
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
MESSAGE = (
    "Enter a list of language codes, for example [&quot;ms&quot;, &quot;en&quot;]."
)
USED = [
    (topic, lambda row: article(topics=[row])),
    (place, lambda row: edition(places=[row])),
    (place, lambda row: organ(place=row)),
    (place, lambda row: document(place=row)),
    (party, lambda row: document(named_parties=[row])),
    (party, lambda row: withdrawn(edition(host_parties=[row]))),
]


@pytest.fixture
def staff_user(client):
    user = staff(is_superuser=True)
    client.force_login(user)
    return user


def address(row, page="change") -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}"
    return reverse(name, args=[] if page == "changelist" else [row.pk])


def saved(client, row, **values) -> None:
    response = client.post(address(row), filled(client.get(address(row))) | values)
    assert response.status_code == 302, errors(response)


@pytest.mark.parametrize(("factory", "use"), USED)
def test_referenced_row_cannot_be_deleted(client, staff_user, factory, use):
    row = factory()
    use(row)

    confirmation = client.get(address(row, "delete"))
    deletion = client.post(address(row, "delete"), {"post": "yes"})

    assert (confirmation.status_code, deletion.status_code) == (403, 403)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("factory", [topic, place, party])
def test_unreferenced_row_can_be_deleted(client, staff_user, factory):
    row = factory()

    response = client.post(address(row, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not type(row).objects.exists()


@pytest.mark.parametrize("factory", [topic, place, party])
def test_bulk_delete_action_is_disabled(client, staff_user, factory):
    row = factory()
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    client.post(address(row, "changelist"), data)

    page = client.get(address(row, "changelist")).content.decode()
    assert "delete_selected" not in page
    assert type(row).objects.get() == row


def test_party_that_no_published_record_uses_is_renamed_at_once(client, staff_user):
    row = party("Sample Ministry")
    withdrawn(edition(host_parties=[row]))

    saved(client, row, display_name_en="Other Ministry")

    assert NamedParty.objects.get().display_name_en == "Other Ministry"


def test_party_name_is_editable_on_creation(client, staff_user):
    add = "/admin/directory/namedparty/add/"
    values = {"name": "Sample Ministry", "country": any_country().pk}

    response = client.post(add, filled(client.get(add)) | values)

    assert response.status_code == 302, errors(response)
    assert NamedParty.objects.get().name == "Sample Ministry"


def test_topic_rename_refreshes_published_records(
    client, staff_user, django_capture_on_commit_callbacks
):
    training = topic("training", name_en="Training")
    public = published(article("public", topics=[training]), by=actor("record"))
    published(article("other"))
    draft = article("draft", topics=[training], updated_by=actor("record"))
    withdrawn_article = withdrawn(article("gone", topics=[training]))
    before = Change.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        saved(client, training, name_en="Learning")

    changes = Change.objects.order_by("position")[before:]
    assert [(change.code, change.action, change.revision) for change in changes] == [
        ("public", "updated", 2)
    ]
    assert Topic.objects.get().updated_by == staff_user
    public.refresh_from_db()
    assert (public.revision, public.updated_by) == (2, actor("record"))
    assert public.changed_at > AT
    assert Entry.objects.get(code="public").revision == 2
    for record, revision in ((draft, 0), (withdrawn_article, 1)):
        assert Article.objects.get(pk=record.pk).revision == revision
    assert set(Entry.objects.values_list("code", flat=True)) == {"public", "other"}


def test_place_time_zone_change_refreshes_entries_and_changes(
    client, staff_user, django_capture_on_commit_callbacks
):
    hanoi = place("ha-noi", time_zone="Asia/Bangkok")
    published(edition(1, places=[hanoi]))
    edition(2, places=[hanoi])

    with django_capture_on_commit_callbacks(execute=True):
        saved(client, hanoi, time_zone="Asia/Ho_Chi_Minh", name_en="Hanoi")

    entry = Entry.objects.get()
    assert (entry.code, entry.zone, entry.revision) == ("1", "Asia/Ho_Chi_Minh", 2)
    assert list(Change.objects.values_list("code", "action")) == [
        ("1", "published"),
        ("1", "updated"),
    ]


@pytest.mark.parametrize("factory", [topic, place])
def test_unchanged_save_triggers_no_refresh(
    client, staff_user, factory, django_capture_on_commit_callbacks
):
    row = factory(updated_by=actor("record"), updated_at=AT)
    relation = {Topic: "topics", Place: "places"}[type(row)]
    published(edition(1, **{relation: [row]}))

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        saved(client, row)

    row.refresh_from_db()
    assert callbacks == []
    assert (row.updated_by, row.updated_at) == (actor("record"), AT)
    assert Change.objects.get().action == "published"


def test_key_is_read_only(client, staff_user):
    row = topic("training")

    saved(client, row, key="other", name_en="Other")

    assert (Topic.objects.get().key, Topic.objects.get().name_en) == (
        "training",
        "Other",
    )


def test_invalid_country_languages_are_rejected(client, staff_user):
    vietnam = country("VN", national_languages=["vi"])
    form = filled(client.get(address(vietnam)))

    with collect_failures() as failures:
        for value in ("5", "[1]", '"vi"', "null", '{"vi": 1}', '["v i"]'):
            with failures.isolated_case(value):
                response = client.post(
                    address(vietnam), form | {"national_languages": value}
                )

                assert response.status_code == 200
                assert MESSAGE in response.content.decode()
                assert Country.objects.get().national_languages == ["vi"]


@pytest.mark.parametrize(
    ("value", "expected"), [('["ms", "en"]', ["ms", "en"]), ("[]", [])]
)
def test_country_languages_are_saved_and_shown(client, staff_user, value, expected):
    vietnam = published(country("VN", national_languages=["vi"]))

    saved(client, vietnam, national_languages=value)

    assert Country.objects.get().national_languages == expected
    assert client.get("/en/countries/vn/").status_code == 200


def test_cleared_country_languages_do_not_crash(client, staff_user):
    vietnam = country("VN", national_languages=["vi"])
    form = filled(client.get(address(vietnam))) | {"national_languages": ""}

    response = client.post(address(vietnam), form)

    assert response.status_code in (200, 302)
    assert Country.objects.get().national_languages in ([], ["vi"])
