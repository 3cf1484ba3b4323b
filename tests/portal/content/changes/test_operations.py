import pytest
from django.db import IntegrityError, transaction

from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change, Sequence
from portal.content.changes.operations import (
    PendingChange,
    append_change,
    append_changes,
    delete_sample_changes,
)
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db


def appended(code: str) -> Change:
    return append_change(
        kind="article", code=code, action=ChangeAction.PUBLISHED, revision=1, at=AT
    )


def test_positions_are_contiguous_from_one():
    positions = [appended(code).position for code in "abc"]

    assert positions == [1, 2, 3]
    assert Sequence.objects.get().last_position == 3


def test_rolled_back_position_is_reused():
    appended("a")
    with transaction.atomic():
        appended("b")
        transaction.set_rollback(True)

    appended("c")

    assert list(
        Change.objects.order_by("position").values_list("position", "code")
    ) == [
        (1, "a"),
        (2, "c"),
    ]


def test_after_returns_unseen_changes_oldest_first():
    for code in "abc":
        appended(code)

    after_none, after_first, after_last = (Change.objects.after(n) for n in (0, 1, 3))

    assert [change.code for change in after_none] == ["a", "b", "c"]
    assert [change.code for change in after_first] == ["b", "c"]
    assert list(after_last) == []


def test_sequence_table_allows_single_row():
    with pytest.raises(IntegrityError, match="changes_sequence_has_one_row"):
        Sequence.objects.create(pk=2)


def test_append_many_keeps_order():
    appended("a")

    append_changes(
        PendingChange("article", code, ChangeAction.UPDATED, 2, AT) for code in "bc"
    )

    change_values = Change.objects.values_list("position", "code", "revision")
    assert list(change_values) == [(1, "a", 1), (2, "b", 2), (3, "c", 2)]
    assert Sequence.objects.get_last_position() == 3


def test_append_many_with_empty_list_is_no_op():
    append_changes([])

    assert Sequence.objects.get_last_position() == 0
    assert not Change.objects.exists()


def test_position_is_0_before_first_change():
    assert Sequence.objects.get_last_position() == 0


def test_deleted_position_is_not_reused():
    for code in "abc":
        appended(code)

    delete_sample_changes(kind="article", codes=["c"])

    assert appended("d").position == 4
    assert list(Change.objects.values_list("code", flat=True)) == ["a", "b", "d"]
