from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import BadParameter
from portal.api.paging import RecordCursor
from portal.changes.api.serializers import ChangeSerializer
from portal.changes.models import Change

_KNOWN = ("after", "cursor", "page_size", "lang")


class ChangeCursor(RecordCursor):
    ordering = ("position",)
    page_size = 100


@extend_schema(
    parameters=[
        OpenApiParameter(
            "after", int, description="Only changes behind this position, oldest first."
        )
    ]
)
class ChangeList(PublicEndpoint, ListAPIView):
    """Everything that became public, changed or was withdrawn, in order.

    Keep the last position you have seen and ask for what comes after it: positions
    become visible in their own order, so none is missed.
    """

    serializer_class = ChangeSerializer
    pagination_class = ChangeCursor

    def get_queryset(self):
        self.check_parameters(_KNOWN)
        return Change.objects.after(self._after())

    def _after(self) -> int:
        value = self.request.query_params.get("after", "0")
        if not (value.isascii() and value.isdigit() and len(value) <= 18):
            raise BadParameter(
                "after", value[:100], _("Write a position as a whole number.")
            )
        return int(value)
