"""Page with all proposed changes of one import, and the decision on several of them."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import Proposal
from portal.content.publishing.review_choices import ProposalState
from portal.content.review import operations as review
from portal.core.audit.snapshots import take_snapshot
from seminars.models import Seminar
from tests import reviewing
from tests.factories import directory, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    csv_of,
    permitted,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def reviewer(client):
    user = states.staff("sample.chief", is_superuser=True)
    client.force_login(user)
    return user


def imported(count: int = 2):
    """Import new titles for ``count`` published seminars; return the import."""
    for number in range(1, count + 1):
        states.published(seminars.seminar(f"SEM-{number:04}", title_en=f"Old {number}"))
    rows = [(f"SEM-{number:04}", f"New {number}") for number in range(1, count + 1)]
    return written(csv_of(("code", "title_en"), *rows))


def address_of(batch) -> str:
    return f"/admin/publishing/proposal/import/{batch.pk}/"


def submitted(page, button: str, **changed) -> dict:
    """Return what a browser posts from the page with all changes included."""
    items = page.context["joint_review"].items
    versions = {f"version_{item.proposal.pk}": item.version for item in items}
    included = [item.proposal.pk for item in items if item.is_included]
    return {button: "1", "include": included, "reason": "", **versions, **changed}


def decide(client, batch, button: str, **changed):
    page = client.get(address_of(batch))
    return client.post(
        address_of(batch), submitted(page, button, **changed), follow=True
    )


def states_of(batch) -> list[str]:
    return list(batch.proposals.order_by("pk").values_list("state", flat=True))


def test_page_shows_each_change_in_the_order_of_the_file(client, reviewer):
    batch = imported(3)
    states.proposal(states.published(seminars.seminar("SEM-0009")))

    page = client.get(address_of(batch))

    names = [item.name for item in page.context["joint_review"].items]
    assert names == ["SEM-0001 Old 1", "SEM-0002 Old 2", "SEM-0003 Old 3"]
    text = " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())
    assert "Title (English) Old 1 New 1" in text
    assert "SEM-0009" not in text


def test_reviewer_approves_all_changes_at_once(client, reviewer):
    batch = imported(2)

    page = decide(client, batch, "_accept")

    assert reviewing.messages_of(page) == ["2 changes have been approved."]
    assert states_of(batch) == [ProposalState.ACCEPTED] * 2
    titles = Seminar.objects.order_by("code").values_list("title_en", "status")
    assert list(titles) == [("New 1", "published"), ("New 2", "published")]
    assert "No change of this import waits for approval." in page.content.decode()
    assert page.context["joint_review"].counts == [("Approved", 2)]


def test_decision_applies_to_the_included_changes_only(client, reviewer):
    batch = imported(2)
    first, second = batch.proposals.order_by("pk")

    page = decide(client, batch, "_return", include=[first.pk], reason="Check it.")

    assert reviewing.messages_of(page) == ["1 change has been returned for changes."]
    first.refresh_from_db()
    assert (first.state, first.reason) == (ProposalState.RETURNED, "Check it.")
    shown = [item.proposal for item in page.context["joint_review"].items]
    assert shown == [second]


def test_change_edited_since_the_page_was_shown_is_not_approved(client, reviewer):
    batch = imported(2)
    page = client.get(address_of(batch))
    record = Seminar.objects.get(code="SEM-0001")
    base = take_snapshot(record, record.child_relations)
    edited = take_snapshot(record, record.child_relations)
    edited.values["title_en"] = "Unread"
    colleague = states.staff("sample.colleague")
    review.propose(
        record, base=base, proposed=edited, public_note={}, by=colleague, at=states.AT
    )

    page = client.post(address_of(batch), submitted(page, "_accept"), follow=True)

    warning, success = reviewing.messages_of(page)
    assert "SEM-0001" in warning
    assert success == "1 change has been approved."
    assert states_of(batch) == [ProposalState.WAITING, ProposalState.ACCEPTED]
    assert Seminar.objects.get(code="SEM-0001").title_en == "Old 1"


def test_reason_stays_if_a_change_was_edited_since_the_page_was_shown(client, reviewer):
    batch = imported(2)
    page = client.get(address_of(batch))
    data = submitted(page, "_return", reason="Check the title.")
    record = Seminar.objects.get(code="SEM-0001")
    states.proposal(record, by=states.staff("sample.colleague"))

    page = client.post(address_of(batch), data)

    assert page.status_code == 200
    assert "Check the title." in page.content.decode()
    assert states_of(batch) == [ProposalState.WAITING, ProposalState.RETURNED]
    # The page shows the edited change; the reason can be sent with it.
    data = submitted(page, "_return", reason="Check the title.")
    client.post(address_of(batch), data)
    assert states_of(batch) == [ProposalState.RETURNED] * 2


def test_return_needs_a_reason_and_keeps_the_selection(client, reviewer):
    batch = imported(2)
    first = batch.proposals.order_by("pk").first()

    page = decide(client, batch, "_return", include=[first.pk])

    assert page.context["form"].errors["reason"] == ["Enter a reason."]
    included = [item.is_included for item in page.context["joint_review"].items]
    assert included == [True, False]
    assert states_of(batch) == [ProposalState.WAITING] * 2


def test_reason_is_not_dropped_by_an_approval(client, reviewer):
    batch = imported(1)

    page = decide(client, batch, "_accept", reason="Check it.")

    (error,) = page.context["form"].errors["reason"]
    assert error.startswith("A reason is not sent with this decision.")
    assert "Check it." in page.content.decode()
    assert states_of(batch) == [ProposalState.WAITING]


def test_decision_without_a_selected_change_is_refused(client, reviewer):
    batch = imported(1)

    page = decide(client, batch, "_accept", include=[])

    assert "Select at least one change. Nothing was changed." in page.content.decode()
    assert states_of(batch) == [ProposalState.WAITING]


def test_request_without_versions_decides_nothing(client, reviewer):
    batch = imported(1)
    pk = batch.proposals.get().pk

    client.post(address_of(batch), {"_accept": "1", "include": [pk], "reason": ""})

    assert states_of(batch) == [ProposalState.WAITING]


def test_changes_of_other_imports_are_not_decided(client, reviewer):
    batch = imported(1)
    other = states.proposal(states.published(seminars.seminar("SEM-0009")))
    version = f"version_{other.pk}"

    page = decide(
        client,
        batch,
        "_accept",
        include=[other.pk, "99999999999999999999999", "x"],
        **{version: "x"},
    )

    assert reviewing.messages_of(page) == [
        "1 of the selected changes is not available, so nothing was done with it."
    ]
    other.refresh_from_db()
    assert other.state == ProposalState.WAITING


def test_author_can_discard_but_not_approve(client):
    batch = imported(2)
    user = batch.written_by
    codenames = ("view_proposal", "view_seminar", "change_seminar", "review_seminar")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)

    page = client.get(address_of(batch))

    items = page.context["joint_review"].items
    assert [item.is_included for item in items] == [False, False]
    assert "another person must approve it" in items[0].problem
    included = [item.proposal.pk for item in items]
    page = decide(client, batch, "_accept", include=included)
    assert len(reviewing.messages_of(page)) == 2
    assert states_of(batch) == [ProposalState.WAITING] * 2

    page = decide(client, batch, "_discard", include=included)

    assert reviewing.messages_of(page) == ["2 changes have been discarded."]
    assert states_of(batch) == [ProposalState.DISCARDED] * 2


def test_users_without_permission_see_and_decide_nothing(client):
    batch = imported(1)
    address = address_of(batch)
    viewer = permitted("publishing.view_proposal", username="sample.viewer")
    client.force_login(viewer)
    assert client.get(address).status_code == 404

    viewer.user_permissions.add(Permission.objects.get(codename="view_seminar"))
    page = client.get(address)
    assert page.status_code == 200
    for name in ("_accept", "include", "reason"):
        assert f'name="{name}"' not in page.content.decode()
    for button in ("_accept", "_return", "_discard"):
        data = submitted(page, button, reason="Sample.")
        assert client.post(address, data).status_code == 403
    assert states_of(batch) == [ProposalState.WAITING]

    client.force_login(states.staff("sample.other"))
    assert client.get(address).status_code == 403


def test_long_imports_are_reviewed_page_by_page(client, reviewer):
    batch = imported(22)

    page = client.get(address_of(batch))
    assert len(page.context["joint_review"].items) == 20
    assert "Page 1 of 2" in page.content.decode()
    page = client.post(address_of(batch), submitted(page, "_accept"), follow=True)

    assert reviewing.messages_of(page) == ["20 changes have been approved."]
    assert len(page.context["joint_review"].items) == 2


def test_correction_note_is_named(client, reviewer):
    batch = imported(1)
    record = Seminar.objects.get()
    base = take_snapshot(record, record.child_relations)
    review.propose(
        record,
        base=base,
        proposed=take_snapshot(record, record.child_relations),
        public_note={"en": "The title is as printed."},
        by=states.staff("sample.colleague"),
        at=states.AT,
    )

    page = client.get(address_of(batch))

    text = " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())
    assert (
        "Only the correction note has changed. Correction note The title is as printed."
    ) in text


def test_names_that_the_changes_add_are_shown(client, reviewer):
    directory.country("LA")
    states.published(seminars.seminar("SEM-0001"))
    rows = (("code", "venue_named_parties"), ("SEM-0001", "Sample hall|LA"))

    page = client.get(address_of(written(csv_of(*rows))))

    text = page.content.decode()
    assert "Pictures and names added by these changes" in text
    assert text.count("Sample hall") >= 2


def test_deleted_record_does_not_break_the_page(client, reviewer):
    batch = imported(2)
    Seminar.objects.filter(code="SEM-0001").delete()

    page = client.get(address_of(batch))

    names = [item.name for item in page.context["joint_review"].items]
    assert names == ["SEM-0002 Old 2"]


def test_change_of_a_record_that_was_deleted_meanwhile_is_reported(client, reviewer):
    batch = imported(2)
    page = client.get(address_of(batch))
    Seminar.objects.filter(code="SEM-0001").delete()

    page = client.post(address_of(batch), submitted(page, "_accept"), follow=True)

    missing, success = reviewing.messages_of(page)
    assert missing.startswith("1 of the selected changes is not available")
    assert success == "1 change has been approved."


def test_page_runs_the_same_queries_for_any_number_of_changes(client, reviewer):
    for number in range(1, 21):
        organ = directory.organ(f"organ-{number}")
        record = seminars.seminar(f"SEM-{number:04}", title_en="Old")
        record.organiser_organs.add(organ)
        states.source(record, "https://example.org/one")
        states.published(record)

    def queries(count: int) -> int:
        keys = ("code", "organiser_organ_keys", "source_urls")
        rows = [
            (f"SEM-{number:04}", f"organ-{21 - number}", "https://example.org/two")
            for number in range(1, count + 1)
        ]
        batch = written(csv_of(keys, *rows))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address_of(batch))
        assert len(page.context["joint_review"].items) == count
        Proposal.objects.update(state=ProposalState.DISCARDED)
        return len(captured)

    client.get("/admin/")
    assert queries(1) == queries(3) == queries(20)
