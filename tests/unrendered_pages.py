"""Requests for tests that read the status or the context of the answer: no HTML.

Views still make every decision. The HTML of a large form of the admin takes most of the
time of its request, an error page more than half of that of a refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from django.http import HttpResponse
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered

from portal.core.accounts.form_tokens import TOKEN_INPUT
from portal.website.views import errors
from tests.admin_forms import filled

# Not empty, so that a test that looks for a text in such an answer shows its mistake.
PLACEHOLDER = "The templates of this answer were not rendered."


@contextmanager
def unrendered() -> Iterator[None]:
    """Answer every request of the block with ``response.context`` but without HTML.

    The method replaced is the one that Django's own test runner replaces.
    """
    with mock.patch.object(Template, "_render", _record_context):
        yield


@contextmanager
def unrendered_errors() -> Iterator[None]:
    """Leave out error pages; those with a status of success are rendered."""
    with mock.patch.object(errors, "render", _empty_page):
        yield


def open_page(request: Callable, *arguments):
    """Return the answer to a request, with its context, without HTML."""
    with unrendered():
        return request(*arguments)


def opened_form(client: Client, address: str) -> dict:
    """Open the form at ``address``; return what a browser posts if nothing is typed.

    As ``filled(client.get(address))``, without the HTML of the page.
    """
    with unrendered():
        page = client.get(address)
    token = page.context.get("form_token")
    return filled(page) | ({TOKEN_INPUT: token} if token else {})


def _record_context(template: Template, context) -> str:
    """Do what the test client does when a template is rendered, and render nothing.

    The messages are read, as by a page, so that the next page does not have them too.
    """
    list(context.get("messages", ()))
    template_rendered.send(sender=template, template=template, context=context)
    return PLACEHOLDER


def _empty_page(request, template: str, context: dict, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)
