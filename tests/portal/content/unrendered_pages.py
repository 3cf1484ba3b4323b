"""Requests whose answer is read from its context: the templates are not rendered.

The HTML of a large form of the admin takes most of the time of its request, and a test
that fills in the form and posts it never reads the HTML.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered

from portal.core.accounts.form_tokens import TOKEN_INPUT
from tests.admin_forms import filled

# Not empty, so that a test that looks for a text in such an answer shows its mistake.
PLACEHOLDER = "The templates of this answer were not rendered."


@contextmanager
def unrendered() -> Iterator[None]:
    """Answer every request of the block with ``response.context`` but without HTML."""
    with mock.patch.object(Template, "_render", _record_context):
        yield


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
