"""Loading record files keeps what people edited, field by field."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchanges.choices import MechanismKind
from exchanges.models import AgendaItem, Meeting
from exchanges.resources import MechanismResource, MeetingResource
from portal.conference.models import Article, Document, Edition
from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    EditionResource,
)
from portal.content.publishing.choices import Status
from portal.content.publishing.links import set_links
from portal.content.publishing.models import EvidenceOnlyHost, Source
from portal.content.publishing.operations import (
    approve,
    register_edit,
    submit,
)
from portal.content.publishing.reviewed_versions import (
    ReviewedVersionError,
    version_of,
)
from portal.content.spreadsheets.edited_fields import get_joint_fields
from portal.content.spreadsheets.import_plan import ImportPlan
from portal.content.spreadsheets.record_planning import plan_record_files
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.resources import EvidenceOnlyHostResource
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed
from portal.reference.directory.models import Country, Organ, Place, Topic
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import AT, actor, published, staff
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import (
    csv_of,
    staff_user,
    why_not_undone,
    written,
)
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loaded,
    loader,
    planned,
    refused,
    row,
    table_of,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
LAST = AT + dt.timedelta(days=2)


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def article_row(**cells: str) -> tuple:
    return ArticleResource, [row(ArticleResource, **cells)]


def kept_fields(plan: ImportPlan) -> dict[str, tuple]:
    """Return value on record, value in the file, user and time of each kept field."""
    return {
        kept.field: (
            *(kept.stored, kept.in_file),
            *((kept.edit.by, kept.edit.at) if kept.edit else ()),
        )
        for row in plan.rows
        for kept in row.kept
    }


def test_edited_field_is_kept_and_the_others_are_updated(clerk):
    loaded(article_row(title_zh="旧", summary_en="Old"))
    edit_record(Article.objects.get(), by=clerk, at=LATER, title_en="By a person")

    (plan,) = planned(
        article_row(title_en="By the file", title_zh="新", summary_en="New"), at=LAST
    )

    stored = Article.objects.get()
    assert plan.count_rows("updated") == 1
    assert (stored.title_en, stored.title_zh_hans) == ("By a person", "新")
    assert (stored.summary_en, stored.updated_by) == ("New", loader())
    assert kept_fields(plan) == {
        "title_en": ("By a person", "By the file", "sample.clerk", LATER)
    }
    assert verify_chain().first_broken_position is None


def test_edit_is_kept_by_every_later_load(clerk):
    loaded(article_row())
    edit_record(Article.objects.get(), by=clerk, title_en="By a person")

    first = loaded(article_row(title_en="By the file", summary_en="New"))
    second = loaded(article_row(title_en="By the file", summary_en="New"))
    third = loaded(article_row(title_en="Again", summary_en="Newer"))

    assert (first, second, third) == (
        [{"updated": 1}],
        [{"kept": 1}],
        [{"updated": 1}],
    )
    assert Article.objects.get().title_en == "By a person"


def test_edit_to_the_value_of_the_file_is_unchanged(clerk):
    loaded(article_row())
    edit_record(Article.objects.get(), by=clerk, title_en="The same")

    (plan,) = planned(article_row(title_en="The same"))

    assert plan.count_rows("unchanged") == 1
    assert kept_fields(plan) == {}


def test_edit_that_was_taken_back_is_not_kept(clerk):
    loaded(article_row())
    for title in ("By a person", "Opening"):
        edit_record(Article.objects.get(), by=clerk, title_en=title)

    assert loaded(article_row(title_en="By the file")) == [{"updated": 1}]
    assert Article.objects.get().title_en == "By the file"


def test_values_of_a_record_that_a_person_created_are_kept(clerk):
    article("opening", title_en="By a person")
    created = Article.objects.get()
    register_edit(created, by=clerk, at=AT, before=None)

    (plan,) = planned(article_row(title_en="By the file", summary_en="New"))

    stored = Article.objects.get()
    assert (stored.title_en, stored.summary_en) == ("By a person", "New")
    assert stored.status == Status.DRAFT
    assert kept_fields(plan).keys() == {"title_en"}


def test_change_of_status_is_no_edit(clerk):
    loaded(article_row())
    stored = Article.objects.get()
    reviewing.withdraw(stored, by=clerk, at=LATER)
    reviewing.return_to_draft(stored, by=clerk, at=LATER)
    published(stored, by=clerk, at=LATER)

    assert loaded(article_row(title_en="New"), at=LAST) == [{"updated": 1}]
    assert Article.objects.get().title_en == "New"


def test_edit_by_another_program_is_kept():
    loaded(article_row())
    edit_record(Article.objects.get(), by=actor(), title_en="By a program")

    assert loaded(article_row(title_en="By the file")) == [{"kept": 1}]


def test_value_without_an_edit_is_overwritten():
    loaded(article_row())
    Article.objects.update(title_en="By SQL")

    assert loaded(article_row()) == [{"updated": 1}]


COUNTRIES = (
    CountryResource,
    [row(CountryResource, iso2=code) for code in ("VN", "LA")],
)
TOPICS = (
    TopicResource,
    [row(TopicResource, key=key) for key in ("training", "visits")],
)
DOCUMENT = {
    "source_urls": "https://one.example/",
    "topic_keys": "training",
    "party_countries": "VN",
    "signed_on": "2018-09-01",
    "date_precision": "month",
    "parties_named_parties": "Ministry|VN",
}


def document_files(**cells: str) -> tuple:
    return COUNTRIES, TOPICS, (DocumentResource, [row(DocumentResource, **cells)])


def set_topics(document: Document) -> None:
    set_links(document, "topics", [Topic.objects.get(key="visits").pk])


def set_sources(document: Document) -> None:
    document.sources.all().delete()
    Source.objects.create(
        record=document, url="https://person.example/", host="person.example"
    )


def clear_parties(document: Document) -> None:
    set_links(document, "named_parties", [])


def test_relations_sources_and_dates_are_kept_too(clerk):
    """Each edit is followed by a file that changes the same field and the remark."""
    edits = [
        ("topic_keys", "topics", "", {}, set_topics),
        ("source_urls", "sources", "https://two.example/", {}, set_sources),
        ("parties_named_parties", "named_parties", "Court|LA", {}, clear_parties),
        *[
            (name, field, value, edited, lambda record: None)
            for name, field, value, edited in (
                (
                    "signed_on",
                    "signed_on",
                    "2019-01-01",
                    {"signed_on": dt.date(2018, 10, 1)},
                ),
                # The precision belongs to the date.
                ("signed_on", "signed_on", "2019-01-01", {"date_precision": "year"}),
                ("title_zh", "title_zh_hans", "新", {"title_zh_hans": "改"}),
                ("kind", "document_kind", "declaration", {"document_kind": "mou"}),
            )
        ],
    ]
    with collect_failures() as failures:
        for number, (name, field, value, edited, change) in enumerate(edits, start=1):
            cells = {**DOCUMENT, "code": f"DOC-{number:04}"}
            with failures.case(name, edited):
                loaded(*document_files(**cells))
                document = Document.objects.get(code=cells["code"])
                edit_record(document, change, by=clerk, at=LATER, **edited)
                by_person = DocumentResource().get_values(
                    [Document.objects.get(code=cells["code"])]
                )[0]

                plan = planned(
                    *document_files(**{**cells, "notes": "New", name: value}), at=LAST
                )[2]

                after = DocumentResource().get_values(
                    [Document.objects.get(code=cells["code"])]
                )[0]
                assert after == {**by_person, "remark_en": "New"}
                assert field in kept_fields(plan)


def test_child_texts_are_kept_as_a_whole(clerk):
    mechanism = {
        **{column.header: "" for column in MechanismResource.columns},
        "key": "cn-vn",
        "name_en": "Liaison",
        "kind": MechanismKind.values[0],
        "other_country": "VN",
    }
    meeting = {
        **{column.header: "" for column in MeetingResource.columns},
        "code": "MTG-0001",
        "title_en": "Meeting",
        "mechanism_key": "cn-vn",
        "other_country": "VN",
        "agenda": "One;Two",
    }
    files = [COUNTRIES, (MechanismResource, [mechanism]), (MeetingResource, [meeting])]
    loaded(*files)

    def translate(record: Meeting) -> None:
        AgendaItem.objects.filter(meeting=record, position=1).update(text_zh_hans="一")

    edit_record(Meeting.objects.get(), translate, by=clerk)
    files[2] = MeetingResource, [{**meeting, "agenda": "Three", "notes": "New"}]

    plan = planned(*files)[2]

    stored = Meeting.objects.get()
    assert [item.text_en for item in stored.agenda_items.all()] == ["One", "Two"]
    assert stored.agenda_items.first().text_zh_hans == "一"
    assert stored.remark_en == "New"
    assert kept_fields(plan)["agenda_items"][:2] == (["One", "Two"], ["Three"])


def test_names_without_a_status_follow_the_same_rule(clerk):
    host = {"host": "copies.example", "reason": "A copy."}
    before = (
        COUNTRIES,
        (PlaceResource, [row(PlaceResource)]),
        (TopicResource, [row(TopicResource)]),
        (EvidenceOnlyHostResource, [host]),
    )
    loaded(*before)
    edit_record(Place.objects.get(), by=clerk, name_en="Hanoi", name_local="Hà Nội")
    edit_record(Topic.objects.get(), by=clerk, name_en="Courses")
    edit_record(EvidenceOnlyHost.objects.get(), by=clerk, reason="By a person.")

    counts = loaded(
        COUNTRIES,
        (PlaceResource, [row(PlaceResource, name_zh_hans="河内", local_language="vi")]),
        (TopicResource, [row(TopicResource, name_zh_hans="培训")]),
        (EvidenceOnlyHostResource, [{**host, "reason": "By the file."}]),
    )

    place, topic = Place.objects.get(), Topic.objects.get()
    assert counts[1:] == [{"updated": 1}, {"updated": 1}, {"kept": 1}]
    assert (place.name_en, place.name_zh_hans) == ("Hanoi", "河内")
    # The language belongs to the local name, which a person entered.
    assert (place.name_local, place.local_language) == ("Hà Nội", "")
    assert (topic.name_en, topic.name_zh_hans) == ("Courses", "培训")


def test_undone_import_is_no_edit(clerk):
    loaded(article_row(source_urls="https://one.example/"))
    stored = Article.objects.get()
    reviewing.withdraw(stored, by=clerk, at=AT)
    reviewing.return_to_draft(stored, by=clerk, at=AT)
    sheet = csv_of(
        ("slug", "title_en", "source_urls"),
        ("opening", "By a sheet", "https://two.example/"),
    )
    batch = written(sheet, "articles")
    new = article_row(title_en="By the file", source_urls="https://new.example/")

    (kept,) = planned(new, dry_run=True)
    assert why_not_undone(batch, at=LATER) == ""
    counts = loaded(new)

    assert staff_user() == clerk
    assert {name: values[2] for name, values in kept_fields(kept).items()} == {
        "title_en": "sample.clerk",
        "sources": "sample.clerk",
    }
    assert counts == [{"updated": 1}]
    assert Article.objects.get().title_en == "By the file"


def test_record_is_kept_as_a_whole_if_it_would_be_invalid(clerk):
    """The file's last day is before the first day that a person entered."""

    def edition(**cells: str) -> tuple:
        return EditionResource, [row(EditionResource, **cells)]

    first = {
        "starts_on": "2006-06-01",
        "ends_on": "2006-06-30",
        "date_precision": "day",
    }
    loaded(edition(**first))
    edit_record(Edition.objects.get(), by=clerk, starts_on=dt.date(2006, 6, 20))

    (plan,) = planned(edition(**{**first, "ends_on": "2006-06-10", "theme_en": "New"}))

    stored = Edition.objects.get()
    assert plan.count_rows("kept") == 1
    assert (stored.ends_on, stored.theme_en) == (dt.date(2006, 6, 30), "Theme")
    reasons = {kept.field: kept.reason for kept in plan.rows[0].kept}
    assert reasons["starts_on"] == ""
    assert reasons["ends_on"] == reasons["theme_en"] != ""


def test_invalid_row_is_an_error_whatever_was_edited(clerk):
    loaded(article_row())
    edit_record(Article.objects.get(), by=clerk, title_en="By a person")

    (error,) = refused(article_row(title_en="A" * 501))

    assert (error.file, error.row, error.column) == ("articles.csv", 2, "title_en")


def test_reviewed_draft_of_the_file_is_reviewed_again(clerk, settings):
    """The load changes a record in review, so the version that was read is refused."""
    settings.TWO_PERSON_APPROVAL = True
    draft = article("opening", title_en="Opening")
    submit(draft, by=clerk, at=AT)
    version = version_of(draft)
    loaded(article_row(summary_en="New"))

    with pytest.raises(ReviewedVersionError):
        approve(draft, by=staff("other"), at=LATER, version=version)


def test_lookup_of_edits_takes_the_same_queries_for_1_3_and_20_rows(clerk):
    def count_queries(number: int) -> int:
        rows = [row(ArticleResource, slug=f"news-{index}") for index in range(number)]
        loaded((ArticleResource, rows))
        for stored in Article.objects.all():
            edit_record(stored, by=clerk, title_en=f"Edited {stored.slug}")
        files = [(ArticleResource(), table_of(ArticleResource, rows))]
        with CaptureQueriesContext(connection) as captured:
            ((plan, _parser),) = plan_record_files(
                files, by=loader(), on_progress=lambda rows: None
            )
        assert plan.count_rows("kept") == number
        Article.objects.all().delete()
        Deed.objects.all().delete()
        return len(captured)

    assert count_queries(1) == count_queries(3) == count_queries(20)


def test_joint_fields_have_columns():
    """A group names fields of columns; a date and its precision form one."""
    with collect_failures() as failures:
        for code in ("conference_editions", "organs", "places", "reported_figures"):
            resource = get_resource(code)
            names = {column.field for column in resource.columns}
            with failures.case(code):
                assert resource.joint_fields
                assert all(names.issuperset(group) for group in resource.joint_fields)
    groups = get_joint_fields(DocumentResource())
    assert ("signed_on", "date_precision") in groups
    assert ("parties_as_recorded", "parties_basis") in groups


def test_edit_of_a_parent_is_kept_although_it_comes_later(clerk):
    """A deferred column of the file refers to a row of the same load."""
    organs = [
        row(OrganResource, organ_key="vn-hanoi", parent="vn-spp"),
        row(OrganResource),
        row(OrganResource, organ_key="vn-other"),
    ]
    loaded(COUNTRIES, (OrganResource, organs))
    hanoi = Organ.objects.get(key="vn-hanoi")
    edit_record(hanoi, by=clerk, parent=Organ.objects.get(key="vn-other"))

    plan = planned(COUNTRIES, (OrganResource, organs))[1]

    assert Organ.objects.get(key="vn-hanoi").parent.key == "vn-other"
    assert kept_fields(plan)["parent"][:2] == ("vn-other", "vn-spp")
    assert Country.objects.count() == 2
