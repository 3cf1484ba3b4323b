"""Authors of new names cannot approve the first record that publishes them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing import two_person_approval
from portal.content.publishing.new_names import own_new_names, require_other_author
from portal.content.publishing.reviewed_versions import read_content, read_contents
from portal.core.audit import operations as audit
from portal.core.audit.snapshots import take_snapshot
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import party, place, topic
from tests.factories.publishing import AT, actor, published, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


def written(row, *, by):
    """Write an audit entry that ``by`` created ``row``; return the row."""
    after = take_snapshot(row)
    audit.append_snapshot_diff(row, before=None, after=after, by=by, at=AT)
    return row


def test_own_new_names_of_many_records_take_as_many_queries_as_of_one():
    author, records, query_counts = staff("sample.author"), [], set()
    for number in range(1, 21):
        topics = [written(topic(), by=author), topic()]
        record = visit(topics=topics, places=[place()])
        record.from_parties.add(party(f"Ministry {number}"))
        records.append(record)
        if number in (1, 3, 20):
            with CaptureQueriesContext(connection) as queries:
                contents = read_contents(records)
                names = own_new_names(contents, user=author, at=LATER)
            query_counts.add(len(queries))
            assert [len(names[record.pk]) for record in records] == [1] * number

    assert len(query_counts) == 1


def test_author_of_a_new_name_needs_another_approver(settings):
    author, other_user = staff("sample.author"), staff("sample.other")
    record = article(topics=[written(topic("new", name_en="New"), by=author)])

    require_other_author(read_content(record), by=other_user, at=LATER)
    require_other_author(read_content(record), by=actor(), at=LATER)
    with pytest.raises(
        two_person_approval.SelfApprovalForbidden,
        match="You entered names that will be published with “",
    ):
        require_other_author(read_content(record), by=author, at=LATER)

    settings.TWO_PERSON_APPROVAL = False
    require_other_author(read_content(record), by=author, at=LATER)


def test_author_of_a_public_name_needs_no_other_approver():
    author = staff("sample.author")
    row = written(topic("known"), by=author)
    published(article("public", topics=[row]))

    record = article("one", topics=[row])
    require_other_author(read_content(record), by=author, at=LATER)
