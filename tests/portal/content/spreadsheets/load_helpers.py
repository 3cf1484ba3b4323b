"""Helpers that build the rows of record files and load them."""

from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    PageResource,
)
from portal.content.spreadsheets.headings import SheetTable, find_strict_table
from portal.content.spreadsheets.import_plan import RecordLoadError, RowError
from portal.content.spreadsheets.record_loading import load_record_files
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.sheet import Sheet
from portal.core.accounts.models import User
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests.factories.publishing import AT

ARTICLE = {"slug": "opening", "title_en": "Opening"}
COUNTRY = {"iso2": "VN", "name_en": "Viet Nam", "name_zh_hans": "越南"}
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


def loaded(*files: tuple[type[Resource], list[dict]], at=AT, by=None) -> list[dict]:
    """Load ``files``; return the row counts of each file by action.

    The actions are created, updated, unchanged and kept; zeros are left out.
    """
    plans = load_record_files(
        [(resource(), table_of(resource, rows)) for resource, rows in files],
        by=by or loader(),
        at=at,
    )
    return [
        {
            action: plan.count_rows(action)
            for action in ("created", "updated", "unchanged", "kept")
            if plan.count_rows(action)
        }
        for plan in plans
    ]


def refused(*files: tuple[type[Resource], list[dict]]) -> list[RowError]:
    """Return the errors of loading ``files``; fail the test if it succeeds."""
    try:
        loaded(*files)
    except RecordLoadError as error:
        return error.errors
    message = "The load was not refused."
    raise AssertionError(message)
