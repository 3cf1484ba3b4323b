import pytest

from portal.conference.models import Article, Document, Edition, Paragraph
from portal.directory.models import NamedParty, Organ
from portal.languages import BY_CODE, LANGUAGES
from portal.translations.querysets import columns_not_read, translated_fields
from portal.translations.shown import columns_read, shown
from tests.factories.conference import article, document, edition, paragraph
from tests.factories.directory import country, organ

pytestmark = pytest.mark.django_db


def suffixes(record, name: str) -> set[str]:
    """The columns of a translated field that are not loaded."""
    return {field for field in record.get_deferred_fields() if field.startswith(name)}


def columns(name: str, codes) -> set[str]:
    # modeltranslation writes the Indonesian column title_ind.
    return {
        f"{name}_{'ind' if code == 'id' else code.replace('-', '_')}" for code in codes
    }


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_only_shown_and_fallback_columns_are_loaded(language):
    article(title_en="Opening", title_zh_hans="开幕")
    read = {language.code, *language.fallbacks}

    record = Article.objects.in_language(language).get()

    unread = set(BY_CODE) - read
    for name in ("title", "summary", "body", "remark"):
        assert suffixes(record, name) == {name, *columns(name, unread)}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_showing_costs_no_further_query(language, rows, django_assert_num_queries):
    for number in range(rows):
        article(title_en=f"Opening {number}", summary_zh_hans="摘要")

    with django_assert_num_queries(1):
        for record in Article.objects.in_language(language):
            assert shown(record, "title", language).text.startswith("Opening")
            assert shown(record, "summary", language)
            assert shown(record, "body", language) is None


def test_related_rows_are_cut_down_in_the_same_query(django_assert_num_queries):
    vietnamese = BY_CODE["vi"]
    organ("vn-spp", country=country("VN"), parent=organ("vn-above"))

    with django_assert_num_queries(1):
        record = Organ.objects.in_language(vietnamese, "country", "parent").get(
            key="vn-spp"
        )
        names = [
            shown(found, "name", vietnamese).text
            for found in (record, record.country, record.parent)
        ]

    assert names == ["Sample Organ vn-spp", "Viet Nam", "Sample Organ vn-above"]
    assert suffixes(record.country, "name") == suffixes(record, "name")


def test_relation_behind_a_relation_is_cut_down_too(django_assert_num_queries):
    thai = BY_CODE["th"]
    edition(1, host_country=country("TH"))
    document(edition=Edition.objects.get())

    with django_assert_num_queries(1):
        path = "edition__host_country"
        record = Document.objects.in_language(thai, "edition", path).get()
        name = shown(record.edition.host_country, "name", thai)

    assert name.text == "Thailand"
    assert "name_vi" in record.edition.host_country.get_deferred_fields()


def test_inlines_are_records_with_translated_fields_too():
    paragraph(document())

    found = Paragraph.objects.in_language(BY_CODE["pt"]).get()

    assert suffixes(found, "text") == {"text"} | columns(
        "text", set(BY_CODE) - {"pt", "en", "zh-hans"}
    )


def test_model_without_translated_fields_has_none():
    assert translated_fields(NamedParty) == []
    assert columns_not_read(NamedParty, BY_CODE["en"]) == ["name_keys"]


def test_columns_read_come_in_the_order_of_the_fallbacks():
    assert columns_read("title", BY_CODE["zh-hant"]) == [
        "title_zh_hant",
        "title_zh_hans",
        "title_en",
    ]
