"""“Report an error on this page”: the public form that reaches staff."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.directory.listing import parameters
from portal.directory.pages import Crumb, PublicPage
from portal.publishing import error_reports
from portal.publishing.paths import is_own_page
from portal.publishing.report_forms import LONGEST_TEXT, ReportForm, opened_at
from portal.translations.interface import interface_text
from portal.views.public_forms import HOUR, is_one_too_many, refuse_foreign


@method_decorator(login_not_required, name="dispatch")
class ReportPage(PublicPage):
    """The form, and the thanks at the same address with ``?sent=1``."""

    template_name = "portal/report.html"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request, *args, **kwargs):
        context = self.get_context_data(
            page=_page_in_address(request),
            is_sent=parameters(request).get("sent") == "1",
            opened=opened_at(timezone.now()),
            values={},
        )
        return self.render_to_response(context)

    def post(self, request, *args, **kwargs):
        refuse_foreign(request)
        page = _page_in_form(request.POST)
        form = ReportForm(request.POST, at=timezone.now())
        if not form.is_valid():
            return self._again(form, page, 400)
        if is_one_too_many(request, "error-report"):
            form.add_error(
                None, _("Too many reports came from your network. Try in an hour.")
            )
            response = self._again(form, page, 429)
            response["Retry-After"] = str(HOUR)
            return response
        error_reports.receive(
            text=form.cleaned_data["text"],
            page=page,
            language=self.language.code,
            email=form.cleaned_data["email"],
            at=form.at,
        )
        return HttpResponseRedirect(f"{reverse('report')}?sent=1", status=303)

    def _again(self, form: ReportForm, page: str, status: int):
        errors = {
            name: [interface_text(error.message, error.params) for error in found]
            for name, found in form.errors.as_data().items()
        }
        context = self.get_context_data(
            page=page,
            form_errors=errors,
            general_errors=errors.get(NON_FIELD_ERRORS, []),
            opened=form.fresh,
            values={name: form.data.get(name, "") for name in ("text", "email")},
        )
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs):
        heading = _("Report an error on this site")
        return super().get_context_data(
            page_title=heading,
            crumbs=[Crumb(heading)],
            longest_text=LONGEST_TEXT,
            **kwargs,
        )


def _page_in_address(request) -> str:
    """The last page of ours in the address, "" for the site as a whole."""
    given = parameters(request).getlist("page")
    pages = [page for page in given if is_own_page(page)]
    return pages[-1] if pages else ""


def _page_in_form(values) -> str:
    """The page that the sent form is about; raises BadRequest if it is not ours."""
    given = values.getlist("page")
    page = given[0] if given else ""
    if len(given) > 1 or (page and not is_own_page(page)):
        raise BadRequest(_("“page” must be the address of one page of this site."))
    return page
