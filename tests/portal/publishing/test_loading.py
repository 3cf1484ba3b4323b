"""A load is a whole: new rows are published, changed ones told, or nothing is saved."""

import datetime as dt

import pytest

from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.conference.models import Article, Document
from portal.conference.resources import ArticleResource, DocumentResource
from portal.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from portal.publishing import numbering
from portal.publishing.choices import Status
from portal.publishing.models import Source
from tests import reviewing
from tests.factories.publishing import AT, republished, staff
from tests.portal.publishing.spreadsheets import loaded, loader, refused, row

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


def test_lists_keep_the_order_of_their_cell():
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

    told = DocumentResource().tell([Document.objects.get()])[0]
    assert told["party_countries"] == ["LA", "VN", "CN"]
    assert told["named_parties"] == ["Ministry B|LA", "Ministry A|CN"]
    assert told["sources"] == ["https://b.example/1", "https://a.example/2"]
    assert Source.objects.values_list("host", flat=True).first() == "b.example"


def test_party_of_two_rows_is_one_row():
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


def test_changed_cell_updates_the_row_and_tells_the_public():
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


def test_row_that_a_person_edited_is_kept():
    loaded((ArticleResource, [row(ArticleResource)]))
    article = Article.objects.get()
    article.title_en = "By a person"
    article.save()
    republished(article, by=staff(), at=LATER)

    counts = loaded((ArticleResource, [row(ArticleResource, title_en="By the file")]))

    assert counts == [{"kept": 1}]
    assert Article.objects.get().title_en == "By a person"
    assert Change.objects.count() == 2


def test_row_that_a_person_withdrew_is_not_published_again():
    loaded((ArticleResource, [row(ArticleResource)]))
    reviewing.withdraw(Article.objects.get(), by=staff(), at=LATER)

    counts = loaded((ArticleResource, [row(ArticleResource, title_en="New")]))

    assert counts == [{"kept": 1}]
    assert Article.objects.get().status == Status.WITHDRAWN
    assert not Entry.objects.exists()


def test_place_that_a_person_edited_is_kept():
    loaded(
        (CountryResource, [row(CountryResource)]), (PlaceResource, [row(PlaceResource)])
    )
    Place.objects.update(name_en="Hanoi", updated_by=staff())

    counts = loaded((PlaceResource, [row(PlaceResource)]))

    assert counts == [{"kept": 1}]
    assert Place.objects.get().name_en == "Hanoi"


def test_bad_row_saves_nothing_of_any_file():
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


def test_row_that_only_the_database_refuses_saves_nothing_of_any_file():
    before = [table.objects.count() for table in TABLES]

    refused(
        (CountryResource, [row(CountryResource)]),
        (TopicResource, [row(TopicResource)]),
        (OrganResource, [row(OrganResource, parent="vn-spp")]),
    )

    assert [table.objects.count() for table in TABLES] == before


def test_code_of_the_file_is_not_given_out_again():
    loaded((DocumentResource, [row(DocumentResource, code="DOC-0041")]))

    assert numbering.next_code("DOC") == "DOC-0042"


def test_every_row_is_told_once_when_checked_and_once_when_written():
    from portal.publishing.loading import load

    told = []
    files = [
        (CountryResource(), [row(CountryResource)]),
        (TopicResource(), [row(TopicResource), row(TopicResource, key="visits")]),
    ]

    load(files, by=loader(), at=AT, advance=told.append)

    assert sum(told) == 6
