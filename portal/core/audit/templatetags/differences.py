"""Template tag for the two versions of a changed value."""

from django import template
from django.utils.safestring import SafeString

from portal.core.audit.word_differences import mark_differences

register = template.Library()


@register.simple_tag
def marked_values(old: str, new: str) -> dict[str, SafeString]:
    """Return both values as HTML with their differences marked: ``old`` and ``new``."""
    marked_old, marked_new = mark_differences(old, new)
    return {"old": marked_old, "new": marked_new}
