"""Staff dashboard: bounded lists of items that the user is permitted to work on."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from portal.content.catalogue.models import Entry
from portal.content.publishing import operations
from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import Proposal
from portal.core.accounts import dashboard
from portal.core.accounts.choices import Role
from portal.core.accounts.models import User
from portal.core.jobs.operations import record_heartbeat
from portal.staff.dashboard import dashboard_context
from seminars.models import Seminar
from tests import reviewing
from tests.factories import made
from tests.factories.delegations import visit
from tests.factories.directory import country
from tests.factories.exchanges import (
    agreed_action,
    coordination_request,
    mechanism,
    meeting,
)
from tests.factories.files import picture
from tests.factories.publishing import (
    AT,
    error_report,
    in_review,
    published,
    scheduled,
    staff,
)
from tests.factories.publishing import proposal as waiting_change
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.import_helpers import written as import_sheet

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
# Queries of the start page of a user with all permissions.
MOST_QUERIES = 35


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


def test_record_is_listed_by_its_task(client, chief, settings):
    """Each of the author's records is in one widget; another clerk sees none."""
    settings.TWO_PERSON_APPROVAL = True
    author = permitted("change_seminar", "view_seminar")
    other = permitted("change_seminar", "view_seminar", username="sample.other")
    reader = permitted("view_seminar", username="sample.reader")
    now = timezone.now()
    edited_at = AT + dt.timedelta(hours=1)
    draft = _edited(seminar("SEM-0001", title_en="Draft"), author, at=edited_at)
    seminar("SEM-0002", title_en="Draft of another person")
    returned = in_review(_edited(seminar("SEM-0003", title_en="Sent"), author))
    reviewing.return_to_draft(returned, by=chief, at=LATER, reason="Which hall?")
    in_review(
        _edited(seminar("SEM-0004", title_en="Waiting"), author, at=LATER), at=LATER
    )
    soon, later = now + dt.timedelta(days=1), now + dt.timedelta(days=2)
    scheduled(seminar("SEM-0005", title_en="Later"), later)
    scheduled(seminar("SEM-0006", title_en="Soon"), soon)

    assert waiting(author) == {
        "returned": ["SEM-0003 Sent"],
        "drafts": ["SEM-0001 Draft"],
        "submitted": ["SEM-0004 Waiting"],
        "scheduled": ["SEM-0006 Soon", "SEM-0005 Later"],
        "recent": ["SEM-0004 Waiting", "SEM-0001 Draft", "SEM-0003 Sent"],
    }
    page = page_for(client, author)
    assert f'href="/admin/seminars/seminar/{draft.pk}/change/"' in page
    assert "seminar, waiting since 7 May 2024" in page
    clock = timezone.localtime(soon)
    text = f"{clock.day} {clock:%B %Y, %H:%M} (Beijing time)"
    assert f"seminar, will be published on {text}" in page
    assert set(waiting(other)) == {"scheduled"}
    assert waiting(reader) == {}
    assert waiting(permitted("change_article", username="sample.writer")) == {}


def test_draft_of_creator_is_listed_newest_first(chief):
    """A draft that was only created is a draft of its creator."""
    for number, days in ((1, 0), (2, 2), (3, 1)):
        row = seminar(f"SEM-{number:04}", title_en="Draft", created_by=chief)
        row.updated_at = AT + dt.timedelta(days=days)
        row.save()

    drafts = [name[:8] for name in waiting(chief)["drafts"]]
    assert drafts == ["SEM-0002", "SEM-0003", "SEM-0001"]


def test_many_drafts_hide_no_other_task(chief, monkeypatch):
    """An import creates many drafts at once, all newer than the other records."""
    monkeypatch.setattr(dashboard, "MAX_ITEMS", 2)
    in_review(seminar("SEM-0100", title_en="Sample"))
    returned = in_review(_edited(seminar("SEM-0101", title_en="Sample"), chief))
    reviewing.return_to_draft(returned, by=chief, at=AT, reason="Which hall?")
    for number in range(1, 31):
        _edited(seminar(f"SEM-{number:04}", title_en="Draft"), chief, at=LATER)

    widgets = waiting(chief)
    assert widgets["review"] == ["SEM-0100 Sample"]
    assert widgets["returned"] == ["SEM-0101 Sample"]
    assert len(widgets["drafts"]) == 2


def test_published_record_is_recently_edited(chief):
    author = permitted("change_seminar")
    record = in_review(_edited(seminar("SEM-0001", title_en="Sample"), author))
    reviewing.approve(record, by=chief, at=LATER)

    assert waiting(author)["recent"] == ["SEM-0001 Sample"]
    assert "recent" not in waiting(chief)
    author.user_permissions.clear()
    assert waiting(User.objects.get(pk=author.pk)) == {}


def test_requests_without_answer_are_listed(chief):
    pending = coordination_request(answered_on=None, result="")
    coordination_request(answered_on=dt.date(2024, 5, 7), result="done")

    assert waiting(chief) == {"requests": [str(pending.mechanism)]}
    assert waiting(permitted("change_meeting")) == {}


def test_overdue_meeting_is_listed(client, chief):
    regular = mechanism(rhythm_months=12)
    day = {"date_precision": "month", "state": "held"}
    meeting(mechanism=regular, starts_on=dt.date(2020, 5, 1), **day)
    planned = mechanism(rhythm_months=12)
    meeting(mechanism=planned, starts_on=dt.date(2020, 5, 1), **day)
    later = {"date_precision": "month", "state": "planned"}
    meeting(mechanism=planned, starts_on=dt.date(2099, 5, 1), **later)
    mechanism()

    assert waiting(chief) == {"meetings": [str(regular)]}
    assert "a meeting was expected by May 2021" in page_for(client, chief)
    assert waiting(permitted("change_seminar")) == {}


def test_each_role_sees_only_its_own_work():
    """All items exist, and nobody has edited a record."""
    now = timezone.now()
    both = {"name_zh_hans": "国", "name_en": "Country"}
    published(country("LA", reviewed_on=None, **both))
    published(seminar("SEM-0001", title_en="Sample"))
    scheduled(seminar("SEM-0002"), now + dt.timedelta(days=1))
    in_review(seminar("SEM-0003"))
    seminar("SEM-0004")
    agreed_action(due_on=dt.date(2024, 5, 6))
    coordination_request(answered_on=None, result="")
    picture(alternative_en="", alternative_zh_hans="")
    error_report()
    expected = {
        Role.EDITOR: {"scheduled", "actions", "countries", "languages", "pictures"},
        Role.TRANSLATOR: {"scheduled", "languages"},
        Role.REVIEWER: {"review", "scheduled"},
        Role.REGISTRAR: set(),
        Role.LIAISON: {"actions", "requests"},
        Role.AUDITOR: set(),
        Role.ADMINISTRATOR: {"reports"},
    }

    with collect_failures() as failures:
        for role in Role:
            with failures.case(role):
                user = staff(f"sample.{role}")
                user.groups.add(Group.objects.get(name=role))
                assert set(waiting(user)) == expected[role]


def test_empty_start_page_says_where_to_begin(client, chief):
    writer = permitted("add_seminar", "view_seminar")
    reader = permitted("view_seminar", username="sample.reader")
    without_role = staff("sample.newcomer")

    assert 'href="/admin/seminars/seminar/add/">Add seminar<' in page_for(
        client, writer
    )
    assert "Open a list below" in page_for(client, reader)
    assert "/seminar/add/" not in page_for(client, reader)
    assert "You have no role yet" in page_for(client, without_role)
    in_review(seminar("SEM-0001"))
    assert "You have no tasks" not in page_for(client, chief)


def test_proposal_is_listed_for_other_reviewer(client, chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    author = permitted("change_seminar")
    record = published(seminar("SEM-0001", title_en="Sample"))
    change = proposal(record, by=author)

    assert waiting(chief)["review"] == ["SEM-0001 Sample"]
    assert f"/proposal/{change.pk}/" in page_for(client, chief)
    assert "review" not in waiting(author)
    assert waiting(author)["submitted"] == ["SEM-0001 Sample"]


def test_proposal_is_not_listed_for_contributor(chief, settings):
    """The author created the proposal, the chief edited it, the author saved last."""
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    other_user = staff("sample.other", is_superuser=True)
    record = published(seminar("SEM-0001", title_en="Sample"))
    for person, remark in ((author, "One"), (chief, "Two"), (author, "Three")):
        waiting_change(record, by=person, remark=remark)

    assert "review" not in waiting(chief)
    assert "review" not in waiting(author)
    assert waiting(other_user)["review"] == ["SEM-0001 Sample"]
    settings.TWO_PERSON_APPROVAL = False
    assert waiting(chief)["review"] == ["SEM-0001 Sample"]


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


def test_proposal_widget_query_count_is_constant(client, chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    client.force_login(chief)
    client.get("/admin/")
    counts = []
    for number in (1, 2, 3):
        other_seminar = published(seminar(f"SEM-{number:04}", title_en="Sample"))
        waiting_change(other_seminar, by=author)
        own = published(seminar(f"SEM-{number + 10:04}", title_en="Own"))
        waiting_change(own, by=author)
        waiting_change(own, by=chief, remark="Changed.")
        if number == 2:
            continue
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/admin/")
        counts.append(len(queries))

        (box,) = [box for box in page.context["widgets"] if box.code == "review"]
        assert [task.name[:8] for task in box.items] == [
            f"SEM-{row:04}" for row in range(1, number + 1)
        ]
    assert len(set(counts)) == 1
    assert counts[0] <= MOST_QUERIES


def test_changes_of_an_import_are_one_item(client, chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    author = staff("sample.author", is_superuser=True)
    without_seminars = permitted("review_article", "change_article")
    for number in (1, 2, 3):
        published(seminar(f"SEM-{number:04}", title_en="Old"))
    waiting_change(Seminar.objects.get(code="SEM-0003"), by=author)
    rows = (("code", "title_en"), ("SEM-0001", "New"), ("SEM-0002", "New"))
    batch = import_sheet(csv_of(*rows), by=author)

    assert waiting(chief)["review"] == ["SEM-0003 Old", str(batch)]
    page = page_for(client, chief)
    assert f"/admin/publishing/proposal/import/{batch.pk}/" in page
    assert "2 changes of published records by sample.author" in page
    assert "review" not in waiting(author)
    assert waiting(author)["submitted"] == ["SEM-0003 Old", str(batch)]
    assert waiting(without_seminars) == {}


def test_returned_proposal_is_listed_for_author(client, chief):
    author = permitted("change_seminar")
    record = published(seminar("SEM-0001", title_en="Sample", title_zh_hans="样"))
    change = proposal(record, by=author)
    change.state, change.reason = "returned", "The hall is wrong."
    change.save()

    assert waiting(author) == {"returned": ["SEM-0001 Sample"]}
    assert "The hall is wrong." in page_for(client, author)
    assert "returned" not in waiting(chief)


def test_missing_translations_are_listed(client, chief):
    published(seminar("SEM-0001", title_en="Sample"))
    published(seminar("SEM-0002", title_en="Both", title_zh_hans="双语"))
    seminar("SEM-0003", title_en="A draft")

    assert waiting(chief)["languages"] == ["SEM-0001 Sample"]
    assert "missing: 简体中文" in page_for(client, chief)


def test_formed_title_is_no_missing_translation(chief):
    """The portal forms titles of visits; only a written text without its
    translation is missing."""
    titled = published(visit("VIS-0001"))
    texts = published(visit("VIS-0002", summary_en="They visited a court."))

    assert Entry.objects.get(code=titled.code).texts.count() == 0
    assert [name[:8] for name in waiting(chief)["languages"]] == [texts.code]


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
    warning = "Two-person approval is off"

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
    texts = (
        "The Celery worker has not run since",
        (
            "Celery beat and publish_due have never run, so scheduled "
            "records are not published. Contact the system "
            "administrator."
        ),
    )

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


def test_start_page_query_count_is_constant(client, chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    author, now = staff("sample.author", is_superuser=True), timezone.now()
    client.force_login(chief)
    client.get("/admin/")
    counts = []
    for number in range(1, 21):
        _create_item_per_widget(number, chief, author, now)
        if number not in (1, 3, 20):
            continue
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/admin/")
        counts.append(len(queries))

        # The meetings of the actions are published in Chinese only.
        widgets = {box.code: box.count for box in page.context["widgets"]}
        assert widgets == {
            "returned": number,
            "drafts": number,
            "review": number,
            "submitted": number,
            "scheduled": number,
            "recent": min(10, 3 * number),
            "actions": number,
            "requests": number,
            "languages": number,
            "reports": number,
        }
    assert len(set(counts)) == 1
    assert counts[0] <= MOST_QUERIES


def _create_item_per_widget(number: int, chief, author, now) -> None:
    """Create one item of each widget for ``chief``; the number makes codes unique."""
    rows = (f"SEM-{number + 100 * task:04}" for task in range(1, 7))
    _edited(seminar(next(rows)), chief)
    in_review(_edited(seminar(next(rows)), chief), by=chief)
    returned = in_review(_edited(seminar(next(rows)), chief), by=chief)
    reviewing.return_to_draft(returned, by=author, at=LATER, reason="Which hall?")
    in_review(_edited(seminar(next(rows)), author), by=author)
    scheduled(seminar(next(rows)), now + dt.timedelta(days=number))
    published(seminar(next(rows), title_en="Sample"))
    agreed_action(due_on=dt.date(2024, 5, 6))
    coordination_request(answered_on=None, result="")
    error_report()


def _edited(record, user, *, at=AT):
    """Save ``record`` as ``user``, so that they are its author."""
    operations.register_edit(record, by=user, at=at, before=None)
    return record
