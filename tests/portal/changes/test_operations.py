import pytest
from django.db import IntegrityError, transaction

from portal.changes.choices import Action
from portal.changes.models import Change, Sequence
from portal.changes.operations import Step, append, append_many, forget
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db


def appended(code: str) -> Change:
    return append(kind="article", code=code, action=Action.PUBLISHED, revision=1, at=AT)


def test_positions_are_contiguous_from_one():
    positions = [appended(code).position for code in "abc"]

    assert positions == [1, 2, 3]
    assert Sequence.objects.get().last_position == 3


def test_position_of_a_change_that_was_rolled_back_is_given_out_again():
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


def test_after_tells_what_a_reader_has_not_seen_oldest_first():
    for code in "abc":
        appended(code)

    seen_none, seen_one, seen_all = (Change.objects.after(n) for n in (0, 1, 3))

    assert [change.code for change in seen_none] == ["a", "b", "c"]
    assert [change.code for change in seen_one] == ["b", "c"]
    assert list(seen_all) == []


def test_sequence_has_one_row_only():
    with pytest.raises(IntegrityError, match="changes_sequence_has_one_row"):
        Sequence.objects.create(pk=2)


def test_many_changes_come_in_their_order():
    appended("a")

    append_many(Step("article", code, Action.UPDATED, 2, AT) for code in "bc")

    told = Change.objects.values_list("position", "code", "revision")
    assert list(told) == [(1, "a", 1), (2, "b", 2), (3, "c", 2)]
    assert Sequence.objects.position() == 3


def test_no_change_moves_nothing():
    append_many([])

    assert Sequence.objects.position() == 0
    assert not Change.objects.exists()


def test_position_is_0_before_anything_became_public():
    assert Sequence.objects.position() == 0


def test_position_of_what_is_forgotten_is_not_given_out_again():
    for code in "abc":
        appended(code)

    forget(kind="article", codes=["c"])

    assert appended("d").position == 4
    assert list(Change.objects.values_list("code", flat=True)) == ["a", "b", "d"]
