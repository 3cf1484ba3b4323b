"""URLs of the portal, and a minimal view with one query as the baseline."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

from portal import urls
from portal.content.catalogue.models import Entry

_TEMPLATE = Engine().from_string(
    "<!doctype html><title>Bare</title><ul>"
    "{% for row in rows %}<li>{{ row.sort_on }} {{ row.code }} {{ row.path }}</li>"
    "{% endfor %}</ul>"
)


@login_not_required
def bare(request):
    """Render twenty rows, read with an index, in a one-line template."""
    entries = Entry.objects.of_kind("seminar").newest_first()
    rows = entries.values("sort_on", "code", "path")[:20]
    return HttpResponse(_TEMPLATE.render(Context({"rows": rows})))


urlpatterns = [*urls.urlpatterns, path("bare/", bare)]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
