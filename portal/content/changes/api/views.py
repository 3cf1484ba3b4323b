from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView

from portal.content.changes.api.serializers import ChangeSerializer
from portal.content.changes.models import Change
from portal.core.api.endpoints import PublicEndpoint
from portal.core.api.errors import InvalidParameterError
from portal.core.api.pagination import RecordCursorPagination

_ALLOWED_PARAMETERS = ("after", "cursor", "page_size", "lang")


class ChangeCursorPagination(RecordCursorPagination):
    ordering = ("position",)
    page_size = 100


@extend_schema(
    parameters=[
        OpenApiParameter(
            "after", int, description="Only changes behind this position, oldest first."
        )
    ]
)
class PublicChangeList(PublicEndpoint, ListAPIView):
    """The public change feed: publications, updates and withdrawals, in order.

    Store the last position you have received and request the changes after it. Changes
    become visible in the order of their positions, so none is missed.
    """

    serializer_class = ChangeSerializer
    pagination_class = ChangeCursorPagination

    def get_queryset(self):
        self.check_parameters(_ALLOWED_PARAMETERS)
        return Change.objects.after(self._after())

    def _after(self) -> int:
        value = self.request.query_params.get("after", "0")
        if not (value.isascii() and value.isdigit() and len(value) <= 18):
            raise InvalidParameterError(
                "after", value[:100], _("The position must be a whole number.")
            )
        return int(value)
