"""Public responses set no cookie, whatever a view does; staff responses may."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.core.http.middleware import PublicCacheMiddleware


def set_cookie(request) -> HttpResponse:
    """View that sets a cookie by mistake."""
    response = HttpResponse("page")
    response.set_cookie("visitor", "1")
    return response


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("path", ["/en/", "/en/report/", "/api/v1/articles/"])
def test_cookie_of_a_public_response_is_removed(method, path):
    request = getattr(RequestFactory(), method)(path)

    response = PublicCacheMiddleware(set_cookie)(request)

    assert not response.cookies


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/"])
def test_cookie_of_a_staff_response_is_kept(path):
    response = PublicCacheMiddleware(set_cookie)(RequestFactory().get(path))

    assert response.cookies["visitor"].value == "1"
