from delegations.choices import Direction
from delegations.models import Member, Stop, Visit
from portal.content.publishing.choices import Scope
from tests.factories import made, numbered, people
from tests.factories.directory import any_country


def visit(code=None, **values) -> Visit:
    """Create a visit from Viet Nam to China without a title."""
    code = code or f"VIS-{numbered(Visit):04}"
    if "from_country" not in values:
        values["from_country"] = any_country("VN")
    if "to_country" not in values:
        values["to_country"] = any_country("CN")
    defaults = {"direction": Direction.INBOUND, "scope": Scope.PROSECUTORS}
    return made(Visit, **{"code": code, **defaults, **values})


def stop(of: Visit | None = None, **values) -> Stop:
    return made(
        Stop, visit=of or visit(), **{"activity_en": "Sample activity", **values}
    )


def member(of: Visit | None = None, **values) -> Member:
    if "person" not in values:
        values["person"] = people.person()
    return made(Member, visit=of or visit(), **values)
