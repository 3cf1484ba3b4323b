"""Named parties: the name in the source, and the names for readers."""

import datetime as dt

import pytest
from django.db import models

from portal.conference.models import Edition
from portal.conference.resources import EditionResource
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.links import load_links, prefetch_with_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from portal.reference.directory.models import NamedParty
from portal.reference.directory.resources import NamedPartyResource
from tests.factories.conference import edition
from tests.factories.directory import any_country, party
from tests.factories.publishing import AT, published
from tests.portal.content.spreadsheets.load_helpers import loaded, refused

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


def cells(**values) -> dict[str, str]:
    empty = {column.header: "" for column in NamedPartyResource.columns}
    return {**empty, "name_en": "Ministry of Justice", "country_iso2": "VN", **values}


def load(*rows, at=AT):
    return loaded((NamedPartyResource, list(rows)), at=at)


def test_readers_see_the_name_in_their_language_or_that_of_the_source():
    ministry = party("Ministry of Justice", display_name_zh_hans="司法部")
    record = edition(15, host_parties=[ministry])

    names = {
        code: load_links([record], language)[record.pk]["host_parties"][0].name
        for code, language in LANGUAGES_BY_CODE.items()
    }

    assert (names["zh-hans"].text, names["zh-hans"].tag) == ("司法部", "zh-Hans")
    assert (names["zh-hant"].text, names["zh-hant"].is_converted) == ("司法部", True)
    others = {
        (name.text, name.tag)
        for code, name in names.items()
        if not code.startswith("zh")
    }
    assert others == {("Ministry of Justice", "und")}


def test_page_marks_the_language_of_a_translated_name(client):
    ministry = party("Ministry of Justice", display_name_zh_hans="司法部")
    published(edition(15, host_parties=[ministry]))

    chinese = client.get("/zh-hans/conference/15/").text
    english = client.get("/en/conference/15/").text

    assert '<span lang="zh-Hans">司法部</span>' in chinese
    assert '<span lang="">Ministry of Justice</span>' in english


def test_party_is_found_by_all_of_its_names(client):
    ministry = party("Ministry of Justice", display_name_zh_hans="司法部")
    published(edition(15, host_parties=[ministry]))

    for words in ("司法部", "Ministry of Justice"):
        answer = client.get("/api/v1/search/", {"q": words}).json()
        assert [result["code"] for result in answer["results"]] == ["15"], words
    assert NamedParty.objects.filter(name_keys__named="司法部").exists()


def test_digest_of_a_record_depends_on_the_names_of_its_parties():
    ministry = party("Ministry of Justice")
    record = published(edition(15, host_parties=[ministry]))

    def content() -> dict:
        kind = get_kind("edition")
        with kind.prefetch([record]):
            return kind.read_contents([record])[record.pk].values

    before = content()
    for values in (
        {"display_name_zh_hans": "司法部"},
        {"display_name_th": "กระทรวงยุติธรรม"},
        {"name_zh_basis": "formed"},
    ):
        models.QuerySet(NamedParty).update(**values)
        after = content()
        assert after != before, values
        before = after


@pytest.mark.parametrize("count", [1, 3, 20])
def test_names_of_parties_are_loaded_in_a_fixed_number_of_queries(
    count, django_assert_num_queries
):
    records = [
        edition(number, host_parties=[party(f"Ministry {number}")])
        for number in range(1, count + 1)
    ]

    with django_assert_num_queries(2), prefetch_with_links()(records):
        for record in records:
            load_links([record], DEFAULT_LANGUAGE)


def test_row_of_a_sheet_updates_the_party_of_that_name_and_country():
    any_country("LA")
    ministry = party("Ministry of Justice")
    other = party("Ministry of Justice", country=any_country("LA"))

    counts = load(cells(name_zh_hans="司法部", name_zh_basis="seen"))

    ministry.refresh_from_db()
    other.refresh_from_db()
    assert counts == [{"updated": 1}]
    assert (ministry.display_name_zh_hans, ministry.name_zh_basis) == ("司法部", "seen")
    assert not other.display_name_zh_hans
    assert load(cells(name_zh_hans="司法部", name_zh_basis="seen"), at=LATER) == [
        {"unchanged": 1}
    ]


def test_rows_with_errors_are_refused():
    any_country("VN")

    errors = refused(
        (
            NamedPartyResource,
            [
                cells(),
                cells(),
                cells(name_en=""),
                cells(name_en="Other", name_zh_basis="seen"),
                cells(name_en="Third", name_zh_basis="heard"),
            ],
        )
    )

    assert [error.row for error in errors] == [3, 4, 5, 6]
    assert not NamedParty.objects.exists()


def test_key_in_other_sheets_stays_the_name_of_the_source():
    ministry = party("Ministry of Justice", display_name_en="Justice Ministry")
    edition(15, host_parties=[ministry])
    resource = EditionResource()

    (values,) = resource.get_values(list(Edition.objects.all()))

    assert values["host_parties"] == ["Ministry of Justice|VN"]
