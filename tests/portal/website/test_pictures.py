"""Pictures on the pages of records: one as a figure, several as a gallery."""

import pytest

from portal.content.catalogue.registry import all_kinds
from tests.factories.conference import edition
from tests.factories.files import image_of, picture
from tests.factories.publishing import illustration, published
from tests.factories.seminars import seminar
from tests.page_html import section_of, text_of
from tests.project.kind_factories import sample

pytestmark = pytest.mark.django_db


def pictures(number: int, **values):
    """Create pictures of different sizes, each with the texts in ``values``."""
    return [
        picture(image_of("PNG", (40 + n, 30)), f"sample-{n}.png", **values)
        for n in range(number)
    ]


def page_with(client, record, shown, language="en") -> str:
    for one in shown:
        illustration(record, one)
    published(record)
    return text_of(client, record.get_absolute_url().replace("/en/", f"/{language}/"))


@pytest.mark.parametrize("factory", [edition, seminar])
def test_several_pictures_are_a_gallery_with_links_to_their_files(client, factory):
    shown = pictures(
        3, alternative_en="People at a table", caption_en="Opening", credit="Agency"
    )

    gallery = section_of(page_with(client, factory(), shown), "pictures")

    assert gallery.count("<li>") == 3
    assert gallery.count('alt="People at a table"') == 3
    assert gallery.count('<span class="picture__credit" lang="">Agency</span>') == 3
    for one in shown:
        assert f'<a href="{one.file.get_absolute_url()}" type="image/png">' in gallery


def test_single_picture_is_shown_without_a_heading(client):
    html = page_with(client, edition(), pictures(1))

    assert html.count('<figure class="picture"') == 1
    assert 'id="pictures"' not in html


def test_picture_without_caption_and_credit_has_no_caption(client):
    html = page_with(client, edition(), pictures(2))

    assert html.count('<figure class="picture"') == 2
    assert "<figcaption>" not in html


def test_texts_of_pictures_in_another_language_are_marked(client):
    shown = pictures(2, caption_en="Opening")

    html = page_with(client, edition(), shown, "vi")

    assert html.count('alt="A sample building" lang="en"') == 2
    assert html.count('<span lang="en">Opening</span>') == 2


def test_picture_without_a_usable_alternative_text_is_left_out(client):
    record = edition()
    shown = [*pictures(1), picture(alternative_en="", alternative_vi="Một tòa nhà")]

    html = page_with(client, record, shown)

    assert html.count('<figure class="picture"') == 1


def test_gallery_is_on_the_page_of_every_kind_with_a_page(client):
    with_page = [
        kind for kind in all_kinds() if hasattr(kind.model, "get_absolute_url")
    ]
    shown = pictures(2)
    for kind in with_page:
        assert 'id="pictures"' in page_with(client, sample(kind), shown), kind.code
