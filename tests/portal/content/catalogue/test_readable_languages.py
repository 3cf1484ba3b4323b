"""Languages in which a record can be read: title and text, written or formed."""

import pytest

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.querysets import translated_fields
from tests.factories.conference import article, document, edition, page, paragraph
from tests.factories.delegations import visit
from tests.factories.directory import country
from tests.factories.exchanges import mechanism
from tests.factories.publishing import published
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
ALL = list(LANGUAGES_BY_CODE)


def languages_of(record) -> list[str]:
    published(record)
    entry = Entry.objects.get(kind=record.kind, code=record.public_code)
    assert entry.languages == record.languages
    return entry.languages


def test_language_needs_a_title_and_one_of_the_texts():
    record = article(
        "one", title_en="Title", title_vi="Tên", title_th="ชื่อ", summary_en="Summary"
    )
    record.body_vi = "Nội dung"

    record.save()

    assert languages_of(record) == ["en", "vi"]


def test_title_alone_counts_for_a_record_without_texts():
    record = article("one", title_en="Opening", title_zh_hans="开幕")

    assert languages_of(record) == ["zh-hans", "en"]


def test_text_in_related_rows_counts():
    record = document("DOC-0001", title_en="Treaty", title_zh_hans="条约")
    paragraph(record, 1, text_en="Article 1")

    assert languages_of(record) == ["en"]


def test_formed_title_counts_in_every_language_that_has_the_message():
    without_text = edition(15, theme_en="", summary_en="")
    with_theme = edition(16, theme_en="Theme", theme_lo="ຫົວຂໍ້")
    formed = visit("VIS-0001", title_en="")

    assert languages_of(without_text) == ALL
    assert languages_of(with_theme) == ["en", "lo"]
    assert languages_of(formed) == ALL


def test_kind_that_has_a_name_only_counts_its_names():
    record = mechanism("one", name_en="Meetings", name_vi="Hội đàm", remark_en="Doubt")

    assert languages_of(record) == ["en", "vi"]
    thailand = country("TH", name_en="Thailand", name_th="ไทย", name_zh_hans="")
    assert languages_of(thailand) == ["en", "th"]


def test_record_without_a_complete_language_has_those_of_its_title():
    record = page("one", title_en="Title", title_zh_hans="", body_zh_hans="正文")
    record.body_en = ""

    record.save()

    assert languages_of(record) == ["en"]


def test_converted_title_does_not_count():
    record = article("one", title_en="", title_zh_hans="开幕")

    assert languages_of(record) == ["zh-hans"]


def test_content_fields_are_translated_fields_of_the_model():
    with collect_failures() as failures:
        for kind in all_kinds():
            for path in kind.model.content_fields:
                with failures.case(f"{kind.code}.{path}"):
                    relation, _separator, name = path.rpartition("__")
                    model = kind.model
                    if relation:
                        model = model._meta.get_field(relation).related_model
                        assert relation in kind.model.child_relations
                    assert name in translated_fields(model)
