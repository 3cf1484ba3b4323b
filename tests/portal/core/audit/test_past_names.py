"""Entries show people and rows with the names that they had at the time."""

import pytest
from django.contrib.auth.models import Group

from portal.core.accounts.models import User
from portal.core.audit import operations
from portal.core.audit.chain import verify_chain
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.past_names import load_person_names
from portal.core.audit.presentation import describe_objects, format_changes
from portal.core.audit.snapshots import take_snapshot
from tests.factories import directory, people, seminars
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db


def user_with_role(role: str) -> User:
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    return user


def change(row, *, by=None, **values) -> None:
    """Save ``values`` in ``row`` and append the audit entries of the change."""
    before = take_snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    operations.append_snapshot_diff(
        row, before=before, after=take_snapshot(row), by=by or actor(), at=AT
    )


def add_entry(row, *, by=None) -> Deed:
    by = by or actor()
    return operations.append_entry(row, action=AuditAction.SUBMITTED, by=by, at=AT)


def delete(row) -> None:
    operations.append_snapshot_diff(
        row, before=take_snapshot(row), after=None, by=actor(), at=AT
    )
    row.delete()


def entries() -> list[Deed]:
    return list(Deed.objects.select_related("by").order_by("position"))


def test_person_has_the_user_name_of_the_time():
    clerk = staff("sample.before")
    record = seminars.seminar()
    add_entry(record, by=clerk)
    change(clerk, username="sample.between")
    add_entry(record, by=clerk)
    change(clerk, email="clerk@example.org", username="sample.after")
    change(clerk, email="other@example.org")
    add_entry(record, by=User.objects.get(pk=clerk.pk))

    names = load_person_names(entries())

    by_clerk = [entry.position for entry in entries() if entry.by_id == clerk.pk]
    assert [names[position] for position in by_clerk] == [
        "sample.before",
        "sample.between",
        "sample.after",
    ]
    assert verify_chain().first_broken_position is None


def test_erased_user_name_stays_erased():
    clerk = staff("sample.before")
    add_entry(seminars.seminar(), by=clerk)
    change(clerk, username="sample.after")
    PersonalValue.objects.filter(field="username").delete()

    assert load_person_names(entries())[1] == "(deleted)"


def test_lists_and_pages_show_the_user_name_of_the_time(client):
    clerk, record = staff("sample.before"), seminars.seminar()
    entry = add_entry(record, by=clerk)
    change(clerk, username="sample.after")
    client.force_login(staff("sample.chief", is_superuser=True))

    for address in (
        "/admin/history/deed/?verb=submitted",
        f"/admin/history/deed/{entry.pk}/change/",
        f"/admin/seminars/seminar/{record.pk}/history/",
    ):
        page = client.get(address).text
        assert "sample.before" in page, address


def test_record_has_the_title_of_the_time():
    record = seminars.seminar(title_en="First title")
    add_entry(record)
    change(record, title_en="Second title")
    add_entry(record)
    change(record, title_en="Third title")
    viewer = user_with_role("editor")

    names = describe_objects(entries(), viewer=viewer)

    assert names[0] == "Seminar “First title”"
    assert names[1] == "Seminar “Second title”"
    assert names[-2:] == ["Seminar “Second title”", "Seminar “Third title”"]
    assert describe_objects(entries()[:1], viewer=user_with_role("auditor")) == [
        f"Seminar #{record.pk}"
    ]


def test_proposed_title_is_no_name_of_the_time():
    record = seminars.seminar(title_en="First title")
    add_entry(record)
    before = take_snapshot(record)
    record.title_en = "Proposed title"
    (row_change,) = operations.diff_snapshots(
        type(record), before, take_snapshot(record), record.pk
    )
    operations.append_entry(
        record,
        action=AuditAction.PROPOSED,
        by=actor(),
        at=AT,
        changes=row_change.changes,
    )
    record.refresh_from_db()
    change(record, title_en="Second title")

    assert describe_objects(entries(), viewer=user_with_role("editor"))[:2] == [
        "Seminar “First title”",
        "Seminar “First title”",
    ]


def test_deleted_row_keeps_its_name():
    record = seminars.seminar()
    lecture = seminars.session(record, title_en="Sample lecture")
    before = take_snapshot(record, ["sessions"])
    lecture.delete()
    operations.append_snapshot_diff(
        record,
        before=before,
        after=take_snapshot(record, ["sessions"]),
        by=actor(),
        at=AT,
    )
    topic = directory.topic("sample", name_en="Sample topic")
    delete(topic)

    assert describe_objects(entries(), viewer=user_with_role("editor")) == [
        "Seminar session “Sample lecture”",
        "Topic “Sample topic”",
    ]


def test_related_row_has_the_name_of_the_time():
    topic = directory.topic("courts", name_en="Courts")
    record = seminars.seminar()
    before = take_snapshot(record)
    record.topics.add(topic)
    operations.append_snapshot_diff(
        record, before=before, after=take_snapshot(record), by=actor(), at=AT
    )
    change(topic, name_en="Judges")
    before = take_snapshot(record)
    record.topics.clear()
    operations.append_snapshot_diff(
        record, before=before, after=take_snapshot(record), by=actor(), at=AT
    )

    values = [
        (item.old, item.new)
        for _entry, changes in format_changes(
            entries(), viewer=user_with_role("editor")
        )
        for item in changes
        if item.label == "Topics"
    ]

    assert values == [("", "Courts (courts)"), ("Judges (courts)", "")]


def test_erased_person_has_no_name_of_the_time():
    person = people.person("Sample Name")
    add_entry(person)
    change(person, name_latin="Another Name")
    registrar = user_with_role("registrar")
    assert describe_objects(entries()[:1], viewer=registrar) == ["Person “Sample Name”"]

    operations.erase_personal_values(person.personal_subject, by=actor(), at=AT)

    assert describe_objects(entries()[:1], viewer=registrar) == ["Person “(deleted)”"]
    assert describe_objects(entries()[:1], viewer=user_with_role("auditor")) == [
        "Person"
    ]


def test_number_of_queries_does_not_depend_on_the_number_of_entries(
    django_assert_max_num_queries,
):
    viewer = user_with_role("editor")
    for number in range(8):
        record = seminars.seminar(title_en=f"Title {number}")
        add_entry(record, by=staff(f"sample.clerk{number}"))
        change(record, title_en=f"New title {number}")

    with django_assert_max_num_queries(10):
        load_person_names(entries())
        describe_objects(entries(), viewer=viewer)
