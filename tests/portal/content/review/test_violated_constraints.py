"""Accepting a change that violates a constraint by now says which one."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from exchanges.models import Meeting
from portal.conference.models import Edition, EditionDelegation
from portal.content.publishing.models import Proposal
from portal.content.review import operations
from portal.content.review.preview import build_preview_links
from portal.core.audit.snapshots import ChildRow, get_column_values, take_snapshot
from tests import reviewing
from tests.admin_forms import errors, filled
from tests.factories.conference import edition, edition_delegation
from tests.factories.directory import country
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import AT, published, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _two_person_approval(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def editor():
    return staff("sample.editor")


@pytest.fixture
def reviewer():
    return staff("sample.reviewer", is_superuser=True)


def proposed_delegation(record: Edition, *, by, **values) -> Proposal:
    """Propose to add a delegation to a published edition."""
    base, wanted = (take_snapshot(record, record.child_relations) for _ in range(2))
    added = edition_delegation(record, **values)
    columns = get_column_values(added)
    del columns["edition_id"]
    added.delete()
    wanted.parts["delegations"].append(ChildRow(-1, columns))
    return operations.propose(
        record, base=base, proposed=wanted, public_note={}, by=by, at=LATER
    )


def proposed_number(record: Meeting, number: int, *, by) -> Proposal:
    base, wanted = (take_snapshot(record, record.child_relations) for _ in range(2))
    wanted.values["series_number"] = number
    return operations.propose(
        record, base=base, proposed=wanted, public_note={}, by=by, at=AT
    )


def test_message_of_a_violated_unique_constraint_of_a_row_is_shown(editor, reviewer):
    record = published(edition(8))
    proposal = proposed_delegation(record, by=editor, code="DEL-0001")
    edition_delegation(edition(9), code="DEL-0001")

    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert (
        "Another delegation already has this code. Enter another code or leave blank."
    ) in str(info.value)
    assert "refers to something that no longer exists" not in str(info.value)
    assert not record.delegations.exists()
    proposal.refresh_from_db()
    assert proposal.state == "waiting"


def test_message_of_a_violated_constraint_of_the_record_is_shown(editor, reviewer):
    series = mechanism()
    record = published(meeting(mechanism=series, series_number=1))
    unique = proposed_number(record, 2, by=editor)
    meeting(mechanism=series, series_number=2)

    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(unique, by=reviewer, at=AT)
    assert (
        "This mechanism already has a meeting with this number. Enter another number."
    ) in str(info.value)

    check = proposed_number(record, 0, by=editor)
    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(check, by=reviewer, at=AT)
    assert "The meeting number must be 1 or more." in str(info.value)


def test_country_that_is_gone_is_no_violated_constraint(editor, reviewer):
    record = published(edition(8))
    laos = country("LA")
    proposal = proposed_delegation(record, by=editor, country=laos)
    laos.delete()

    with pytest.raises(
        operations.OutdatedProposalError,
        match="refers to something that no longer exists",
    ):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert not EditionDelegation.objects.exists()


FORM = "/admin/conference/edition/{}/change/"


def violating_proposal(record: Edition, *, by) -> Proposal:
    proposal = proposed_delegation(record, by=by, code="DEL-0001")
    edition_delegation(edition(9), code="DEL-0001")
    return proposal


def test_form_of_a_change_that_violates_a_constraint_leads_to_the_change(
    editor, reviewer, client
):
    record = published(edition(8))
    proposal = violating_proposal(record, by=editor)
    client.force_login(reviewer)
    form = FORM.format(record.pk)

    response = client.get(form, follow=True)

    assert response.redirect_chain == [(reviewing.page_of(proposal), 302)]
    assert (
        "Another delegation already has this code. Enter another code or leave blank."
    ) in reviewing.messages_of(response)[0]
    reviewing.decide_proposal(client, "_discard", proposal)
    assert client.get(form).status_code == 200


def test_reader_who_may_not_view_the_change_gets_the_stored_record(editor, client):
    record = published(edition(8))
    violating_proposal(record, by=editor)
    view = Permission.objects.get(codename="view_edition")
    client.force_login(staff("sample.reader", permissions=[view]))

    response = client.get(FORM.format(record.pk))

    assert response.status_code == 200
    [message] = reviewing.messages_of(response)
    assert message == (
        "This page shows “8” without the proposed change, because "
        "the change cannot be applied: Another delegation already "
        "has this code. Enter another code or leave blank."
    )
    assert "DEL-0001" not in response.text


@pytest.mark.parametrize("names", [[], ["view_proposal"]])
def test_user_who_may_not_view_the_record_learns_nothing(editor, client, names):
    record = published(edition(8))
    violating_proposal(record, by=editor)
    permissions = Permission.objects.filter(codename__in=names)
    client.force_login(staff("sample.nobody", permissions=permissions))

    for response in (
        client.get(FORM.format(record.pk)),
        client.post(FORM.format(record.pk)),
    ):
        assert response.status_code == 403
    assert reviewing.messages_of(client.get("/admin/")) == []


@pytest.mark.parametrize("opened", ["before the proposal", "with the proposal"])
def test_form_submitted_meanwhile_is_not_saved_and_keeps_its_data(
    editor, reviewer, client, opened
):
    record = published(edition(8))
    client.force_login(reviewer)
    form = FORM.format(record.pk)
    data = filled(client.get(form))
    proposal = proposed_delegation(record, by=editor, code="DEL-0001")
    if opened == "with the proposal":
        data = filled(client.get(form))
    edition_delegation(edition(9), code="DEL-0001")
    data |= {"theme_en": "Typed theme"}

    response = client.post(form, data)

    assert response.status_code == 200
    errors_shown = response.context["adminform"].form.non_field_errors()
    assert errors_shown[0] == (
        "Nothing was saved, because the proposed change to “8” "
        "cannot be applied: Another delegation already has this "
        "code. Enter another code or leave blank. Discard that "
        "change, then save this form again."
    )
    shown = filled(response)
    assert shown["theme_en"] == "Typed theme"
    before = proposal.wanted
    proposal.refresh_from_db()
    assert (proposal.state, proposal.wanted) == ("waiting", before)

    reviewing.decide_proposal(client, "_discard", proposal)
    response = client.post(form, shown)
    assert response.status_code == 302, errors(response)
    saved = Proposal.objects.open().get()
    assert saved.wanted["values"]["theme_en"] == "Typed theme"
    assert saved.wanted["parts"]["delegations"] == []


def test_preview_of_a_change_that_violates_a_constraint_says_which_one(
    editor, reviewer, client
):
    record = published(edition(8))
    violating_proposal(record, by=editor)
    client.force_login(reviewer)
    links = build_preview_links(record, at=timezone.now())
    link = next(link["url"] for link in links if link["tag"] == "lo")
    files = link.removesuffix("lo/") + f"files/{'0' * 64}/sample.pdf"

    for address in (link, files):
        response = client.get(address)

        assert response.status_code == 409
        assert (
            "Another delegation already has this code. Enter another "
            "code or leave blank."
        ) in response.text
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"
        assert '<html lang="en"' in response.text
    record.refresh_from_db()
    assert record.revision == 1
