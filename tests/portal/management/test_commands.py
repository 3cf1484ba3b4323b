"""Commands for operators: publish_due, rebuild_catalogue, ensure_staff."""

import datetime as dt
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.content.catalogue.models import Entry
from portal.core.accounts.models import User
from portal.core.jobs import operations as jobs
from portal.core.jobs.models import Job
from tests.factories.conference import article
from tests.factories.publishing import AT, published, scheduled
from tests.sign_in import with_app

pytestmark = pytest.mark.django_db


def test_publish_due_publishes_and_sweeps(capsys):
    scheduled(article("due"), AT + dt.timedelta(hours=1))
    scheduled(article("later"), timezone.now() + dt.timedelta(hours=1))
    jobs.enqueue("catalogue.refresh_using", at=AT, axis="country", value="VN")

    call_command("publish_due")
    call_command("publish_due")

    assert capsys.readouterr().out == "1 published, 1 jobs run.\n"
    assert Entry.objects.get().code == "due"
    assert Job.objects.get().state == "done"


def test_rebuild_catalogue_reports_counts(capsys):
    published(article("a"))
    published(article("b"))
    Entry.objects.get(code="a").delete()

    call_command("rebuild_catalogue")
    call_command("rebuild_catalogue")

    assert capsys.readouterr().out.splitlines() == [
        "1 changed, 0 removed, 1 unchanged.",
        "0 changed, 0 removed, 2 unchanged.",
    ]


@pytest.fixture
def local(settings, tmp_path) -> Path:
    settings.PORTAL_VAR = tmp_path
    return tmp_path / "staff-password"


def test_ensure_staff_creates_account_once_with_random_password(local, client, capsys):
    call_command("ensure_staff")
    first = local.read_text()

    call_command("ensure_staff")

    password = first.strip()
    assert local.read_text() == first
    assert stat.S_IMODE(local.stat().st_mode) == 0o600
    assert len(password) >= 20
    assert User.objects.get(username="staff").is_superuser
    assert client.login(username="staff", password=password)
    assert capsys.readouterr().out.count(password) == 2


def _printed_links(capsys) -> list[str]:
    return re.findall(r"http://\S+/accounts/enrolment/\S+/", capsys.readouterr().out)


def test_staff_account_without_a_factor_gets_a_link_at_each_start(
    local, client, capsys
):
    call_command("ensure_staff")
    call_command("ensure_staff", "--host=localhost:9000")

    first, second = _printed_links(capsys)
    assert first.startswith("http://localhost:8000/")
    assert second.startswith("http://localhost:9000/")
    assert client.get(urlsplit(first).path).status_code == 410
    assert client.get(urlsplit(second).path).status_code == 200


def test_staff_account_that_needs_or_can_use_no_link_gets_none(local, capsys):
    call_command("ensure_staff")
    assert len(_printed_links(capsys)) == 1
    staff = User.objects.get(username="staff")
    with_app(staff)

    call_command("ensure_staff")
    assert _printed_links(capsys) == []

    staff.authenticator_set.all().delete()
    User.objects.filter(pk=staff.pk).update(is_active=False)
    call_command("ensure_staff")
    assert _printed_links(capsys) == []


def test_start_says_whether_the_factor_is_needed(local, settings, capsys):
    call_command("ensure_staff")
    settings.SECOND_FACTOR_REQUIRED = True
    call_command("ensure_staff")

    assert re.findall(r"second factor \((.*?)\)", capsys.readouterr().out) == [
        "optional",
        "needed",
    ]


def test_start_does_not_fail_for_lack_of_a_host(local, settings, capsys):
    settings.ALLOWED_HOSTS = [".portal.example"]

    call_command("ensure_staff", "--host=localhost:8000")

    assert re.search(r"(?m)^  /accounts/enrolment/", capsys.readouterr().out)


def test_ensure_staff_keeps_account_without_password_file(local, capsys):
    call_command("ensure_staff")
    hashed = User.objects.get(username="staff").password
    local.unlink()

    call_command("ensure_staff")

    assert User.objects.get(username="staff").password == hashed
    assert not local.exists()
    assert "(changed by the user)" in capsys.readouterr().out


def test_ensure_staff_is_rejected_in_production(local, settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="In production use createsuperuser"):
        call_command("ensure_staff")

    assert not User.objects.exists()
