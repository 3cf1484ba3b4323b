"""Helpers that build the rows of record files, load them and edit the records."""

import datetime as dt
from collections.abc import Callable

from django.db import models

from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    EditionResource,
    PageResource,
)
from portal.content.publishing import operations
from portal.content.publishing.models import Publishable
from portal.content.spreadsheets.headings import SheetTable, find_strict_table
from portal.content.spreadsheets.import_plan import (
    ImportPlan,
    RecordLoadError,
    RowError,
)
from portal.content.spreadsheets.record_loading import load_record_files
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.sheet import Sheet
from portal.core.accounts.models import User
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests.factories.publishing import AT

ARTICLE = {"slug": "opening", "title_en": "Opening"}
COUNTRY = {"iso2": "VN", "name_en": "Viet Nam", "name_zh_hans": "越南"}
EDITION = {"number": "3", "theme_en": "Theme"}
DOCUMENT = {"code": "DOC-0001", "kind": "treaty", "title_en": "Treaty"}
ORGAN = {
    "organ_key": "vn-spp",
    "country_iso2": "VN",
    "level": "national",
    "name_en": "Supreme People's Procuracy",
}
PAGE = {"slug": "office", "display_order": "1", "title_en": "Office"}
PLACE = {
    "key": "ha-noi",
    "country_iso2": "VN",
    "time_zone": "Asia/Ho_Chi_Minh",
    "name_en": "Ha Noi",
}
TOPIC = {"key": "training", "name_en": "Training"}
MINIMAL = {
    CountryResource: COUNTRY,
    PlaceResource: PLACE,
    TopicResource: TOPIC,
    OrganResource: ORGAN,
    EditionResource: EDITION,
    DocumentResource: DOCUMENT,
    ArticleResource: ARTICLE,
    PageResource: PAGE,
}


def loader() -> User:
    """Return the system actor that loads record files."""
    return User.objects.get_system_user("record")


def row(resource: type[Resource], **cells: str) -> dict[str, str]:
    """Return a full row with the required cells of the resource and ``cells``."""
    empty = {column.header: "" for column in resource.columns}
    return {**empty, **MINIMAL[resource], **cells}


def table_of(resource: type[Resource], rows: list[dict[str, str]]) -> SheetTable:
    """Return ``rows``, which map headings to cells, as the table of a record file."""
    headings = [column.header for column in resource.columns]
    cells = [headings, *([row[heading] for heading in headings] for row in rows)]
    sheet = Sheet(rows=list(enumerate(cells, start=1)))
    return find_strict_table(resource(), sheet, resource.file)


def planned(
    *files: tuple[type[Resource], list[dict]], at=AT, by=None, **options
) -> list[ImportPlan]:
    """Load ``files`` and return the plan of each file.

    ``options`` are those of ``load_record_files``.
    """
    return load_record_files(
        [(resource(), table_of(resource, rows)) for resource, rows in files],
        by=by or loader(),
        at=at,
        **options,
    )


def loaded(*files: tuple[type[Resource], list[dict]], **options) -> list[dict]:
    """Load ``files``; return the row counts of each file by action.

    The actions are created, updated, unchanged and kept; zeros are left out.
    """
    return [
        {
            action: plan.count_rows(action)
            for action in ("created", "updated", "unchanged", "kept")
            if plan.count_rows(action)
        }
        for plan in planned(*files, **options)
    ]


def edit_record(
    record: models.Model,
    change: Callable[[models.Model], object] = lambda record: None,
    *,
    by: User,
    at: dt.datetime = AT,
    **values,
) -> None:
    """Set ``values`` of a stored record and run ``change``, as a form of ``by`` does.

    The audit entries contain the differences.
    """
    record.refresh_from_db()
    children = getattr(record, "child_relations", ())
    before = take_snapshot(record, children)
    for name, value in values.items():
        setattr(record, name, value)
    record.clean()
    record.save()
    change(record)
    if isinstance(record, Publishable):
        operations.register_edit(record, by=by, at=at, before=before)
    else:
        after = take_snapshot(record, children)
        append_snapshot_diff(record, before=before, after=after, by=by, at=at)


def refused(*files: tuple[type[Resource], list[dict]]) -> list[RowError]:
    """Return the errors of loading ``files``; fail the test if it succeeds."""
    try:
        loaded(*files)
    except RecordLoadError as error:
        return error.errors
    message = "The load was not refused."
    raise AssertionError(message)
