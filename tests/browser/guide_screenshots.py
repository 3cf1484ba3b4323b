"""Screenshots for docs/staff-guide.md, taken by the tests of the office's work.

Only `make guide` saves them; an ordinary test run saves none.
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def picture(page: Page, name: str, *, full_page: bool = False) -> None:
    """Save a screenshot of ``page`` as ``docs/pictures/staff-<name>.webp``.

    ``full_page`` includes the part below the window.
    """
    if not os.environ.get("GUIDE_PICTURES"):
        return
    page.evaluate("document.activeElement && document.activeElement.blur()")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=full_page)))
    shot.save(FOLDER / f"staff-{name}.webp", quality=80, method=6)
