"""Staff dashboard: bounded lists of items that the user is permitted to work on."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.formats import date_format

from portal.content.publishing import operations
from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import Proposal
from portal.core.accounts import dashboard
from portal.core.jobs.operations import record_heartbeat
from portal.staff.dashboard import dashboard_context
from tests import reviewing
from tests.factories import made
from tests.factories.directory import country
from tests.factories.exchanges import agreed_action
from tests.factories.files import picture
from tests.factories.publishing import AT, error_report, in_review, published, staff
from tests.factories.publishing import proposal as waiting_change
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def chief():
    return staff("sample.chief", is_superuser=True)


def waiting(user) -> dict[str, list[str]]:
    """Return the item names on the dashboard of ``user``, by code of the widget."""
    widgets = dashboard_context(user, at=timezone.now())["widgets"]
    return {box.code: [task.name for task in box.items] for box in widgets}


def page_for(client, user) -> str:
    """Return the HTML of the start page of ``user``."""
    client.force_login(user)
    return client.get("/admin/").content.decode()


def permitted(*codenames, username="sample.clerk"):
    permissions = Permission.objects.filter(codename__in=codenames)
    assert permissions.count() == len(codenames)
    return staff(username, permissions=permissions)


def proposal(record, *, by) -> Proposal:
    """Create a pending proposal for ``record`` with empty content."""
    texts = {"base": {}, "wanted": {}}
    return made(Proposal, record=record, proposed_by=by, proposed_at=AT, **texts)


def test_record_in_review_is_listed_for_reviewer(client):
    record = in_review(seminar("SEM-0001", title_en="Sample"))
    seminar("SEM-0002", title_en="A draft")
    reviewer = permitted("review_seminar", "view_seminar")
    other_user = permitted("review_article", "view_seminar", username="sample.other")

    assert waiting(reviewer) == {"review": ["SEM-0001 Sample"]}
    assert waiting(other_user) == {}
    assert record.title_en not in page_for(client, other_user)


def test_record_in_review_is_not_listed_for_author(chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    record = seminar("SEM-0001", title_en="Sample")
    operations.register_edit(record, by=chief, at=AT, before=None)
    in_review(record)
    other_user = staff("sample.other", is_superuser=True)

    assert "review" not in waiting(chief)
    assert waiting(other_user)["review"] == ["SEM-0001 Sample"]
    settings.TWO_PERSON_APPROVAL = False
    assert waiting(chief)["review"] == ["SEM-0001 Sample"]


def test_returned_record_is_listed_for_author_with_reason(client, chief):
    author = permitted("change_seminar")
    record = seminar("SEM-0001", title_en="Sample", created_by=author)
    in_review(record, by=author)
    reviewing.return_to_draft(record, by=chief, at=LATER, reason="The hall is wrong.")

    client.force_login(author)
    page = client.get("/admin/")

    (box,) = [box for box in page.context["widgets"] if box.code == "returned"]
    assert [task.name for task in box.items] == ["SEM-0001 Sample"]
    assert "The hall is wrong." in page.content.decode()
    assert "returned" not in waiting(chief)


def test_returned_record_is_unlisted_after_save(chief):
    author = permitted("change_seminar")
    record = seminar("SEM-0001", title_en="Sample", created_by=author)
    in_review(record, by=author)
    reviewing.return_to_draft(record, by=chief, at=LATER)
    record.title_en = "Sample, mended"
    record.save()
    operations.register_edit(record, by=author, at=LATER, before=None)

    assert "returned" not in waiting(author)


def test_proposal_is_listed_for_other_reviewer(client, chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    author = permitted("change_seminar")
    record = published(seminar("SEM-0001", title_en="Sample"))
    change = proposal(record, by=author)

    assert waiting(chief)["proposed"] == ["SEM-0001 Sample"]
    assert f"/proposal/{change.pk}/" in page_for(client, chief)
    assert "proposed" not in waiting(author)


def test_proposal_is_not_listed_for_contributor(chief, settings):
    """The author created the proposal, the chief edited it, the author saved last."""
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    other_user = staff("sample.other", is_superuser=True)
    record = published(seminar("SEM-0001", title_en="Sample"))
    for person, remark in ((author, "One"), (chief, "Two"), (author, "Three")):
        waiting_change(record, by=person, remark=remark)

    assert "proposed" not in waiting(chief)
    assert "proposed" not in waiting(author)
    assert waiting(other_user)["proposed"] == ["SEM-0001 Sample"]
    settings.TWO_PERSON_APPROVAL = False
    assert waiting(chief)["proposed"] == ["SEM-0001 Sample"]


def test_record_in_review_is_not_listed_for_contributor(chief, settings):
    """The author created the record, the chief edited it, the author saved last."""
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    record = seminar("SEM-0001", title_en="Sample", created_by=author)
    for person in (author, chief, author):
        operations.register_edit(record, by=person, at=AT, before=None)
    in_review(record)
    other_user = staff("sample.other", is_superuser=True)

    assert "review" not in waiting(chief)
    assert "review" not in waiting(author)
    assert waiting(other_user)["review"] == ["SEM-0001 Sample"]


def test_proposal_widget_query_count_is_constant(
    client, chief, settings, django_assert_num_queries
):
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    client.force_login(chief)
    client.get("/admin/")
    for number in (1, 2, 3):
        other_seminar = published(seminar(f"SEM-{number:04}", title_en="Sample"))
        waiting_change(other_seminar, by=author)
        own = published(seminar(f"SEM-{number + 10:04}", title_en="Own"))
        waiting_change(own, by=author)
        waiting_change(own, by=chief, remark="Changed.")
        if number == 2:
            continue
        # One of the queries finds unpublished pictures that the user has described.
        with django_assert_num_queries(41):
            page = client.get("/admin/")

        (box,) = [box for box in page.context["widgets"] if box.code == "proposed"]
        assert [task.name[:8] for task in box.items] == [
            f"SEM-{row:04}" for row in range(1, number + 1)
        ]


def test_returned_proposal_is_listed_for_author(client, chief):
    author = permitted("change_seminar")
    record = published(seminar("SEM-0001", title_en="Sample", title_zh_hans="样"))
    change = proposal(record, by=author)
    change.state, change.reason = "returned", "The hall is wrong."
    change.save()

    assert waiting(author) == {"proposals-returned": ["SEM-0001 Sample"]}
    assert "The hall is wrong." in page_for(client, author)
    assert "proposals-returned" not in waiting(chief)


def test_missing_translations_are_listed(client, chief):
    published(seminar("SEM-0001", title_en="Sample"))
    published(seminar("SEM-0002", title_en="Both", title_zh_hans="双语"))
    seminar("SEM-0003", title_en="A draft")

    assert waiting(chief)["languages"] == ["SEM-0001 Sample"]
    assert "not in 简体中文" in page_for(client, chief)


def test_agreed_action_is_listed_on_due_date(chief):
    action = agreed_action(text_en="Send the list", due_on=dt.date(2024, 5, 6))
    agreed_action(text_en="Later", due_on=dt.date(2999, 1, 1))
    agreed_action(text_en="Done", due_on=dt.date(2024, 5, 6), state="done")
    code = action.meeting.code

    assert waiting(chief) == {"actions": [f"{code} Send the list"]}
    assert waiting(permitted("change_seminar")) == {}


def test_country_is_listed_when_not_reviewed_for_a_year(chief):
    both = {"name_zh_hans": "国", "name_en": "Country"}
    published(country("VN", reviewed_on=dt.date(2000, 1, 1), **both))
    published(country("LA", reviewed_on=None, **both))
    published(country("TH", reviewed_on=dt.date(2999, 1, 1), **both))
    country("CN", reviewed_on=None)

    assert waiting(chief) == {"countries": ["LA Country", "VN Country"]}


def test_picture_without_alt_text_is_listed(chief):
    undescribed = picture(alternative_en="", alternative_zh_hans="")
    picture(alternative_en="A hall.")

    assert waiting(chief) == {"pictures": [str(undescribed)]}
    assert waiting(permitted("change_seminar")) == {}


def test_new_error_reports_are_listed(client, chief):
    report = error_report("The date is wrong.", page="/en/seminars/SEM-0001/")
    error_report("Old.", state=ReportState.DONE)

    assert waiting(chief) == {"reports": [str(report)]}
    page = page_for(client, chief)
    assert "The date is wrong." in page
    assert "/admin/publishing/errorreport/?state__exact=new" in page
    assert waiting(permitted("change_seminar")) == {}


def test_widget_with_more_than_100_items_says_so(client, chief, monkeypatch):
    monkeypatch.setattr(dashboard, "MAX_ITEMS", 2)
    for _number in range(3):
        error_report()

    client.force_login(chief)
    page = client.get("/admin/")

    (box,) = page.context["widgets"]
    assert (box.count, box.has_more, len(box.items)) == (2, True, 2)
    assert "more than 2" in page.content.decode()


def test_recently_published_records_are_shown(client, chief):
    published(seminar("SEM-0001", title_en="Sample published"))
    seminar("SEM-0002", title_en="Sample draft")

    client.force_login(chief)
    page = client.get("/admin/")

    assert [card.code for card in page.context["recent_entries"]] == ["SEM-0001"]
    assert "Sample draft" not in page.content.decode()


def test_start_page_warns_when_two_person_approval_is_off(client, chief, settings):
    warning = "Four eyes is off"

    settings.TWO_PERSON_APPROVAL = True
    with_four = page_for(client, chief)
    settings.TWO_PERSON_APPROVAL = False
    without = page_for(client, chief)

    assert warning not in with_four
    assert warning in without


def test_late_process_is_shown_to_users_who_manage_jobs(client, chief, settings):
    settings.PORTAL_MODE, settings.JOBS_EAGER = "production", False
    now = timezone.now()
    since = timezone.localtime(now - dt.timedelta(hours=5))
    record_heartbeat("worker", at=since)
    staff_user = staff("sample.clerk")
    texts = ("The Celery worker has not run since", "Neither Celery beat nor")

    pages = {user: page_for(client, user) for user in (chief, staff_user)}
    record_heartbeat("worker", at=now)
    record_heartbeat("beat", at=now)
    well = page_for(client, chief)
    settings.PORTAL_MODE, settings.JOBS_EAGER = "local", True
    record_heartbeat("worker", at=since)
    local = page_for(client, chief)

    for text in texts:
        assert text in pages[chief]
        for page in (pages[staff_user], well, local):
            assert text not in page
    assert date_format(since, "DATETIME_FORMAT") in pages[chief]


def test_start_page_query_count_is_constant(client, chief, django_assert_num_queries):
    client.force_login(chief)
    client.get("/admin/")
    for number in (1, 2, 3):
        in_review(seminar(f"SEM-{number:04}"))
        published(seminar(f"SEM-{number + 10:04}"))
        agreed_action(due_on=dt.date(2024, 5, 6))
        error_report()
        if number == 2:
            continue
        with django_assert_num_queries(39):
            page = client.get("/admin/")

        assert [(box.code, box.count) for box in page.context["widgets"]] == [
            ("review", number),
            ("languages", number),
            ("reports", number),
            ("actions", number),
        ]
