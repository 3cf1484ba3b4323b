import pytest

from portal.conference.models import Article, Document, Edition, Paragraph
from portal.content.publishing.models import EvidenceOnlyHost
from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.localized_text import get_localized_columns, localized
from portal.core.translations.querysets import get_unused_columns, translated_fields
from portal.reference.directory.models import Organ
from tests.factories.conference import article, document, edition, paragraph
from tests.factories.directory import country, organ

pytestmark = pytest.mark.django_db


def suffixes(record, name: str) -> set[str]:
    """Return the columns of translated field ``name`` that are not loaded."""
    return {field for field in record.get_deferred_fields() if field.startswith(name)}


def columns(name: str, codes) -> set[str]:
    # modeltranslation names the Indonesian column title_ind.
    return {
        f"{name}_{'ind' if code == 'id' else code.replace('-', '_')}" for code in codes
    }


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_only_reader_and_fallback_columns_are_loaded(language):
    article(title_en="Opening", title_zh_hans="开幕")
    loaded = {language.code, *language.fallbacks}

    record = Article.objects.only_language(language).get()

    unread = set(LANGUAGES_BY_CODE) - loaded
    for name in ("title", "summary", "body", "remark"):
        assert suffixes(record, name) == {name, *columns(name, unread)}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_localized_access_makes_no_further_query(
    language, rows, django_assert_num_queries
):
    for number in range(rows):
        article(title_en=f"Opening {number}", summary_zh_hans="摘要")

    with django_assert_num_queries(1):
        for record in Article.objects.only_language(language):
            assert localized(record, "title", language).text.startswith("Opening")
            assert localized(record, "summary", language)
            assert localized(record, "body", language) is None


def test_related_rows_load_limited_columns_in_same_query(django_assert_num_queries):
    vietnamese = LANGUAGES_BY_CODE["vi"]
    organ("vn-spp", country=country("VN"), parent=organ("vn-above"))

    with django_assert_num_queries(1):
        record = Organ.objects.only_language(vietnamese, "country", "parent").get(
            key="vn-spp"
        )
        names = [
            localized(row, "name", vietnamese).text
            for row in (record, record.country, record.parent)
        ]

    assert names == ["Sample Organ vn-spp", "Viet Nam", "Sample Organ vn-above"]
    assert suffixes(record.country, "name") == suffixes(record, "name")


def test_nested_relation_loads_limited_columns(django_assert_num_queries):
    thai = LANGUAGES_BY_CODE["th"]
    edition(1, host_country=country("TH"))
    document(edition=Edition.objects.get())

    with django_assert_num_queries(1):
        path = "edition__host_country"
        record = Document.objects.only_language(thai, "edition", path).get()
        name = localized(record.edition.host_country, "name", thai)

    assert name.text == "Thailand"
    assert "name_vi" in record.edition.host_country.get_deferred_fields()


def test_child_models_load_limited_columns():
    paragraph(document())

    loaded = Paragraph.objects.only_language(LANGUAGES_BY_CODE["pt"]).get()

    assert suffixes(loaded, "text") == {"text"} | columns(
        "text", set(LANGUAGES_BY_CODE) - {"pt", "en", "zh-hans"}
    )


def test_model_without_translated_fields_returns_empty():
    assert translated_fields(EvidenceOnlyHost) == []
    assert get_unused_columns(EvidenceOnlyHost, LANGUAGES_BY_CODE["en"]) == []


def test_columns_follow_fallback_order():
    assert get_localized_columns("title", LANGUAGES_BY_CODE["zh-hant"]) == [
        "title_zh_hant",
        "title_zh_hans",
        "title_en",
    ]
