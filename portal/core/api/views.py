"""Views of the OpenAPI file and of its documentation page (Swagger UI)."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.views import APIView

from portal.core.api.endpoints import PublicEndpoint
from portal.core.api.errors import problem_response

OPENAPI_FILE = Path(__file__).with_name("openapi.json")


class ReadOnlyViewMixin:
    """Read-only view mixin that answers other methods with a 405 problem."""

    http_method_names = ("get", "head", "options")

    def http_method_not_allowed(self, request, *args, **kwargs):
        error = MethodNotAllowed(request.method)
        response = problem_response(405, "method-not-allowed", str(error.detail))
        response["Allow"] = ", ".join(self._allowed_methods())
        return response


class OpenAPIFileView(PublicEndpoint, APIView):
    """View that returns the committed OpenAPI file.

    A test compares the file with the schema generated from the code.
    """

    schema = None

    def perform_content_negotiation(self, request, force=False):
        """Ignore the ``Accept`` header: tools send various media types for OpenAPI."""
        return super().perform_content_negotiation(request, force=True)

    def get(self, request):
        return HttpResponse(OPENAPI_FILE.read_bytes(), content_type="application/json")

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            # The file is the same in all languages; LanguageMiddleware drops the empty
            # header.
            response["Content-Language"] = ""
            del response["Vary"]
        return response


@method_decorator(login_not_required, name="dispatch")
class SwaggerUIView(ReadOnlyViewMixin, TemplateView):
    """Swagger UI from the portal's own origin, without inline scripts or styles."""

    template_name = "api/docs.html"
