from django.utils import timezone

from portal.directory import operations
from portal.jobs.registry import job


@job("directory.retell_users")
def retell_users(*, model: str, pk: int) -> None:
    operations.retell_users(model=model, pk=pk, at=timezone.now())
