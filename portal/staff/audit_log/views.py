"""Pages of the audit log for auditors: verification of the chain, and export."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.audit import operations
from portal.core.audit.models import ChainVerificationRun, Deed
from portal.core.audit.stored_heads import InvalidStoredHeadError, parse_stored_head
from portal.core.jobs.operations import enqueue
from portal.staff.audit_log.export import MAX_ENTRIES, MEDIA_TYPES, iterate_export

_RUNS_SHOWN = 20
_LIST = "admin:history_deed_changelist"


def get_urls(site: AdminSite) -> list:
    """Return the URLs of the pages in the staff admin ``site``.

    They are below that of the list of entries, and have to precede it.
    """

    def verification(request):
        return _show_verification(request, site)

    def export(request, form):
        return _export(request, site, form)

    return [
        path(
            "history/deed/verification/",
            site.admin_view(verification),
            name="audit-verification",
        ),
        path(
            "history/deed/export/<str:form>/",
            site.admin_view(export),
            name="audit-export",
        ),
    ]


def _show_verification(request, site: AdminSite):
    """Show the latest verifications of the chain; a POST starts another one.

    A POST with a stored end of the chain compares it instead.
    """
    _require_permission(request, site)
    at = timezone.now()
    if request.method == "POST" and "head" in request.POST:
        _compare_head(request)
    elif request.method == "POST":
        run = operations.start_verification(by=request.user, at=at)
        if run.started_at == at:
            enqueue("audit.verify", at=at, run=run.pk)
        else:
            messages.info(request, _("A verification is running already."))
        return redirect("admin:audit-verification")
    runs = list(ChainVerificationRun.objects.select_related("started_by")[:_RUNS_SHOWN])
    running_pks = set(
        ChainVerificationRun.objects.running(at).values_list("pk", flat=True)
    )
    context = {
        **site.each_context(request),
        "title": _("Verification of the audit log"),
        "opts": Deed._meta,
        "runs": [{"run": run, "is_running": run.pk in running_pks} for run in runs],
        "is_running": bool(running_pks),
        "head": request.POST.get("head", ""),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/history/verification.html", context)


def _compare_head(request) -> None:
    """Report whether the audit log contains the stored head that was posted."""
    try:
        head = parse_stored_head(request.POST["head"])
    except InvalidStoredHeadError:
        message = _(
            "This is not an exported end of the audit log. Paste the whole line, from {"
            " to }."
        )
        messages.error(request, message)
        return
    values = {"position": head.position, "time": head.exported_at}
    if head.is_in_chain():
        message = _(
            "The audit log contains this end, exported on %(time)s, at position"
            " %(position)s. Verify the log too: only both together show that the"
            " entries up to there are unchanged."
        )
        messages.success(request, message % values)
        return
    message = _(
        "The audit log does not contain this end, exported on %(time)s, at position"
        " %(position)s: entries were changed or removed since. Tell the administrator."
    )
    messages.error(request, message % values)


def _export(request, site: AdminSite, form: str):
    """Send the entries of the list, with its filter and search, as a download.

    An invalid value of the filter leads to the list, which reports it, as do more
    entries than one file may have.
    """
    _require_permission(request, site)
    if form not in MEDIA_TYPES:
        raise Http404
    list_url = reverse(_LIST)
    model_admin = site.get_model_admin(Deed)
    try:
        changelist = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(f"{list_url}?e=1")
    if changelist.filter_specs[0].form.errors:
        return HttpResponseRedirect(f"{list_url}?{request.GET.urlencode()}")
    entries = changelist.get_queryset(request).select_related("by")
    limit = MAX_ENTRIES[form]
    if entries.order_by()[: limit + 1].count() > limit:
        message = _(
            "Nothing was exported: the list has more than the %(count)s entries that"
            " one file of this format can have. Choose the days in the filter, and"
            " export each period."
        )
        messages.warning(request, message % {"count": f"{limit:,}"})
        return HttpResponseRedirect(f"{list_url}?{request.GET.urlencode()}")
    # The rows are read after the middleware has reset the language.
    language = translation.get_language()
    lines = iterate_export(entries, form, viewer=request.user, language=language)
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="audit-log-{day}.{form}"'
    return response


def _require_permission(request, site: AdminSite) -> None:
    if not site.get_model_admin(Deed).has_view_permission(request):
        raise PermissionDenied
