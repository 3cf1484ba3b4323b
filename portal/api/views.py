"""The contract of the API: the committed OpenAPI file, and a page to read it with."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

CONTRACT = Path(__file__).with_name("openapi.json")


@login_not_required
@require_safe
def openapi(request):
    """The contract as committed; a test compares it with the code."""
    response = HttpResponse(CONTRACT.read_bytes(), content_type="application/json")
    # It is in English, whoever reads it.
    response["Content-Language"] = ""
    return response


@method_decorator(login_not_required, name="dispatch")
class DocsPage(TemplateView):
    """Swagger UI from our own origin, without inline script or style."""

    template_name = "api/docs.html"
