"""Origins of titles, names and themes: official, seen, formed, translated."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from exchanges.models import Mechanism, Meeting
from portal.conference.models import Document, Edition
from portal.content.publishing.text_basis import get_text_bases, get_text_basis
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import localized
from portal.reference.directory.models import NamedParty, Organ
from seminars.models import Seminar
from tests.factories.conference import document, edition
from tests.factories.directory import organ, party, topic
from tests.factories.publishing import published
from tests.failures import collect_failures
from tests.project.related_records import fresh

pytestmark = pytest.mark.django_db
MODELS = (Document, Edition, Mechanism, Meeting, NamedParty, Organ, Seminar)


def test_a_basis_needs_the_text_that_it_describes():
    with collect_failures() as failures:
        for model in MODELS:
            for (name, code), basis in get_text_bases(model).items():
                with failures.case(model.__name__, basis):
                    row = fresh(model)
                    setattr(row, basis, "formed")
                    setattr(row, f"{name}_{code.replace('-', '_')}", "")
                    with pytest.raises(ValidationError) as error:
                        row.validate_constraints()
                    assert "origin" in str(error.value)
                    with pytest.raises(IntegrityError), transaction.atomic():
                        row.save()


def test_converted_text_has_the_basis_of_the_simplified_one():
    record = document(title_zh_hans="联合声明", title_zh_basis="formed")
    bases = {
        code: get_text_basis(
            record, "title", localized(record, "title", LANGUAGES_BY_CODE[code])
        )
        for code in ("zh-hans", "zh-hant", "en", "vi")
    }

    assert bases == {"zh-hans": "formed", "zh-hant": "formed", "en": "", "vi": ""}


@pytest.mark.parametrize(
    ("language", "title", "basis"),
    [
        ("zh-hans", "联合声明", "formed"),
        ("zh-hant", "聯合聲明", "formed"),
        ("en", "Sample Joint Statement DOC-0001", None),
    ],
)
def test_api_has_the_basis_beside_the_text(client, language, title, basis):
    published(document("DOC-0001", title_zh_hans="联合声明", title_zh_basis="formed"))

    answer = client.get("/api/v1/documents/DOC-0001/", {"lang": language}).json()

    assert (answer["title"], answer["title_basis"]) == (title, basis)


def test_api_has_basis_and_draft_of_linked_names(client):
    ministry = party(display_name_zh_hans="司法部", name_zh_basis="seen")
    subject = topic("training", name_vi="Đào tạo", draft_languages=["vi"])
    host = published(organ(name_zh_hans="总检察署", name_zh_basis="formed"))
    published(
        edition(15, host_parties=[ministry], host_organs=[host], topics=[subject])
    )

    def links(language: str) -> dict[str, list]:
        answer = client.get("/api/v1/editions/15/", {"lang": language}).json()
        names = ("name", "language", "name_basis", "is_draft")
        return {
            relation: [answer[relation][0][name] for name in names]
            for relation in ("host_parties", "host_organs", "topics")
        }

    assert links("zh-hans") == {
        "host_parties": ["司法部", "zh-Hans", "seen", False],
        "host_organs": ["总检察署", "zh-Hans", "formed", False],
        "topics": ["Training", "en", None, False],
    }
    assert links("vi") == {
        "host_parties": ["Sample Ministry", "und", None, False],
        "host_organs": ["Sample Organ sample-organ-1", "en", None, False],
        "topics": ["Đào tạo", "vi", None, True],
    }


@pytest.mark.parametrize(
    ("basis", "sentence"),
    [
        ("official", ""),
        ("seen", ""),
        ("", ""),
        ("formed", "此标题或名称由本网站"),
        ("translated", "此标题或名称由本网站"),
        ("descriptive", "暂无官方标题"),
    ],
)
def test_page_says_once_that_a_title_is_not_official(client, basis, sentence):
    published(document("DOC-0001", title_zh_hans="联合声明", title_zh_basis=basis))
    unofficial = ("worded for this site", "translated for this site", "No official")

    pages = [
        client.get(f"/{code}/documents/DOC-0001/").text
        for code in ("zh-hans", "en", "vi")
    ]

    chinese, *others = [
        sum(page.count(text) for text in (*unofficial, "由本网站", "暂无官方"))
        for page in pages
    ]
    assert chinese == bool(sentence)
    assert ("#text-marks" in pages[0]) == bool(sentence)
    assert others == [0, 0]


def test_theme_and_title_are_marked_with_a_sentence_each(client):
    published(
        edition(
            15,
            title_zh_hans="第十五届会议",
            title_zh_basis="formed",
            theme_zh_hans="主题",
            theme_zh_basis="translated",
        )
    )

    page = client.get("/zh-hans/conference/15/").text

    assert page.count("record-footer__remark") == 2
