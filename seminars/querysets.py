from django.db.models import OuterRef, Subquery

from portal.content.publishing.querysets import PublishableQuerySet


class SeminarQuerySet(PublishableQuerySet):
    """Queryset of seminars."""

    def with_time_zone(self) -> "SeminarQuerySet":
        """Annotate ``time_zone``, the IANA time zone of the seminar's first place.

        It is NULL for a seminar without places. The times of sessions without a place
        of their own are shown in this time zone.
        """
        places = self.model.places.through.objects.filter(seminar=OuterRef("pk"))
        time_zones = places.order_by("pk").values("place__time_zone")
        return self.annotate(time_zone=Subquery(time_zones[:1]))
