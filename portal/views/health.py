"""Whether the process answers, and whether it can serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.utils import Error
from django.http import JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request):
    """The process answers."""
    return _health(JsonResponse({"status": "ok"}))


@login_not_required
@require_safe
def ready(request):
    """The process can serve: its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        answer = {"status": "unavailable", "database": "does not answer"}
        return _health(JsonResponse(answer, status=503))
    return _health(JsonResponse({"status": "ok", "database": "answers"}))


def _health(response):
    response["Cache-Control"] = "no-store"
    return response
