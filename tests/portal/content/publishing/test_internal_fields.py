"""Work notes: for staff only, audited, no public change and no second person."""

import datetime as dt

import pytest
from django.test import Client

from portal.conference.models import Edition
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.content.changes.models import Change
from portal.content.publishing import operations, verification
from portal.content.publishing.models import Contribution, Proposal
from portal.content.publishing.two_person_approval import SelfApprovalForbidden
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from tests import reviewing
from tests.factories.conference import edition, edition_delegation
from tests.factories.publishing import AT, published, staff
from tests.failures import collect_failures
from tests.project.related_records import fresh
from tests.unrendered_pages import opened_form, unrendered

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


def signed_in_superuser() -> Client:
    client = Client()
    client.force_login(staff("sample.admin", is_superuser=True))
    return client


@pytest.fixture(autouse=True)
def _two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


def edited(record, *, by, **values):
    """Change ``values`` of a published record and register the edit."""
    before = take_snapshot(record, record.child_relations)
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    operations.register_edit(record, by=by, at=LATER, before=before)
    record.refresh_from_db()
    return record


def public_state(record) -> tuple:
    entry = Entry.objects.get(kind=record.kind, code=record.public_code)
    changes = Change.objects.filter(kind=record.kind, code=record.public_code)
    return record.revision, record.changed_at, entry.digest, changes.count()


def test_work_note_of_every_kind_changes_nothing_public():
    editor = staff("sample.editor")
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                record = published(fresh(kind.model))
                before = public_state(record)

                edited(record, by=editor, work_note="Seen in one report only")

                assert public_state(record) == before
                entry = Deed.objects.for_record(record).first()
                (change,) = entry.changes
                assert (change["field"], entry.by) == ("work_note", editor)


def test_a_public_field_in_the_same_edit_needs_another_person():
    record = published(edition(15))

    with pytest.raises(SelfApprovalForbidden):
        edited(
            record, by=staff("sample.editor"), work_note="A doubt", theme_en="Another"
        )


def test_work_note_of_a_child_row_is_no_public_change():
    record = published(edition(15))
    delegation = edition_delegation(record)
    before, state = take_snapshot(record, record.child_relations), public_state(record)
    delegation.work_note = "A doubt"
    delegation.save()

    operations.register_edit(record, by=staff("sample.editor"), at=LATER, before=before)

    record.refresh_from_db()
    assert public_state(record) == state
    last = Deed.objects.order_by("-position").first()
    assert last.model == "conference.editiondelegation"


def test_form_saves_a_work_note_at_once():
    record, client = published(edition(15)), signed_in_superuser()
    url = f"/admin/conference/edition/{record.pk}/change/"
    state = public_state(record)

    with unrendered():
        values = opened_form(client, url) | {"work_note": "A doubt"}
        response = client.post(url, values, follow=True)

    record.refresh_from_db()
    assert record.work_note == "A doubt"
    assert public_state(record) == state
    assert not Proposal.objects.exists()
    (message,) = response.context["messages"]
    assert (
        "” has been saved. It does not need approval, because only staff can see it."
    ) in str(message)


def test_form_with_a_public_change_proposes_the_work_note_too():
    record, client = published(edition(15)), signed_in_superuser()
    url = f"/admin/conference/edition/{record.pk}/change/"

    with unrendered():
        values = opened_form(client, url)
        client.post(url, values | {"work_note": "A doubt", "theme_en": "New"})

    record.refresh_from_db()
    assert (record.work_note, record.theme_en) == ("", "Sample theme 15")
    proposed = Proposal.objects.get().wanted["values"]
    assert (proposed["work_note"], proposed["theme_en"]) == ("A doubt", "New")


def test_author_of_a_work_note_may_approve_and_is_no_missing_contributor():
    record, editor = published(edition(15)), staff("sample.editor")
    edited(record, by=editor, work_note="A doubt")

    reviewing.withdraw(record, by=staff("sample.reviewer"), at=LATER)

    assert not Contribution.objects.filter(user=editor).exists()
    assert list(verification.missing_contributions()) == []
    assert list(verification.unexplained_records()) == []
    assert Edition.objects.get().work_note == "A doubt"
