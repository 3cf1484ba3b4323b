"""In which language the API answers: ``?lang=``, else Accept-Language, else English."""

from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed

from portal.api.errors import BadParameter
from portal.languages import (
    BY_CODE,
    DEFAULT,
    Language,
    language_for,
    preferred_language,
)


def asked_language(request) -> Language:
    """Raises BadParameter when ``lang`` names a language that the portal has not."""
    asked = request.query_params.get("lang")
    if asked is None:
        return accepted_language(request)
    language = language_for(asked)
    if language is None:
        codes = ", ".join(BY_CODE)
        raise BadParameter(
            "lang",
            asked[:100],
            _("Use one of these: %(allowed)s.") % {"allowed": codes},
            allowed=BY_CODE,
        )
    return language


def accepted_language(request) -> Language:
    """Return the language of Accept-Language, English when it names none of ours."""
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return preferred_language(accepted) or DEFAULT


class InLanguage:
    """A view mixin: ``self.language``, active while the view answers.

    The method is checked before the query: a method that the endpoint does not have is
    405 whatever the parameters are.
    """

    language: Language = DEFAULT

    def initial(self, request, *args, **kwargs):
        problem = None
        try:
            self.language = asked_language(request)
        except BadParameter as error:
            problem, self.language = error, accepted_language(request)
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
