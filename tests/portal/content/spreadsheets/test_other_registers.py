"""Imports of delegation members, certificates and coordination requests."""

import datetime as dt

import pytest

from delegations.models import Member
from exchanges.models import CoordinationRequest
from portal.core.audit.models import Deed
from portal.reference.people.models import Person
from seminars.models import Certificate
from tests.factories import delegations, directory, exchanges, people, seminars
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    counts,
    csv_of,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db

MEMBERS = ("代表团", "姓名", "机构", "国家", "职务", "团长")
CERTIFICATES = ("研修班", "姓名", "机构", "证书编号", "发证日期")
REQUESTS = ("合作机制", "方向", "类别", "收到日期", "答复日期", "办理结果")


def remedies(batch) -> list[tuple[str, str]]:
    return [(column, remedy) for _row, column, _value, remedy in batch.errors]


# ------------------------------------------------------------------------- members


@pytest.fixture
def visit():
    directory.organ("vn-spp", name_zh_hans="越南最高人民检察院")
    return delegations.visit("DEL-0001")


HEAD = ("DEL-0001", "阮文安", "越南最高人民检察院", "", "检察长", "是")
OTHER = ("DEL-0001", "陈氏平", "", "越南", "处长", "")


def test_members_are_imported_with_their_persons_and_undone(visit):
    content = csv_of(MEMBERS, HEAD, OTHER)
    batch = written(content, "delegation_members")

    members = visit.members.order_by("pk")
    assert counts(batch) == (2, 0, 0)
    assert [
        (member.person.name_own, member.office_zh_hans, member.is_head)
        for member in members
    ] == [("阮文安", "检察长", True), ("陈氏平", "处长", False)]
    assert counts(checked(content, "delegation_members")) == (0, 0, 2)
    # Values about persons are not in the audit log itself.
    assert "检察长" not in str(list(Deed.objects.values("changes")))
    assert why_not_undone(batch) == ""
    assert (Member.objects.count(), Person.objects.count()) == (0, 0)


def test_member_is_changed_by_the_next_sheet(visit):
    written(csv_of(MEMBERS, HEAD), "delegation_members")

    batch = written(csv_of(MEMBERS, (*HEAD[:4], "副检察长", "")), "delegation_members")

    member = Member.objects.get()
    assert counts(batch) == (0, 1, 0)
    assert (member.office_zh_hans, member.is_head) == ("副检察长", False)


def test_delegation_has_one_head(visit):
    delegations.member(visit, is_head=True, person=people.person("Sample Head"))
    delegations.member(visit, person=people.person("Sample Member"))

    batch = checked(csv_of(MEMBERS, HEAD, OTHER), "delegation_members")

    assert [remedy for _column, remedy in remedies(batch)] == [
        "This delegation already has a head."
    ]
    assert [row for row, *_rest in batch.errors] == [2]


def test_unknown_visit_and_repeated_member_are_errors(visit):
    rows = (HEAD, HEAD, ("DEL-9999", *OTHER[1:]))
    batch = checked(csv_of(MEMBERS, *rows), "delegation_members")

    assert [row for row, *_rest in batch.errors] == [3, 4]
    assert "This row is the same as row" in batch.errors[0][3]
    assert "DEL-9999" in batch.errors[1][3]
    assert not Member.objects.exists()


# -------------------------------------------------------------------- certificates


@pytest.fixture
def participant():
    organ = directory.organ("vn-spp", name_zh_hans="越南最高人民检察院")
    person = people.person("Nguyen Van An", name_own="阮文安", organ=organ)
    return seminars.participant(seminars.seminar("SEM-0001"), person=person)


AN = ("SEM-0001", "阮文安", "越南最高人民检察院", "CERT-2024-0001", "2024年5月6日")


def test_certificates_are_imported_and_undone(participant):
    record = seminars.training_record(participant)
    batch = written(csv_of(CERTIFICATES, AN), "certificates")

    certificate = Certificate.objects.get()
    assert certificate.training_record == record
    assert (certificate.number, certificate.issued_on) == (
        "CERT-2024-0001",
        dt.date(2024, 5, 6),
    )
    assert counts(checked(csv_of(CERTIFICATES, AN), "certificates")) == (0, 0, 1)
    assert why_not_undone(batch) == ""
    assert not Certificate.objects.exists()


def test_certificate_needs_training_record_and_valid_number(participant):
    batch = checked(csv_of(CERTIFICATES, AN), "certificates")
    assert "no training record of the seminar" in batch.errors[0][3]

    seminars.training_record(participant)
    other = seminars.training_record(seminars.participant(participant.seminar))
    seminars.certificate(other, number="CERT-2024-0001")
    batch = checked(csv_of(CERTIFICATES, AN), "certificates")
    assert remedies(batch) == [
        ("证书编号", "This is the number of another certificate.")
    ]

    for number in ("", "24/1"):
        row = (*AN[:3], number, AN[4])
        batch = checked(csv_of(CERTIFICATES, row), "certificates")
        assert [column for column, _remedy in remedies(batch)] == ["证书编号"], number
    assert Certificate.objects.count() == 1


def test_issued_certificate_is_not_changed_by_a_sheet(participant):
    seminars.certificate(seminars.training_record(participant), number="CERT-2024-0009")

    batch = checked(csv_of(CERTIFICATES, AN), "certificates")

    assert "Edit it in its form" in batch.errors[0][3]


# -------------------------------------------------------------------- requests


@pytest.fixture
def mechanism():
    return exchanges.mechanism("sample-mechanism", name_zh_hans="样例机制")


PENDING = ("样例机制", "in", "service", "2024年5月6日", "", "")
ANSWERED = (*PENDING[:4], "2024-06-01", "done")


def test_requests_are_imported_answered_later_and_undone(mechanism):
    first = written(csv_of(REQUESTS, PENDING), "coordination_requests")
    assert counts(first) == (1, 0, 0)

    second = written(csv_of(REQUESTS, ANSWERED), "coordination_requests")

    request = CoordinationRequest.objects.get()
    assert counts(second) == (0, 1, 0)
    assert (request.answered_on, request.result) == (dt.date(2024, 6, 1), "done")
    assert why_not_undone(second) == ""
    request.refresh_from_db()
    assert (request.answered_on, request.result) == (None, "")


def test_requests_are_validated(mechanism):
    for row, text in (
        (
            (*PENDING[:4], "2024-05-01", "done"),
            ("The answer date must be the same as or after the date received."),
        ),
        (
            (*PENDING[:4], "2024-06-01", ""),
            (
                "Enter both the answer date and the result, or leave both "
                "blank if the request is pending."
            ),
        ),
        (("没有的机制", *PENDING[1:]), "There is no mechanism"),
        ((*PENDING[:3], "", "", ""), "cannot be null"),
    ):
        batch = checked(csv_of(REQUESTS, row), "coordination_requests")
        assert text in str(batch.errors), text


def test_request_of_the_same_day_is_named_by_its_number(mechanism):
    requests = [exchanges.coordination_request(mechanism) for _ in range(2)]
    batch = checked(csv_of(REQUESTS, ANSWERED), "coordination_requests")
    assert "Several records match" in str(batch.errors)

    head = ("请求编号", *REQUESTS)
    rows = [(str(requests[1].pk), *ANSWERED)]
    written(csv_of(head, *rows), "coordination_requests")
    assert [
        request.result for request in CoordinationRequest.objects.order_by("pk")
    ] == ["", "done"]

    batch = checked(csv_of(head, ("999999", *ANSWERED)), "coordination_requests")
    assert remedies(batch)[0] == (
        "请求编号",
        "No request has this number. Leave the cell empty for a new request.",
    )
