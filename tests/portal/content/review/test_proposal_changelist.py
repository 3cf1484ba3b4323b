"""Changelist of proposed changes: record names, filter, and hidden record types."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import Proposal
from tests.factories.conference import article
from tests.factories.publishing import proposal, published, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db

LIST = "/admin/publishing/proposal/"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def chief():
    return staff("sample.chief", is_superuser=True)


def opened(client, user, language="en", url=LIST):
    user.interface_language = language
    user.save()
    client.force_login(user)
    return client.get(url)


def kinds_offered(page) -> list[str]:
    filters = page.context["cl"].filter_specs
    (kind_filter,) = [
        filter_spec for filter_spec in filters if filter_spec.title == "type of record"
    ]
    return [str(label) for _code, label in kind_filter.lookup_choices]


def create_proposals():
    first = published(seminar("SEM-0001", title_en="Sample words", title_zh_hans="样"))
    second = published(article("opening", title_en="Opening", title_zh_hans="开幕"))
    return proposal(first), proposal(second)


def test_rows_show_code_and_title_in_interface_language(client, chief):
    create_proposals()

    english = opened(client, chief).content.decode()
    chinese = opened(client, chief, "zh-hans").content.decode()

    assert ">SEM-0001 Sample words</a>" in english
    assert ">opening Opening</a>" in english
    assert ">SEM-0001 样</a>" in chinese
    assert ">opening 开幕</a>" in chinese


def test_proposal_of_deleted_record_is_still_listed(client, chief):
    change, _second = create_proposals()
    Proposal.objects.filter(pk=change.pk).update(object_id=0)

    assert ">#0</a>" in opened(client, chief).content.decode()


def test_filter_offers_kinds_with_proposals(client, chief):
    change, _second = create_proposals()

    page = opened(client, chief)

    assert kinds_offered(page) == ["News articles", "Seminars"]
    narrowed = opened(client, chief, url=f"{LIST}?kind=seminar")
    assert list(narrowed.context["cl"].result_list) == [change]


def test_proposals_without_view_permission_are_hidden(client):
    create_proposals()
    codenames = ("view_proposal", "view_article")
    user = staff(permissions=Permission.objects.filter(codename__in=codenames))

    for url in (LIST, f"{LIST}?kind=seminar"):
        page = opened(client, user, url=url)

        assert "SEM-0001" not in page.content.decode()
        assert ">opening Opening</a>" in page.content.decode()
        assert kinds_offered(page) == ["News articles"]


def test_list_query_count_is_constant(client, chief):
    create_proposals()
    opened(client, chief)
    with CaptureQueriesContext(connection) as first_queries:
        client.get(LIST)
    for number in range(2, 4):
        proposal(published(seminar(f"SEM-{number:04}")))
        proposal(published(article(f"article-{number}")))

    with CaptureQueriesContext(connection) as second_queries:
        page = client.get(LIST)

    assert len(page.context["cl"].result_list) == 6
    assert len(second_queries) == len(first_queries)
