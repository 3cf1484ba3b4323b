from django.utils import timezone

from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.content_digest import ROW_AXIS
from portal.core.jobs.registry import register_job


@register_job("directory.retell_users")
def refresh_users(*, model: str, pk: int, after: list[str] | None = None):
    """Refresh the records that use a row, for jobs enqueued by an earlier release.

    ``model`` is the model label. Return the payload of the next batch, None at the end.
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
