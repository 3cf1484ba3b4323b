"""The contract of the API: the committed OpenAPI file, and a page to read it with."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.views import APIView

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import problem_response

CONTRACT = Path(__file__).with_name("openapi.json")


class OnlyRead:
    """A view mixin: what is not GET or HEAD is a problem, as everywhere in the API."""

    http_method_names = ("get", "head", "options")

    def http_method_not_allowed(self, request, *args, **kwargs):
        refusal = MethodNotAllowed(request.method)
        answer = problem_response(405, "method-not-allowed", str(refusal.detail))
        answer["Allow"] = ", ".join(self._allowed_methods())
        return answer


class ContractFile(PublicEndpoint, APIView):
    """The contract as committed; a test compares it with the code."""

    schema = None

    def perform_content_negotiation(self, request, force=False):
        """Accept any ``Accept``: tools ask for several media types of OpenAPI."""
        return super().perform_content_negotiation(request, force=True)

    def get(self, request):
        return HttpResponse(CONTRACT.read_bytes(), content_type="application/json")

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            # It is in English for every reader.
            response["Content-Language"] = ""
            del response["Vary"]
        return response


@method_decorator(login_not_required, name="dispatch")
class DocsPage(OnlyRead, TemplateView):
    """Swagger UI from our own origin, without inline script or style."""

    template_name = "api/docs.html"
