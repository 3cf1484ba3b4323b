"""Values in the audit log are stored as text and shown as labels."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.conference.models import Edition
from portal.content.publishing.models import Attachment
from portal.core.accounts.models import User
from portal.core.audit import operations
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed
from portal.core.audit.presentation import describe_objects, format_changes
from portal.core.audit.snapshots import take_snapshot
from portal.core.audit.value_formatting import ValueFormatter
from portal.reference.directory.models import Country, Organ, Place
from seminars.models import Seminar
from tests.factories import directory, files, made, people, seminars
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db


def user_with_roles(*roles: str):
    user = staff("sample." + ".".join(roles))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def append_history(row) -> list[Deed]:
    """Append and return the audit entries of ``row`` (first) and its child rows."""
    after = take_snapshot(row, getattr(row, "child_relations", ()))
    return operations.append_snapshot_diff(
        row, before=None, after=after, by=actor(), at=AT
    )


@pytest.mark.parametrize(
    ("model", "field", "stored", "label"),
    [
        (Seminar, "state", "held", "已举办"),
        (Seminar, "date_precision", "month", "月"),
        (Attachment, "is_public", "true", "是"),
        (Attachment, "is_public", "no", "否"),
        (Attachment, "language", "km", "ខ្មែរ"),
        (Seminar, "instruction_languages", '["km", "zh-Hans"]', "高棉语; 简体中文"),
        (Seminar, "instruction_languages", "km;en", "高棉语; 英语"),
        (Country, "national_languages", '["ms"]', "马来语"),
        (Organ, "native_language", "vi", "越南语"),
        (Place, "local_language", "th", "泰语"),
        (Edition, "theme_other_language", "ko", "韩语"),
        (User, "translates", '["lo"]', "老挝语"),
        (Seminar, "starts_on", "2018-09-03", "2018年9月3日"),
        (Seminar, "hours", "1E+1", "10"),
        (Seminar, "publish_at", "2024-05-06T00:30:00+00:00", "2024年5月6日 "),
    ],
)
def test_value_is_shown_as_label_in_interface_language(model, field, stored, label):
    with translation.override("zh-hans"):
        displayed = ValueFormatter([], None).format(model, field, stored)

    assert displayed.startswith(label)


@pytest.mark.parametrize(
    ("model", "field", "stored"),
    [
        (Seminar, "state", "postponed-twice"),
        (Seminar, "starts_on", "some day"),
        (Seminar, "hours", "many"),
        (Seminar, "instruction_languages", '{"km": 1}'),
        (Seminar, "instruction_languages", "qqq"),
        (Seminar, "topics", "#99999999999999999999; gone"),
        (Attachment, "is_public", "perhaps"),
        (Seminar, "no_field_any_more", "held"),
    ],
)
def test_unknown_value_is_shown_raw(model, field, stored):
    values = ValueFormatter([(model, field, stored)], staff(is_superuser=True))

    assert values.format(model, field, stored) == stored


def test_current_names_are_shown_while_chain_stores_keys():
    record = seminars.seminar()
    record.participating_countries.add(directory.country("LA"))
    file = files.stored_file()
    made(Attachment, record=record, file=file, language="en")
    entries = append_history(record)

    new_values = {
        change.label: change.new
        for _entry, changes in format_changes(entries, viewer=user_with_roles("editor"))
        for change in changes
    }

    assert new_values["Participating countries"] == "Lao PDR (LA)"
    assert "sample.pdf</a>" in new_values["File"]
    stored = [change["new"] for entry in entries for change in entry.changes]
    assert {"LA", f"#{file.pk}", "prosecutors"} <= set(stored)
    assert verify_chain().first_broken_position is None


def test_auditor_sees_no_hidden_names():
    record = seminars.seminar()
    lecture = seminars.session(record, title_en="Sample lecture")
    record.participating_countries.add(directory.country("LA"))
    made(Attachment, record=record, file=files.stored_file(), language="en")
    entries = append_history(record)
    auditor = user_with_roles("auditor")

    rows = describe_objects(entries, viewer=auditor)
    values = [
        change.new
        for _entry, changes in format_changes(entries, viewer=auditor)
        for change in changes
    ]

    assert f"Seminar session #{lecture.pk}" in rows
    assert "LA" in values
    assert not [
        value for value in values if "sample.pdf" in value or "Lao PDR" in value
    ]
    assert "Seminar session “Sample lecture”" in describe_objects(
        entries, viewer=user_with_roles("editor")
    )


def test_person_name_is_hidden_without_permission():
    entries = append_history(people.person("Sample Name"))

    assert describe_objects(entries, viewer=user_with_roles("auditor")) == ["Person"]
    assert describe_objects(entries, viewer=user_with_roles("registrar")) == [
        "Person “Sample Name”"
    ]


def test_history_pages_show_labels_not_codes(client):
    record = seminars.seminar(state="held")
    seminars.session(record, title_en="Sample lecture")
    entries = append_history(record)
    user = staff("sample.reads.all", is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    client.force_login(user)

    history_page = client.get(f"/admin/seminars/seminar/{record.pk}/history/").text
    changelist = client.get("/admin/history/deed/").text
    entry_page = client.get(f"/admin/history/deed/{entries[-1].pk}/change/").text

    assert "已举办" in history_page
    assert "“Sample lecture”" in history_page
    for page in (history_page, changelist, entry_page):
        # The values of the options of the filter are labels of models.
        page = re.sub(r'value="[^"]*"', "", page)
        assert "seminars.se" not in page
        assert "people.person" not in page
        assert ">held<" not in page


def test_audit_changelist_shows_model_labels(client):
    append_history(people.person())
    client.force_login(user_with_roles("auditor"))

    page = client.get("/admin/history/deed/").text

    assert '<td class="field-object_type">person</td>' in page


def test_query_count_is_constant():
    user = user_with_roles("editor")
    counts = []
    for number in (1, 6):
        record = seminars.seminar()
        for index in range(number):
            seminars.session(record, place=directory.place())
            record.places.add(directory.place())
            file = files.stored_file(files.pdf_of(f"{number} {index}"))
            made(Attachment, record=record, file=file, language="en")
        entries = append_history(record)
        describe_objects(entries, viewer=user)  # run the queries made once per user
        with CaptureQueriesContext(connection) as queries:
            describe_objects(entries, viewer=user)
            list(format_changes(entries, viewer=user))
        counts.append(len(queries))

    assert counts[0] == counts[1]
