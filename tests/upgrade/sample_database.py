"""Everything that an installation has stored, as samples, for :mod:`make_dump`.

``fill`` writes into a database that has the public record already. Staff do what they
do in the office, through operations and views; the clock is moved between the steps.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import serialization
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import get_commands
from django.db import models
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse

from portal.celery import app as celery
from portal.content.catalogue.models import Entry
from portal.content.publishing import numbering
from portal.content.publishing import operations as publishing
from portal.content.publishing.models import ImportBatch, Proposal, Publishable
from portal.content.publishing.reviewed_versions import (
    sign,
    version_of,
    version_of_proposal,
)
from portal.content.review import operations as review
from portal.content.review.preview import build_preview_links
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.accounts import operations as accounts
from portal.core.accounts.choices import KeyScope, Role
from portal.core.accounts.encryption import encrypt
from portal.core.accounts.models import Agency, AgencyKey, User
from portal.core.audit import operations as audit
from portal.core.audit.chain import verify_chain
from portal.core.audit.snapshots import take_snapshot
from portal.core.jobs import operations as jobs
from portal.core.jobs import registry
from portal.core.jobs.heartbeats import BEAT, WORKER
from portal.core.jobs.models import Job
from portal.reference.directory.models import Organ, Place, Topic
from portal.reference.directory.renaming import operations as renaming
from portal.reference.directory.renaming import versions as names_shown
from portal.reference.people import operations as people_operations
from portal.website.error_report_form import sign_opening_time
from seminars.models import Seminar
from tests import reviewing
from tests.factories import conference, directory, files, people, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import checked as checked_import
from tests.portal.content.spreadsheets.import_helpers import csv_of, received
from tests.portal.content.spreadsheets.import_helpers import written as written_import
from tests.portal.core.accounts.test_key_upgrade import Passkey
from tests.project.source_tree import APPS
from tests.sign_in import SECRET, code, give_code, give_password, is_signed_in

PASSWORD = "sample-password of the upgrade test"
RECOVERY_SEED = "5a" * 20
SHEET = ("code", "title_zh", "scope", "participating_countries", "source_urls")


def fill(clock, *, at: dt.datetime, publish_at: dt.datetime) -> dict:
    """Write the samples; return what a test has to know in addition to the database."""
    clock.move_to(at - dt.timedelta(days=1))
    staff = {role.value: _colleague(role.value) for role in Role}
    staff["superuser"] = _colleague("superuser", is_superuser=True)
    by, reviewer = staff["editor"], staff["reviewer"]
    records = _records(by, reviewer, at - dt.timedelta(days=1), publish_at)
    erased = _people(staff["registrar"], at - dt.timedelta(days=1))
    jobs.run_due_jobs(at=at - dt.timedelta(hours=2), limit=10_000)
    clock.move_to(at - dt.timedelta(minutes=10))
    _propose_changes(records, by, reviewer, at - dt.timedelta(hours=1))
    topic = Topic.objects.get(key="sample-topic")
    values = {"name_en": "Sample topic, renamed", "name_vi": "Chủ đề mẫu"}
    renaming.propose(topic, wanted=values, by=by, at=at - dt.timedelta(hours=1))
    states.error_report(page="/en/", email="reader@example.org", received_at=at)
    states.redirect("/ywb/sample.shtml", "/en/about/")
    jobs.run_due_jobs(at=at, limit=10_000)
    clock.move_to(at)
    known = {
        "password": PASSWORD,
        "erased": erased,
        "users": {name: user.username for name, user in staff.items()},
        "records": {name: record.public_code for name, record in records.items()},
        "imports": _imports(by, staff["registrar"], at),
        **_links(staff["administrator"], at),
        **_agency(staff["administrator"], at),
        **_second_factors(by),
        **_signed_texts(by, reviewer, records, topic, at),
        **_sessions(clock, by, staff["administrator"], at),
    }
    _record_heartbeats(at)
    _enqueue_every_job(records["published"], known["imports"], at)
    end = verify_chain()
    known["audit_chain"] = {"position": end.entry_count, "hash": end.hash}
    return known | _stable_identifiers(staff)


def _colleague(name: str, *, is_superuser: bool = False) -> User:
    """A member of staff who has the role ``name`` and no other, if there is one."""
    user = User.objects.create_user(
        f"sample.{name}",
        password=PASSWORD,
        first_name="Sample",
        last_name=name.title(),
        email=f"sample.{name}@example.org",
        is_staff=True,
        is_superuser=is_superuser,
        interface_language="en",
        translates=["vi"] if name == "translator" else [],
    )
    user.groups.set(Group.objects.filter(name=name))
    return user


# ------------------------------------------------------------------------------ records


def _records(by, reviewer, at, publish_at) -> dict[str, Publishable]:
    """One record for each status, as an editor and a reviewer make them."""
    topic = directory.topic("sample-topic", name_en="Sample topic")
    place = directory.place("sample-place", name_en="Sample place")
    directory.place("sample-place-2", name_en="Another sample place")
    picture = files.picture(alternative_en="A sample building")

    def seminar(number: int, title: str, **values) -> Seminar:
        code_of_sample = f"SEM-{9000 + number}"
        numbering.reserve_code(code_of_sample)
        record = seminars.seminar(
            code_of_sample,
            title_en=f"Sample seminar: {title}",
            title_zh_hans=f"样例研修班 {number}",
            starts_on=dt.date(2026, 4, number),
            date_precision="day",
            topics=[topic],
            places=[place],
            **values,
        )
        seminars.session(record, title_en="Sample session, kept", position=1)
        seminars.session(record, title_en="Sample session, to be deleted", position=2)
        states.source(record, f"https://example.org/sample/{number}")
        publishing.register_edit(record, by=by, at=at, before=None)
        return record

    def published(record):
        publishing.submit(record, by=by, at=at)
        reviewing.approve(record, by=reviewer, at=at)
        return record

    first = seminar(1, "published")
    before = take_snapshot(first, first.parts)
    states.attachment(first, files.stored_file())
    states.illustration(first, picture)
    publishing.register_edit(first, by=by, at=at, before=before)
    records = {"published": published(first)}
    records["draft"] = seminar(2, "draft")
    records["in_review"] = seminar(3, "in review")
    publishing.submit(records["in_review"], by=by, at=at)
    records["scheduled"] = seminar(4, "scheduled")
    models.QuerySet(Seminar).filter(pk=records["scheduled"].pk).update(
        publish_at=publish_at
    )
    records["scheduled"].refresh_from_db()
    published(records["scheduled"])
    records["returned"] = published(seminar(5, "with a returned change"))
    records["accepted"] = published(seminar(6, "with an accepted change"))
    records["withdrawn"] = published(seminar(7, "withdrawn"))
    reviewing.withdraw(records["withdrawn"], by=reviewer, at=at, reason="Sample.")
    records["article"] = conference.article("sample-article", topics=[topic])
    publishing.register_edit(records["article"], by=by, at=at, before=None)
    published(records["article"])
    return records


def _people(registrar, at) -> str:
    """People of the register, with their audit entries; who was erased of them."""
    erased = people.person("Sample Person Erased", rank="sample rank")
    organ = Organ.objects.get(key="vn-spp")
    recorded = people.person("Mâu Thị Hồng", rank="检察官", organ=organ)
    for person in (erased, recorded):
        _write_entry(person, by=registrar, at=at)
    people_operations.erase_person(
        erased, by=registrar, at=at, reason="Sample request."
    )
    participant = seminars.participant(
        Seminar.objects.get(code="SEM-9001"), person=recorded
    )
    record = seminars.training_record(participant, hours_attended=24)
    certificate = seminars.certificate(record, number="CERT-2026-9001")
    for row in (participant, record, certificate):
        _write_entry(row, by=registrar, at=at)
    return erased.personal_subject


def _write_entry(row: models.Model, *, by, at) -> None:
    """Write the audit entry of a new row."""
    after = take_snapshot(row)
    audit.append_snapshot_diff(row, before=None, after=after, by=by, at=at)


def _propose_changes(records, by, reviewer, at) -> None:
    """Changes of published records in every state; one of them waits."""
    note = {"en": "Sample correction.", "zh-hans": "样例更正。"}
    accepted = _proposed(records["accepted"], _rearrange, note, by=by, at=at)
    reviewing.accept(accepted, by=reviewer, at=at)
    returned = _proposed(records["returned"], _rearrange, note, by=by, at=at)
    reviewing.return_to_author(returned, by=reviewer, at=at, reason="Sample reason.")
    records["accepted"].refresh_from_db()
    discarded = _proposed(records["accepted"], _retitle, {}, by=by, at=at)
    reviewing.discard(discarded, by=reviewer, at=at, reason="Sample reason.")
    # Changed twice: what was proposed first is superseded.
    _proposed(records["published"], _retitle, {}, by=by, at=at)
    _proposed(records["published"], _rearrange, note, by=by, at=at)


def _proposed(record, change: Callable, note: dict, *, by, at) -> Proposal:
    """What ``change`` does to the record, waiting for approval."""
    base = take_snapshot(record, record.parts)
    with rolled_back_transaction():
        change(Seminar.objects.get(pk=record.pk))
        proposed = take_snapshot(Seminar.objects.get(pk=record.pk), record.parts)
    return review.propose(
        record, base=base, proposed=proposed, public_note=note, by=by, at=at
    )


def _retitle(record: Seminar) -> None:
    record.title_en = "Sample seminar: new title"
    record.save()


def _rearrange(record: Seminar) -> None:
    """Something of everything: columns, translations, relations, rows of inlines."""
    record.title_en = "Sample seminar: changed"
    record.title_zh_hans = "样例研修班：已修改"
    record.title_vi = "Hội thảo mẫu"
    record.reported_participants = 25
    record.save()
    record.places.set([Place.objects.get(key="sample-place-2")])
    record.sessions.get(title_en="Sample session, to be deleted").delete()
    record.sessions.update(title_en="Sample session, changed", title_vi="Phiên mẫu")
    seminars.session(record, title_en="Sample session, new", position=3)
    record.sources.all().delete()
    states.source(record, "https://example.org/sample/changed")


# ------------------------------------------------------------------ spreadsheet imports


def _imports(by, registrar, at) -> dict[str, int]:
    """Imports in every state in which something can still be done with them."""

    def rows(number: int) -> bytes:
        changed = ("SEM-9002", f"样例 {number}", "related", "LA;VN", "")
        new = ("", f"新样例 {number}", "related", "VN", "https://example.org/new")
        return csv_of(SHEET, changed, new)

    written = written_import(rows(1), by=by, at=at)
    checked = checked_import(rows(2), by=by, at=at)
    writing = checked_import(csv_of(SHEET[:3], ("", "写入样例", "related")), by=by)
    ImportBatch.objects.filter(pk=writing.pk).update(state="writing", written_by=by)
    checking = received(rows(3), by=by)
    # Whether this is the person on record is asked.
    head = ("name_latin", "rank", "organ_key", "country_iso2")
    similar = csv_of(head, ("Mâu Thị Hòng", "检察长", "vn-spp", "VN"))
    batch_with_questions = checked_import(similar, "people", by=registrar, at=at)
    imports = {
        "written": written,
        "checked": checked,
        "writing": writing,
        "checking": checking,
        "asking": batch_with_questions,
    }
    for state, batch in imports.items():
        batch.refresh_from_db()
        assert (batch.state, batch.error_count) == (state, 0), batch.errors
    return {name: batch.pk for name, batch in imports.items()}


# ---------------------------------------------------------------- accounts and agencies


def _links(administrator, at) -> dict:
    """One-time links that are not used yet."""
    invited = _colleague("invited")
    invited.set_unusable_password()
    invited.save()
    invitation = accounts.create_invitation(invited, by=administrator, at=at)
    newcomer = _colleague("newcomer")
    enrolment = accounts.create_enrolment_link(newcomer, by=administrator, at=at)
    return {
        "invitation": f"/accounts/invitation/{invitation}/",
        "enrolment": f"/accounts/enrolment/{enrolment}/",
    }


def _agency(administrator, at) -> dict:
    agency = Agency.objects.create(organ=Organ.objects.get(key="vn-spp"))
    key = AgencyKey(
        agency=agency,
        name="Sample key",
        scope=KeyScope.TRAINING,
        expiry_date=at + dt.timedelta(days=365),
    )
    return {"api_key": accounts.create_agency_key(key, by=administrator, at=at)}


def _second_factors(user) -> dict:
    """An app, recovery codes and a passkey of ``user``."""
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": encrypt(SECRET)}
    )
    data = {"seed": encrypt(RECOVERY_SEED), "used_mask": 0}
    codes = Authenticator.objects.create(user=user, type="recovery_codes", data=data)
    passkey = Passkey(user)
    private = passkey.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "totp_secret": SECRET,
        "recovery_codes": codes.wrap().get_unused_codes(),
        "passkey": {"id": passkey.id.hex(), "private_key": private.decode()},
    }


def _sessions(clock, user, administrator, at) -> dict:
    """Cookies of two browsers: one is signed in with a second factor, the other one has
    used a link and may set one up."""
    browser = Client()
    give_password(browser, user.username, PASSWORD)
    give_code(browser, code())
    assert is_signed_in(browser)
    enrolling = _colleague("enrolling")
    link = accounts.create_enrolment_link(enrolling, by=administrator, at=at)
    other_client = Client()
    other_client.post(f"/accounts/enrolment/{link}/")
    give_password(other_client, enrolling.username, PASSWORD)
    assert other_client.get("/accounts/2fa/totp/activate/").status_code == 200
    return {
        "session": browser.cookies["sessionid"].value,
        "enrolling_session": other_client.cookies["sessionid"].value,
        **_open_forms(browser),
    }


def _open_forms(browser: Client) -> dict:
    """What forms carry that were open in a browser, and a form that was saved."""
    add = "/admin/directory/topic/add/"
    draft = Seminar.objects.get(code="SEM-9002")
    page = browser.get(f"/admin/seminars/seminar/{draft.pk}/change/")
    form_token = _hidden(browser.get(add), "form_token")
    saved_token = _hidden(browser.get(add), "form_token")
    topic = {"key": "sample-saved", "name_en": "Sample topic, saved"}
    response = browser.post(add, {**topic, "form_token": saved_token})
    assert response.status_code == 302, response.context["errors"]
    return {
        "form_token": form_token,
        "saved_form": {**topic, "form_token": saved_token},
        "opened_form": _hidden(page, "seen"),
    }


def _hidden(response, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', response.text)[0]
    return html.unescape(re.search(r'value="([^"]*)"', tag)[1])


# ------------------------------------------------------------------------- signed texts


def _signed_texts(by, reviewer, records, topic, at) -> dict:
    """Texts that the portal has signed and given out."""
    waiting = review.get_open_proposal(records["published"])
    in_review = records["in_review"]
    change = renaming.open_change(topic)
    version = names_shown.version_of(change, topic)
    seminars_page = Client().get("/api/v1/seminars/", {"page_size": 2}).json()
    changes_page = Client().get("/api/v1/changes/", {"page_size": 5}).json()
    return {
        "preview": build_preview_links(in_review, at=at)[0]["url"],
        "report_form": sign_opening_time(at),
        "shown_record": sign(in_review, version_of(in_review), user=reviewer),
        "shown_proposal": sign(waiting, version_of_proposal(waiting), user=reviewer),
        "shown_name_change": names_shown.sign_version(version, user=reviewer),
        "name_form": names_shown.sign_values({"name_en": "Sample topic"}),
        "cursors": {
            page["next"]: Client().get(page["next"]).json()["results"]
            for page in (seminars_page, changes_page)
        },
    }


# ------------------------------------------------------------------ jobs and heartbeats


def _record_heartbeats(at) -> None:
    for name in (BEAT, WORKER):
        jobs.record_heartbeat(name, at=at)


def _enqueue_every_job(record, imports, at) -> None:
    """Let a job of every registered name wait, and nothing else."""
    jobs.run_due_jobs(at=at, limit=10_000)
    assert not Job.objects.exclude(state="done").exists()
    stored = record.attachments.get().file
    place = record.places.get()
    row = f"{place._meta.label_lower}:{place.pk}"
    jobs.enqueue("catalogue.refresh", at=at, axis="row", values=[row])
    jobs.enqueue("catalogue.refresh_using", at=at, axis="row", value=row)
    jobs.enqueue("catalogue.read_file", at=at, sha256=stored.sha256)
    jobs.enqueue("catalogue.rebuild", at=at)
    jobs.enqueue("directory.retell_users", at=at, model=place._meta.label, pk=place.pk)
    for state, verb in (("checking", "check"), ("writing", "write")):
        batch = imports[state]
        jobs.enqueue(
            "publishing.import_rows", at=at, batch=batch, verb=verb, language="en"
        )
    waiting = Job.objects.filter(state="waiting").values_list("name", flat=True)
    assert set(waiting) == set(registry._jobs)


# ------------------------------------------------------------- what is to stay the same


def _stable_identifiers(staff) -> dict:
    celery.loader.import_default_modules()
    permissions = Permission.objects.filter(content_type__app_label__in=_own_labels())
    browser = Client()
    return {
        "jobs": sorted(registry._jobs),
        "celery_tasks": sorted(
            name for name in celery.tasks if not name.startswith("celery.")
        ),
        "commands": sorted(
            name for name, app in get_commands().items() if app == "portal"
        ),
        "permissions": sorted(
            f"{label}.{codename}"
            for label, codename in permissions.values_list(
                "content_type__app_label", "codename"
            )
        ),
        "permissions_of_roles": {
            role.value: sorted(staff[role.value].get_all_permissions()) for role in Role
        },
        "tables": {
            model._meta.label_lower: model._meta.db_table
            for model in apps.get_models()
            if model._meta.app_label in _own_labels()
        },
        "admin_lists": sorted(_admin_lists()),
        "admin_addresses": dict(_admin_addresses()),
        "pages": sorted(_pages()),
        "calendar_uids": sorted(
            re.findall(r"^UID:(\S+)", browser.get("/en/calendar.ics").text, re.M)
        ),
        "feed_ids": sorted(
            re.findall(r"<id>([^<]+)</id>", browser.get("/en/feed.atom").text)
        ),
    }


def _own_labels() -> set[str]:
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in APPS
    }


def _admin_lists() -> Iterator[str]:
    for model in admin.site._registry:
        opts = model._meta
        yield reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def _admin_addresses() -> Iterator[tuple[str, str]]:
    """An example of every address of the admin, with the name of its view."""
    prefix, resolver = get_resolver().namespace_dict["admin"]
    for name in resolver.reverse_dict:
        if not isinstance(name, str):
            continue
        for candidates, *_details in resolver.reverse_dict.getlist(name):
            for template, parameters in candidates:
                path = f"/{prefix}{template % dict.fromkeys(parameters, 1)}"
                try:
                    view = resolve(path).view_name
                except Resolver404:  # 1 is no example of each parameter
                    continue
                if not view.endswith("catch_all_view"):
                    yield path, view


def _pages() -> Iterator[str]:
    """The page of one record of every kind."""
    visited = set()
    for entry in Entry.objects.order_by("kind", "pk"):
        if entry.kind not in visited:
            visited.add(entry.kind)
            yield f"/en/{entry.path}"
