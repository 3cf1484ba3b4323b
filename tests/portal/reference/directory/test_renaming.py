"""Operations on name changes: propose, accept, return to the author, discard."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from portal.conference.resources import ArticleResource
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import get_column_values
from portal.reference.directory.models import NameChange, NamedParty, Topic
from portal.reference.directory.renaming import operations
from portal.reference.directory.renaming.errors import (
    AlreadyDecidedError,
    InvalidNameError,
    OutdatedVersionError,
    SelfApprovalError,
)
from portal.reference.directory.renaming.versions import version_of
from portal.reference.directory.resources import TopicResource
from tests.factories.conference import article, document
from tests.factories.directory import any_country, name_change, party, place, topic
from tests.factories.publishing import AT, actor, published, staff, withdrawn
from tests.portal.content.spreadsheets.load_helpers import loaded, row

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def author():
    return staff("sample.author", is_superuser=True)


@pytest.fixture
def other_user():
    return staff("sample.other", is_superuser=True)


@pytest.fixture
def training() -> Topic:
    """Return a topic that a published article uses."""
    used = topic("training", name_en="Training", name_zh_hans="培训")
    published(article("sample", topics=[used]))
    return used


def decision_arguments(change: NameChange, *, by, at=LATER) -> dict:
    """Return arguments for a decision by ``by`` on the current ``change``."""
    change.refresh_from_db()
    row = change.content_type.get_object_for_this_type(pk=change.object_id)
    return {"version": version_of(change, row), "by": by, "at": at}


def verbs(row) -> list[str]:
    return list(
        Deed.objects.for_record(row).order_by("position").values_list("verb", flat=True)
    )


def test_proposed_change_leaves_the_name_as_it_is(training, author):
    change = name_change(training, by=author, name_en="Learning")

    training.refresh_from_db()
    assert (training.name_en, change.state) == ("Training", "waiting")
    assert (change.before, change.wanted) == (
        {"name_en": "Training"},
        {"name_en": "Learning"},
    )
    (entry,) = Deed.objects.for_record(training)
    assert (entry.verb, entry.by) == ("proposed", author)
    assert entry.changes == [
        {"field": "name", "language": "en", "old": "Training", "new": "Learning"}
    ]


def test_accepted_change_reaches_records_that_use_the_name(
    training, author, other_user, django_capture_on_commit_callbacks
):
    change = name_change(training, by=author, name_en="Learning")

    with django_capture_on_commit_callbacks(execute=True):
        operations.accept(change, **decision_arguments(change, by=other_user))

    training.refresh_from_db()
    assert (training.name_en, training.name_zh_hans) == ("Learning", "培训")
    assert (training.updated_by, training.updated_at) == (other_user, LATER)
    assert (change.state, change.decided_by, change.decided_at) == (
        "accepted",
        other_user,
        LATER,
    )
    assert verbs(training) == ["proposed", "accepted", "changed"]
    assert Entry.objects.get(code="sample").revision == 2
    assert Change.objects.filter(code="sample", action="updated").exists()


def test_author_cannot_accept_own_change(training, author):
    change = name_change(training, by=author)

    with pytest.raises(SelfApprovalError, match="another person"):
        operations.accept(change, **decision_arguments(change, by=author))

    training.refresh_from_db()
    assert (training.name_en, change.state) == ("Training", "waiting")


def test_colleague_who_edited_the_change_cannot_accept_it(training, author, other_user):
    name_change(training, by=author, name_en="Learning")
    change = name_change(training, by=other_user, name_en="Learning", name_vi="Đào tạo")

    with pytest.raises(SelfApprovalError):
        operations.accept(change, **decision_arguments(change, by=other_user))

    assert NameChange.objects.count() == 1
    assert change.proposed_by == author
    assert set(change.contributors.all()) == {author, other_user}


def test_author_accepts_own_change_where_one_person_is_enough(
    training, author, settings
):
    change = name_change(training, by=author, name_en="Learning")
    settings.TWO_PERSON_APPROVAL = False

    operations.accept(change, **decision_arguments(change, by=author))

    training.refresh_from_db()
    assert training.name_en == "Learning"


DECISIONS = {
    "accept": operations.accept,
    "return": lambda change, **decision_arguments: operations.return_to_author(
        change, reason="Wrong.", **decision_arguments
    ),
    "discard": lambda change, **decision_arguments: operations.discard(
        change, reason="", **decision_arguments
    ),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_about_an_older_version_of_the_change_is_refused(
    training, author, other_user, decision
):
    change = name_change(training, by=author, name_en="Learning")
    arguments = decision_arguments(change, by=other_user)
    name_change(training, by=author, name_en="Something else")

    with pytest.raises(OutdatedVersionError, match="edited after you opened"):
        DECISIONS[decision](change, **arguments)

    training.refresh_from_db()
    assert (training.name_en, change.state) == ("Training", "waiting")


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_after_the_row_was_edited_is_refused(
    training, author, other_user, decision
):
    change = name_change(training, by=author, name_en="Learning")
    arguments = decision_arguments(change, by=other_user)
    Topic.objects.filter(pk=training.pk).update(name_zh_hans="训练")

    with pytest.raises(OutdatedVersionError):
        DECISIONS[decision](change, **arguments)

    assert Topic.objects.get().name_en == "Training"


def test_change_of_a_column_that_was_edited_meanwhile_is_refused_by_its_label(
    training, author, other_user
):
    change = name_change(training, by=author, name_en="Learning")
    Topic.objects.filter(pk=training.pk).update(name_en="Instruction")

    with pytest.raises(OutdatedVersionError, match=r"proposed: Name \(English\)"):
        operations.accept(change, **decision_arguments(change, by=other_user))

    assert Topic.objects.get().name_en == "Instruction"


@pytest.mark.parametrize("decision", DECISIONS)
def test_decided_change_cannot_be_decided_again(training, author, other_user, decision):
    change = name_change(training, by=author, name_en="Learning")
    operations.discard(change, reason="", **decision_arguments(change, by=other_user))

    with pytest.raises(AlreadyDecidedError, match="discarded"):
        DECISIONS[decision](change, **decision_arguments(change, by=other_user))


def test_returned_change_is_proposed_again_by_editing_it(training, author, other_user):
    change = name_change(training, by=author, name_en="Learning")
    operations.return_to_author(
        change, reason="Too short.", **decision_arguments(change, by=other_user)
    )
    assert (change.state, change.reason) == ("returned", "Too short.")

    repeated = name_change(training, by=author, name_en="Continued learning")

    assert (repeated.pk, repeated.state, repeated.reason) == (change.pk, "waiting", "")
    assert repeated.decided_by is None
    assert verbs(training) == ["proposed", "returned", "proposed"]


def test_change_back_to_the_present_name_discards_the_open_change(training, author):
    change = name_change(training, by=author, name_en="Learning")

    result = operations.propose(
        training, values=get_column_values(training), by=author, at=LATER
    )

    change.refresh_from_db()
    assert (result, change.state) == (None, "discarded")


def test_row_has_one_open_change_in_the_database(training, author):
    change = name_change(training, by=author)
    change.pk = None

    with (
        transaction.atomic(),
        pytest.raises(IntegrityError, match=r"one_open|UNIQUE constraint failed"),
    ):
        change.save(force_insert=True)


def test_accepted_name_of_a_party_that_exists_by_now_is_refused_by_its_name(
    author, other_user
):
    old = party("Old Ministry")
    published(document(named_parties=[old]))
    change = name_change(old, by=author, name="New Ministry")
    party("New Ministry")

    with pytest.raises(InvalidNameError, match=r"“New Ministry”.*already"):
        operations.accept(change, **decision_arguments(change, by=other_user))

    assert NamedParty.objects.get(pk=old.pk).name == "Old Ministry"
    change.refresh_from_db()
    assert change.state == "waiting"


def test_accepted_change_without_chinese_and_english_name_is_refused(
    training, author, other_user
):
    change = name_change(training, by=author, name_en="", name_zh_hans="")

    with pytest.raises(InvalidNameError):
        operations.accept(change, **decision_arguments(change, by=other_user))

    assert Topic.objects.get().name_en == "Training"


def test_approval_is_needed_for_names_in_public_use_or_with_an_open_change(
    training, author, settings
):
    unused, hanoi = topic("unused"), place("ha-noi")
    withdrawn(article("gone", topics=[unused]))

    def needs(row, by=author) -> bool:
        return operations.needs_approval(row, by=by, at=LATER)

    assert [needs(row) for row in (training, unused, hanoi)] == [True, False, False]
    assert not needs(training, by=actor("record"))
    name_change(unused, by=author)
    assert needs(unused)
    settings.TWO_PERSON_APPROVAL = False
    assert not needs(training)


def test_country_and_zone_of_a_place_are_changed_by_acceptance(author, other_user):
    hanoi = place("ha-noi", time_zone="Asia/Bangkok")
    published(document(place=hanoi))
    laos = any_country("LA")
    change = name_change(
        hanoi, by=author, country_id=laos.pk, time_zone="Asia/Vientiane"
    )

    operations.accept(change, **decision_arguments(change, by=other_user))

    hanoi.refresh_from_db()
    assert (hanoi.country, hanoi.time_zone) == (laos, "Asia/Vientiane")


def test_load_of_the_record_renames_without_a_second_person():
    loaded(
        (TopicResource, [row(TopicResource)]),
        (ArticleResource, [row(ArticleResource, topic_keys="training")]),
    )

    counts = loaded((TopicResource, [row(TopicResource, name_en="Learning")]), at=LATER)

    assert counts == [{"updated": 1}]
    assert Topic.objects.get().name_en == "Learning"
    assert not NameChange.objects.exists()
