"""Display names of rows in the staff admin follow the interface language."""

import pytest
from django.utils.translation import override

from portal.content.catalogue.registry import all_kinds
from tests.factories import directory, exchanges, seminars
from tests.factories.conference import article
from tests.factories.figures import reported_figure
from tests.factories.publishing import staff
from tests.project.kind_factories import sample

pytestmark = pytest.mark.django_db
BOTH = {"zh_hans": "示例", "en": "Sample"}


def _written(name: str) -> dict[str, str]:
    return {f"{name}_{code}": text for code, text in BOTH.items()}


@pytest.fixture
def rows() -> list:
    return [
        directory.country("XM", **_written("name")),
        directory.organ("xm-spp", **_written("name")),
        directory.place("xm", **_written("name")),
        directory.topic("xm", **_written("name")),
        exchanges.mechanism(**_written("name")),
        exchanges.meeting(**_written("title")),
        seminars.seminar(**_written("title")),
        article("xm", **_written("title")),
        reported_figure(**_written("text")),
    ]


@pytest.mark.parametrize(("language", "name"), [("en", "Sample"), ("zh-hans", "示例")])
def test_str_uses_interface_language(rows, language, name):
    with override(language):
        names = [str(row) for row in rows]

    other_name = next(text for text in BOTH.values() if text != name)
    assert [label for label in names if name not in label or other_name in label] == []


def test_str_falls_back_to_other_language(db):
    organ = directory.organ("xm-spp", name_zh_hans="示例", name_en="")

    assert str(organ) == "示例"


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_str_makes_no_queries(kind, django_assert_num_queries):
    model = type(kind.model.objects.first() or sample(kind))
    record = model.objects.first()

    with django_assert_num_queries(0):
        str(record)


def test_staff_search_shows_titles(client):
    article("xm-opening", **_written("title"))
    user = staff(is_superuser=True)
    user.interface_language = "en"
    user.save()
    client.force_login(user)

    page = client.get("/admin/search/?q=xm-opening").content.decode()

    assert ">Sample</a>" in page
