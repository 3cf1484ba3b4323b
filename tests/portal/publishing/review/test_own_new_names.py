"""The author of a name does not approve the first record that shows it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.history import operations as history
from portal.history.snapshots import snapshot
from portal.publishing.review import four_eyes
from portal.publishing.review.new_names import own_new_names, require_other_author
from portal.publishing.review.versions import read_content
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import party, place, topic
from tests.factories.publishing import AT, actor, published, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.FOUR_EYES = True


def written(row, *, by):
    """``row`` with an audit entry by the person who added it."""
    after = snapshot(row)
    history.append_changes(row, before=None, after=after, by=by, at=AT)
    return row


def test_own_new_names_of_many_records_take_as_many_queries_as_of_one():
    author, records, counts = staff("sample.author"), [], set()
    for number in range(1, 21):
        named = [written(topic(), by=author), topic()]
        record = visit(topics=named, places=[place()])
        record.from_parties.add(party(f"Ministry {number}"))
        records.append(record)
        if number in (1, 3, 20):
            with CaptureQueriesContext(connection) as queries:
                names = own_new_names(records, user=author, at=LATER)
            counts.add(len(queries))
            assert [len(names[one.pk]) for one in records] == [1] * number

    assert len(counts) == 1


def test_author_of_a_new_name_is_asked_for_another_person(settings):
    author, other = staff("sample.author"), staff("sample.other")
    record = article(topics=[written(topic("new", name_en="New"), by=author)])

    require_other_author(read_content(record), by=other, at=LATER)
    require_other_author(read_content(record), by=actor(), at=LATER)
    with pytest.raises(four_eyes.NeedsAnother, match="names that become public"):
        require_other_author(read_content(record), by=author, at=LATER)

    settings.FOUR_EYES = False
    require_other_author(read_content(record), by=author, at=LATER)


def test_author_of_a_name_that_is_public_needs_no_other_person():
    author = staff("sample.author")
    row = written(topic("known"), by=author)
    published(article("public", topics=[row]))

    record = article("one", topics=[row])
    require_other_author(read_content(record), by=author, at=LATER)
