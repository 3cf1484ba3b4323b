"""The portal's addresses and, beside them, a bare view of one query to measure by."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

from portal import urls
from portal.catalogue.models import Entry

_TEMPLATE = Engine().from_string(
    "<!doctype html><title>Bare</title><ul>"
    "{% for row in rows %}<li>{{ row.sort_on }} {{ row.code }} {{ row.path }}</li>"
    "{% endfor %}</ul>"
)


@login_not_required
def bare(request):
    """Twenty rows by an index, in a template of one line."""
    entries = Entry.objects.of_kind("seminar").newest_first()
    rows = entries.values("sort_on", "code", "path")[:20]
    return HttpResponse(_TEMPLATE.render(Context({"rows": rows})))


urlpatterns = [*urls.urlpatterns, path("bare/", bare)]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
