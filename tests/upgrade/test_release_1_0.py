"""What release 1.0.0 stored still works after an upgrade.

Stored identifiers are data: names of models, fields and jobs, the literals that keys
and signatures are derived from, the path of the sign-in backend in sessions. The
database of ``release_1_0/`` has all of them (``make_dump`` says how it was made). It is
loaded and migrated once for this module; each test undoes what it writes.

A test that fails here means that a running portal breaks when it is upgraded. Do not
make the dump again to mend it.
"""

import csv
import datetime as dt
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.apps import apps
from django.conf import global_settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command, get_commands
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from portal.celery import app as celery
from portal.conference.models import Edition, EditionDelegation
from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.search.engine import search_entries
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.publishing.models import ImportBatch, Proposal
from portal.content.publishing.reviewed_versions import read_signed
from portal.content.review.conflicts.baseline import load_baseline
from portal.content.spreadsheets import operations as imports
from portal.content.spreadsheets.progress import ImportProgress
from portal.core.accounts.form_tokens import read_token
from portal.core.accounts.models import AgencyKey, FormSubmission, User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.jobs import operations as jobs
from portal.core.jobs.models import Job
from portal.core.translations.fields import models_with_name_keys, name_keys_fields
from portal.management.commands.load_record import RECORD
from portal.reference.directory.models import (
    Country,
    NameChange,
    NamedParty,
    Organ,
    Topic,
)
from portal.reference.directory.renaming import operations as renaming
from portal.reference.directory.renaming import versions as renaming_versions
from portal.website.error_report_form import ErrorReportForm
from seminars.models import Seminar
from tests.page_html import without_difference_marks
from tests.portal.content.spreadsheets.load_helpers import edit_record
from tests.portal.core.accounts.test_key_upgrade import Passkey
from tests.reviewing import decide_proposal, messages_of, page_of
from tests.sign_in import (
    code,
    confirmed,
    give_code,
    give_password,
    is_signed_in,
    with_app,
)
from tests.upgrade.restoring import upgraded_database

pytestmark = pytest.mark.django_db

RELEASE = Path(__file__).parent / "release_1_0"
KNOWN = json.loads((RELEASE / "known.json").read_text(encoding="utf-8"))
AT = dt.datetime.fromisoformat(KNOWN["at"])
# Soon enough for links and codes of the dump, which are good for some time only.
NOW = AT + dt.timedelta(minutes=5)


@pytest.fixture(scope="module", autouse=True)
def files(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The database of the release, upgraded; the folder with the release's files."""
    folder = tmp_path_factory.mktemp("release_1_0")
    with zipfile.ZipFile(RELEASE / "files.zip") as archive:
        archive.extractall(folder)
    context = upgraded_database(RELEASE / "database.sql.xz", folder)
    with django_db_blocker.unblock():
        context.__enter__()
    try:
        yield folder
    finally:
        with django_db_blocker.unblock():
            context.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """A clock that stands still, five minutes after the dump was made."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def installation(settings, files):
    """The settings of the installation that the dump is of."""
    settings.SECRET_KEY = KNOWN["secret_key"]
    settings.MEDIA_ROOT = files / "media"
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    settings.TWO_PERSON_APPROVAL = True
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def signed_in():
    """A function from a role to the client of its colleague, who is signed in."""

    def client_of(role: str) -> Client:
        colleague = user(role)
        if not has_second_factor(colleague):
            with_app(colleague)
        return confirmed(Client(), colleague)

    return client_of


def user(role: str) -> User:
    return User.objects.get(username=KNOWN["users"][role])


def record(name: str) -> Seminar:
    return Seminar.objects.get(code=KNOWN["records"][name])


def output_of(capsys, command: str, **options) -> str:
    call_command(command, **options)
    return capsys.readouterr().out


def test_every_migration_is_applied():
    executor = MigrationExecutor(connections["default"])

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


# ----------------------------------------------------------------- sessions and sign-in


def test_open_session_is_still_signed_in():
    client = Client()
    client.cookies["sessionid"] = KNOWN["session"]

    page = client.get("/admin/")

    assert page.status_code == 200
    assert page.context["user"] == user("editor")


def test_session_that_used_an_enrolment_link_can_set_up_a_factor():
    client = Client()
    client.cookies["sessionid"] = KNOWN["enrolling_session"]

    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize("factor", ["app", "recovery code"])
def test_code_of_a_second_factor_signs_in(factor):
    client, value = Client(), code(secret=KNOWN["totp_secret"])
    if factor == "recovery code":
        value = KNOWN["recovery_codes"][0]

    give_password(client, KNOWN["users"]["editor"], KNOWN["password"])
    assert not is_signed_in(client)
    give_code(client, value)

    assert is_signed_in(client)


class StoredPasskey(Passkey):
    """The passkey whose public half is in the dump."""

    def __init__(self, owner: User, *, id: str, private_key: str):
        self.user, self.id = owner, bytes.fromhex(id)
        self.key = load_pem_private_key(private_key.encode(), password=None)
        self.relying_party = hashlib.sha256(b"testserver").digest()


def test_passkey_signs_in():
    client = Client()

    StoredPasskey(user("editor"), **KNOWN["passkey"]).sign_in(client)

    assert is_signed_in(client)


@pytest.mark.parametrize("link", ["invitation", "enrolment"])
def test_unused_link_opens(link):
    assert Client().get(KNOWN[link]).status_code == 200


def test_key_of_an_agency_is_accepted():
    headers = {"authorization": f"Api-Key {KNOWN['api_key']}"}

    response = Client().get("/api/v1/seminars/", headers=headers)

    assert response.status_code == 200
    assert AgencyKey.objects.get().last_used_at == NOW


# -------------------------------------------------------------------------- permissions


@pytest.mark.parametrize("role", KNOWN["permissions_of_roles"])
def test_role_has_the_same_permissions(role):
    colleague, granted = user(role), KNOWN["permissions_of_roles"][role]

    permissions = {name for name in KNOWN["permissions"] if colleague.has_perm(name)}

    assert permissions == set(granted)


def test_every_model_keeps_its_label_and_table():
    types = {
        f"{content_type.app_label}.{content_type.model}": content_type.model_class()
        for content_type in ContentType.objects.all()
    }

    tables = {
        label: types[label] and types[label]._meta.db_table for label in KNOWN["tables"]
    }

    assert tables == KNOWN["tables"]


# ----------------------------------------------------------------- proposals and review


def test_waiting_change_is_shown_and_accepted(signed_in):
    seminar, client = record("published"), signed_in("reviewer")
    proposal = Proposal.objects.for_record(seminar).open().get()

    page = client.get(page_of(proposal))
    shown = without_difference_marks(page.text)
    for text in ("Sample seminar: changed", "样例研修班：已修改", "Hội thảo mẫu"):
        assert text in shown
    decide_proposal(client, "_accept", proposal, page=page)

    proposal.refresh_from_db()
    seminar.refresh_from_db()
    assert proposal.state == "accepted"
    assert seminar.title_en == "Sample seminar: changed"
    assert seminar.title_zh_hans == "样例研修班：已修改"
    assert seminar.title_vi == "Hội thảo mẫu"
    assert seminar.reported_participants == 25
    assert [place.key for place in seminar.places.all()] == ["sample-place-2"]
    assert sorted(place.title_en for place in seminar.sessions.all()) == [
        "Sample session, changed",
        "Sample session, new",
    ]
    assert seminar.corrections[0]["texts"]["en"] == "Sample correction."


def test_author_still_cannot_accept_the_waiting_change(signed_in):
    """The people who contributed are known by stored content types."""
    user("editor").groups.set(user("reviewer").groups.all())
    proposal = Proposal.objects.for_record(record("published")).open().get()

    decide_proposal(signed_in("editor"), "_accept", proposal)

    proposal.refresh_from_db()
    assert proposal.state == "waiting"


@pytest.mark.parametrize("state", ["waiting", "returned", "accepted", "discarded"])
def test_change_in_any_state_is_shown(state, signed_in):
    proposal = Proposal.objects.get(state=state)

    page = signed_in("reviewer").get(page_of(proposal))

    assert page.status_code == 200
    assert "Sample seminar" in page.text


def test_waiting_change_is_in_the_form_of_its_record(signed_in):
    seminar = record("published")

    page = signed_in("editor").get(f"/admin/seminars/seminar/{seminar.pk}/change/")

    assert 'value="Hội thảo mẫu"' in page.text


def test_waiting_change_of_a_name_is_shown_and_accepted(signed_in):
    change, reviewer = NameChange.objects.get(state="waiting"), user("reviewer")
    topic = Topic.objects.get(pk=change.object_id)

    page = signed_in("reviewer").get(f"/admin/directory/namechange/{change.pk}/change/")
    assert "Chủ đề mẫu" in page.text
    version = renaming_versions.version_of(change, topic)
    renaming.accept(change, version=version, by=reviewer, at=NOW)

    topic.refresh_from_db()
    assert (topic.name_en, topic.name_vi) == ("Sample topic, renamed", "Chủ đề mẫu")


def test_due_record_is_published(clock):
    clock.move_to(AT + dt.timedelta(hours=2), tick=False)

    operations.publish_due(
        by=User.objects.get_system_user("publish-due"), at=timezone.now()
    )

    assert record("scheduled").is_published


def test_records_keep_their_statuses():
    expected = {
        "published": "published",
        "draft": "draft",
        "in_review": "in_review",
        "scheduled": "approved",
        "returned": "published",
        "accepted": "published",
        "withdrawn": "withdrawn",
    }

    assert {name: record(name).status for name in expected} == expected


# --------------------------------------------------------------------------------- jobs


@pytest.mark.parametrize("name", KNOWN["jobs"])
def test_waiting_job_runs(name):
    waiting = Job.objects.filter(name=name, state="waiting")
    assert waiting.exists()

    for job in waiting:
        # A migration enqueues a rebuild at the time of the upgrade.
        jobs.run_job(job.pk, at=max(NOW, job.run_after))
        job.refresh_from_db()
        assert (job.state, job.error) == ("done", "")


def test_waiting_imports_are_checked_and_written_by_their_jobs():
    jobs.run_due_jobs(at=NOW)

    assert ImportBatch.objects.get(pk=KNOWN["imports"]["checking"]).state == "checked"
    assert ImportBatch.objects.get(pk=KNOWN["imports"]["writing"]).state == "written"


def test_tasks_that_wait_in_the_broker_are_known():
    celery.loader.import_default_modules()

    assert set(KNOWN["celery_tasks"]) <= set(celery.tasks)


# ------------------------------------------------------------------ spreadsheet imports


def test_checked_import_is_written():
    batch = ImportBatch.objects.get(pk=KNOWN["imports"]["checked"])

    imports.write_import(
        batch, by=user("editor"), at=NOW, progress=ImportProgress(batch.pk)
    )

    assert (batch.state, batch.error_count) == ("written", 0)
    assert Seminar.objects.filter(title_zh_hans="新样例 2").exists()


def test_written_import_is_undone():
    batch = ImportBatch.objects.get(pk=KNOWN["imports"]["written"])
    assert record("draft").title_zh_hans == "样例 1"

    imports.undo_import(batch, by=user("editor"), at=NOW)

    assert record("draft").title_zh_hans == "样例研修班 2"
    assert not Seminar.objects.filter(title_zh_hans="新样例 1").exists()


def test_question_of_an_import_is_answered():
    batch = ImportBatch.objects.get(pk=KNOWN["imports"]["asking"])
    answers_by_key = {question["key"]: "new" for question in batch.questions}

    imports.answer(batch, answers=answers_by_key, by=batch.received_by, at=NOW)
    imports.check_import(batch, at=NOW, progress=ImportProgress(batch.pk))

    assert (batch.state, batch.counts["created"]) == ("checked", 1)


@pytest.mark.parametrize("state", KNOWN["imports"])
def test_import_is_shown(state, signed_in):
    path = f"/admin/publishing/importbatch/{KNOWN['imports'][state]}/change/"

    page = signed_in("superuser").get(path)

    assert page.status_code == 200


# ------------------------------------------------------------------------- signed texts


def test_one_time_token_of_an_open_form_is_accepted():
    token = KNOWN["form_token"]

    assert read_token(token, user=user("editor"), form="directory.topic:add")


def test_form_that_was_saved_is_not_saved_again(signed_in):
    before = FormSubmission.objects.count()

    response = signed_in("editor").post(
        "/admin/directory/topic/add/", KNOWN["saved_form"], follow=True
    )

    assert response.status_code == 200
    assert "Sample topic, saved" in messages_of(response)[0]
    assert FormSubmission.objects.count() == before
    assert Topic.objects.filter(key="sample-saved").count() == 1


def test_form_tells_what_it_was_opened_with():
    opened = load_baseline(KNOWN["opened_form"], record("draft"))

    assert opened.form_values[""]["title_en"]
    assert opened.row_values["sessions"]


def test_shown_versions_are_accepted():
    reviewer, seminar = user("reviewer"), record("published")
    proposal = Proposal.objects.for_record(seminar).open().get()

    assert read_signed(KNOWN["shown_record"], record("in_review"), user=reviewer)
    assert read_signed(KNOWN["shown_proposal"], proposal, user=reviewer)


def test_change_is_accepted_on_a_page_that_was_opened_before(signed_in):
    proposal = Proposal.objects.for_record(record("published")).open().get()

    signed_in("reviewer").post(
        page_of(proposal), {"_accept": "1", "version": KNOWN["shown_proposal"]}
    )

    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_shown_names_are_accepted():
    version = KNOWN["shown_name_change"]

    assert renaming_versions.read_version(version, user=user("reviewer"))
    assert renaming_versions.read_values(KNOWN["name_form"]) == {
        "name_en": "Sample topic"
    }


def test_preview_link_opens(signed_in):
    assert signed_in("reviewer").get(KNOWN["preview"]).status_code == 200


def test_error_report_that_was_being_written_is_accepted():
    form = ErrorReportForm({"text": "Sample.", "opened": KNOWN["report_form"]}, at=NOW)

    assert form.is_valid(), form.errors


@pytest.mark.parametrize("address", KNOWN["cursors"])
def test_cursor_of_the_api_leads_to_the_same_page(address):
    results = Client().get(address).json()["results"]

    assert (
        _known_fields(results, KNOWN["cursors"][address]) == KNOWN["cursors"][address]
    )


def _known_fields(value, known):
    """Return ``value`` without the fields that ``known`` does not have."""
    if isinstance(known, dict):
        return {name: _known_fields(value[name], known[name]) for name in known}
    if isinstance(known, list) and len(known) == len(value):
        return [_known_fields(*pair) for pair in zip(value, known, strict=True)]
    return value


# ------------------------------------------------------------------------------ history


def test_audit_chain_is_unbroken(tmp_path, capsys):
    end = tmp_path / "end.json"
    end.write_text(json.dumps(KNOWN["audit_chain"]), encoding="utf-8")

    output = output_of(capsys, "verify_history", against=end)

    assert output.startswith(f"{KNOWN['audit_chain']['position']} entries")
    assert KNOWN["audit_chain"]["hash"] in output


def test_history_of_a_record_is_shown_with_the_names_of_its_fields(signed_in):
    path = f"/admin/seminars/seminar/{record('draft').pk}/history/"

    page = signed_in("editor").get(path)

    assert page.status_code == 200
    assert "title" in page.text


# --------------------------------------------------------- the record and the catalogue


def test_record_of_this_release_is_loaded_over_that_of_1_0(capsys):
    """The dry run announces the changes of the load; a second load has none."""
    plan = output_of(capsys, "load_record", dry_run=True).splitlines()
    loaded = output_of(capsys, "load_record").splitlines()
    repeated = output_of(capsys, "load_record").splitlines()

    assert plan[-1] == f"{loaded[-1]} Dry run: nothing was saved."
    assert repeated[-1] == "0 changes."
    # The rows of 1.0 are known to be those of the record.
    assert not [line for line in plan if "is not loaded" in line]


def test_delegations_entered_in_1_0_have_no_twins_after_loading_the_record(capsys):
    """They have no code. Some of them do not name their organ."""
    with (RECORD / "edition_delegations.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    countries = {country.iso2: country for country in Country.objects.all()}
    organs = {organ.key: organ for organ in Organ.objects.all()}
    pairs = Counter((row["edition_number"], row["country_iso2"]) for row in rows)
    for number, row in enumerate(rows):
        group = row["edition_number"], row["country_iso2"]
        has_organ = number % 2 or pairs[group] > 1
        EditionDelegation.objects.create(
            edition=Edition.objects.get(number=row["edition_number"]),
            country=countries[row["country_iso2"]],
            organ=organs.get(row["organ_key"]) if has_organ else None,
        )

    output_of(capsys, "load_record")

    delegations = EditionDelegation.objects.values_list("code", "organ__key")
    assert sorted(delegations) == sorted(
        (row["code"], row["organ_key"] or None) for row in rows
    )


def test_party_renamed_in_1_0_keeps_its_name_and_its_documents(capsys):
    """Loading in 1.0 created parties without entries in the audit log."""
    party = NamedParty.objects.get(name="Hong Kong")
    documents = set(party.documents.all())
    edit_record(party, by=user("administrator"), at=NOW, name="Hong Kong SAR")

    output_of(capsys, "load_record")

    party.refresh_from_db()
    assert party.name == "Hong Kong SAR"
    assert not NamedParty.objects.filter(name="Hong Kong").exists()
    assert documents
    assert documents <= set(party.documents.all())


def test_rebuilding_the_catalogue_announces_each_record_once(capsys, caplog):
    """This release has more fields in the API, so the responses have changed.

    No date or address of a record changes, no tag is lost, and no error is logged:
    another release computed the digests. Titles formed from facts depend on more rows.
    """
    before, tags, changes = entry_rows(), tag_rows(), Change.objects.count()

    call_command("rebuild_catalogue")
    capsys.readouterr()

    after = entry_rows()
    assert after.keys() == before.keys()
    revised = [key for key, row in after.items() if row["revision"] > 1]
    grown = [
        key
        for key, row in after.items()
        if row["revision"] - before[key]["revision"] == 1
    ]
    assert revised == grown == list(after)
    assert Change.objects.count() == changes + len(after)
    assert [{**row, "revision": None} for row in after.values()] == [
        {**row, "revision": None} for row in before.values()
    ]
    assert tags <= tag_rows()
    assert {axis for _entry, axis, _value in tag_rows() - tags} <= {"row"}
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert output_of(capsys, "rebuild_catalogue").startswith("0 changed, 0 removed, ")


def entry_rows() -> dict[tuple[str, str], dict]:
    """What places the entries in lists and calendars, by kind and code."""
    columns = (
        *("revision", "path", "state", "starts_on", "ends_on", "date_precision"),
        *("year", "zone", "sort_on", "countries", "topics", "places"),
        *("participants", "programme", "is_sample", "published_at"),
    )
    entries = Entry.objects.order_by("pk").values("kind", "code", *columns)
    return {
        (row["kind"], row["code"]): {name: row[name] for name in columns}
        for row in entries
    }


def tag_rows() -> set[tuple]:
    return set(EntryTag.objects.values_list("entry", "axis", "value"))


def test_rebuilding_the_keys_of_names_changes_nothing_else(capsys):
    """The release compared names in an earlier normal form."""
    before = named_rows()

    changed = int(output_of(capsys, "rebuild_name_keys").split()[0])

    assert 0 < changed < 10
    assert named_rows() == before
    assert output_of(capsys, "rebuild_name_keys").startswith("0 changed, ")


def named_rows() -> dict[str, list[dict]]:
    """All rows of models with name keys, without these."""
    rows = {}
    for model in models_with_name_keys(apps):
        keys = {field.attname for field in name_keys_fields(model)}
        rows[model._meta.label] = [
            {name: value for name, value in row.items() if name not in keys}
            for row in models.QuerySet(model).order_by("pk").values()
        ]
    return rows


def test_name_is_found_in_a_spelling_that_looks_the_same(capsys):
    """Malaysia in Khmer, with the vowel U for the register shifter."""
    call_command("rebuild_name_keys")
    call_command("rebuild_catalogue")
    capsys.readouterr()

    for typed in ("ម៉ាឡេស៊ី", "ម៉ាឡេស\u17bbី"):
        assert Country.objects.get(name_keys__named=typed).iso2 == "MY"
        assert search_entries(typed, limit=5).row_ids


def test_file_of_a_record_is_found():
    attachment = record("published").attachments.get()

    response = Client().get(attachment.file.get_absolute_url())

    assert response.status_code == 200
    assert response.getvalue().startswith(b"%PDF-")


# ---------------------------------------------------------------------------- addresses


@pytest.mark.parametrize("path", KNOWN["pages"])
def test_page_of_a_record_is_found(path):
    assert Client().get(path).status_code == 200


def test_calendars_and_feeds_know_their_entries_again():
    calendar = Client().get("/en/calendar.ics").text
    feed = Client().get("/en/feed.atom").text

    lost = [uid for uid in KNOWN["calendar_uids"] if f"UID:{uid}" not in calendar]
    lost += [name for name in KNOWN["feed_ids"] if f"<id>{name}</id>" not in feed]
    assert lost == []


def test_every_address_of_the_admin_leads_to_the_same_view():
    expected = KNOWN["admin_addresses"]

    assert {path: resolve(path).view_name for path in expected} == expected


def test_every_list_of_the_admin_opens(signed_in):
    client = signed_in("superuser")

    statuses = {path: client.get(path).status_code for path in KNOWN["admin_lists"]}

    assert {path: status for path, status in statuses.items() if status != 200} == {}


def test_every_command_is_there():
    assert set(KNOWN["commands"]) <= set(get_commands())
