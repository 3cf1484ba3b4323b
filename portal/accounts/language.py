"""The language of the desk: the person's own; before sign-in the browser's."""

from django.http import HttpRequest

from portal.accounts.choices import InterfaceLanguage
from portal.languages import preferred_language

SESSION_KEY = "interface_language"


def desk_language(request: HttpRequest) -> str:
    """The code of the language in which staff addresses answer ``request``."""
    if request.user.is_authenticated:
        return request.user.interface_language
    chosen = request.session.get(SESSION_KEY)
    if chosen in InterfaceLanguage.values:
        return chosen
    return browser_language(request)


def browser_language(request: HttpRequest) -> str:
    """Return the code of the staff language that the browser's settings ask for."""
    preferred = preferred_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    if preferred and preferred.code.startswith("zh"):
        return InterfaceLanguage.ZH_HANS
    return InterfaceLanguage.EN
