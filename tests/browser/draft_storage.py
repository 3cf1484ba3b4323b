"""Drafts of forms in the browser's storage, as tests wait for them."""

from playwright.sync_api import Page

_PAUSE_MS, _MAX_PAUSES = 100, 200


def stored_drafts(page: Page) -> str:
    """Return everything that the browser stores of drafts."""
    script = """JSON.stringify(Object.entries(localStorage).filter(
        ([key]) => key.startsWith("staff-draft:")))"""
    return page.evaluate(script)


def wait_for_draft(page: Page, text: str) -> None:
    """Wait until the browser stores a draft with ``text``, at most 20 seconds.

    The script waits after the last key, and a busy machine is slow.
    """
    for _pause in range(_MAX_PAUSES):
        if text in stored_drafts(page):
            return
        page.wait_for_timeout(_PAUSE_MS)
    raise AssertionError(f"no draft with {text}: {stored_drafts(page)}")
