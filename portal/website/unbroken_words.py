"""Words of Thai, Lao, Khmer and Burmese texts that a line break must not divide.

These scripts have no spaces between words. Browsers look words up in a dictionary,
which lacks names and terms of this site, and divide them: ``ໄອ|ຍະ|ການ``, in Burmese
even within a syllable. The words in ``unbroken_words.csv`` are those that Chromium
divides: names of countries and places, and terms that headings use. They are about a
dozen characters long at most, so that they fit on the narrowest screen.
"""

import csv
import re
from functools import cache
from pathlib import Path

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# Letters of Thai, Lao, Burmese and Khmer; other texts need no search for words.
_LETTER = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def mark_unbroken_words(text: str) -> SafeString:
    """Return a text as HTML whose listed words are not divided between two lines.

    ``text`` may be HTML already. The result is one element if a word was marked: in a
    flex container the parts of a text would be items with gaps between them.
    """
    html = conditional_escape(text)
    if not _LETTER.search(html):
        return html
    marked, number = _word_pattern().subn(r'<span class="unbroken">\g<0></span>', html)
    return mark_safe(f"<span>{marked}</span>") if number else html  # noqa: S308 escaped


@cache
def _word_pattern() -> re.Pattern:
    """Return the pattern of the words, the longest first."""
    path = Path(__file__).with_name("unbroken_words.csv")
    with path.open(encoding="utf-8", newline="") as file:
        words = [row["word"] for row in csv.DictReader(file)]
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
