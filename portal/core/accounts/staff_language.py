"""Language of staff pages: the user's setting, or the browser's before sign-in."""

from django.http import HttpRequest

from portal.core.accounts.choices import InterfaceLanguage
from portal.core.languages import preferred_language

LANGUAGE_SESSION_KEY = "interface_language"


def get_staff_language(request: HttpRequest) -> str:
    """Return the code of the language for a request to a staff page.

    This is the account's setting; before sign-in it is the language chosen in this
    session, or else the browser's.
    """
    if request.user.is_authenticated:
        return request.user.interface_language
    session_language = request.session.get(LANGUAGE_SESSION_KEY)
    if session_language in InterfaceLanguage.values:
        return session_language
    return get_browser_language(request)


def get_browser_language(request: HttpRequest) -> str:
    """Return the code of the staff language that best fits Accept-Language.

    This is simplified Chinese for any kind of Chinese, otherwise English.
    """
    preferred = preferred_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    if preferred and preferred.code.startswith("zh"):
        return InterfaceLanguage.ZH_HANS
    return InterfaceLanguage.EN
