import datetime as dt

import pytest

from portal.conference.models import Article, Edition
from portal.content.catalogue import operations
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.models import Entry, EntryTag, EntryText
from portal.content.catalogue.registry import Kind, all_kinds, get_kind, register_kind
from portal.content.changes.models import Change
from portal.content.publishing.choices import Status
from portal.reference.directory.models import Country, Place
from tests.factories.conference import article, document, edition, page
from tests.factories.directory import country, organ, place, topic
from tests.factories.figures import reported_figure
from tests.factories.publishing import AT, published, scheduled, withdrawn

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def state() -> tuple:
    """Return the rows of all catalogue tables."""
    return (
        list(Entry.objects.order_by("pk").values()),
        list(EntryText.objects.order_by("pk").values()),
        list(EntryTag.objects.order_by("pk").values()),
    )


def edition_in_hong_kong():
    china, hall = country("CN"), topic("asset-recovery")
    hong_kong = place("hong-kong", country=china, time_zone="Asia/Hong_Kong")
    host = organ("hk-doj", country=china)
    return edition(
        15,
        theme_en="Technology",
        theme_zh_hans="科技",
        summary_en="A summary",
        starts_on=dt.date(2025, 9, 22),
        ends_on=dt.date(2025, 9, 24),
        date_precision="day",
        state="held",
        name_order="china-asean",
        host_country=china,
        places=[hong_kong],
        topics=[hall],
        host_organs=[host],
    )


def test_write_stores_list_data():
    record = edition_in_hong_kong()

    published(record)

    entry = Entry.objects.get()
    assert (entry.kind, entry.code, entry.path) == ("edition", "15", "conference/15/")
    assert entry.period == record.period
    assert entry.last_on == dt.date(2025, 9, 24)
    assert entry.sort_on == dt.date(2025, 9, 22)
    assert (entry.state, entry.zone) == ("held", "Asia/Hong_Kong")
    assert (entry.countries, entry.topics) == (["CN"], ["asset-recovery"])
    assert (entry.places, entry.languages) == (["hong-kong"], ["zh-hans", "en"])
    assert entry.facts == {"number": 15, "name_order": "china-asean"}
    assert set(entry.texts.values_list("language", "title", "summary")) == {
        ("en", "", "Technology"),
        ("zh-hans", "", "科技"),
    }
    assert set(entry.tags.values_list("axis", "value")) == {
        ("country", "CN"),
        ("topic", "asset-recovery"),
        ("place", "hong-kong"),
        ("organ", "hk-doj"),
        *(
            ("row", row_value(row))
            for row in (
                record.host_country,
                *record.places.all(),
                *record.topics.all(),
                *record.host_organs.all(),
            )
        ),
    }


def test_write_sorts_undated_record_last():
    published(edition(5))

    entry = Entry.objects.get()
    assert (entry.starts_on, entry.last_on) == (None, None)
    assert entry.sort_on == dt.date(1, 1, 1)
    assert not entry.period


def test_write_returns_whether_entry_changed():
    record = published(article(title_en="Opening"))
    before = state()

    unchanged = operations.update_entry(record)
    record.title_en = "Opening day"
    changed = operations.update_entry(record)

    assert (unchanged, changed) == (False, True)
    assert Entry.objects.count() == 1
    digest = Entry.objects.get().digest
    assert digest != before[0][0]["digest"]
    assert state()[0] == [{**before[0][0], "sequence": 2, "digest": digest}]
    assert EntryText.objects.get().title == "Opening day"


def test_write_removes_stale_texts_and_tags():
    vietnam, laos = country("VN"), country("LA")
    record = published(
        article(title_en="Opening", title_zh_hans="开幕", countries=[vietnam])
    )
    record.title_zh_hans = ""
    record.countries.set([laos])

    operations.update_entry(record)

    assert list(EntryText.objects.values_list("language", flat=True)) == ["en"]
    assert set(EntryTag.objects.values_list("value", flat=True)) == {
        "LA",
        row_value(laos),
    }


def test_remove_deletes_entry_with_texts_and_tags():
    published(article("stays"))
    published(article("goes", countries=[country("VN")]))

    removed = [operations.remove_entry(kind="article", code="goes") for _ in range(2)]

    assert removed == [True, False]
    assert Entry.objects.get().code == "stays"
    assert EntryText.objects.count() == 1
    assert not EntryTag.objects.exists()


@pytest.fixture
def records():
    """Create records of core and Conference kinds in several publication states."""
    vietnam = published(country("VN", display_order=2))
    hanoi = place("ha-noi")
    spp = published(organ("vn-spp", place=hanoi))
    held = published(edition(1, host_country=vietnam, places=[hanoi]))
    published(document(edition=held, party_organs=[spp], party_countries=[vietnam]))
    published(article(countries=[vietnam], organs=[spp]))
    published(page())
    published(reported_figure(country=vietnam, organs=[spp], places=[hanoi]))
    article("draft")
    scheduled(article("waits"), AT + HOUR)
    withdrawn(article("gone"))


def test_rebuild_changes_nothing_on_a_healthy_database(records):
    before = state()

    counts = [operations.rebuild(at=AT) for _ in range(2)]

    assert counts == [(0, 0, 7), (0, 0, 7)]
    assert state() == before


def test_rebuild_restores_emptied_catalogue(records):
    entry_values = Entry.objects.order_by("kind", "code").values(
        "kind", "code", "countries"
    )
    expected = list(entry_values)
    Entry.objects.all().delete()

    counts = operations.rebuild(at=AT)

    assert counts == (7, 0, 0)
    assert list(entry_values.all()) == expected


def test_rebuild_removes_unpublished_entries(records):
    draft = Article.objects.get(slug="draft")
    draft.published_at = draft.changed_at = AT
    operations.update_entry(draft)
    Entry.objects.create(
        kind="unheard-of", code="x", revision=1, path="x/", sort_on=AT.date(),
        published_at=AT, changed_at=AT, sequence=1, content_changed_at=AT,
    )  # fmt: skip

    counts = operations.rebuild(at=AT)

    assert counts == (0, 2, 7)
    assert not Entry.objects.filter(code__in=["draft", "x"]).exists()


def test_rebuild_that_began_before_a_publication_keeps_the_entry(records):
    """The records were published after the time that is passed to the rebuild."""
    changes = Change.objects.count()

    counts = operations.rebuild(at=AT - HOUR)

    assert counts == (0, 0, 7)
    assert Entry.objects.count() == 7
    assert Change.objects.count() == changes


def test_rebuild_reads_the_clock_for_each_batch(monkeypatch):
    monkeypatch.setattr(operations, "BATCH_SIZE", 1)
    for name in ("a", "b", "c"):
        published(article(name))
    Article.objects.update(title_en="Changed by no operation")
    times = iter([AT + 2 * HOUR, AT + 3 * HOUR, AT + 4 * HOUR])

    operations.rebuild(at=AT + HOUR, clock=lambda: next(times))

    assert set(Article.objects.values_list("changed_at", flat=True)) == {
        AT + HOUR,
        AT + 2 * HOUR,
        AT + 3 * HOUR,
    }


def test_rebuild_keeps_the_entry_of_a_record_it_cannot_lock(
    monkeypatch,
):
    published(article("a"))
    changes = Change.objects.count()
    monkeypatch.setattr(operations, "_lock_records", lambda kind, codes: [])

    counts = operations.rebuild(at=AT)

    assert counts == (0, 0, 0)
    assert Entry.objects.get().code == "a"
    assert Change.objects.count() == changes


def test_refresh_writes_every_entry_that_names_a_row():
    hanoi = place("ha-noi", time_zone="Asia/Ho_Chi_Minh")
    published(edition(1, places=[hanoi]))
    published(edition(2, places=[hanoi]))
    published(edition(3))
    Place.objects.update(time_zone="Asia/Bangkok")

    changed = [
        operations.refresh_all(axis="row", values=[row_value(hanoi)], at=AT)
        for _ in range(2)
    ]

    assert changed == [2, 0]
    assert dict(Entry.objects.values_list("code", "zone")) == {
        "1": "Asia/Bangkok",
        "2": "Asia/Bangkok",
        "3": "",
    }


def test_refresh_removes_the_entry_of_a_record_that_was_deleted():
    published(edition(1, host_country=country("VN")))
    Edition.objects.all().delete()

    assert operations.refresh_all(axis="country", values=["VN"], at=AT) == 1
    assert not Entry.objects.exists()


@pytest.mark.parametrize("leftover", [True, False])
def test_refresh_does_not_restore_a_withdrawn_record(leftover):
    vietnam = country("VN")
    record = published(edition(1, host_country=vietnam))
    published(edition(2, host_country=vietnam))
    Edition.objects.filter(pk=record.pk).update(status=Status.WITHDRAWN)
    if not leftover:
        operations.remove_entry(kind="edition", code="1")

    changed = operations.refresh_all(axis="country", values=["VN"], at=AT)

    assert changed == int(leftover)
    assert Entry.objects.get().code == "2"


def test_rebuild_does_not_restore_withdrawn_records():
    withdrawn(edition(1, host_country=country("VN")))
    published(edition(2))
    Entry.objects.all().delete()

    counts = operations.rebuild(at=AT)

    assert counts == (1, 0, 0)
    assert Entry.objects.get().code == "2"


def test_rebuild_excludes_records_withdrawn_while_running(monkeypatch):
    """A colleague withdraws the second record after the rebuild read its list."""
    published(edition(1))
    second = published(edition(2))
    Entry.objects.all().delete()
    lock_records = operations._lock_records

    def withdraw_and_read(*args):
        Edition.objects.filter(pk=second.pk).update(status=Status.WITHDRAWN)
        return lock_records(*args)

    monkeypatch.setattr(operations, "_lock_records", withdraw_and_read)

    counts = operations.rebuild(at=AT)

    assert counts == (1, 0, 0)
    assert Entry.objects.get().code == "1"


def test_duplicate_kind_registration_is_rejected():
    article_kind = get_kind("article")
    register_kind(article_kind)
    impostor = Kind(
        code="article",
        model=Country,
        label="",
        label_plural="",
        build_entry=article_kind.build_entry,
        read_contents=article_kind.read_contents,
    )

    with pytest.raises(ValueError, match="Record kind 'article' is already registered"):
        register_kind(impostor)

    assert get_kind("article").model is Article
    assert [kind.code for kind in all_kinds()].count("article") == 1
