"""Functions that cut the HTML of a page into the parts that tests compare."""

import re


def text_of(client, address: str) -> str:
    """Return the HTML of a page with white space collapsed; its status must be 200."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def fact_of(page: str, heading: str) -> str:
    """Return the value of ``heading`` in the page's definition list."""
    return page.split(f"<dt>{heading}</dt>")[1].split("</dd>")[0]


def section_of(page: str, name: str) -> str:
    """Return the section whose heading has the id ``name``."""
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def without_spans(page: str) -> str:
    """Return the HTML without the tags of ``span`` elements, such as marks of words."""
    return re.sub("</?span[^>]*>", "", page)


def without_difference_marks(page: str) -> str:
    """Return the HTML without the tags that mark differences of two versions."""
    return re.sub("</?(?:ins|del)>", "", page)


def missing_value(text: str) -> str:
    """Return the HTML of a value that is not on record, on a page in English."""
    return f'<span class="missing-value" data-print="muted" lang="en">{text}</span>'
