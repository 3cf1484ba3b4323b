"""Publishing steps for any record, and rows that belong to any record."""

import datetime as dt

from portal.content.catalogue import operations as catalogue
from portal.content.publishing import operations
from portal.content.publishing.bulk_publishing import publish_new_records
from portal.content.publishing.choices import Status
from portal.content.publishing.models import (
    Attachment,
    ErrorReport,
    EvidenceOnlyHost,
    HeadingMapping,
    Illustration,
    Proposal,
    Publishable,
    Redirect,
    Source,
)
from portal.content.publishing.models.heading_mappings import normalize_heading
from portal.content.review import operations as review
from portal.core.accounts.models import User
from portal.core.audit.snapshots import take_snapshot
from portal.core.files.models import Picture, StoredFile
from tests import reviewing
from tests.factories import files, made

# In the past, so that records published then are public whenever a test runs.
AT = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def actor(name="tests") -> User:
    """Return the system actor ``name``, an account that cannot sign in."""
    return User.objects.get_system_user(name)


def staff(username="sample.clerk", *, is_superuser=False, permissions=()) -> User:
    """Create a staff user who reads the interface in English.

    ``permissions`` are rows of ``auth.Permission``.
    """
    user = User.objects.create_user(
        username,
        password="sample-password",
        is_staff=True,
        is_superuser=is_superuser,
        interface_language="en",
    )
    user.user_permissions.set(permissions)
    return user


def in_review(record: Publishable, *, at=AT, by=None) -> Publishable:
    operations.submit(record, by=by or actor(), at=at)
    return record


def published(record: Publishable, *, at=AT, by=None) -> Publishable:
    """Publish a record: a draft in few queries, unless a user ``by`` publishes it."""
    if by is None and record.status == Status.DRAFT and not record.revision:
        return published_together(record, at=at)[0]
    return approved(in_review(record, at=at, by=by), at=at, by=by)


def published_together(*records: Publishable, at=AT) -> tuple[Publishable, ...]:
    """Publish drafts in a number of queries that does not depend on their number.

    A record that links to another one of the same call is indexed when both of them
    are published.
    """
    publish_new_records(records, by=actor(), at=at)
    catalogue.enqueue_refresh(records, at=at)
    return records


def approved(record: Publishable, *, at=AT, by=None) -> Publishable:
    """Approve a record under review: it is published, or scheduled."""
    reviewing.approve(record, by=by or actor(), at=at)
    return record


def republished(record: Publishable, *, at=AT, by=None) -> Publishable:
    """Register an edit of a record; its audit entries show no change."""
    snapshot = take_snapshot(record, record.child_relations)
    operations.register_edit(record, by=by or actor(), at=at, before=snapshot)
    return record


def proposal(
    record: Publishable, *, at=AT, by=None, remark="A sample remark that waits."
) -> Proposal:
    """Propose a change of the English remark of a published record."""
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    proposed.values["remark_en"] = remark
    return review.propose(
        record, base=base, proposed=proposed, public_note={}, by=by or actor(), at=at
    )


def scheduled(record: Publishable, publish_at: dt.datetime, *, at=AT, by=None):
    """Approve a record for publication at ``publish_at``, a time later than ``at``."""
    record.publish_at = publish_at
    record.save()
    return approved(in_review(record, at=at, by=by), at=at, by=by)


def withdrawn(record: Publishable, *, at=AT, by=None) -> Publishable:
    published(record, at=at, by=by)
    reviewing.withdraw(record, by=by or actor(), at=at)
    return record


def withdrawn_together(*records: Publishable) -> tuple[Publishable, ...]:
    """Publish drafts, then withdraw each of them."""
    for record in published_together(*records):
        reviewing.withdraw(record, by=actor(), at=AT)
    return records


def source(record: Publishable, url="https://example.org/report", **values) -> Source:
    return made(
        Source, record=record, **{"url": url, "host": Source.parse_host(url), **values}
    )


def evidence_only_host(host="copies.example", **values) -> EvidenceOnlyHost:
    return made(EvidenceOnlyHost, **{"host": host, "reason": "A copy.", **values})


def attachment(record: Publishable, file: StoredFile | None = None, **values):
    file = file or files.stored_file()
    return made(Attachment, record=record, file=file, **{"language": "en", **values})


def illustration(record: Publishable, picture: Picture | None = None, **values):
    picture = picture or files.picture()
    return made(Illustration, record=record, picture=picture, **values)


def heading_mapping(heading="Sample heading", **values) -> HeadingMapping:
    defaults = {
        "resource": "seminars",
        "heading_key": normalize_heading(heading),
        "field": "hours",
        "updated_at": AT,
    }
    return made(HeadingMapping, heading=heading, **{**defaults, **values})


def redirect(old_path="/ywb/old.shtml", new_path="/en/", **values) -> Redirect:
    return made(Redirect, old_path=old_path, new_path=new_path, **values)


def error_report(text="A sample date is wrong.", **values) -> ErrorReport:
    defaults = {"language": "en", "received_at": AT}
    return made(ErrorReport, text=text, **{**defaults, **values})
