from django.db import models


class PersonQuerySet(models.QuerySet):
    """Queryset of people, including those whose data was erased."""

    def not_erased(self) -> "PersonQuerySet":
        """Filter to people who have not been erased."""
        return self.filter(erased_at__isnull=True)
