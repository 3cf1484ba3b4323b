"""National languages of a country: a list of language codes, possibly empty."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories.directory import country
from tests.factories.publishing import published
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
MESSAGE = 'Enter a list of language codes, for example ["ms", "en"].'


@pytest.mark.parametrize(
    "value", [5, [1], "vi", {"vi": "vi"}, [["vi"]], ["v"], ["vi\n"], [""], [None]]
)
def test_invalid_language_list_is_rejected(value):
    row = country("VN")
    row.national_languages = value

    with pytest.raises(ValidationError) as raised:
        row.full_clean()

    assert raised.value.message_dict == {"national_languages": [MESSAGE]}


def test_null_language_list_is_rejected():
    row = country("VN")
    row.national_languages = None

    with pytest.raises(ValidationError) as raised:
        row.full_clean()

    assert raised.value.messages == [MESSAGE]


@pytest.mark.parametrize("value", [["ms", "en"], ["zh-Hans"], ["fil"], []])
def test_valid_language_list_is_accepted_and_page_renders(client, value):
    row = country("VN", national_languages=value)

    row.full_clean()
    published(row)

    assert "Viet Nam" in text_of(client, "/en/countries/vn/")
