"""Values of the attribute ``data-print``, which says how an element is printed.

Templates set it on elements of a record's page, so that the PDF does not depend on CSS
classes. An element can have several values, separated by spaces.
"""

from enum import StrEnum


class PrintRole(StrEnum):
    """How an element of a page is printed."""

    EXCLUDED = "no"
    KICKER = "kicker"
    LEAD = "lead"
    MUTED = "muted"
    """Less important text, in grey."""
    TITLE = "title"
    """A heading that is not part of the outline, such as the title of a card."""
    INLINE = "inline"
    """Its children are printed in one line, separated by " · "."""
    BOX = "box"
    CARDS = "cards"
    PARAGRAPHS = "paragraphs"
    """A list of the numbered paragraphs of a document."""
