"""National languages of a country: a list of codes, or an empty one."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories.directory import country
from tests.factories.publishing import published
from tests.pages import text_of

pytestmark = pytest.mark.django_db
WANTED = 'Write a list of language codes, such as ["ms", "en"].'


@pytest.mark.parametrize(
    "value", [5, [1], "vi", {"vi": "vi"}, [["vi"]], ["v"], ["vi\n"], [""], [None]]
)
def test_what_is_no_list_of_codes_is_refused(value):
    row = country("VN")
    row.national_languages = value

    with pytest.raises(ValidationError) as told:
        row.full_clean()

    assert told.value.message_dict == {"national_languages": [WANTED]}


def test_languages_that_are_null_are_refused():
    row = country("VN")
    row.national_languages = None

    with pytest.raises(ValidationError) as told:
        row.full_clean()

    assert told.value.messages == [WANTED]


@pytest.mark.parametrize("value", [["ms", "en"], ["zh-Hans"], ["fil"], []])
def test_list_of_codes_is_taken_and_the_page_opens(client, value):
    row = country("VN", national_languages=value)

    row.full_clean()
    published(row)

    assert "Viet Nam" in text_of(client, "/en/countries/vn/")
