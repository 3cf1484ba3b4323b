"""Form data of the Django admin, as a browser would post it."""

import re

from django import forms

from portal.core.accounts.form_tokens import TOKEN_INPUT


def filled(response) -> dict:
    """Return the data that a browser would post if the form were saved unchanged."""
    all_forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        all_forms += [inline.formset.management_form, *inline.formset.forms]
    data = token_of(response)
    for form in all_forms:
        for bound in form:
            data.update(_sent(bound, bound.html_name))
            if bound.field.show_hidden_initial:
                data.update(_sent(bound, bound.html_initial_name))
    return data


def token_of(response) -> dict[str, str]:
    """Return the hidden one-time token of an add form; {} for other forms."""
    tokens = re.findall(
        r'<input type="hidden" name="form_token" value="([^"]+)"', response.text
    )
    assert len(tokens) <= 1
    return {TOKEN_INPUT: tokens[0]} if tokens else {}


def token_for(client, address: str) -> dict[str, str]:
    """Open the add form at ``address`` as ``client`` and return its one-time token."""
    return token_of(client.get(address))


def write_button(client, address: str) -> dict[str, str]:
    """Return the data posted by the button that writes the rows of an import.

    ``address`` is the page that shows the values of the import.
    """
    digests = re.findall(
        r'<input type="hidden" name="plan_sha256" value="([^"]*)"',
        client.get(address).text,
    )
    assert len(digests) <= 1
    return {"_write": "1", "plan_sha256": "".join(digests)}


def rows(prefix: str, *values: dict) -> dict:
    """Return form data for new rows of inline ``prefix``, which has no rows yet."""
    data = {f"{prefix}-TOTAL_FORMS": len(values)}
    for number, row in enumerate(values):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def errors(response) -> list:
    """Return the errors of the form and its inlines, for a failing test's message."""
    if response.context is None:
        return []
    inlines = response.context.get("inline_admin_formsets") or []
    return [response.context["errors"], *(inline.formset.errors for inline in inlines)]


def _sent(bound: forms.BoundField, name: str) -> dict:
    value, widget = bound.value(), bound.field.widget
    inner = getattr(widget, "widget", widget)
    if isinstance(inner, forms.MultiWidget):
        # A rejected form holds the parts as they were posted.
        parts = value if isinstance(value, list) else _decompressed(inner, value)
        return {
            f"{name}_{number}": "" if part is None else str(part)
            for number, part in enumerate(parts)
        }
    if isinstance(inner, forms.CheckboxInput):
        return {name: "on"} if value else {}
    if isinstance(inner, (forms.SelectMultiple, forms.CheckboxSelectMultiple)):
        chosen = [getattr(row, "pk", row) for row in value or ()]
        return {name: chosen} if chosen else {}
    return {name: "" if value is None else value}


def _decompressed(widget: forms.MultiWidget, value) -> list:
    """Return the parts of the value in the format of the interface language."""
    pairs = zip(widget.widgets, widget.decompress(value), strict=True)
    return [inner.format_value(part) for inner, part in pairs]
