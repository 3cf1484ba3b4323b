"""Export of the audit log: filtered as the list, and verifiable by outsiders."""

import csv
import datetime as dt
import hashlib
import io
import json

import pytest
from django.contrib.auth.models import Group

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from portal.staff.audit_log import export, views
from seminars.models import Seminar
from tests.factories.people import person
from tests.factories.publishing import AT, actor, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db
# In the order in which they are hashed.
FIELDS = (
    *("position", "at", "by", "verb", "model", "row", "name"),
    *("record_model", "record_row", "changes", "note", "previous_hash"),
)


def sign_in(client, role: str):
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def download(client, form: str, **parameters) -> str:
    response = client.get(f"/admin/history/deed/export/{form}/", parameters)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")


def compute_hash(line: dict) -> str:
    """Compute the hash of an exported entry as docs/operations.md describes it."""
    values = [line[name] for name in FIELDS]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def add(row, **values) -> None:
    defaults = {"action": AuditAction.CREATED, "by": actor(), "at": AT}
    operations.append_entry(row, **{**defaults, **values})


def add_row(row) -> None:
    after = take_snapshot(row, getattr(row, "child_relations", ()))
    operations.append_snapshot_diff(row, before=None, after=after, by=actor(), at=AT)


def test_outsider_can_verify_the_json_lines(client, monkeypatch):
    monkeypatch.setattr(export, "_BATCH_SIZE", 2)
    add_row(seminar(title_en="Sample “title”", title_zh_hans="示例"))
    add_row(person("Sample Name"))
    for number in range(5):
        add(seminar(), reason=f"Reason {number}.")
    sign_in(client, "auditor")

    lines = [json.loads(line) for line in download(client, "jsonl").splitlines()]

    assert [line["position"] for line in lines] == list(range(1, len(lines) + 1))
    previous_hash = ""
    for line in lines:
        assert line["previous_hash"] == previous_hash
        if line["is_complete"]:
            assert line["hash"] == compute_hash(line)
        previous_hash = line["hash"]
    assert previous_hash == Deed.objects.get(position=len(lines)).hash
    assert [line["is_complete"] for line in lines].count(False) <= 1
    assert "Sample Name" not in json.dumps(lines, ensure_ascii=False)


def test_hidden_values_are_withheld(client):
    speaker = person("Sample Name")
    record = seminar()
    session(record, title_en="Sample lecture", speaker=speaker)
    add_row(record)
    add(speaker, reason="Reason about the person.")
    sign_in(client, "auditor")

    lines = [json.loads(line) for line in download(client, "jsonl").splitlines()]
    table = download(client, "csv")

    changes = [change for line in lines for change in line["changes"]]
    assert {"field": "speaker", "language": "", "withheld": True} in changes
    assert lines[-1]["note"] is None
    assert [line["is_complete"] for line in lines][-2:] == [False, False]
    assert "Reason about the person." not in table
    assert "Speaker: (personal data) → (personal data)" in table

    sign_in(client, "registrar")
    assert client.get("/admin/history/deed/export/jsonl/").status_code == 403


def test_csv_has_names_labels_and_hashes_and_no_formulas(client):
    clerk, record = staff("sample.before"), seminar("SEM-0001")
    add(record, by=clerk, reason="=1+1", action=AuditAction.RETURNED)
    sign_in(client, "auditor")

    rows = list(csv.reader(io.StringIO(download(client, "csv"))))

    entry = Deed.objects.get()
    assert rows[0][:5] == ["Position", "Time", "Person", "Action", "Type of record"]
    assert rows[1][:6] == [
        "1",
        "2024-05-06 16:00:00+08:00",
        "sample.before",
        "returned for changes",
        "seminar",
        "SEM-0001",
    ]
    assert rows[1][8:] == ["'=1+1", entry.hash, ""]


def test_export_has_the_filter_and_search_of_the_list(client):
    add(seminar("SEM-0001"))
    add(seminar("SEM-0002"), action=AuditAction.SUBMITTED)
    sign_in(client, "auditor")

    for parameters, expected in (
        ({"verb": "submitted"}, ["SEM-0002"]),
        ({"q": "SEM-0001"}, ["SEM-0001"]),
        ({"to": "2024-05-05"}, []),
    ):
        lines = download(client, "jsonl", **parameters).splitlines()
        assert [json.loads(line)["name"] for line in lines] == expected

    answer = client.get("/admin/history/deed/export/csv/", {"from": "x"}, follow=True)
    assert "“x” is not a day" in answer.text


def test_too_many_entries_are_refused_with_the_remedy(client, monkeypatch):
    monkeypatch.setattr(views, "MAX_ENTRIES", {"csv": 2, "jsonl": 3})
    for number in range(3):
        add(seminar(), at=AT + dt.timedelta(days=number))
    sign_in(client, "auditor")
    url = "/admin/history/deed/export/csv/"

    response = client.get(url, {"verb": "created"}, follow=True)

    assert response.request["QUERY_STRING"] == "verb=created"
    assert "more than the 2 entries that one file" in response.text
    assert "Choose the days in the filter" in response.text
    assert len(download(client, "jsonl").splitlines()) == 3
    day = (AT + dt.timedelta(days=1)).date().isoformat()
    assert len(download(client, "csv", **{"from": day}).splitlines()) == 3


def test_dates_have_the_precision_of_the_time_among_other_changes(client):
    """Only entries that change a precision are read to find it."""
    record = seminar(starts_on=dt.date(2020, 1, 1), date_precision="month")
    for values in (
        {"starts_on": dt.date(2020, 2, 1)},
        {"title_en": "Sample"},
        {"date_precision": "day"},
        {"starts_on": dt.date(2020, 3, 4)},
    ):
        before = take_snapshot(record, record.child_relations)
        Seminar.objects.filter(pk=record.pk).update(**values)
        record = Seminar.objects.get(pk=record.pk)
        after = take_snapshot(record, record.child_relations)
        operations.append_snapshot_diff(
            record, before=before, after=after, by=actor(), at=AT
        )
    sign_in(client, "auditor")

    table = download(client, "csv")

    assert "January 2020 → February 2020" in table
    assert "1 February 2020 → 4 March 2020" in table


def test_number_of_queries_does_not_depend_on_the_number_of_entries(
    client, django_assert_max_num_queries
):
    for number in range(30):
        add(seminar(), by=staff(f"sample.clerk{number}"))
    sign_in(client, "auditor")

    with django_assert_max_num_queries(30):
        download(client, "csv")
