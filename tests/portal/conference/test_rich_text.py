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
UNSAFE = '<h2 onclick="x">Opening</h2><p>A <b>speech</b>.</p><script>x</script>'
SANITIZED = "<h2>Opening</h2><p>A speech.</p>"


def test_form_keeps_allowed_html_only(client):
    record = article("opening", title_en="Opening")
    client.force_login(staff(is_superuser=True))
    address = f"/admin/conference/article/{record.pk}/change/"
    form = client.get(address)

    response = client.post(address, filled(form) | {"body_en": UNSAFE})

    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert record.body_en == SANITIZED
    assert (
        "Leave a blank line between paragraphs. You can also use "
        "these HTML elements: p, br, h2, h3, ul, ol, li, a, "
        "strong, em, blockquote. Other elements are removed."
    ) in form.content.decode()


def test_form_keeps_plain_text_unchanged(client):
    plain = "1 < 2 & <https://example.org/>\r\n\r\nSecond"
    record = article("opening", title_en="Opening")
    client.force_login(staff(is_superuser=True))
    address = f"/admin/conference/article/{record.pk}/change/"

    client.post(address, filled(client.get(address)) | {"body_en": plain})

    record.refresh_from_db()
    assert record.body_en.split() == plain.split()


def test_spreadsheet_keeps_allowed_html_only_and_reimport_is_unchanged():
    cells = row(PageResource, body_en=UNSAFE)

    first = loaded((PageResource, [cells]))
    repeated = loaded((PageResource, [cells]))

    assert (first, repeated) == ([{"created": 1}], [{"unchanged": 1}])
    assert Page.objects.get().body_en == SANITIZED


def test_page_renders_html_and_marks_other_language(client):
    published(article("opening", title_en="Opening", body_en=SANITIZED))

    own = client.get("/en/news/opening/").content.decode()
    chinese = client.get("/zh-hans/news/opening/").content.decode()

    assert SANITIZED in own
    assert '<h2 lang="en">Opening</h2><p lang="en">A speech.</p>' in chinese


def test_page_sanitizes_html_stored_directly(client):
    record = published(article("opening", title_en="Opening"))
    Article.objects.filter(pk=record.pk).update(body_en=UNSAFE)

    page = client.get("/en/news/opening/").content.decode()

    assert SANITIZED in page
    assert "onclick" not in page


def test_plain_body_renders_as_paragraphs(client):
    published(article("opening", title_en="Opening", body_en="R&D < 1\n\nSecond"))

    page = client.get("/en/news/opening/").content.decode()

    assert "<p>R&amp;D &lt; 1</p>\n<p>Second</p>" in page


def test_catalogue_search_and_api_use_text_without_tags(client):
    published(article("opening", title_en="Opening", body_en=SANITIZED))
    published(
        page("office", title_en="Office", body_en="<p>Who &amp; what</p><p>b</p>")
    )

    body = client.get("/api/v1/articles/opening/").json()["body"]
    results = client.get("/api/v1/search/?q=speech").json()["results"]
    by_tag = client.get("/api/v1/search/?q=h2").json()["results"]

    assert body == "Opening\n\nA speech."
    assert [result["code"] for result in results] == ["opening"]
    assert by_tag == []
    summary = Entry.objects.get(code="office").texts.get(language="en").summary
    assert summary == "Who & what"


def test_pdf_keeps_headings_and_lists():
    html = "<h1>T</h1><div class='prose'><h2>H</h2><ul><li>a</li></ul><p>b</p></div>"

    assert [block["k"] for block in blocks(html)] == ["h", "h", "ul", "p"]
