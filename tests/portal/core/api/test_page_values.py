"""Values that both the page of a record and the API show.

These are corrections, materials, review dates, responsible organs and the words of the
sources.
"""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.content.catalogue.registry import Kind, all_kinds
from portal.content.publishing.models import Publishable
from portal.core.languages import LANGUAGES
from tests.factories import files
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import any_country, organ
from tests.factories.exchanges import agreed_action, meeting
from tests.factories.publishing import published, published_together, republished
from tests.factories.seminars import material, seminar
from tests.failures import collect_failures
from tests.project.kind_factories import days_of
from tests.project.related_records import fresh
from tests.project.url_table import opened

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2024, 6, 1, 8, 0, tzinfo=dt.UTC)
SECOND = dt.datetime(2024, 7, 1, 8, 0, tzinfo=dt.UTC)


def corrected(record: Publishable, at: dt.datetime, **texts: str) -> None:
    """Publish a correction of ``record`` with the note ``texts``."""
    notes = {code.replace("_", "-"): text for code, text in texts.items()}
    record.corrections = [{"at": at.isoformat(), "texts": notes}, *record.corrections]
    record.save()
    republished(record, at=at)


def test_corrections_of_every_kind_are_in_list_and_detail(client):
    records = [fresh(kind.model, **days_of(kind)) for kind in all_kinds()]
    published_together(*records)
    with collect_failures() as failures:
        for kind, record in zip(all_kinds(), records, strict=True):
            with failures.case(kind.code):
                _check_correction(client, kind, record)


def _check_correction(client, kind: Kind, record: Publishable) -> None:
    corrected(record, FIRST, en="The date was wrong.")
    folder = reverse(f"api-{kind.code}-list")

    detail = client.get(f"{folder}{record.public_code}/").json()
    (listed,) = (
        item
        for item in client.get(folder, {"page_size": "200"}).json()["results"]
        if item["corrections"]
    )

    assert detail["corrections"] == listed["corrections"]
    (note,) = detail["corrections"]
    assert (note["text"], note["language"]) == ("The date was wrong.", "en")
    assert dt.datetime.fromisoformat(note["at"]) == FIRST


def test_corrections_follow_the_fallback_rule_and_the_page(client):
    record = published(article("opening"))
    corrected(record, FIRST, zh_hans="日期有误。")
    corrected(record, SECOND, en="The place was wrong.", vi="Sai địa điểm.")

    for language in LANGUAGES:
        notes = client.get(f"/api/v1/articles/opening/?lang={language.code}").json()
        page = client.get(f"/{language.code}/news/opening/").content.decode()

        for note in notes["corrections"]:
            assert note["text"] in page, language.code
        expected = {
            "vi": [("Sai địa điểm.", "vi"), ("日期有误。", "zh-Hans")],
            "zh-hant": [("The place was wrong.", "en"), ("日期有誤。", "zh-Hant")],
        }.get(
            language.code, [("The place was wrong.", "en"), ("日期有误。", "zh-Hans")]
        )
        notes_shown = [
            (note["text"], note["language"]) for note in notes["corrections"]
        ]
        assert notes_shown == expected, language.code


def test_note_without_a_readable_language_is_left_out(client):
    record = published(article("opening"))
    corrected(record, FIRST, vi="Chỉ tiếng Việt.")

    responses = {
        code: client.get(f"/api/v1/articles/opening/?lang={code}").json()["corrections"]
        for code in ("en", "vi")
    }

    assert responses["en"] == []
    assert [note["language"] for note in responses["vi"]] == ["vi"]


def test_record_without_corrections_has_an_empty_list(client):
    published(article("opening"))

    assert client.get("/api/v1/articles/opening/").json()["corrections"] == []


def test_only_public_materials_of_a_seminar_are_shown(client):
    record = seminar("SEM-0001")
    slides = files.stored_file(content=files.pdf_of("slides"))
    material(record, title_en="SECRET", file=files.stored_file(), is_public=False)
    material(record, title_en="Slides", file=slides, is_public=True, language="vi")
    published(record)

    detail = client.get("/api/v1/seminars/SEM-0001/")
    listed = client.get("/api/v1/seminars/").json()["results"][0]

    assert detail.json()["materials"] == listed["materials"]
    assert detail.json()["materials"] == [
        {
            "url": slides.get_absolute_url(),
            "name": slides.name,
            "title": "Slides",
            "language": "vi",
            "media_type": slides.media_type,
            "size": slides.size,
            "fallback": {},
        }
    ]
    assert b"SECRET" not in detail.content
    assert opened(client, slides.get_absolute_url()).status_code == 200


def test_title_of_a_material_follows_the_fallback_rule(client):
    record = seminar("SEM-0001")
    material(record, title_en="", title_zh_hans="课件", is_public=True)
    published(record)

    (item,) = client.get("/api/v1/seminars/SEM-0001/?lang=th").json()["materials"]

    assert (item["title"], item["fallback"]) == ("课件", {"title": "zh-Hans"})


def test_materials_cost_the_same_number_of_queries_for_any_number(client):
    numbers = []
    for count in (1, 3, 20):
        records = [seminar() for _number in range(count)]
        for record in records:
            for _two in range(2):
                material(record, is_public=True)
        published_together(*records)
        with CaptureQueriesContext(connection) as queries:
            body = client.get("/api/v1/seminars/", {"page_size": "100"}).json()
        assert all(len(item["materials"]) == 2 for item in body["results"])
        numbers.append(len(queries))

    assert len(set(numbers)) == 1


def test_words_of_the_sources_are_shown_as_on_the_page(client):
    published(
        seminar(
            "SEM-0001",
            city_as_recorded="Nan Ning",
            venue_as_recorded="the College",
            organiser_as_recorded="an office",
            co_organiser_as_recorded="another office",
        )
    )
    published(
        visit(
            "VST-0001",
            from_as_recorded="a delegation",
            to_as_recorded="a host",
            place_as_recorded="Nan Ning",
        )
    )
    published(
        meeting(
            "MTG-0001",
            mechanism_as_recorded="a mechanism",
            place_as_recorded="Mong Cai",
            organs_cn_as_recorded="one side",
            organs_other_as_recorded="other side",
        )
    )

    for path in ("seminars/SEM-0001", "visits/VST-0001", "meetings/MTG-0001"):
        body = client.get(f"/api/v1/{path}/").json()
        texts = {name: body[name] for name in body if name.endswith("_as_recorded")}
        page = client.get(body["url"]).content.decode()
        assert len(texts) >= 3, path
        for name, text in texts.items():
            assert text, (path, name)
            assert text in page, (path, name)


def test_country_shows_when_it_was_reviewed(client):
    record = any_country("VN")
    record.reviewed_on = dt.date(2024, 5, 1)
    record.save()
    published(record)

    assert client.get("/api/v1/countries/VN/").json()["reviewed_on"] == "2024-05-01"


def test_responsible_organ_of_an_action_is_shown_while_it_is_public(client):
    vietnam = published(any_country("VN"))
    public, draft = organ("public-organ", country=vietnam), organ("draft-organ")
    published(public)
    record = meeting("MTG-0001")
    for position, responsible in enumerate((public, draft, None)):
        agreed_action(record, responsible_organ=responsible, position=position)
    published(record)

    detail = client.get("/api/v1/meetings/MTG-0001/")

    organs = [action["responsible_organ"] for action in detail.json()["agreed_actions"]]
    assert organs == ["public-organ", None, None]
    assert b"draft-organ" not in detail.content
