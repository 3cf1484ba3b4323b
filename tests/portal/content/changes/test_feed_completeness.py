"""The change feed names every record whose API response changed."""

import copy
import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from django.utils import timezone

from portal.content.catalogue import operations as catalogue
from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.publishing.dependencies import enqueue_refresh_of
from portal.content.publishing.models import EvidenceOnlyHost, Publishable
from portal.content.spreadsheets.record_loading import load_record_files
from portal.core.audit.snapshots import take_snapshot
from portal.core.files.models import Picture
from portal.core.translations.querysets import translated_fields
from portal.reference.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.reference.directory.operations import enqueue_refresh_after_rename
from portal.reference.directory.resources import TopicResource
from tests.factories.publishing import (
    AT,
    actor,
    evidence_only_host,
    illustration,
    published,
)
from tests.failures import collect_failures
from tests.portal.content.changes.answers import (
    Key,
    Mirror,
    World,
    all_in,
    changed,
    crawl,
    in_rotation,
)
from tests.portal.content.spreadsheets.import_helpers import csv_of, written
from tests.portal.content.spreadsheets.load_helpers import table_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def edit(record: Publishable, name: str, value: str, *, at=AT + HOUR) -> None:
    before = take_snapshot(record, record.child_relations)
    setattr(record, name, value)
    record.save()
    operations.register_edit(record, by=actor(), at=at, before=before)


def rename_record(kind: str):
    def act(world: World) -> None:
        edit(world.of(kind), "name_en", "Another name")

    return act


def withdraw(kind: str):
    def act(world: World) -> None:
        operations.withdraw(world.of(kind), by=actor(), at=AT + HOUR, version=None)

    return act


def publish(kind: str):
    def act(world: World) -> None:
        restore(world.of(kind), at=AT + HOUR)

    return act


def restore(record: Publishable, *, at: dt.datetime) -> None:
    operations.return_to_draft(record, by=actor(), at=at, version=None)
    published(record, at=at)


def rename_row(model):
    def act(world: World) -> None:
        row = model.objects.get(pk=world.shared[model].pk)
        name = "name_en" if "name" in translated_fields(model) else "name"
        setattr(row, name, "Another name")
        row.save()
        enqueue_refresh_after_rename(row, at=AT + HOUR)

    return act


def move_place(world: World) -> None:
    place = Place.objects.get(pk=world.shared[Place].pk)
    place.time_zone = "Asia/Bangkok"
    place.save()
    enqueue_refresh_after_rename(place, at=AT + HOUR)


def describe_picture(world: World) -> None:
    picture = Picture.objects.get(pk=world.shared[Picture].pk)
    picture.caption_km = "សាល"
    picture.save()
    enqueue_refresh_of([picture], at=AT + HOUR)


def flag_host(host: str):
    def act(world: World) -> None:
        enqueue_refresh_of([evidence_only_host(host)], at=AT + HOUR)

    return act


def unflag_host(world: World) -> None:
    host = EvidenceOnlyHost.objects.get()
    enqueue_refresh_of([host], at=AT + HOUR)
    host.delete()


# One language each for written, converted and fallback texts.
LANGUAGES = ("en", "zh-hant", "km")


class Step(NamedTuple):
    """An action and the minimum number of records whose response changes."""

    act: Callable[[World], None]
    affected: int


def withdraw_and_publish(kind: str, affected: int) -> list[Step]:
    return [Step(withdraw(kind), affected), Step(publish(kind), affected)]


# For each case, the language of the requests and the steps, which build on each other.
# A change in the feed names a record and no language: requests in one language in which
# the step changes a text are enough, and withdrawals change the responses in all.
TABLE = {
    "rename an organ": ("en", [Step(rename_record("organ"), 8)]),
    "rename a country": ("en", [Step(rename_record("country"), 4)]),
    "withdraw and publish an organ": ("zh-hant", withdraw_and_publish("organ", 8)),
    "withdraw and publish a country": ("km", withdraw_and_publish("country", 8)),
    "withdraw and publish a document": ("en", withdraw_and_publish("document", 4)),
    "withdraw and publish an edition": ("zh-hant", withdraw_and_publish("edition", 1)),
    "withdraw and publish a mechanism": ("km", withdraw_and_publish("mechanism", 2)),
    "withdraw a meeting": ("en", [Step(withdraw("meeting"), 2)]),
    "rename a topic": ("km", [Step(rename_row(Topic), 5)]),
    "rename a place": ("km", [Step(rename_row(Place), 5)]),
    "rename a named party": ("zh-hant", [Step(rename_row(NamedParty), 5)]),
    "move a place to another zone": ("en", [Step(move_place, 1)]),
    "describe a picture": ("km", [Step(describe_picture, 11)]),
    "mark a host as evidence only": (
        "en",
        [Step(flag_host("copies.example.org"), 11)],
    ),
    "mark the host of an archived page as evidence only": (
        "en",
        [Step(flag_host("copies.example.com"), 11), Step(unflag_host, 11)],
    ),
    "mark a domain above the host, then no more": (
        "zh-hant",
        [Step(flag_host("example.org"), 11), Step(unflag_host, 11)],
    ),
}


@pytest.fixture(scope="module")
def shared_world(rows_of_module) -> Iterator[World]:
    with rows_of_module(World) as world:
        yield world


@pytest.fixture
def world(shared_world, db) -> World:
    """A copy, because a test changes its objects and only the rows are rolled back."""
    return copy.deepcopy(shared_world)


@pytest.fixture(scope="module")
def first_responses(shared_world, django_db_blocker) -> dict[Key, dict]:
    """The API responses before any change."""
    with django_db_blocker.unblock():
        return crawl(all_in(*LANGUAGES))


@pytest.mark.parametrize("name", TABLE)
def test_feed_names_every_record_whose_answer_changed(
    name, world, first_responses, django_capture_on_commit_callbacks
):
    language, steps = TABLE[name]
    responses = {
        key: response for key, response in first_responses.items() if key[2] == language
    }
    with collect_failures() as failures:
        for number, step in enumerate(steps):
            position = Change.objects.count()
            with django_capture_on_commit_callbacks(execute=True):
                step.act(world)
            now = crawl(all_in(language))
            with failures.case(name, f"step {number}"):
                check_feed(responses, now, position, step.affected)
            responses = now


def check_feed(
    responses: dict[Key, dict], now: dict[Key, dict], position: int, expected: int
) -> None:
    """Check that the feed after ``position`` names what changed since ``responses``."""
    affected = changed(responses, now)
    steps = Change.objects.after(position)
    assert len(affected) >= expected, affected
    assert affected <= set(steps.values_list("kind", "code"))
    for key, response in now.items():
        if key[:2] in affected and key in responses:
            last = steps.filter(kind=key[0], code=key[1]).last()
            assert response["revision"] == last.revision > responses[key]["revision"]
            assert response["changed_at"] != responses[key]["changed_at"]
    assert catalogue.rebuild(at=timezone.now())[:2] == (0, 0)


# ------------------------------------------------------------------- random changes


class Editors:
    """Random sequence of staff actions, reproducible by ``seed``."""

    def __init__(self, world: World, seed: int):
        self.world, self.random = world, random.Random(seed)  # noqa: S311 no secret
        self.at, self.number = AT, 0

    def act(self) -> str:
        """Perform one random action and return its name."""
        self.at += HOUR
        self.number += 1
        act = self.random.choice(
            [
                self.edit,
                self.rename_row,
                self.withdraw,
                self.restore,
                self.restore,
                self.flag,
                self.describe,
                self.load,
                self.edit_hidden,
                self.move_draft,
                self.import_draft,
                self.illustrate,
                self.move_organ,
            ]
        )
        act()
        return act.__name__

    def edit(self) -> None:
        """Change one text of a published record in one language."""
        record = self._any(is_published=True)
        names = [*record.text_fields, "remark"]
        language = self.random.choice(["en", "zh_hans", "zh_hant", "km", "th"])
        name = f"{self.random.choice(names)}_{language}"
        edit(record, name, f"Sample text {self.number}", at=self.at)

    def rename_row(self) -> None:
        model = self.random.choice([Topic, Place, NamedParty])
        row = model.objects.get(pk=self.world.shared[model].pk)
        is_translated = "name" in translated_fields(model)
        language = self.random.choice(["en", "zh_hans", "vi", "lo"])
        name = f"name_{language}" if is_translated else "name"
        setattr(row, name, f"Sample name {self.number}")
        row.save()
        enqueue_refresh_after_rename(row, at=self.at)

    def withdraw(self) -> None:
        record = self._any(is_published=True)
        operations.withdraw(record, by=actor(), at=self.at, version=None)

    def restore(self) -> None:
        if record := self._any(is_published=False):
            restore(record, at=self.at)

    def flag(self) -> None:
        host = EvidenceOnlyHost.objects.first()
        if host is None:
            enqueue_refresh_of([evidence_only_host("example.org")], at=self.at)
        else:
            enqueue_refresh_of([host], at=self.at)
            host.delete()

    def describe(self) -> None:
        picture = Picture.objects.get(pk=self.world.shared[Picture].pk)
        picture.caption_en = f"Sample caption {self.number}"
        picture.save()
        enqueue_refresh_of([picture], at=self.at)

    def load(self) -> None:
        """Load a new name for the topic, as from the portal's own data files."""
        topic = Topic.objects.get(pk=self.world.shared[Topic].pk)
        topic.updated_by = actor("record")
        topic.save()
        resource = TopicResource()
        (values,) = resource.get_values([topic])
        cells = {
            column.header: column.format_cell(values[column.field])
            for column in resource.columns
        }
        rows = [{**cells, "name_en": f"Loaded {self.number}"}]
        files = [(TopicResource(), table_of(TopicResource, rows))]
        load_record_files(files, by=actor("record"), at=self.at)

    def edit_hidden(self) -> None:
        """Change a text of a withdrawn record, to which public records may refer."""
        if record := self._any(is_published=False):
            name = f"{record.text_fields[0]}_en"
            edit(record, name, f"Hidden text {self.number}", at=self.at)

    def move_draft(self) -> None:
        """Change the country of the draft organ to which public records refer."""
        draft = Organ.objects.get(pk=self.world.draft.pk)
        before = take_snapshot(draft, draft.child_relations)
        draft.country = self._other_country(draft)
        draft.save()
        operations.register_edit(draft, by=actor(), at=self.at, before=before)

    def import_draft(self) -> None:
        """Change country and name of the draft organ by a spreadsheet import."""
        draft = Organ.objects.get(pk=self.world.draft.pk)
        head = ("organ_key", "country_iso2", "level", "name_en")
        name = f"Imported {self.number}"
        country = self._other_country(draft)
        row = (draft.key, country.iso2, draft.level, name)
        written(csv_of(head, row), "organs", at=self.at)

    def illustrate(self) -> None:
        """Add a picture to a published record, or remove the picture it has."""
        record = self._any(is_published=True)
        before = take_snapshot(record, record.child_relations)
        picture_row = record.illustrations.first()
        if picture_row:
            picture_row.delete()
        else:
            illustration(record, self.world.shared[Picture])
        operations.register_edit(record, by=actor(), at=self.at, before=before)

    def move_organ(self) -> None:
        """Change the country of the organ to which all records refer, public or not."""
        organ = Organ.objects.get(pk=self.world.shared[Organ].pk)
        before = take_snapshot(organ, organ.child_relations)
        organ.country = self._other_country(organ)
        organ.save()
        operations.register_edit(organ, by=actor(), at=self.at, before=before)

    def _other_country(self, organ: Organ) -> Country:
        return Country.objects.exclude(pk=organ.country_id).order_by("iso2").first()

    def _any(self, *, is_published: bool) -> Publishable | None:
        current = [
            type(record).objects.get(pk=record.pk) for record in self.world.records
        ]
        fit = [record for record in current if record.is_published is is_published]
        return self.random.choice(fit) if fit else None


@pytest.mark.parametrize("seed", [1, 2])
def test_mirror_kept_by_the_feed_alone_equals_a_fresh_crawl(
    seed, world, first_responses, django_capture_on_commit_callbacks
):
    """Two languages of each kind in rotation, then three languages of every record."""
    if seed == 1:
        languages_of = in_rotation(2)
        mirror = Mirror(languages_of, crawl(languages_of))
    else:
        languages_of = all_in(*LANGUAGES)
        mirror = Mirror(languages_of, first_responses)
    editors, done = Editors(world, seed), []
    changed_records = set()

    for step in range(16):
        with django_capture_on_commit_callbacks(execute=True):
            done.append(editors.act())
        changed_records |= mirror.follow()
        if step % 8 == 7:
            assert mirror.copies == crawl(languages_of), done

    assert len(changed_records) > 5
    assert Change.objects.filter(action=ChangeAction.UPDATED).exists()
    assert catalogue.rebuild(at=timezone.now())[:2] == (0, 0)
