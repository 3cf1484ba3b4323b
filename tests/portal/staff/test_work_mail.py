"""Mail about what waits for a person: at once, once a day, or never."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone

from portal.content.publishing import operations
from portal.core.accounts import dashboard
from portal.core.accounts.models import User, WorkMailState
from portal.core.audit.models import Head
from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Job
from portal.core.jobs.operations import run_due_jobs
from portal.reference.directory.renaming import operations as renaming
from portal.staff.tasks import mail_daily, mail_person
from portal.staff.work_mail.messages import DAILY_WIDGETS
from portal.staff.work_mail.schedule import enqueue_work_mail
from seminars.models import Seminar
from tests import reviewing
from tests.factories.directory import topic
from tests.factories.publishing import AT, actor, proposal, published, staff
from tests.factories.seminars import seminar
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.import_helpers import written as import_sheet

pytestmark = pytest.mark.django_db
# 07:30 in Beijing.
MORNING = dt.datetime(2026, 5, 5, 23, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_URL = "smtp://mail.example"
    settings.ALLOWED_HOSTS = ["portal.example", "testserver"]
    settings.TWO_PERSON_APPROVAL = True
    settings.JOBS_EAGER = False


def person(name: str, *codenames: str, frequency="at_once", **values) -> User:
    permissions = Permission.objects.filter(codename__in=codenames)
    assert permissions.count() == len(codenames)
    user = staff(f"sample.{name}", permissions=permissions)
    values = {"email": f"{name}@office.example", "mail_frequency": frequency} | values
    User.objects.filter(pk=user.pk).update(**values)
    return User.objects.get(pk=user.pk)


def reviewer(name="reviewer", **values) -> User:
    return person(name, "review_seminar", "view_seminar", **values)


def editor(name="editor", **values) -> User:
    return person(name, "change_seminar", "view_seminar", **values)


def clerk() -> User:
    """Return a colleague who gets no mail."""
    return User.objects.filter(username="sample.clerk").first() or staff()


def edit(record: Seminar, *, by: User, at=AT) -> None:
    operations.register_edit(record, by=by, at=at, before=None)


def begin() -> None:
    """Send no mail about what happened so far."""
    WorkMailState.objects.all().delete()
    enqueue_work_mail(at=timezone.now())


def deliver() -> list[tuple[str, str]]:
    """Run what is due now; return the recipients and subjects of new mail."""
    mail.outbox.clear()
    now = timezone.now()
    enqueue_work_mail(at=now)
    while run_due_jobs(at=timezone.now()):
        pass
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    return sorted((message.to[0], message.subject) for message in mail.outbox)


def test_submission_is_mailed_to_those_who_may_approve_it():
    author, record = editor(), seminar("SEM-0001", title_en="Sample title")
    reviewer()
    reviewer("contributor")
    reviewer("daily", frequency="daily")
    reviewer("never", frequency="never")
    reviewer("inactive", is_active=False)
    reviewer("without", email="")
    edit(record, by=author)
    edit(record, by=User.objects.get(username="sample.contributor"))
    begin()
    now = timezone.now()
    operations.submit(record, by=author, at=now)

    assert deliver() == [
        ("reviewer@office.example", "Waiting for your review: SEM-0001 Sample title")
    ]
    body = mail.outbox[0].body
    assert "sample.editor submitted the seminar “SEM-0001 Sample title”" in body
    assert f"http://portal.example:8000/admin/seminars/seminar/{record.pk}/" in body
    assert "http://portal.example:8000/accounts/" in body
    assert deliver() == []


def test_proposal_is_mailed_once_to_those_who_may_accept_it():
    author, record = editor(), published(seminar("SEM-0001", title_en="Sample"))
    reviewer()
    person("proposer", "review_seminar", "view_seminar", "change_seminar")
    begin()
    change = proposal(
        record, by=User.objects.get(username="sample.proposer"), at=timezone.now()
    )

    assert deliver() == [
        ("reviewer@office.example", "Waiting for your review: SEM-0001 Sample")
    ]
    assert f"/admin/publishing/proposal/{change.pk}/" in mail.outbox[0].body
    assert author.email not in mail.outbox[0].to


def test_changes_of_an_import_are_one_mail_with_a_link_to_their_page():
    author = person(
        "importer",
        *("add_seminar", "change_seminar", "view_seminar", "review_seminar"),
    )
    for number in (1, 2, 3):
        published(seminar(f"SEM-{number:04}", title_en="Old"))
    reviewer()
    editor()
    begin()
    rows = (("code", "title_en"), ("SEM-0001", "New"), ("SEM-0002", "New"))
    batch = import_sheet(csv_of(*rows), by=author, at=timezone.now())

    subject = f"Waiting for your review: {batch}"
    assert deliver() == [("reviewer@office.example", subject)]
    assert f"/admin/publishing/proposal/import/{batch.pk}/" in mail.outbox[0].body
    for change in batch.proposals.all():
        reviewing.accept(change, by=clerk(), at=timezone.now())
    assert deliver() == []
    import_sheet(csv_of(*rows[:1], ("SEM-0003", "Old")), by=author, at=timezone.now())
    assert deliver() == []


def test_return_is_mailed_to_the_authors_with_the_reason():
    author, record = editor(), seminar("SEM-0001", title_en="Sample title")
    colleague = reviewer()
    editor("other")
    edit(record, by=author)
    operations.submit(record, by=author, at=AT)
    begin()
    reviewing.return_to_draft(
        record, by=colleague, at=timezone.now(), reason="Add the place, please."
    )

    assert deliver() == [
        ("editor@office.example", "Returned to you: SEM-0001 Sample title")
    ]
    assert "Add the place, please." in mail.outbox[0].body


def test_returned_and_accepted_proposals_are_mailed_to_their_author():
    author, record = editor(), published(seminar("SEM-0001", title_en="Sample"))
    colleague = reviewer(frequency="never")
    change = proposal(record, by=author)
    begin()
    reviewing.return_to_author(
        change, by=colleague, at=timezone.now(), reason="Say why."
    )
    assert deliver() == [("editor@office.example", "Returned to you: SEM-0001 Sample")]

    change = proposal(record, by=author, remark="Another.", at=timezone.now())
    reviewing.accept(change, by=colleague, at=timezone.now())
    assert deliver() == [("editor@office.example", "Accepted: SEM-0001 Sample")]


def test_publication_is_mailed_to_those_who_contributed_since_the_last_one():
    first, second = editor("first"), editor("second")
    colleague = reviewer(frequency="never")
    record = seminar("SEM-0001", title_en="Sample title")
    edit(record, by=first)
    operations.submit(record, by=first, at=AT)
    begin()
    now = timezone.now()
    reviewing.approve(record, by=colleague, at=now)
    assert deliver() == [
        ("first@office.example", "Published: SEM-0001 Sample title"),
    ]

    reviewing.withdraw(record, by=colleague, at=now + HOUR, reason="Sample.")
    reviewing.return_to_draft(record, by=colleague, at=now + HOUR)
    edit(record, by=second, at=now + HOUR)
    operations.submit(record, by=second, at=now + HOUR)
    reviewing.approve(record, by=colleague, at=now + HOUR)
    subjects = deliver()
    assert ("second@office.example", "Published: SEM-0001 Sample title") in subjects
    assert ("first@office.example", "Published: SEM-0001 Sample title") not in subjects


def test_change_of_a_name_is_mailed_to_its_reviewers_and_authors():
    permissions = ("review_namechange", "view_namechange")
    person("reviewer", *permissions)
    author = person("author", *permissions, "view_topic")
    row = topic("courts", name_en="Courts")
    begin()
    change = renaming.propose(
        row, values={"name_en": "Judges"}, by=author, at=timezone.now()
    )
    assert deliver() == [("reviewer@office.example", "Waiting for your review: Courts")]
    assert f"/admin/directory/namechange/{change.pk}/" in mail.outbox[0].body


def test_what_no_longer_waits_is_not_mailed():
    author, record = editor(), seminar("SEM-0001", title_en="Sample title")
    reviewer()
    begin()
    operations.submit(record, by=clerk(), at=timezone.now())
    reviewing.return_to_draft(record, by=actor(), at=timezone.now())
    assert deliver() == []

    operations.submit(record, by=author, at=timezone.now())
    record.delete()
    assert deliver() == []


def is_mailed(position: int, user: User) -> bool:
    """Return whether the job of one recipient sends the mail about an audit entry."""
    mail.outbox.clear()
    mail_person(position=position, user=user.pk)
    return bool(mail.outbox)


def revoke(user: User, codename: str) -> None:
    user.user_permissions.remove(Permission.objects.get(codename=codename))


def test_what_a_person_may_see_is_checked_again_when_the_mail_is_built():
    """Between the choice of the recipients and a mail, an outage may pass."""
    author, colleague = editor(), reviewer()
    record = seminar("SEM-0001", title_en="Sample title")
    edit(record, by=author)
    operations.submit(record, by=clerk(), at=timezone.now())
    submitted = Head.objects.get().position
    assert is_mailed(submitted, colleague)

    revoke(colleague, "review_seminar")
    assert not is_mailed(submitted, colleague)

    reviewing.return_to_draft(
        record, by=actor(), at=timezone.now(), reason="Sample reason."
    )
    returned = Head.objects.get().position
    assert is_mailed(returned, author)
    assert not is_mailed(returned, editor("stranger"))
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert not is_mailed(returned, author)
    User.objects.filter(pk=author.pk).update(is_active=True)
    for codename in ("view_seminar", "change_seminar"):
        revoke(author, codename)
    assert not is_mailed(returned, author)


def test_what_no_longer_waits_when_the_mail_is_built_is_not_mailed():
    author = editor()
    colleague = reviewer()
    record = seminar("SEM-0001", title_en="Sample title")
    edit(record, by=author)
    operations.submit(record, by=author, at=timezone.now())
    submitted = Head.objects.get().position
    reviewing.return_to_draft(record, by=colleague, at=timezone.now(), reason="Place?")
    returned = Head.objects.get().position
    assert not is_mailed(submitted, colleague)
    assert is_mailed(returned, author)

    operations.submit(record, by=author, at=timezone.now())
    assert not is_mailed(returned, author)
    reviewing.approve(record, by=colleague, at=timezone.now())
    approved = Head.objects.get().position
    assert is_mailed(approved, author)
    reviewing.withdraw(record, by=colleague, at=timezone.now(), reason="Wrong.")
    assert not is_mailed(approved, author)


def test_approved_change_of_a_record_that_was_withdrawn_is_not_mailed():
    author, record = editor(), published(seminar("SEM-0001", title_en="Sample"))
    change = proposal(record, by=author)
    reviewing.accept(change, by=clerk(), at=timezone.now())
    accepted = Head.objects.get().position
    assert is_mailed(accepted, author)

    record.refresh_from_db()
    reviewing.withdraw(record, by=actor(), at=timezone.now(), reason="Wrong.")
    assert not is_mailed(accepted, author)


def test_returned_proposal_that_was_discarded_is_not_mailed():
    author, record = editor(), published(seminar("SEM-0001", title_en="Sample"))
    change = proposal(record, by=author)
    reviewing.return_to_author(change, by=actor(), at=timezone.now(), reason="Why?")
    returned = Head.objects.get().position
    assert is_mailed(returned, author)

    reviewing.discard(change, by=author, at=timezone.now())
    assert not is_mailed(returned, author)


def test_what_a_program_does_is_not_mailed_but_a_publication_at_a_set_time_is():
    author, record = editor(), seminar("SEM-0001", title_en="Sample title")
    reviewer()
    edit(record, by=author)
    begin()
    operations.submit(record, by=actor(), at=timezone.now())
    assert deliver() == []

    record.publish_at = timezone.now() + HOUR
    record.save()
    reviewing.approve(record, by=actor(), at=timezone.now())
    publisher = User.objects.get_system_user("publish-due")
    operations.publish_due(by=publisher, at=timezone.now() + 2 * HOUR)
    assert deliver() == [("editor@office.example", "Published: SEM-0001 Sample title")]


def test_record_that_was_not_published_at_its_time_is_mailed_to_reviewers():
    record = seminar("SEM-0001", title_en="Sample title")
    reviewer()
    operations.submit(record, by=clerk(), at=AT)
    record.publish_at = AT + HOUR
    record.save()
    reviewing.approve(record, by=actor(), at=AT)
    Seminar.objects.filter(pk=record.pk).update(title_en="Another title")
    begin()
    publisher = User.objects.get_system_user("publish-due")
    operations.publish_due(by=publisher, at=timezone.now())

    assert deliver() == [
        ("reviewer@office.example", "Waiting for your review: SEM-0001 Another title")
    ]
    assert "was not published at its time" in mail.outbox[0].body


def test_old_entries_and_the_time_before_a_mail_server_are_not_mailed(settings):
    reviewer()
    record = seminar("SEM-0001")
    settings.EMAIL_URL = ""
    assert deliver() == []
    assert not WorkMailState.objects.exists()

    settings.EMAIL_URL = "smtp://mail.example"
    operations.submit(record, by=clerk(), at=timezone.now())
    assert deliver() == []

    later = seminar("SEM-0002")
    operations.submit(later, by=clerk(), at=timezone.now() - 30 * HOUR)
    assert deliver() == []
    assert WorkMailState.objects.get().position == Head.objects.get().position


def test_simultaneous_call_does_not_enqueue_entries_again():
    reviewer()
    begin()
    operations.submit(seminar("SEM-0001"), by=clerk(), at=timezone.now())
    # Another call has already enqueued an entry that this call does not read yet.
    WorkMailState.objects.update(position=Head.objects.get().position + 1)
    enqueue_work_mail(at=timezone.now())

    assert WorkMailState.objects.get().position == Head.objects.get().position + 1


def test_mail_is_in_the_language_of_the_recipient():
    reviewer(interface_language="zh-hans")
    record = seminar("SEM-0001", title_en="Sample title", title_zh_hans="示例标题")
    begin()
    operations.submit(record, by=clerk(), at=timezone.now())

    ((_address, subject),) = deliver()
    assert "示例标题" in subject


def test_failed_mail_is_sent_again_and_the_others_only_once(monkeypatch):
    reviewer("first")
    reviewer("second")
    record = seminar("SEM-0001", title_en="Sample title")
    begin()
    operations.submit(record, by=clerk(), at=timezone.now())
    failures = ["second@office.example"]
    send = mail.message.EmailMessage.send

    def fail_once(message, *args, **kwargs):
        if message.to[0] in failures:
            failures.remove(message.to[0])
            raise ConnectionRefusedError
        return send(message, *args, **kwargs)

    monkeypatch.setattr(mail.message.EmailMessage, "send", fail_once)
    enqueue_work_mail(at=timezone.now())
    while run_due_jobs(at=timezone.now()):
        pass
    assert [message.to[0] for message in mail.outbox] == ["first@office.example"]

    run_due_jobs(at=timezone.now() + HOUR)
    assert sorted(message.to[0] for message in mail.outbox) == [
        "first@office.example",
        "second@office.example",
    ]


# ---------------------------------------------------------------------- once a day


def jobs_at(time: dt.datetime) -> list[dict]:
    """Return the payloads of the daily mail enqueued at ``time``."""
    Job.objects.all().delete()
    enqueue_work_mail(at=time)
    return list(Job.objects.values_list("payload", flat=True))


def test_daily_mail_is_due_once_at_eight_in_the_morning():
    user = reviewer(frequency="daily")
    reviewer("never", frequency="never")
    day = {"user": user.pk, "day": "2026-05-06"}

    assert jobs_at(MORNING - 24 * HOUR) == []  # the first call
    assert jobs_at(MORNING) == []
    assert jobs_at(MORNING + HOUR) == [day]
    assert jobs_at(MORNING + 2 * HOUR) == []
    assert jobs_at(MORNING + 30 * HOUR) == [{**day, "day": "2026-05-07"}]


def send_daily(user: User, *, day: dt.date | None = None) -> list[str]:
    mail.outbox.clear()
    day = day or timezone.localdate()
    mail_daily(user=user.pk, day=day.isoformat())
    return [message.body for message in mail.outbox]


def test_daily_mail_lists_what_the_start_page_lists():
    user = reviewer(frequency="daily")
    assert send_daily(user) == []

    for number in range(22):
        record = seminar(f"SEM-{number:04}", title_en="Sample title")
        operations.submit(record, by=clerk(), at=AT)

    (body,) = send_daily(user)
    assert (
        "Waiting for my review\n- SEM-0000 Sample title (seminar, waiting since" in body
    )
    assert f"http://portal.example:8000/admin/seminars/seminar/{record.pk}/" not in body
    assert "- and more" in body
    assert "http://portal.example:8000/admin/" in body
    assert send_daily(user, day=timezone.localdate() - dt.timedelta(days=1)) == []


def test_daily_mail_lists_only_what_the_person_may_see_when_it_is_built():
    user = reviewer(frequency="daily")
    record = seminar("SEM-0001", title_en="Sample title")
    operations.submit(record, by=clerk(), at=AT)
    assert send_daily(user)

    revoke(user, "review_seminar")
    assert send_daily(user) == []


def test_daily_mail_is_for_active_accounts_only():
    user = reviewer(frequency="daily")
    operations.submit(seminar("SEM-0001"), by=clerk(), at=AT)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert send_daily(user) == []


def test_widgets_of_the_daily_mail_exist():
    codes = {widget.code for widget in dashboard.get_widgets()}

    assert set(DAILY_WIDGETS) <= codes


# ------------------------------------------------------------------------ the choice


def test_person_chooses_on_the_account_page(client, settings):
    user = editor(frequency="daily")
    client.force_login(user)
    page = client.get("/accounts/").text
    assert 'value="daily"\n                     checked' in page
    assert "editor@office.example" in page

    answer = client.post("/accounts/mail/", {"frequency": "never"}, follow=True)
    assert "Your choice has been saved." in answer.text
    assert client.post("/accounts/mail/", {"frequency": "x"}).status_code == 400
    user.refresh_from_db()
    assert user.mail_frequency == "never"

    settings.EMAIL_URL = ""
    assert "/accounts/mail/" not in client.get("/accounts/").text


def test_new_accounts_get_daily_mail():
    assert staff().mail_frequency == "daily"
