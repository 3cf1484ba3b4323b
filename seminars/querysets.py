from django.db.models import OuterRef, Subquery

from portal.publishing.querysets import PublishableQuerySet


class SeminarQuerySet(PublishableQuerySet):
    """Seminars …"""

    def with_zone(self) -> "SeminarQuerySet":
        """… each with ``zone``, that of its first place; NULL when it has none.

        The times of its sessions are told in it where they name no place themselves.
        """
        places = self.model.places.through.objects.filter(seminar=OuterRef("pk"))
        zones = places.order_by("pk").values("place__time_zone")
        return self.annotate(zone=Subquery(zones[:1]))
