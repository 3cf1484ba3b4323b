"""Rich text of articles, from form or spreadsheet to web page, PDF and API."""

import pytest

from portal.conference.models import Article, Page
from portal.conference.resources import PageResource
from portal.content.catalogue.models import Entry
from tests.admin_forms import errors, filled
from tests.factories.conference import article, page
from tests.factories.publishing import published, staff
from tests.portal.content.spreadsheets.load_helpers import loaded, row
from tests.portal.website.printing.pdf_documents import blocks

pytestmark = pytest.mark.django_db
GIVEN = '<h2 onclick="x">Opening</h2><p>A <b>speech</b>.</p><script>x</script>'
KEPT = "<h2>Opening</h2><p>A speech.</p>"


def test_form_keeps_allowed_html_only(client):
    record = article("opening", title_en="Opening")
    client.force_login(staff(is_superuser=True))
    address = f"/admin/conference/article/{record.pk}/change/"
    asked = client.get(address)

    answer = client.post(address, filled(asked) | {"body_en": GIVEN})

    assert answer.status_code == 302, errors(answer)
    record.refresh_from_db()
    assert record.body_en == KEPT
    assert "Or HTML of these elements: p, br, h2" in asked.content.decode()


def test_form_keeps_plain_text_unchanged(client):
    plain = "1 < 2 & <https://example.org/>\r\n\r\nSecond"
    record = article("opening", title_en="Opening")
    client.force_login(staff(is_superuser=True))
    address = f"/admin/conference/article/{record.pk}/change/"

    client.post(address, filled(client.get(address)) | {"body_en": plain})

    record.refresh_from_db()
    assert record.body_en.split() == plain.split()


def test_spreadsheet_keeps_allowed_html_only_and_reimport_is_unchanged():
    cells = row(PageResource, body_en=GIVEN)

    first = loaded((PageResource, [cells]))
    again = loaded((PageResource, [cells]))

    assert (first, again) == ([{"created": 1}], [{"unchanged": 1}])
    assert Page.objects.get().body_en == KEPT


def test_page_renders_html_and_marks_other_language(client):
    published(article("opening", title_en="Opening", body_en=KEPT))

    own = client.get("/en/news/opening/").content.decode()
    other = client.get("/zh-hans/news/opening/").content.decode()

    assert KEPT in own
    assert '<h2 lang="en">Opening</h2><p lang="en">A speech.</p>' in other


def test_page_sanitizes_html_stored_directly(client):
    record = published(article("opening", title_en="Opening"))
    Article.objects.filter(pk=record.pk).update(body_en=GIVEN)

    shown = client.get("/en/news/opening/").content.decode()

    assert KEPT in shown
    assert "onclick" not in shown


def test_plain_body_renders_as_paragraphs(client):
    published(article("opening", title_en="Opening", body_en="R&D < 1\n\nSecond"))

    shown = client.get("/en/news/opening/").content.decode()

    assert "<p>R&amp;D &lt; 1</p>\n<p>Second</p>" in shown


def test_catalogue_search_and_api_use_text_without_tags(client):
    published(article("opening", title_en="Opening", body_en=KEPT))
    published(
        page("office", title_en="Office", body_en="<p>Who &amp; what</p><p>b</p>")
    )

    body = client.get("/api/v1/articles/opening/").json()["body"]
    found = client.get("/api/v1/search/?q=speech").json()["results"]
    by_tag = client.get("/api/v1/search/?q=h2").json()["results"]

    assert body == "Opening\n\nA speech."
    assert [one["code"] for one in found] == ["opening"]
    assert by_tag == []
    summary = Entry.objects.get(code="office").texts.get(language="en").summary
    assert summary == "Who & what"


def test_pdf_keeps_headings_and_lists():
    html = "<h1>T</h1><div class='prose'><h2>H</h2><ul><li>a</li></ul><p>b</p></div>"

    assert [block["k"] for block in blocks(html)] == ["h", "h", "ul", "p"]
