"""The public form “Report an error on this page”."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.content.publishing import error_reports
from portal.content.publishing.url_paths import is_site_path
from portal.core.translations.interface_language import interface_text
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.error_report_form import (
    MAX_TEXT_LENGTH,
    ErrorReportForm,
    sign_opening_time,
)
from portal.website.lists import parameters
from portal.website.views.public_forms import (
    RATE_LIMIT_SECONDS,
    check_same_origin,
    exceeds_rate_limit,
)


@method_decorator(login_not_required, name="dispatch")
class ErrorReportView(PublicView):
    """Error report form; with ``?sent=1`` the confirmation page."""

    template_name = "portal/report.html"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request, *args, **kwargs):
        context = self.get_context_data(
            page=_get_page_from_query(request),
            is_sent=parameters(request).get("sent") == "1",
            opening_time=sign_opening_time(timezone.now()),
            values={},
        )
        return self.render_to_response(context)

    def post(self, request, *args, **kwargs):
        check_same_origin(request)
        page = _get_page_from_form(request.POST)
        form = ErrorReportForm(request.POST, at=timezone.now())
        if not form.is_valid():
            return self._render_invalid(form, page, 400)
        if exceeds_rate_limit(request, "error-report"):
            form.add_error(
                None,
                _(
                    "Too many reports have been sent from your network. Try again in "
                    "one hour."
                ),
            )
            response = self._render_invalid(form, page, 429)
            response["Retry-After"] = str(RATE_LIMIT_SECONDS)
            return response
        error_reports.create_error_report(
            text=form.cleaned_data["text"],
            page=page,
            language=self.language.code,
            email=form.cleaned_data["email"],
            at=form.at,
        )
        return HttpResponseRedirect(f"{reverse('report')}?sent=1", status=303)

    def _render_invalid(self, form: ErrorReportForm, page: str, status: int):
        """Render the invalid form with its errors and the entered values."""
        errors = {
            name: [
                interface_text(error.message, error.params) for error in field_errors
            ]
            for name, field_errors in form.errors.as_data().items()
        }
        context = self.get_context_data(
            page=page,
            form_errors=errors,
            non_field_errors=errors.get(NON_FIELD_ERRORS, []),
            opening_time=form.next_opening_time,
            values={name: form.data.get(name, "") for name in ("text", "email")},
        )
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs):
        heading = _("Report a problem with this website")
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[Breadcrumb(heading)],
            max_text_length=MAX_TEXT_LENGTH,
            **kwargs,
        )


def _get_page_from_query(request) -> str:
    """Return the last valid page path in the query string, "" if there is none."""
    values = parameters(request).getlist("page")
    pages = [page for page in values if is_site_path(page)]
    return pages[-1] if pages else ""


def _get_page_from_form(data) -> str:
    """Return the page path in the submitted form, "" for the site as a whole.

    Raise BadRequest unless there is at most one, a path of this site.
    """
    values = data.getlist("page")
    page = values[0] if values else ""
    if len(values) > 1 or (page and not is_site_path(page)):
        raise BadRequest(_("“page” must be the address of a page on this website."))
    return page
