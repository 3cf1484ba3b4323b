"""Reasons that search results show."""

import pytest

from portal.content.catalogue.search.engine import search_entries
from portal.content.catalogue.search.match_reasons import build_match_reasons
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.conference import article, document
from tests.factories.directory import country, organ, place, topic
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db


def reasons_of(query: str, code: str, visible=(), language="en") -> list[str]:
    """Return the names and the snippet of one result as text."""
    result = search_entries(query)
    entries = [entry for entry in result.entries if entry.code == code]
    reasons = build_match_reasons(
        entries,
        result.terms,
        LANGUAGES_BY_CODE[language],
        {entry.pk: visible for entry in entries},
    )[entries[0].pk]
    names = [f"{name.axis}: {name.html}" for name in reasons.names]
    return names + ([f"text: {reasons.snippet.html}"] if reasons.snippet else [])


def test_result_without_hidden_match_has_no_reason():
    published(article("one", title_en="Fraud"))

    assert reasons_of("fraud", "one", ["Fraud"]) == []


def test_title_in_another_language_is_a_reason():
    published(article("one", title_en="Fraud", title_vi="Lừa đảo"))

    assert reasons_of("lua dao", "one", ["Fraud"]) == [
        "title: <mark>Lừa</mark> <mark>đảo</mark>"
    ]


def test_own_name_of_an_organ_is_a_reason():
    laos = published(country("LA"))
    own = "ອົງການໄອຍະການ"
    published(organ("la-opsp", country=laos, name_native=own, native_language="lo"))

    assert reasons_of(own, "la-opsp") == [f"name: <mark>{own}</mark>"]


def test_names_of_related_records_are_reasons():
    china = published(country("CN", name_en="China", name_th="จีน"))
    college = published(organ("college", country=china, name_en="National college"))
    published(
        document(
            "DOC-0001",
            title_en="Act",
            document_kind="treaty",
            party_organs=[college],
            topics=[topic("drugs", name_en="Narcotics")],
            place=place("nanning", country=china, name_zh_hans="南宁"),
        )
    )

    assert reasons_of("narcotics", "DOC-0001") == ["topic: <mark>Narcotics</mark>"]
    assert reasons_of("南宁", "DOC-0001") == ["place: <mark>南宁</mark>"]
    assert reasons_of("college", "DOC-0001") == ["organ: National <mark>college</mark>"]
    assert reasons_of("treaty", "DOC-0001") == ["kind: <mark>treaty</mark>"]
    assert reasons_of("条约", "DOC-0001") == ["kind: <mark>条约</mark>"]


def test_text_precedes_names_of_related_records():
    published(
        article(
            "one", body_en="On narcotics.", topics=[topic("drugs", name_en="Narcotics")]
        )
    )

    assert reasons_of("narcotics", "one") == ["text: On <mark>narcotics</mark>."]


def test_synonym_and_other_forms_are_marked():
    published(article("one", body_en="Extraditing from Myanmar."))

    assert reasons_of("extradition burma", "one") == [
        "text: <mark>Extraditing</mark> from <mark>Myanmar</mark>."
    ]


def test_names_that_are_not_public_are_no_reason():
    hidden = organ("hidden", name_en="Secret office")
    published(article("one", title_en="Fraud", organs=[hidden]))

    assert search_entries("secret").codes == []


def test_number_of_queries_does_not_depend_on_the_number_of_results(
    django_assert_num_queries,
):
    drugs = topic("drugs", name_en="Narcotics")
    for number in range(3):
        published(article(f"row-{number}", title_en="x", topics=[drugs]))
        result = search_entries("narcotics")
        entries = result.entries
        visible = {entry.pk: [] for entry in entries}
        with django_assert_num_queries(2):
            reasons = build_match_reasons(
                entries, result.terms, LANGUAGES_BY_CODE["en"], visible
            )
        assert len(reasons) == number + 1
