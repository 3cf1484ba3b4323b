"""Files of a load as a test writes them, and what the load says of them."""

from portal.accounts.models import User
from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    PageResource,
)
from portal.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from portal.publishing.loading import load
from portal.publishing.plans import LoadRefused, RowError
from portal.publishing.resources import Resource
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
    """The system actor that loads the record."""
    return User.objects.actor("record")


def row(resource: type[Resource], **cells: str) -> dict[str, str]:
    """A whole row: the least that the resource needs, and these cells."""
    empty = {column.header: "" for column in resource.columns}
    return {**empty, **MINIMAL[resource], **cells}


def loaded(*files: tuple[type[Resource], list[dict]], at=AT, by=None) -> list[dict]:
    """Load ``files``; how many rows of each were created, updated, unchanged, kept."""
    plans = load(
        [(resource(), rows) for resource, rows in files], by=by or loader(), at=at
    )
    return [
        {
            action: plan.count(action)
            for action in ("created", "updated", "unchanged", "kept")
            if plan.count(action)
        }
        for plan in plans
    ]


def refused(*files: tuple[type[Resource], list[dict]]) -> list[RowError]:
    """The errors for which ``files`` are refused; fails when they are not."""
    try:
        loaded(*files)
    except LoadRefused as problem:
        return problem.errors
    message = "The load was not refused."
    raise AssertionError(message)
