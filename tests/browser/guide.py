"""The pictures of docs/staff-guide.md: taken by the test that plays the day.

`make guide` takes them anew; an ordinary run of the tests takes none.
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def picture(page: Page, name: str, *, full_page: bool = False) -> None:
    """Keep what ``page`` shows as ``docs/pictures/desk-<name>.webp``.

    ``full_page``: also what is below the window.
    """
    if not os.environ.get("GUIDE_PICTURES"):
        return
    page.evaluate("document.activeElement && document.activeElement.blur()")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=full_page)))
    shot.save(FOLDER / f"desk-{name}.webp", quality=80, method=6)
