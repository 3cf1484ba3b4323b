"""What a reviewer reads of a change: files, pictures and records by name."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from portal.files.models import StoredFile
from portal.history.snapshots import snapshot
from portal.publishing.models import Attachment, Illustration, Proposal
from portal.publishing.review import operations
from portal.publishing.review.putting import undone
from portal.publishing.review.reading import told_differences
from seminars.models import Seminar
from tests.factories import directory, files, made, people
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


def reader(role: str):
    user = staff(f"sample.{role}.reads")
    user.groups.add(Group.objects.get(name=role))
    return user


def proposed(record, change) -> Proposal:
    base = snapshot(record, record.parts)
    with undone():
        change(Seminar.objects.get(pk=record.pk))
        wanted = snapshot(Seminar.objects.get(pk=record.pk), record.parts)
    return operations.propose(
        record, base=base, wanted=wanted, public_note={}, by=staff(), at=AT
    )


def told(proposal, *, to="reviewer", language="en") -> dict[str, tuple[str, str]]:
    with translation.override(language):
        return {
            change.label: (change.old, change.new)
            for row in told_differences(proposal, reader=reader(to))
            for change in row.changes
        }


def headings(proposal, *, to="reviewer") -> list[str]:
    return [row.heading for row in told_differences(proposal, reader=reader(to))]


def with_file(name="sample.pdf"):
    file = files.stored_file(name=name)
    record = published(seminar())

    def attach(one):
        made(Attachment, record=one, file=file, language="km")

    return file, proposed(record, attach)


def with_picture(**values):
    picture = files.picture(**values)
    record = published(seminar())
    return picture, proposed(
        record, lambda one: made(Illustration, record=one, picture=picture)
    )


def test_file_is_told_by_name_with_a_link_to_it(client):
    file, proposal = with_file()
    StoredFile.objects.update(name="sample <1>.pdf")
    address = reverse("admin:files_storedfile_download", kwargs={"pk": file.pk})

    link = f'<a href="{address}">sample &lt;1&gt;.pdf</a>'
    assert told(proposal)["File"] == ("", link)
    client.force_login(reader("editor"))
    page = client.get(f"/admin/publishing/proposal/{proposal.pk}/change/").text
    assert link in page
    assert f"#{file.pk}" not in page


def test_file_is_told_by_its_number_to_who_may_see_no_files():
    file, proposal = with_file("sample-secret.pdf")

    assert told(proposal, to="registrar")["File"] == ("", f"#{file.pk}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", '<span lang="en">A sample building</span>'),
        ("zh-hans", '<span lang="zh-Hans">示例大楼</span>'),
    ],
)
def test_picture_is_told_by_file_and_alternative_text(language, words):
    _picture, proposal = with_picture(alternative_zh_hans="示例大楼")

    told_in = told(proposal, language=language)

    ((_old, new),) = [pair for pair in told_in.values() if words in pair[1]]
    assert "sample.jpg</a>" in new


def test_picture_without_words_is_told_as_one():
    _picture, proposal = with_picture(alternative_en="")

    assert "without alternative text" in told(proposal)["Picture"][1]


def test_records_are_told_by_name_and_key_in_the_language_of_the_reader():
    record = published(seminar())
    country = directory.country("LA")
    first, second = directory.topic("training"), directory.topic("exchange")
    organ = directory.organ(
        "la-spp", name_zh_hans="老挝最高人民检察院", country=country
    )

    def change(one):
        # One after the other: of two at once the database chooses the order.
        one.topics.add(first)
        one.topics.add(second)
        one.participating_countries.add(country)
        one.host_organs.add(organ)

    proposal = proposed(record, change)

    english, chinese = told(proposal), told(proposal, to="editor", language="zh-hans")
    assert english["Topics"] == ("", "Training (training); Exchange (exchange)")
    assert ("", "Lao PDR (LA)") in english.values()
    values = " ".join(new for _old, new in chinese.values())
    assert "老挝" in values
    assert "老挝最高人民检察院" in values


def test_choices_yes_and_no_languages_and_days_are_told_in_words():
    record = published(seminar(state="planned", instruction_languages=["km"]))

    def change(one):
        one.state, one.instruction_languages = "held", ["km", "zh-Hans"]
        one.starts_on, one.date_precision = "2018-09-01", "month"
        one.save()
        made(Attachment, record=one, file=files.stored_file(), language="km")

    proposal = proposed(record, change)

    found = told(proposal, language="zh-hans")
    values = [new for _old, new in found.values()]
    assert "held" not in values
    assert "高棉语; 简体中文" in values
    assert "2018年9月" in values
    assert "是" in values


def test_parts_are_told_by_their_own_name():
    record = seminar()
    one = session(record, title_en="Opening & welcome")
    published(record)

    proposal = proposed(record, lambda _one: type(one).objects.update(position=7))

    assert headings(proposal) == ["Seminar session “Opening & welcome”"]


def test_speaker_is_named_to_who_sees_people_only():
    record = seminar()
    lecture = session(record)
    published(record)
    speaker = people.person("Sample Name")
    proposal = proposed(
        record, lambda _one: type(lecture).objects.update(speaker=speaker)
    )

    assert told(proposal)["Speaker"] == ("(personal data)", "(personal data)")
    assert told(proposal, to="registrar")["Speaker"] == ("", "Sample Name")


def _count(proposal, user) -> int:
    with CaptureQueriesContext(
        connection,
    ) as made_queries:
        told_differences(proposal, reader=user)
    return len(made_queries)


def test_as_many_queries_for_many_changes_as_for_one():
    one, other = published(seminar()), published(seminar())
    places = [directory.place() for _number in range(8)]
    stored = [files.stored_file(files.pdf_of(str(number))) for number in range(8)]

    def change(record, upto):
        record.places.add(*places[:upto])
        for file in stored[:upto]:
            made(Attachment, record=record, file=file, language="en")

    few = proposed(one, lambda record: change(record, 1))
    many = operations.propose(
        other,
        base=snapshot(other, other.parts),
        wanted=_wanted(other, lambda record: change(record, 8)),
        public_note={},
        by=staff("sample.second"),
        at=AT,
    )
    user = reader("reviewer")
    _count(few, user)

    assert _count(few, user) == _count(many, user)


def _wanted(record, change):
    with undone():
        change(record)
        return snapshot(Seminar.objects.get(pk=record.pk), record.parts)
