"""Texts composed of several messages are in one language, which is marked."""

import io
import json

import pytest
from django.core.management import call_command

from tests.catalogues import use_catalogues, write_catalogue
from tests.factories.delegations import visit
from tests.factories.directory import any_country, country
from tests.factories.figures import reported_figure
from tests.factories.publishing import published
from tests.page_html import text_of

pytestmark = pytest.mark.django_db

VISIT = "Delegation from %(origin)s to %(destination)s"
SITE = "China-ASEAN Prosecutors-General Conference"


@pytest.fixture
def without(settings, tmp_path):
    """A function that removes messages from the Vietnamese catalogue."""

    def use(*missing: str) -> None:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        write_catalogue(folder, "vi", missing={("", text) for text in missing})
        use_catalogues(settings, folder)

    return use


@pytest.fixture
def record():
    """A visit without a title, between countries that have Vietnamese names."""
    names = {"CN": ("China", "Trung Quốc"), "VN": ("Viet Nam", "Việt Nam")}
    for iso2, (english, vietnamese) in names.items():
        published(country(iso2, name_en=english, name_vi=vietnamese))
    return published(visit("VIS-0001"))


def test_title_is_english_only_if_its_own_message_is_missing(client, without, record):
    # Another message is missing.
    without(SITE)
    page = text_of(client, "/vi/delegations/VIS-0001/")
    known = client.get("/api/v1/visits/VIS-0001/?lang=vi").json()

    assert "<h1>Đoàn đại biểu từ Việt Nam thăm Trung Quốc</h1>" in page
    assert "name" not in known["fallback"]

    without(VISIT)
    page = text_of(client, "/vi/delegations/VIS-0001/")
    answer = client.get("/api/v1/visits/VIS-0001/?lang=vi")
    english = "Delegation from Viet Nam to China"

    assert f'<h1><span lang="en">{english}</span></h1>' in page
    assert answer.json()["name"] == english
    assert answer.json()["fallback"]["name"] == "en"
    # Only the title is in English; the rest of the answer is in Vietnamese.
    assert answer["Content-Language"] == "vi"
    assert client.get("/vi/delegations/VIS-0001/")["Content-Language"] == "vi"


def test_lists_search_and_feeds_mark_a_title_by_its_message(client, without, record):
    without(VISIT)
    english = "Delegation from Viet Nam to China"

    listed = text_of(client, "/vi/delegations/")
    results = client.get("/api/v1/search/?lang=vi&q=VIS-0001").json()["results"][0]
    atom = client.get("/vi/feed.atom").content.decode()
    feed = json.loads(client.get("/vi/feed.json").content)

    assert f'<a href="/vi/delegations/VIS-0001/" lang="en">{english}</a>' in listed
    assert (results["title"], results["fallback"]["title"]) == (english, "en")
    assert f'<title xml:lang="en">{english}</title>' in atom
    titled = [item for item in feed["items"] if item["title"] == english]
    assert [item.get("language") for item in titled] == ["en"]


def test_digest_changes_with_the_language_of_a_formed_title(client, without, record):
    def changed() -> str:
        out = io.StringIO()
        call_command("rebuild_catalogue", stdout=out)
        return out.getvalue()

    changed()
    assert changed().startswith("0 changed")

    without(VISIT)

    assert not changed().startswith("0 changed")
    assert changed().startswith("0 changed")


@pytest.mark.parametrize("missing", ["Reported figure: %(subject)s", "seminars"])
def test_title_of_two_messages_is_english_if_one_is_missing(client, without, missing):
    published(reported_figure(subject="seminars"))
    without(missing)

    results = client.get("/api/v1/search/?lang=vi&q=seminars").json()["results"]

    assert [result["title"] for result in results] == [
        "Reported figure: seminars (2018)"
    ]
    assert results[0]["fallback"]["title"] == "en"


@pytest.mark.parametrize("missing", [SITE, "visits"])
def test_feed_of_a_kind_has_a_title_in_one_language(client, without, record, missing):
    without("News")
    feed_text = client.get("/vi/feed.atom?kind=visit").content.decode()
    assert f"{SITE} (Visits)" not in feed_text

    without(missing)
    atom = client.get("/vi/feed.atom?kind=visit").content.decode()
    calendar = client.get("/vi/calendar.ics?kind=visit").content.decode()

    assert f'<title xml:lang="en">{SITE} (Visits)</title>' in atom
    assert f"X-WR-CALNAME:{SITE} (Visits)" in calendar


def test_ordinal_of_an_edition_is_that_of_the_message(client, without):
    from tests.factories.conference import edition

    published(edition(15))
    name = "%(ordinal)s China-ASEAN Prosecutors-General Conference"
    without(name)

    page = text_of(client, "/vi/conference/15/")

    assert f'<h1><span lang="en">15th {SITE}</span></h1>' in page


def test_error_with_values_is_marked_by_its_message(client, without):
    remedy = "The calendar covers %(first)s to %(last)s."
    address = "/vi/calendar/?month=3000-01"
    without("News")
    known = client.get(address).content.decode()
    without(remedy)

    page = client.get(address).content.decode()

    assert "The calendar covers" not in known
    assert '<span lang="en">The calendar covers' in page


def test_pdf_and_picture_name_the_language_of_each_message(
    client, without, monkeypatch
):
    from portal.website.printing import record_pdf, share_image

    data = []
    for module, name in ((record_pdf, "compile_pdf"), (share_image, "compile_png")):
        compile_document = getattr(module, name)
        monkeypatch.setattr(
            module,
            name,
            lambda source, make=compile_document, **options: (
                data.append(source) or make(source, **options)
            ),
        )
    for iso2 in ("CN", "VN"):
        published(any_country(iso2))
    published(visit("VIS-0001", title_vi="Chuyến thăm mẫu"))
    without("visit", "Page %(number)s of %(total)s")

    for ending in ("print/", "card.png"):
        assert client.get(f"/vi/delegations/VIS-0001/{ending}").status_code == 200

    paper_data, card_data = data
    assert paper_data["lang"] == card_data["lang"] == "vi"
    assert paper_data["languages"] == {"kind": "en", "pages": "en"}
    assert card_data["languages"] == {"kind": "en"}
    assert (paper_data["kind"], card_data["kind"]) == ("Visit", "Visit")
