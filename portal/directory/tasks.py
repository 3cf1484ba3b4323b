from django.utils import timezone

from portal.catalogue import operations as catalogue
from portal.catalogue.content import ROW_AXIS
from portal.jobs.registry import job


@job("directory.retell_users")
def refresh_users(*, model: str, pk: int, after: list[str] | None = None):
    """Refresh the records that use a row: the form of jobs of an earlier release.

    Returns the payload of the next batch, None at the end.
    """
    result = catalogue.refresh(
        axis=ROW_AXIS,
        values=[f"{model.lower()}:{pk}"],
        after=tuple(after) if after else None,
        at=timezone.now(),
    )
    if result.position is None:
        return None
    return {"model": model, "pk": pk, "after": list(result.position)}
