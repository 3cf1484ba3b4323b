"""Structured data (JSON-LD) for each kind of record."""

import datetime as dt

import pytest

from portal.core.languages import LANGUAGES
from tests.factories.conference import article, document, edition, page
from tests.factories.delegations import visit
from tests.factories.directory import any_country, country, organ, place
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import AT, published, published_together
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.website.feeds.linked_data import record_node

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


def test_seminar_is_described_as_event(client):
    nanning = place("nanning", country=any_country("CN"))
    base = published(organ("base", name_en="Training Base"))
    record = published(
        seminar(
            "SEM-0001",
            title_en="Seminar </script> & more",
            state="held",
            places=[nanning],
            host_organs=[base],
            instruction_languages=["zh-Hans", "en"],
            **DAYS,
        )
    )

    assert record_node(client, record) == {
        "@type": "Event",
        "name": "Seminar </script> & more",
        "startDate": "2025-09-22",
        "endDate": "2025-09-24",
        "eventStatus": "https://schema.org/EventScheduled",
        "inLanguage": ["zh-Hans", "en"],
        "location": [{"@type": "Place", "name": "Nanning"}],
        "organizer": [
            {
                "@type": "GovernmentOrganization",
                "name": "Training Base",
                "url": f"{HOST}/en/organs/base/",
            }
        ],
    }


EVENT_STATES = {
    "planned": "https://schema.org/EventScheduled",
    "held": "https://schema.org/EventScheduled",
    "postponed": "https://schema.org/EventPostponed",
    "cancelled": "https://schema.org/EventCancelled",
    "": None,
}


def test_state_maps_to_schema_event_status(client):
    records = published_together(
        *(edition(state=state, **DAYS) for state in EVENT_STATES)
    )

    statuses = {
        record.state: record_node(client, record).get("eventStatus")
        for record in records
    }

    assert statuses == EVENT_STATES


DATES = {
    "day": ("2017-09-01", "2017-09-01"),
    "month": ("2017-09", None),
    "year": ("2017", None),
    "": (None, None),
}


def test_date_follows_precision(client):
    records = []
    for precision in DATES:
        month = 1 if precision == "year" else 9
        first = dt.date(2017, month, 1) if precision else None
        records.append(seminar(starts_on=first, date_precision=precision))
    published_together(*records)

    dates = {}
    for record in records:
        node = record_node(client, record)
        dates[record.date_precision] = node.get("startDate"), node.get("endDate")

    assert dates == DATES


def test_visit_to_border_meeting_has_super_event(client):
    held = published(meeting("MTG-0001", title_en="Border meeting"))
    record = published(visit("VIS-0001", meeting=held))

    assert record_node(client, record)["superEvent"] == {
        "@type": "Event",
        "name": "Border meeting",
        "url": f"{HOST}/en/exchanges/meetings/MTG-0001/",
    }


def test_meeting_references_mechanism_series(client):
    series = published(mechanism("border", name_en="Border talks"))
    record = published(meeting("MTG-0001", mechanism=series))

    assert record_node(client, record)["superEvent"] == {
        "@type": "EventSeries",
        "name": "Border talks",
        "url": f"{HOST}/en/exchanges/border/",
    }


def test_meeting_omits_unpublished_mechanism(client):
    record = published(meeting("MTG-0001", mechanism=mechanism("draft")))

    assert "superEvent" not in record_node(client, record)


def test_mechanism_is_described_as_event_series(client):
    record = published(mechanism("border", name_en="Border talks"))

    assert record_node(client, record) == {
        "@type": "EventSeries",
        "name": "Border talks",
        "inLanguage": "en",
    }


def test_organ_is_a_government_organization(client):
    above = published(organ("cn-spp", name_en="Supreme"))
    record = published(
        organ(
            "gx-pp",
            name_en="Guangxi",
            name_native="广西",
            website="https://example.org/",
            place=place("nanning", name_en="Nanning"),
            parent=above,
        )
    )

    assert record_node(client, record) == {
        "@type": "GovernmentOrganization",
        "name": "Guangxi",
        "alternateName": "广西",
        "sameAs": "https://example.org/",
        "location": {"@type": "Place", "name": "Nanning"},
        "parentOrganization": {
            "@type": "GovernmentOrganization",
            "name": "Supreme",
            "url": f"{HOST}/en/organs/cn-spp/",
        },
    }


DOCUMENT_TYPES = {
    "treaty": ("Legislation", "legislationDate"),
    "agreement": ("Legislation", "legislationDate"),
    "mou": ("CreativeWork", "dateCreated"),
    "joint_statement": ("CreativeWork", "dateCreated"),
}


def test_document_schema_type_follows_kind(client):
    meeting_of_2025 = published(edition(15))
    values = {
        "title_en": "Joint Statement",
        "title_zh_hans": "联合声明",
        "signed_on": dt.date(2025, 9, 23),
        "date_precision": "day",
        "edition": meeting_of_2025,
    }
    records = published_together(
        *(document(document_kind=kind, **values) for kind in DOCUMENT_TYPES)
    )

    with collect_failures() as failures:
        for record in records:
            type_, day = DOCUMENT_TYPES[record.document_kind]
            languages = ["zh-Hans", "en"]
            if record.document_kind == "joint_statement":
                # Its title is formed from the edition, or in zh-hant converted.
                tags = [language.tag for language in LANGUAGES]
                languages = [tag for tag in tags if tag != "zh-Hant"]
            with failures.case(record.document_kind):
                assert record_node(client, record) == {
                    "@type": type_,
                    "name": "Joint Statement",
                    day: "2025-09-23",
                    "inLanguage": languages,
                    "recordedAt": {
                        "@type": "Event",
                        "name": "15th China-ASEAN Prosecutors-General Conference",
                        "url": f"{HOST}/en/conference/15/",
                    },
                }


def test_article_is_described_as_news_article(client):
    record = published(
        article(
            "opening",
            title_en="Opening",
            reported_on=dt.date(2019, 3, 15),
            date_precision="day",
        )
    )

    assert record_node(client, record) == {
        "@type": "NewsArticle",
        "headline": "Opening",
        "datePublished": "2019-03-15",
        "dateModified": AT.astimezone(dt.timezone(dt.timedelta(hours=8))).isoformat(),
        "inLanguage": "en",
    }


def test_text_in_other_language_is_tagged(client):
    record = published(article("opening", title_en="Opening", title_zh_hans="开幕"))

    assert record_node(client, record, "th")["inLanguage"] == "en"
    assert record_node(client, record, "zh-hant")["inLanguage"] == "zh-Hant"
    assert record_node(client, record, "zh-hant")["headline"] == "開幕"


def test_country_and_static_page_are_described(client):
    laos, office = (
        published(country("LA")),
        published(page("office", title_en="Office")),
    )

    assert record_node(client, laos) == {"@type": "Country", "name": "Lao PDR"}
    node = record_node(client, office)
    assert (node["@type"], node["name"]) == ("WebPage", "Office")
