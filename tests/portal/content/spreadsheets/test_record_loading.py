"""Loading record files: new rows are published, changed rows updated, all or none."""

import datetime as dt

import pytest

from portal.conference.models import Article, Document
from portal.conference.resources import ArticleResource, DocumentResource
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing import numbering
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Source
from portal.content.publishing.reviewed_versions import ReviewedVersionError
from portal.reference.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests import reviewing
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.load_helpers import (
    loaded,
    loader,
    refused,
    row,
    table_of,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
TABLES = (Article, Change, Country, Entry, NamedParty, Organ, Place, Source, Topic)


def test_new_rows_are_saved_and_published_by_the_loader():
    counts = loaded((CountryResource, [row(CountryResource)]))

    country = Country.objects.get()
    assert counts == [{"created": 1}]
    assert (country.status, country.published_at) == (Status.PUBLISHED, AT)
    assert (country.created_by, country.updated_by) == (loader(), loader())
    assert country.languages == ["zh-hans", "en"]
    assert Entry.objects.get().code == "VN"
    assert list(Change.objects.values_list("code", "action")) == [("VN", "published")]


def test_rows_may_point_to_rows_of_a_later_file_and_of_their_own():
    loaded(
        (CountryResource, [row(CountryResource)]),
        (
            OrganResource,
            [
                row(OrganResource, organ_key="vn-hanoi", parent="vn-spp"),
                row(OrganResource, place_key="ha-noi"),
            ],
        ),
        (PlaceResource, [row(PlaceResource)]),
    )

    assert Organ.objects.get(key="vn-hanoi").parent.key == "vn-spp"


def test_list_cells_keep_order():
    countries = [row(CountryResource, iso2=iso2) for iso2 in ("VN", "CN", "LA")]
    parties = "Ministry B|LA; Ministry A|CN"
    cells = {
        "party_countries": "LA; VN ;CN",
        "parties_named_parties": parties,
        "source_urls": "https://b.example/1;https://a.example/2",
    }

    loaded(
        (CountryResource, countries),
        (DocumentResource, [row(DocumentResource, **cells)]),
    )

    values = DocumentResource().get_values([Document.objects.get()])[0]
    assert values["party_countries"] == ["LA", "VN", "CN"]
    assert values["named_parties"] == ["Ministry B|LA", "Ministry A|CN"]
    assert values["sources"] == ["https://b.example/1", "https://a.example/2"]
    assert Source.objects.values_list("host", flat=True).first() == "b.example"


def test_same_party_in_two_rows_is_created_once():
    documents = [
        row(DocumentResource, code=code, parties_named_parties="Ministry|VN")
        for code in ("DOC-0001", "DOC-0002")
    ]

    loaded((CountryResource, [row(CountryResource)]), (DocumentResource, documents))

    assert NamedParty.objects.get().documents.count() == 2


def test_second_load_changes_nothing():
    files = (
        (CountryResource, [row(CountryResource)]),
        (PlaceResource, [row(PlaceResource)]),
        (ArticleResource, [row(ArticleResource, countries="VN", occurred_on="")]),
    )
    loaded(*files)
    before = list(Article.objects.values()), list(Change.objects.values())

    counts = loaded(*files, at=LATER)

    assert counts == [{"unchanged": 1}] * 3
    assert (list(Article.objects.values()), list(Change.objects.values())) == before


def test_changed_cell_updates_row_and_writes_change():
    loaded((ArticleResource, [row(ArticleResource)]))

    counts = loaded((ArticleResource, [row(ArticleResource, title_en="New")]), at=LATER)

    article = Article.objects.get()
    assert counts == [{"updated": 1}]
    assert (article.title_en, article.revision, article.changed_at) == ("New", 2, LATER)
    assert Entry.objects.get().texts.get().title == "New"
    assert list(Change.objects.values_list("position", "action", "changed_at")) == [
        (1, "published", AT),
        (2, "updated", LATER),
    ]


def test_changed_relation_updates_the_row():
    countries = [row(CountryResource, iso2=iso2) for iso2 in ("VN", "LA")]
    loaded(
        (CountryResource, countries),
        (ArticleResource, [row(ArticleResource, countries="VN;LA")]),
    )

    counts = loaded((ArticleResource, [row(ArticleResource, countries="LA;VN")]))

    assert counts == [{"updated": 1}]
    assert Entry.objects.get(kind="article").countries == ["LA", "VN"]


def test_manually_withdrawn_row_is_updated_and_not_republished():
    loaded((ArticleResource, [row(ArticleResource)]))
    reviewing.withdraw(Article.objects.get(), by=staff(), at=LATER)

    counts = loaded((ArticleResource, [row(ArticleResource, title_en="New")]))

    article = Article.objects.get()
    assert counts == [{"updated": 1}]
    assert (article.status, article.title_en) == (Status.WITHDRAWN, "New")
    assert not Entry.objects.exists()
    assert Change.objects.last().action == "withdrawn"


def test_invalid_row_rolls_back_all_files():
    loaded((TopicResource, [row(TopicResource)]))
    before = [table.objects.count() for table in TABLES]

    errors = refused(
        (CountryResource, [row(CountryResource)]),
        (TopicResource, [row(TopicResource, name_en="Changed")]),
        (
            ArticleResource,
            [row(ArticleResource), row(ArticleResource, slug="b", countries="XX")],
        ),
    )

    assert len(errors) == 1
    assert [table.objects.count() for table in TABLES] == before
    assert Topic.objects.get().name_en == "Training"


def test_database_error_rolls_back_all_files():
    before = [table.objects.count() for table in TABLES]

    refused(
        (CountryResource, [row(CountryResource)]),
        (TopicResource, [row(TopicResource)]),
        (OrganResource, [row(OrganResource, parent="vn-spp")]),
    )

    assert [table.objects.count() for table in TABLES] == before


def test_loaded_code_is_not_reassigned():
    loaded((DocumentResource, [row(DocumentResource, code="DOC-5041")]))

    assert numbering.next_code("DOC") == "DOC-5042"


def test_progress_advances_once_per_row_for_check_and_write():
    from portal.content.spreadsheets.record_loading import load_record_files

    steps = []
    topics = [row(TopicResource), row(TopicResource, key="visits")]
    files = [
        (CountryResource(), table_of(CountryResource, [row(CountryResource)])),
        (TopicResource(), table_of(TopicResource, topics)),
    ]

    load_record_files(files, by=loader(), at=AT, on_progress=steps.append)

    assert sum(steps) == 6


def test_only_system_actor_can_load_new_records():
    with pytest.raises(ReviewedVersionError):
        loaded((ArticleResource, [row(ArticleResource)]), by=staff())

    assert not Article.objects.exists()
