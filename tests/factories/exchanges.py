import datetime as dt

from exchanges.choices import MechanismKind, RequestDirection, RequestKind
from exchanges.models import (
    AgendaItem,
    AgreedAction,
    CoordinationRequest,
    Mechanism,
    Meeting,
)
from tests.factories import made, numbered
from tests.factories.directory import any_country


def mechanism(key=None, **values) -> Mechanism:
    key = key or f"sample-mechanism-{numbered(Mechanism)}"
    if "name_zh_hans" not in values:
        values.setdefault("name_en", f"Sample mechanism {key}")
    defaults = {"mechanism_kind": MechanismKind.REGULAR_MEETING}
    return made(Mechanism, **{"key": key, **defaults, **values})


def meeting(code=None, **values) -> Meeting:
    """Create a meeting with Viet Nam, without a mechanism and without a title."""
    code = code or f"MTG-{numbered(Meeting):04}"
    if "other_country" not in values:
        values["other_country"] = any_country("VN")
    return made(Meeting, **{"code": code, **values})


def agenda_item(of: Meeting | None = None, **values) -> AgendaItem:
    return made(
        AgendaItem, meeting=of or meeting(), **{"text_en": "Sample item", **values}
    )


def agreed_action(of: Meeting | None = None, **values) -> AgreedAction:
    return made(
        AgreedAction, meeting=of or meeting(), **{"text_en": "Sample action", **values}
    )


def coordination_request(of: Mechanism | None = None, **values) -> CoordinationRequest:
    defaults = {
        "direction": RequestDirection.IN,
        "request_kind": RequestKind.SERVICE,
        "received_on": dt.date(2024, 5, 6),
    }
    return made(
        CoordinationRequest, mechanism=of or mechanism(), **{**defaults, **values}
    )
