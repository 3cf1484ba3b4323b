"""Requests without rendering of pages, for tests that read the status or the form.

A view still makes every decision; only the template is left out, which takes most of
the time of a page in the admin, and more than half of that of a refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse

from portal.website.views import errors


@contextmanager
def unrendered_errors() -> Iterator[None]:
    """Leave out error pages; those with a status of success are rendered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(errors, "render", _empty_page)
        yield


@contextmanager
def unrendered_pages() -> Iterator[None]:
    """Leave out error pages, and all pages of the admin."""
    with unrendered_errors(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        yield


def open_page(request: Callable, *arguments):
    """Return the answer to a request, with its context, without rendering the page."""
    with unrendered_pages():
        page = request(*arguments)
    page.context = getattr(page, "context_data", None)
    return page


def _empty_page(request, template: str, context: dict, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)
