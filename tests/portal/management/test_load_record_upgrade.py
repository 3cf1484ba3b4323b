"""``load_record`` over the record of an earlier release, and its dry run."""

import csv
import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from portal.conference.models import Article, Document, Edition
from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    EditionDelegationResource,
    EditionResource,
)
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.spreadsheets.resources import Resource
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed, Head
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.core.jobs.models import Job
from portal.management.commands.load_record import RESOURCES
from portal.reference.directory.models import Organ, Place, Topic
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests import reviewing
from tests.factories.conference import document, edition_delegation
from tests.factories.publishing import AT, proposal, staff
from tests.portal.content.spreadsheets.load_helpers import edit_record, row

pytestmark = pytest.mark.django_db

BY_CLERK = "by sample.clerk on 2024-05-06 16:00 CST"
ABSENT = "Records that are in no file any more, which are kept"
LONG = "The prosecutors agreed on direct contacts between their provinces. " * 3
YESTERDAY = {
    CountryResource: [row(CountryResource)],
    PlaceResource: [row(PlaceResource)],
    TopicResource: [
        row(TopicResource),
        row(TopicResource, key="visits", name_en="Visits"),
    ],
    OrganResource: [row(OrganResource, place_key="ha-noi")],
    DocumentResource: [row(DocumentResource, topic_keys="visits")],
    ArticleResource: [
        row(ArticleResource, summary_en=LONG, topic_keys="training;visits")
    ],
}
TODAY = {
    **YESTERDAY,
    PlaceResource: [row(PlaceResource, name_en="Hanoi", name_zh_hans="河内")],
    TopicResource: [row(TopicResource, name_zh_hans="培训")],
    ArticleResource: [
        row(
            ArticleResource,
            title_en="Opening of the base",
            title_zh="基地揭牌",
            summary_en=LONG + "They met again.",
            topic_keys="training",
            source_urls="https://one.example/",
        ),
        row(ArticleResource, slug="second", title_en="Second"),
    ],
}


def write(folder: Path, rows_by_resource: dict[type[Resource], list[dict]]) -> Path:
    """Write the file of every resource, without rows if none are given."""
    folder.mkdir()
    for resource in RESOURCES:
        with (folder / resource.file).open("w", encoding="utf-8", newline="") as file:
            headings = [column.header for column in resource.columns]
            writer = csv.DictWriter(file, headings)
            writer.writeheader()
            writer.writerows(rows_by_resource.get(resource, []))
    return folder


@pytest.fixture
def yesterday(tmp_path) -> Path:
    return write(tmp_path / "yesterday", YESTERDAY)


@pytest.fixture
def today(tmp_path) -> Path:
    return write(tmp_path / "today", TODAY)


def output_of(folder: Path, **options) -> list[str]:
    output = StringIO()
    call_command("load_record", folder=folder, stdout=output, **options)
    return output.getvalue().splitlines()


def details_of(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("  ")]


def test_record_of_today_is_loaded_over_that_of_yesterday(yesterday, today):
    first = output_of(yesterday)
    second = output_of(today)
    third = output_of(today)

    assert first[-1] == "7 changes."
    assert second[-2:] == [
        f"{ABSENT}: 1. --dry-run lists them.",
        "4 changes.",
    ]
    assert third[-1] == "0 changes."
    article = Article.objects.get(slug="opening")
    assert (article.title_en, article.title_zh_hans) == (
        "Opening of the base",
        "基地揭牌",
    )
    assert [topic.key for topic in article.topics.all()] == ["training"]
    assert Place.objects.get().name_zh_hans == "河内"
    assert Topic.objects.filter(key="visits").exists()
    assert verify_chain().first_broken_position is None


def test_what_people_edited_is_kept_in_an_upgrade(yesterday, today):
    output_of(yesterday)
    clerk = staff("sample.clerk")
    edit_record(Article.objects.get(), by=clerk, at=AT, title_en="By a person")
    edit_record(Place.objects.get(), by=clerk, at=AT, name_en="Ha Noi City")

    second = output_of(today)
    third = output_of(today)

    article = Article.objects.get(slug="opening")
    assert (article.title_en, article.title_zh_hans) == ("By a person", "基地揭牌")
    place = Place.objects.get()
    assert (place.name_en, place.name_zh_hans) == ("Ha Noi City", "河内")
    kept = "Records with fields that people edited, which are kept: 2."
    assert f"{kept} --dry-run lists them." in second
    assert second[-1] == "4 changes."
    assert third[-1] == "0 changes."


def test_dry_run_prints_the_plan(yesterday, today, settings):
    """Also what is kept: edited, proposed, deleted, and no longer in the file."""
    settings.TWO_PERSON_APPROVAL = True
    output_of(yesterday)
    clerk, editor = staff("sample.clerk"), staff("sample.editor")
    edit_record(Place.objects.get(), by=clerk, at=AT, name_en="Ha Noi City")
    article = Article.objects.get()
    proposal(article, by=editor, at=AT, remark="Proposed")
    with (today / "articles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["notes"] = "New"
    (today / "articles.csv").unlink()
    with (today / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    reviewing.withdraw(Organ.objects.get(), by=staff("sample.chief"), at=AT)

    lines = output_of(today, dry_run=True)

    by_editor = BY_CLERK.replace("clerk", "editor")
    shown = " on direct contacts between their provinces."
    assert details_of(lines) == [
        "  updated ha-noi Ha Noi City",
        "    name_zh_hans: “(empty)” → “河内”",
        f"    name_en: kept “Ha Noi City”, in the file “Hanoi”, edited {BY_CLERK}",
        "  updated training Training",
        "    name_zh_hans: “(empty)” → “培训”",
        "  not in the file: visits Visits, used by document DOC-0001",
        "  updated opening Opening of the base",
        "    title_en: “Opening” → “Opening of the base”",
        "    title_zh: “(empty)” → “基地揭牌”",
        f"    summary_en: “…{shown}” → “…{shown} They met again.”",
        "    topic_keys: “training;visits” → “training”",
        "    source_urls: “(empty)” → “https://one.example/”",
        f"    notes: kept “(empty)”, in the file “New”, change proposed {by_editor}",
        "  created second Second",
    ]
    counts = {line.split()[0]: line.split()[1:] for line in lines[:-1]}
    assert counts["articles.csv"] == ["1", "1", "0", "0", "0"]
    assert lines[-1] == "4 changes. Dry run: nothing was saved."


def count_rows() -> dict[str, int]:
    return {
        model._meta.label: models.QuerySet(model).count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def get_state() -> tuple:
    """Return what a load would change: rows, records, audit chain, jobs, changes."""
    return (
        count_rows(),
        Head.objects.values().get(),
        list(Deed.objects.order_by("position").values_list("hash", flat=True)),
        list(Job.objects.order_by("pk").values()),
        list(Change.objects.order_by("position").values()),
        [
            list(models.QuerySet(resource.model).order_by("pk").values())
            for resource in RESOURCES
        ],
    )


def test_dry_run_saves_nothing(yesterday, today, django_capture_on_commit_callbacks):
    output_of(yesterday)
    before = get_state()

    with django_capture_on_commit_callbacks() as callbacks:
        output_of(today, dry_run=True)

    assert get_state() == before
    assert callbacks == []
    assert output_of(today)[-1] == "4 changes."
    after = get_state()
    assert [part for part, old in zip(after, before, strict=True) if part == old] == []


def test_dry_run_reports_the_errors_of_a_load(tmp_path, capsys):
    """An organ above itself is an error that only the database finds."""
    cases = {
        "value": {CountryResource: [row(CountryResource, joined_asean_on="1967")]},
        "database": {
            **YESTERDAY,
            OrganResource: [row(OrganResource, parent="vn-spp")],
        },
    }
    for name, rows in cases.items():
        folder = write(tmp_path / name, rows)
        outputs = []
        for dry_run in (False, True):
            with pytest.raises(CommandError) as info:
                output_of(folder, dry_run=dry_run)
            outputs.append((str(info.value), capsys.readouterr().err))
        assert outputs[0] == outputs[1]
        assert outputs[0][0] == "1 errors. Nothing was loaded."
    assert not Place.objects.exists()


def test_columns_of_another_release_are_refused(tmp_path, capsys):
    """A file lacks a column, has one that was removed, or names one differently."""
    changes = {
        "older": (lambda headings: headings.remove("summary_zh"), 1, "summary_zh"),
        "removed": (lambda headings: headings.append("venue"), 1, "venue"),
        "renamed": (
            lambda headings: headings.__setitem__(headings.index("notes"), "note"),
            2,
            "rename the column “note”",
        ),
    }
    for name, (change, count, expected) in changes.items():
        folder = write(tmp_path / name, {})
        headings = [column.header for column in ArticleResource.columns]
        change(headings)
        (folder / "articles.csv").write_text(",".join(headings) + "\n", "utf-8")

        with pytest.raises(CommandError, match=rf"^{count} errors\."):
            output_of(folder)

        errors = capsys.readouterr().err
        assert errors.startswith("articles.csv, row 1, column ")
        assert expected in errors


def test_reference_to_a_removed_row_names_the_row_that_uses_it(tmp_path, capsys):
    rows = {**YESTERDAY, TopicResource: [row(TopicResource)]}

    with pytest.raises(CommandError, match=r"^2 errors\."):
        output_of(write(tmp_path / "record", rows))

    errors = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in errors] == [
        "documents.csv, row 2, column topic_keys, “visits”",
        "articles.csv, row 2, column topic_keys, “training;visits”",
    ]


def test_deleted_and_kept_records_are_in_the_plan(yesterday, tmp_path):
    output_of(yesterday)
    clerk = staff("sample.clerk")
    topic = Topic.objects.create(key="drugs", name_en="Drugs")
    before = take_snapshot(topic)
    append_snapshot_diff(topic, before=before, after=None, by=clerk, at=AT)
    topic.delete()
    edit_record(
        Article.objects.get(),
        by=clerk,
        at=AT,
        title_en="Person",
        reported_on=dt.date(2020, 1, 2),
        date_precision="year",
    )
    rows = {
        **YESTERDAY,
        TopicResource: [
            *YESTERDAY[TopicResource],
            row(TopicResource, key="drugs", name_en="Drugs"),
        ],
    }

    lines = output_of(write(tmp_path / "record", rows), dry_run=True)

    assert details_of(lines) == [
        f"  kept drugs Drugs: deleted {BY_CLERK}, not created again",
        "  kept opening Person",
        f"    title_en: kept “Person”, in the file “Opening”, edited {BY_CLERK}",
        f"    occurred_on: kept “2020-01-01”, in the file “(empty)”, edited {BY_CLERK}",
        f"    date_precision: kept “year”, in the file “(empty)”, edited {BY_CLERK}",
    ]
    assert lines[-1] == "0 changes. Dry run: nothing was saved."


def test_rows_that_may_be_delegations_without_a_code_are_named(tmp_path):
    """In a dry run and in a load, because somebody has to decide."""
    rows = {**YESTERDAY, EditionResource: [row(EditionResource)]}
    output_of(write(tmp_path / "yesterday", rows))
    edition = Edition.objects.get()
    keys = []
    for office in ("Sample office", "Another office"):
        country = Organ.objects.get().country
        child = edition_delegation(edition, country=country, head_office_en=office)
        keys.append(child.pk)
    cells = {column.header: "" for column in EditionDelegationResource.columns}
    cells |= {"code": "DEL-0007", "edition_number": "3", "country_iso2": "VN"}
    rows[EditionDelegationResource] = [cells]
    folder = write(tmp_path / "today", rows)

    outputs = [output_of(folder, dry_run=dry_run) for dry_run in (True, False)]

    first, second = (f"#3 VN Viet Nam (row {pk}, no key)" for pk in keys)
    for lines in outputs:
        (line,) = details_of(lines)
        assert line == (
            f"  kept DEL-0007 #3 VN Viet Nam: not created, it may be {first} or "
            f"{second}. Write DEL-0007 there if it is the same, or a code from DEL-"
            "5001 on if it is not"
        )
        assert "people edited" not in "".join(lines)
    assert edition.delegations.count() == 2


@pytest.fixture
def own() -> Document:
    """A draft of the clerk that has a code of the next release."""
    clerk = staff("sample.clerk")
    record = document("DOC-0002", title_en="Memorandum", created_by=clerk)
    operations.register_edit(record, by=clerk, at=AT, before=None)
    return record


@pytest.fixture
def release(tmp_path) -> Path:
    """A release with the document DOC-0002 and an edition that refers to it."""
    documents = [*YESTERDAY[DocumentResource], row(DocumentResource, code="DOC-0002")]
    edition = row(EditionResource, outcome_document_code="DOC-0002")
    rows = {DocumentResource: documents, EditionResource: [edition]}
    return write(tmp_path / "release", {**YESTERDAY, **rows})


def test_rows_with_the_code_of_another_record_are_named(yesterday, release, own):
    """In a dry run and in each load, with the references that are left out."""
    output_of(yesterday)
    refused = (
        "  kept DOC-0002 Treaty: row 3 is not loaded, because sample.clerk created "
        "“DOC-0002 Memorandum” (draft) with this code. If it is the same record, run "
        "load_record --adopt DOC-0002; if not, run load_record --renumber DOC-0002, "
        "which loads the row under a new code"
    )
    left_out = (
        "    outcome_document_code: DOC-0002 is left out, because it is the code of a "
        "record that a person created"
    )

    dry_run, first, second = (
        output_of(release, dry_run=dry_run) for dry_run in (True, False, False)
    )

    assert details_of(dry_run) == ["  created #3", left_out, refused]
    assert details_of(first) == ["  created #3", left_out, refused]
    assert details_of(second) == ["  unchanged #3", left_out, refused]
    assert not any("people edited" in line for line in [*first, *second])
    assert second[-1] == "0 changes."
    assert Edition.objects.get().outcome_document is None


@pytest.mark.parametrize(
    ("decision", "code"), [("--adopt", "DOC-0002"), ("--renumber", "DOC-5001")]
)
def test_operator_decides_which_record_the_row_is(decision, code, release, own):
    output = StringIO()
    call_command("load_record", decision, "DOC-0002", folder=release, stdout=output)

    assert details_of(output.getvalue().splitlines()) == []
    assert details_of(output_of(release)) == []
    own.refresh_from_db()
    assert (own.code, own.title_en) == ("DOC-0002", "Memorandum")
    assert Edition.objects.get().outcome_document.code == code


def test_decision_that_nobody_asked_for_is_refused(release, own):
    cases = {
        ("DOC-0001",): "DOC-0001: no row with this code waits for a decision. Nothing",
        ("DOC-0002", "DOC-0002"): "DOC-0002: use either --adopt or --renumber.",
    }
    for (adopted, *others), message in cases.items():
        with pytest.raises(CommandError, match=message):
            output_of(release, adopt=[adopted], renumber=others)
    assert not Edition.objects.exists()


def test_plan_gives_reasons_and_shortens_lists(tmp_path):
    """A record that would be invalid, and a removed row that many records use."""
    documents = [
        row(DocumentResource, code=f"DOC-{number:04}", topic_keys="visits")
        for number in range(1, 8)
    ]
    dates = {"starts_on": "2018-06-01", "date_precision": "day"}
    edition = row(EditionResource, ends_on="2018-06-30", **dates)
    rows = {EditionResource: [edition], DocumentResource: documents}
    output_of(write(tmp_path / "yesterday", {**YESTERDAY, **rows}))
    clerk = staff("sample.clerk")
    edit_record(Edition.objects.get(), by=clerk, at=AT, starts_on=dt.date(2018, 6, 20))
    rows[EditionResource] = [{**edition, "ends_on": "2018-06-10"}]
    rows[TopicResource] = []

    lines = output_of(write(tmp_path / "today", {**YESTERDAY, **rows}), dry_run=True)

    details = details_of(lines)
    codes = ", ".join(f"document DOC-{number:04}" for number in range(1, 5))
    assert (
        f"  not in the file: visits Visits, used by article opening, {codes} and 3 more"
    ) in details
    first, last = details[details.index("  kept #3") + 1 :][:2]
    assert first.endswith(f"in the file “2018-06-01”, edited {BY_CLERK}")
    assert last.startswith(
        "    ends_on: kept “2018-06-30”, in the file “2018-06-10”, invalid with the "
        "values that people entered: "
    )
