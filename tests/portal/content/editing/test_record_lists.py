"""Lists of records: columns of status and languages, and the task filter."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from portal.content.catalogue.registry import all_kinds
from portal.content.editing.list_filters import SHORT_LANGUAGE_NAMES
from portal.content.publishing import operations
from portal.core.accounts.models import User
from portal.core.languages import LANGUAGES_BY_CODE
from seminars.models import Seminar
from tests import reviewing
from tests.factories.publishing import AT, in_review, published, scheduled, staff
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.staff.changelists import staff_request

pytestmark = pytest.mark.django_db
LIST = "/admin/seminars/seminar/"
LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def two_person_approval(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def author():
    return permitted("sample.author", "change", "view")


@pytest.fixture
def reviewer():
    return permitted("sample.reviewer", "review", "view")


def permitted(username: str, *actions: str) -> User:
    codenames = [f"{action}_seminar" for action in actions]
    permissions = Permission.objects.filter(codename__in=codenames)
    assert permissions.count() == len(codenames)
    return staff(username, permissions=permissions)


def edited(record, user):
    operations.register_edit(record, by=user, at=AT, before=None)
    return record


def codes(user, task: str) -> set[str]:
    """Return the codes in the list of seminars that is filtered by ``task``."""
    model_admin = admin.site.get_model_admin(Seminar)
    changelist = model_admin.get_changelist_instance(staff_request(user, task=task))
    return {row.code for row in changelist.result_list}


def page(user, query="") -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"{LIST}{query}").content.decode()


def test_task_filter_lists_the_records_of_the_user(author, reviewer):
    chief = staff(is_superuser=True)
    edited(seminar("SEM-0001"), author)
    in_review(edited(seminar("SEM-0002"), author))
    in_review(edited(seminar("SEM-0003"), reviewer))
    returned = in_review(edited(seminar("SEM-0004"), author))
    reviewing.return_to_draft(returned, by=chief, at=LATER)
    scheduled(seminar("SEM-0005"), timezone.now() + dt.timedelta(days=2))
    published(seminar("SEM-0006"))
    seminar("SEM-0007", updated_by=author)
    seminar("SEM-0008")
    expected = {
        author: {
            "drafts": {"SEM-0001"},
            "returned": {"SEM-0004"},
            "submitted": {"SEM-0002"},
            "waiting": {"SEM-0002", "SEM-0003"},
            "scheduled": {"SEM-0005"},
            "mine": {"SEM-0001", "SEM-0002", "SEM-0004", "SEM-0007"},
        },
        reviewer: {
            "review": {"SEM-0002"},
            "waiting": {"SEM-0002", "SEM-0003"},
            "scheduled": {"SEM-0005"},
            "mine": {"SEM-0003"},
        },
    }

    with collect_failures() as failures:
        for user, codes_by_task in expected.items():
            for task, wanted in codes_by_task.items():
                with failures.case(user.username, task):
                    assert codes(user, task) == wanted


def test_task_filter_offers_only_tasks_of_the_user(author, reviewer):
    reader = permitted("sample.reader", "view")
    in_review(edited(seminar("SEM-0001"), author))
    offered = {
        author: {"waiting", "returned", "drafts", "submitted", "scheduled", "mine"},
        reviewer: {"review", "waiting", "scheduled", "mine"},
        reader: {"waiting", "mine"},
    }

    for user, tasks in offered.items():
        html = page(user)
        assert {
            task
            for task in ["review", *offered[author]]
            if f'href="?task={task}"' in html
        } == tasks
    # A task that is not offered does not filter.
    assert codes(reader, "review") == {"SEM-0001"}


def test_list_shows_since_when_a_record_waits(reviewer):
    record = in_review(seminar("SEM-0001"), at=AT)
    record.updated_at = LATER + dt.timedelta(days=9)
    record.save()
    publish_at = dt.datetime(2099, 12, 3, 9, 0, tzinfo=dt.UTC)
    scheduled(seminar("SEM-0002"), publish_at)

    html = page(reviewer)

    assert "in review, waiting since 6 May 2024" in html
    assert "approved, will be published on 3 Dec 2099, 17:00" in html


def test_list_shows_written_languages_by_short_names(reviewer):
    seminar("SEM-0001", title_en="Sample", title_zh_hans="示例", title_vi="Mẫu")

    assert '<td class="field-content_languages">zh en vi</td>' in page(reviewer)
    assert set(SHORT_LANGUAGE_NAMES) == set(LANGUAGES_BY_CODE)
    with translation.override("en"):
        names = [str(name) for name in SHORT_LANGUAGE_NAMES.values()]
    assert len(set(names)) == len(names)


def test_list_links_code_and_title(reviewer):
    record = seminar("SEM-0001", title_en="Sample")
    url = f"{LIST}{record.pk}/change/"

    html = page(reviewer)

    assert f'<a href="{url}">SEM-0001</a>' in html
    assert f'<a href="{url}">Sample</a>' in html


def test_query_count_does_not_depend_on_rows_and_task(author):
    client = Client()
    client.force_login(author)
    client.get(LIST)
    counts: dict[str, list[int]] = {}
    for number in range(1, 21):
        in_review(edited(seminar(f"SEM-{number:04}"), author))
        edited(seminar(f"SEM-{number + 100:04}"), author)
        if number not in (1, 3, 20):
            continue
        for task in ("", "waiting", "drafts", "mine"):
            with CaptureQueriesContext(connection) as queries:
                client.get(LIST, {"task": task} if task else {})
            counts.setdefault(task, []).append(len(queries))

    assert {len(set(numbers)) for numbers in counts.values()} == {1}
    assert max(numbers[0] for numbers in counts.values()) <= 8


def test_no_record_list_is_sorted_by_a_translated_column():
    user = staff(is_superuser=True)
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                model_admin = admin.site.get_model_admin(kind.model)
                changelist = model_admin.get_changelist_instance(staff_request(user))
                sortable = [
                    changelist.get_ordering_field(name) or ""
                    for name in changelist.list_display
                ]
                assert not [
                    name
                    for name in sortable
                    if str(name).endswith(("_zh_hans", "_en")) or name == "title"
                ]
