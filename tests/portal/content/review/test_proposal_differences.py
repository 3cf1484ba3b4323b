"""Differences shown to reviewers: files, pictures and related records by name."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from portal.content.publishing.models import Attachment, Illustration, Proposal
from portal.content.review import operations
from portal.content.review.proposal_differences import format_differences
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.snapshots import take_snapshot
from portal.core.files.models import StoredFile
from seminars.models import Seminar
from tests.factories import directory, files, made, people
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


def user_with_role(role: str):
    user = staff(f"sample.{role}.reads")
    user.groups.add(Group.objects.get(name=role))
    return user


def proposed(record, change) -> Proposal:
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        change(Seminar.objects.get(pk=record.pk))
        proposed_snapshot = take_snapshot(
            Seminar.objects.get(pk=record.pk), record.child_relations
        )
    return operations.propose(
        record, base=base, proposed=proposed_snapshot, public_note={}, by=staff(), at=AT
    )


def differences_by_label(
    proposal, *, to="reviewer", language="en"
) -> dict[str, tuple[str, str]]:
    with translation.override(language):
        return {
            change.label: (change.old, change.new)
            for row in format_differences(proposal, viewer=user_with_role(to))
            for change in row.changes
        }


def headings(proposal, *, to="reviewer") -> list[str]:
    return [
        row.heading for row in format_differences(proposal, viewer=user_with_role(to))
    ]


def with_file(name="sample.pdf"):
    file = files.stored_file(name=name)
    record = published(seminar())

    def attach(target):
        made(Attachment, record=target, file=file, language="km")

    return file, proposed(record, attach)


def with_picture(**values):
    picture = files.picture(**values)
    record = published(seminar())
    return picture, proposed(
        record, lambda target: made(Illustration, record=target, picture=picture)
    )


def test_file_difference_shows_name_and_link(client):
    file, proposal = with_file()
    StoredFile.objects.update(name="sample <1>.pdf")
    url = reverse("admin:files_storedfile_download", kwargs={"pk": file.pk})

    link = f'<a href="{url}">sample &lt;1&gt;.pdf</a>'
    assert differences_by_label(proposal)["File"] == ("", link)
    client.force_login(user_with_role("editor"))
    page = client.get(f"/admin/publishing/proposal/{proposal.pk}/change/").text
    assert link in page
    assert f"#{file.pk}" not in page


def test_file_difference_shows_id_without_permission():
    file, proposal = with_file("sample-secret.pdf")

    assert differences_by_label(proposal, to="registrar")["File"] == ("", f"#{file.pk}")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", '<span lang="en">A sample building</span>'),
        ("zh-hans", '<span lang="zh-Hans">示例大楼</span>'),
    ],
)
def test_picture_difference_shows_file_and_alt_text(language, expected):
    _picture, proposal = with_picture(alternative_zh_hans="示例大楼")

    differences = differences_by_label(proposal, language=language)

    ((_old, new),) = [
        difference for difference in differences.values() if expected in difference[1]
    ]
    assert "sample.jpg</a>" in new


def test_picture_difference_marks_missing_alt_text():
    _picture, proposal = with_picture(alternative_en="")

    assert "without alternative text" in differences_by_label(proposal)["Picture"][1]


def test_record_differences_show_localized_name_and_key():
    record = published(seminar())
    country = directory.country("LA")
    first, second = directory.topic("training"), directory.topic("exchange")
    organ = directory.organ(
        "la-spp", name_zh_hans="老挝最高人民检察院", country=country
    )

    def change(target):
        # Two calls, because the database chooses the order of rows added in one.
        target.topics.add(first)
        target.topics.add(second)
        target.participating_countries.add(country)
        target.host_organs.add(organ)

    proposal = proposed(record, change)

    english, chinese = (
        differences_by_label(proposal),
        differences_by_label(proposal, to="editor", language="zh-hans"),
    )
    assert english["Topics"] == ("", "Training (training); Exchange (exchange)")
    assert ("", "Lao PDR (LA)") in english.values()
    values = " ".join(new for _old, new in chinese.values())
    assert "老挝" in values
    assert "老挝最高人民检察院" in values


def test_choices_booleans_languages_and_dates_are_shown_as_labels():
    record = published(seminar(state="planned", instruction_languages=["km"]))

    def change(target):
        target.state, target.instruction_languages = "held", ["km", "zh-Hans"]
        target.starts_on, target.date_precision = "2018-09-01", "month"
        target.save()
        made(Attachment, record=target, file=files.stored_file(), language="km")

    proposal = proposed(record, change)

    differences = differences_by_label(proposal, language="zh-hans")
    values = [new for _old, new in differences.values()]
    assert "held" not in values
    assert "高棉语; 简体中文" in values
    assert "2018年9月" in values
    assert "是" in values


def test_child_row_differences_show_row_name():
    record = seminar()
    opening = session(record, title_en="Opening & welcome")
    published(record)

    proposal = proposed(
        record, lambda _seminar: type(opening).objects.update(position=7)
    )

    assert headings(proposal) == ["Seminar session “Opening & welcome”"]


def test_speaker_name_is_shown_only_with_permission():
    record = seminar()
    lecture = session(record)
    published(record)
    speaker = people.person("Sample Name")
    proposal = proposed(
        record, lambda _seminar: type(lecture).objects.update(speaker=speaker)
    )

    assert differences_by_label(proposal)["Speaker"] == (
        "(personal data)",
        "(personal data)",
    )
    assert differences_by_label(proposal, to="registrar")["Speaker"] == (
        "",
        "Sample Name",
    )


def _count(proposal, user) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        format_differences(proposal, viewer=user)
    return len(queries)


def test_query_count_is_constant():
    first, second = published(seminar()), published(seminar())
    places = [directory.place() for _number in range(8)]
    stored = [files.stored_file(files.pdf_of(str(number))) for number in range(8)]

    def change(record, upto):
        record.places.add(*places[:upto])
        for file in stored[:upto]:
            made(Attachment, record=record, file=file, language="en")

    small_proposal = proposed(first, lambda record: change(record, 1))
    large_proposal = operations.propose(
        second,
        base=take_snapshot(second, second.child_relations),
        proposed=_snapshot_after(second, lambda record: change(record, 8)),
        public_note={},
        by=staff("sample.second"),
        at=AT,
    )
    user = user_with_role("reviewer")
    _count(small_proposal, user)

    assert _count(small_proposal, user) == _count(large_proposal, user)


def _snapshot_after(record, change):
    with rolled_back_transaction():
        change(record)
        return take_snapshot(Seminar.objects.get(pk=record.pk), record.child_relations)
