"""What the history keeps is text; a reader is told it in words."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.accounts.models import User
from portal.conference.models import Edition
from portal.directory.models import Country, Organ, Place
from portal.history import operations
from portal.history.chain import verify
from portal.history.models import Deed
from portal.history.snapshots import snapshot
from portal.history.telling import told_changes, told_rows
from portal.history.values import Values
from portal.publishing.models import Attachment
from seminars.models import Seminar
from tests.factories import directory, files, made, people, seminars
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db


def reader(*roles: str):
    user = staff("sample." + ".".join(roles))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def made_history(row) -> list[Deed]:
    """The deeds of ``row`` and its parts, the row's own first."""
    after = snapshot(row, getattr(row, "parts", ()))
    return operations.append_changes(row, before=None, after=after, by=actor(), at=AT)


@pytest.mark.parametrize(
    ("model", "field", "kept", "told"),
    [
        (Seminar, "state", "held", "已举行"),
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
def test_value_is_told_in_words_of_the_desk(model, field, kept, told):
    with translation.override("zh-hans"):
        found = Values([], None).told(model, field, kept)

    assert found.startswith(told)


@pytest.mark.parametrize(
    ("model", "field", "kept"),
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
def test_what_is_not_known_stays_as_it_is_kept(model, field, kept):
    values = Values([(model, field, kept)], staff(is_superuser=True))

    assert values.told(model, field, kept) == kept


def test_names_are_told_while_the_chain_keeps_keys():
    record = seminars.seminar()
    record.participating_countries.add(directory.country("LA"))
    file = files.stored_file()
    made(Attachment, record=record, file=file, language="en")
    deeds = made_history(record)

    told = {
        change.label: change.new
        for _deed, changes in told_changes(deeds, reader=reader("editor"))
        for change in changes
    }

    assert told["Participating countries"] == "Lao PDR (LA)"
    assert "sample.pdf</a>" in told["File"]
    kept = [change["new"] for deed in deeds for change in deed.changes]
    assert {"LA", f"#{file.pk}", "prosecutors"} <= set(kept)
    assert verify().broken_at is None


def test_auditor_is_told_no_name_that_they_may_not_see():
    record = seminars.seminar()
    lecture = seminars.session(record, title_en="Sample lecture")
    record.participating_countries.add(directory.country("LA"))
    made(Attachment, record=record, file=files.stored_file(), language="en")
    deeds = made_history(record)
    auditor = reader("auditor")

    rows = told_rows(deeds, reader=auditor)
    values = [
        change.new
        for _deed, changes in told_changes(deeds, reader=auditor)
        for change in changes
    ]

    assert f"Seminar session #{lecture.pk}" in rows
    assert "LA" in values
    assert not [one for one in values if "sample.pdf" in one or "Lao PDR" in one]
    assert "Seminar session “Sample lecture”" in told_rows(
        deeds, reader=reader("editor")
    )


def test_person_is_no_row_by_name_to_who_may_not_see_people():
    deeds = made_history(people.person("Sample Name"))

    assert told_rows(deeds, reader=reader("auditor")) == ["Person"]
    assert told_rows(deeds, reader=reader("registrar")) == ["Person “Sample Name”"]


def test_history_of_a_record_and_of_all_say_no_code(client):
    record = seminars.seminar(state="held")
    seminars.session(record, title_en="Sample lecture")
    deeds = made_history(record)
    user = staff("sample.reads.all", is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    client.force_login(user)

    own = client.get(f"/admin/seminars/seminar/{record.pk}/history/").text
    every = client.get("/admin/history/deed/").text
    one = client.get(f"/admin/history/deed/{deeds[-1].pk}/change/").text

    assert "已举行" in own
    assert "“Sample lecture”" in own
    for page in (own, every, one):
        assert "seminars.se" not in page
        assert ">held<" not in page
    assert "people.person" not in every


def test_list_of_deeds_tells_kinds_by_their_names(client):
    made_history(people.person())
    client.force_login(reader("auditor"))

    page = client.get("/admin/history/deed/").text

    assert "people.person" not in page
    assert '<td class="field-kind">person</td>' in page


def test_as_many_queries_for_many_deeds_as_for_one():
    user = reader("editor")
    counts = []
    for number in (1, 6):
        record = seminars.seminar()
        for one in range(number):
            seminars.session(record, place=directory.place())
            record.places.add(directory.place())
            file = files.stored_file(files.pdf_of(f"{number} {one}"))
            made(Attachment, record=record, file=file, language="en")
        deeds = made_history(record)
        told_rows(deeds, reader=user)  # whatever is asked once of the person
        with CaptureQueriesContext(connection) as asked:
            told_rows(deeds, reader=user)
            list(told_changes(deeds, reader=user))
        counts.append(len(asked))

    assert counts[0] == counts[1]
