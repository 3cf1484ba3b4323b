"""Language of API responses: ``?lang=``, else Accept-Language, else English."""

from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed

from portal.core.api.errors import InvalidParameterError
from portal.core.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES_BY_CODE,
    Language,
    language_for,
    preferred_language,
)


def get_requested_language(request) -> Language:
    """Return the language that the request asks for by ``lang`` or Accept-Language.

    Raises InvalidParameterError if the portal does not have the language in ``lang``.
    """
    requested_code = request.query_params.get("lang")
    if requested_code is None:
        return get_accepted_language(request)
    language = language_for(requested_code)
    if language is None:
        codes = ", ".join(LANGUAGES_BY_CODE)
        raise InvalidParameterError(
            "lang",
            requested_code[:100],
            _("Choose one of these: %(allowed)s.") % {"allowed": codes},
            allowed=LANGUAGES_BY_CODE,
        )
    return language


def get_accepted_language(request) -> Language:
    """Return the portal's language that Accept-Language prefers, otherwise English."""
    accept_language = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return preferred_language(accept_language) or DEFAULT_LANGUAGE


class LanguageViewMixin:
    """View mixin that sets ``self.language`` and activates it during the request.

    The method is checked before the parameters: an unsupported method is answered with
    405 even if ``lang`` is invalid.
    """

    language: Language = DEFAULT_LANGUAGE

    def initial(self, request, *args, **kwargs):
        problem = None
        try:
            self.language = get_requested_language(request)
        except InvalidParameterError as error:
            problem, self.language = error, get_accepted_language(request)
        translation.activate(self.language.code)
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method)
        if problem:
            raise problem
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Content-Language"] = self.language.tag
        if "lang" not in request.GET:
            patch_vary_headers(response, ["Accept-Language"])
        return response
