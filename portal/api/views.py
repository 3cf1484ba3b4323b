"""The contract of the API: the committed OpenAPI file, and a page to read it with."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View
from rest_framework.exceptions import MethodNotAllowed

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


@method_decorator(login_not_required, name="dispatch")
class ContractFile(OnlyRead, View):
    """The contract as committed; a test compares it with the code."""

    def get(self, request):
        response = HttpResponse(CONTRACT.read_bytes(), content_type="application/json")
        # It is in English, whoever reads it.
        response["Content-Language"] = ""
        return response


@method_decorator(login_not_required, name="dispatch")
class DocsPage(OnlyRead, TemplateView):
    """Swagger UI from our own origin, without inline script or style."""

    template_name = "api/docs.html"
